/** Takes the README's picture from a real run: `npm run matrix && npm run screenshot`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { latestFolder, projectRoot } from "../../harness/lab/project";
import { startBrowser } from "../support/browser";

const picture = join(projectRoot, "reports/page/screenshot.png");

/** `folder` is that of a run. */
async function takePicture(folder: string): Promise<void> {
  const file = join(folder, "report.html");
  if (!existsSync(file)) throw new Error(`There is no ${file}: run \`npm run matrix\` first.`);
  const browser = await startBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1040 }, colorScheme: "light" });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector(".matrix");
    await page.screenshot({ path: picture });
  } finally {
    await browser.close();
  }
  process.stdout.write(`wrote ${picture}\n`);
}

takePicture(process.argv[2] ?? latestFolder).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
