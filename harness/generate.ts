/** `npm run generate`: writes the files that are made from others; with `--check` it only names those that are stale. */
import { projectRoot } from "./lab/project";
import { staleFiles, writeStaleFiles } from "./tools/generated-files";

if (process.argv.includes("--check")) {
  const stale = staleFiles(projectRoot);
  for (const path of stale) process.stderr.write(`${path} is stale; run npm run generate\n`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const path of writeStaleFiles(projectRoot)) process.stdout.write(`wrote ${path}\n`);
}
