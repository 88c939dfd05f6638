/** Writes the files that are made from others: lists of what lies in folders, JSON Schemas, and parts of `topologies/README.md`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "./model/errors";
import { sourceLists, type GeneratedFile } from "./tools/generate/source-lists";

/** Makes one group of files as they should be. */
type Maker = (root: string) => Promise<readonly GeneratedFile[]>;

/** The lists come first. What the documents are made of imports them, so it is loaded only then. */
const makers: readonly Maker[] = [
  (root) => Promise.resolve(sourceLists(root)),
  async (root) => (await import("./tools/generate/documents")).documents(root),
];

/** Paths of generated files that are not as they should be. */
export async function staleFiles(root: string): Promise<readonly string[]> {
  const stale = await Promise.all(makers.map((make) => staleOf(root, make)));
  return stale.flat().map(({ path }) => path);
}

async function staleOf(root: string, make: Maker): Promise<readonly GeneratedFile[]> {
  return (await make(root)).filter(({ path, text }) => textOf(join(root, path)) !== text);
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

async function main(root: string, argv: readonly string[]): Promise<void> {
  if (argv.includes("--check")) {
    const stale = await staleFiles(root);
    for (const path of stale) process.stderr.write(`${path} is stale; run npm run generate\n`);
    process.exitCode = stale.length > 0 ? 1 : 0;
    return;
  }
  for (const make of makers) {
    for (const { path, text } of await staleOf(root, make)) {
      writeFileSync(join(root, path), text);
      process.stdout.write(`wrote ${path}\n`);
    }
  }
}

if (require.main === module) {
  main(join(__dirname, ".."), process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  });
}
