import { chromium, type Browser } from "playwright-core";
import { findBrowser } from "../../harness/setup/browser";

const executablePath = findBrowser();

/** `describe` for tests in Chromium: without one they fail in CI, and are skipped with a word elsewhere. */
export const describeInBrowser: jest.Describe = executablePath !== null || isCi() ? describe : skipping();

/** @throws Error with the remedy, where there is no browser. */
export function startBrowser(): Promise<Browser> {
  if (executablePath === null) throw new Error("There is no Chromium: run `npm run setup -- --browser`.");
  // Root, as in most containers, has no sandbox.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

function isCi(): boolean {
  return (process.env["CI"] ?? "") !== "";
}

function skipping(): jest.Describe {
  process.stderr.write("Skipped, since there is no Chromium: `npm run setup -- --browser` installs it.\n");
  return describe.skip;
}
