import { isDeepStrictEqual } from "node:util";
import { chromium, type Browser } from "playwright-core";
import { findBrowser } from "../../harness/tools/setup/browser";

const executablePath = findBrowser();

/** A `describe` whose tests need Chromium: without one they fail in CI, and are skipped with a word elsewhere. */
export function describeInBrowser(title: string, tests: () => void): void {
  if (executablePath !== null || (process.env["CI"] ?? "") !== "") {
    describe(title, tests);
    return;
  }
  process.stderr.write("Skipped, since there is no Chromium: `npm run setup -- --browser` installs it.\n");
  describe.skip(title, tests);
}

/** @throws Error with the remedy, where there is no browser. */
export function startBrowser(): Promise<Browser> {
  if (executablePath === null) throw new Error("There is no Chromium: run `npm run setup -- --browser`.");
  // Root, as in most containers, has no sandbox.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

/** Reads until `read` gives what is expected, for 10 s: a page draws after a key or a click has returned. */
export async function becomes<T>(read: () => Promise<T>, expected: T): Promise<void> {
  const deadline = Date.now() + 10_000;
  let value = await read();
  while (!isDeepStrictEqual(value, expected) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    value = await read();
  }
  expect(value).toEqual(expected);
}
