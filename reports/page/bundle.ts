/** The page's code and looks, each as one text. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { build, type BuildOptions } from "esbuild";
import type { MatrixReport } from "../../harness/model/report";

export type PageParts = {
  /** For a `<script>`. */
  readonly script: string;
  /** For a `<style>`. */
  readonly style: string;
  readonly renderStatic: (report: MatrixReport) => string;
};

let parts: Promise<PageParts> | null = null;

/** Made once a process, in a fraction of a second. */
export function pageParts(): Promise<PageParts> {
  parts ??= makeParts();
  return parts;
}

async function makeParts(): Promise<PageParts> {
  const [script, renderer, style] = await Promise.all([
    bundle("browser.tsx", { format: "iife", platform: "browser", target: "es2022", minify: true }),
    // A bundle too, since Preact's packages are modules that not every loader of CommonJS takes.
    bundle("static.tsx", { format: "iife", platform: "neutral", mainFields: ["module", "main"], globalName: "page" }),
    readFile(join(__dirname, "style.css"), "utf8"),
  ]);
  const { renderStatic } = runInNewContext(`${renderer}; page`) as Pick<PageParts, "renderStatic">;
  return { script, style, renderStatic };
}

async function bundle(entry: string, options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    ...options,
    entryPoints: [join(__dirname, entry)],
    bundle: true,
    write: false,
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    logLevel: "silent",
    charset: "utf8",
  });
  const file = outputFiles[0];
  if (file === undefined) throw new TypeError("esbuild bundles one entry point into one file.");
  return file.text;
}
