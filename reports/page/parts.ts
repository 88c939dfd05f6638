/** The page's code and looks as the build made them, each as one text. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type * as staticPage from "./static";

export type PageParts = {
  /** For a `<script>`. */
  readonly script: string;
  /** For a `<style>`. */
  readonly style: string;
} & typeof staticPage;

/** In the built program this file is a part of `dist/cli.js`; in tests it is run from the source. */
const folder = existsSync(join(__dirname, "page"))
  ? join(__dirname, "page")
  : join(__dirname, "..", "..", "dist", "page");

/** Reads the parts; they change only when the project is built again. */
export async function pageParts(): Promise<PageParts> {
  const [script, style, page] = await Promise.all([
    readFile(join(folder, "browser.js"), "utf8"),
    readFile(join(folder, "style.css"), "utf8"),
    import(join(folder, "static.js")) as Promise<typeof staticPage>,
  ]);
  return { script, style, renderStatic: page.renderStatic };
}
