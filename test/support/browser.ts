import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

/** Where Debian, Ubuntu and GitHub's machines have it. */
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const executable = process.env["CHROMIUM"] ?? places.find((path) => existsSync(path));

/** `describe` for tests in Chromium: without one they fail in CI, and are skipped with a word elsewhere. */
export const describeInBrowser: jest.Describe = executable !== undefined || inCi() ? describe : skipping();

/** @throws Error with the remedy, where there is no browser. */
export function startBrowser(): Promise<Browser> {
  if (executable === undefined) throw new Error("There is no Chromium: run `npm run setup -- --browser`.");
  // Root, as in most containers, has no sandbox.
  return chromium.launch({ executablePath: executable, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

function inCi(): boolean {
  return (process.env["CI"] ?? "") !== "";
}

function skipping(): jest.Describe {
  process.stderr.write("Skipped, since there is no Chromium: `npm run setup -- --browser` installs it.\n");
  return describe.skip;
}
