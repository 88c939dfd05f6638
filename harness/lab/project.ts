import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The folder of package.json: the clone's, or the installed package's. */
export const projectRoot = folderWith("package.json", __dirname);

/** Whether this is a clone, which has the sources, and not the installed package. */
export const isClone = existsSync(join(projectRoot, "harness", "cli.ts"));

/** What `npm run build` made. */
export const distFolder = join(projectRoot, "dist");

/** Where runs are put that are not told where: in the clone, or else below the working directory. */
export const reportsFolder = join(isClone ? projectRoot : resolve(), "reports", "out");

/** The newest run's folder. */
export const latestFolder = join(reportsFolder, "latest");

/** The path of a user's file or, if there is none of this name, of the project's own: `scenarios/smoke.yaml` works anywhere. */
export function inputFile(name: string): string {
  const shipped = join(projectRoot, name);
  return !existsSync(name) && existsSync(shipped) ? shipped : name;
}

/** The version of this tool, as package.json has it. */
export function projectVersion(): string {
  const text = readFileSync(join(projectRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** What Node is to be given, before the arguments, to run `matrix` in a process of its own. */
export const matrixProgram: readonly string[] = isClone
  ? [join(projectRoot, "harness", "start.cjs"), "cli"]
  : [join(distFolder, "cli.js")];

/** The nearest folder above `start`, or `start` itself, that holds a file of this name. */
function folderWith(name: string, start: string): string {
  return existsSync(join(start, name)) ? start : folderWith(name, dirname(start));
}
