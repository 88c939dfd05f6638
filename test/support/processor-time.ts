import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "../../harness/lab/project";

/** The processor time that some work takes, in ms: unlike a clock's, it does not grow with what else the machine does. */
export function processorMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The processor time that a command line of this tool takes in a process of its own, in ms: a worker of Jest's bears what tests before it have left. */
export function commandMs(args: readonly string[]): number {
  const usage = join(__dirname, "report-usage.cjs");
  const { output, status, stderr } = spawnSync(
    process.execPath,
    ["--require", usage, join(projectRoot, "dist", "cli.js"), ...args],
    { stdio: ["ignore", "ignore", "pipe", "pipe"], encoding: "utf8", env: { ...process.env, CI: "true" } },
  );
  const took = Number(output[3] ?? "");
  if (!(took > 0)) throw new Error(`${args.join(" ")} ended with ${status ?? "a signal"}: ${stderr}`);
  return took;
}
