// `npm run generate` writes the files that are made from others: lists of what lies in folders, JSON Schemas, `docs/causes.md`, and
// parts of `topologies/README.md`. With `--check` it only names those that are stale.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { loadEsbuild, programOptions, root } from "../build/options.mjs";

/** The lists come first. What the documents are made of imports them, so it is bundled only when they are written. */
const stages = [
  { source: "source-lists", maker: "sourceLists" },
  { source: "documents", maker: "documents" },
];

async function main() {
  const esbuild = await loadEsbuild();
  if (esbuild === null) return 3;
  let exitCode = 0;
  for (const { source, maker } of stages) {
    const outfile = join(root, "dist", "dev", `${source}.js`);
    await esbuild.build({ ...programOptions, entryPoints: [`harness/tools/generate/${source}.ts`], outfile });
    const files = createRequire(import.meta.url)(outfile)[maker](root);
    for (const { path, text } of files.filter((file) => textOf(file.path) !== file.text)) {
      if (process.argv.includes("--check")) {
        console.error(`${path} is stale; run npm run generate`);
        exitCode = 1;
      } else {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
        console.log(`wrote ${path}`);
      }
    }
  }
  return exitCode;
}

function textOf(path) {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return null;
  }
}

process.exitCode = await main().catch((error) => {
  console.error(error.message);
  return 1;
});
