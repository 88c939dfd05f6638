/** Measures the page of 10,000 cells in Chromium, which is to filter in under 100 ms: `npm run bench:page`. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { html } from "../../reports/forms/html";
import { writeReport } from "../../reports/write";
import { startBrowser } from "../support/browser";
import { showFiltered } from "../support/page-filter";
import { realReport, repeated } from "../support/report-fixtures";

const rounds = 5;
const queries = ["m:ftps", "r:failed", "pasv", "t:*-1*", ""];

/** Waits until all rows are there again, so that a filter has the whole table to change. */
async function allShown(page: Page): Promise<void> {
  const count = (): Promise<number> => page.locator(".matrix tbody tr").count();
  for (let [before, rows] = [-1, await count()]; before !== rows; [before, rows] = [rows, await count()]) {
    await page.evaluate("new Promise((resolve) => requestIdleCallback(() => requestIdleCallback(resolve)))");
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function measure(folder: string): Promise<void> {
  await writeReport(repeated(realReport(), 10_000), folder, [html]);
  const file = join(folder, "report.html");
  const browser = await startBrowser();
  try {
    const opened: number[] = [];
    const filtered: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const startedAt = performance.now();
      await page.goto(`file://${file}`);
      await page.waitForSelector("a.tile");
      opened.push(performance.now() - startedAt);
      for (const query of queries) {
        await allShown(page);
        filtered.push(await showFiltered(page, query));
      }
      await page.close();
    }
    const size = (await stat(file)).size / 1024 ** 2;
    const line = `10,000 cells: ${size.toFixed(1)} MB, opens in ${median(opened).toFixed(0)} ms, filters in ${median(filtered).toFixed(0)} ms`;
    process.stdout.write(`${line} (medians of ${opened.length} and ${filtered.length})\n`);
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "page-"));
  try {
    await measure(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
