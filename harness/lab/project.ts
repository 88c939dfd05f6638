import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The project's folder, whatever the working directory is. */
export const projectRoot = join(__dirname, "..", "..");

/** Where runs are put that are not told where. */
export const reportsFolder = join(projectRoot, "reports", "out");

/** The newest run's folder. */
export const latestFolder = join(reportsFolder, "latest");

/** The version of this tool, as package.json has it. */
export function projectVersion(): string {
  const text = readFileSync(join(projectRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** What Node is to be given, before the arguments, to run `matrix` in a process of its own. */
export const matrixProgram = [
  join(projectRoot, "harness", "start.mjs"),
  join(projectRoot, "harness", "cli.ts"),
] as const;
