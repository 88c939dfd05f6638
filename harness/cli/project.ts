import { join } from "node:path";

/** The project's folder, whatever the working directory is. */
export const projectRoot = join(__dirname, "..", "..");

/** What Node is to be given, before the arguments, to run `matrix` in a process of its own. */
export const matrixProgram = [
  join(projectRoot, "harness", "start.mjs"),
  join(projectRoot, "harness", "cli.ts"),
] as const;
