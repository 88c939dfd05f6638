import { Command } from "@commander-js/extra-typings";
import picocolors from "picocolors";
import { exitCodes } from "../../model/errors";
import type { Engine } from "../../lab/engine";
import { skipped, type CheckResult, type Finding } from "../../tools/setup/check";
import {
  checkBaseImage,
  checkBuildNetwork,
  checkCapabilities,
  checkEngine,
  checkHelper,
  checkHelperNat,
  checkImages,
  checkIpv6,
  checkLeftovers,
  findProbeImage,
} from "../../tools/setup/engine-checks";
import { checkDisk, checkNode, checkPackages } from "../../tools/setup/machine-checks";
import type { DeclareCommand } from "../command";
import { interruptible } from "../signals";

export const command: DeclareCommand = ({ finish }) =>
  new Command("doctor")
    .summary("check everything that a run needs")
    .description("check everything that a run needs, and name one remedy for each failure")
    .option("--json", "print JSON, for machines")
    .action(async ({ json = false }) => {
      finish(await runDoctor({ json }));
    });

/** Checks all that a run needs and prints a line for each check; gives the exit code. */
async function runDoctor({ json }: { readonly json: boolean }): Promise<number> {
  const { signal, release } = interruptible(() => undefined);
  try {
    const results = await runChecks(signal);
    const ok = results.every((result) => result.status !== "failed");
    process.stdout.write(json ? `${JSON.stringify({ ok, checks: results }, null, 2)}\n` : formatChecks(results));
    return ok ? exitCodes.expected : exitCodes.lab;
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    release();
  }
}

async function runChecks(signal: AbortSignal): Promise<readonly CheckResult[]> {
  const { engine, answer, permission } = await checkEngine();
  const image = engine === null ? null : await findProbeImage(engine);
  const withEngine = (check: (engine: Engine) => Promise<Finding>) =>
    engine === null ? Promise.resolve(skipped("no engine")) : check(engine);
  const withImage = (check: (engine: Engine, image: string) => Promise<Finding>) =>
    withEngine((found) => (image === null ? Promise.resolve(skipped("no router image")) : check(found, image)));
  const checks: readonly [id: string, title: string, finding: Promise<Finding>][] = [
    ["node", "Node", Promise.resolve(checkNode())],
    ["packages", "Packages", checkPackages(signal)],
    ["engine", "Engine", Promise.resolve(answer)],
    ["permission", "Engine socket", Promise.resolve(permission)],
    ["base-image", "Base image", withEngine(checkBaseImage)],
    ["images", "Images", withEngine(checkImages)],
    ["build-network", "Network for builds", withImage(checkBuildNetwork)],
    ["capabilities", "Capabilities", withImage(checkCapabilities)],
    ["helper", "FTP helper", withImage(checkHelper)],
    ["helper-nat", "FTP helper's NAT", withEngine((found) => checkHelperNat(found, image))],
    ["ipv6", "IPv6", withImage(checkIpv6)],
    ["disk", "Disk", withEngine(checkDisk)],
  ];
  const findings = await Promise.all(checks.map(([, , finding]) => finding));
  signal.throwIfAborted();
  // Last, when the containers of the checks above are gone.
  const leftovers = await withEngine(checkLeftovers);
  return [
    ...checks.map(([id, title], index) => ({ id, title, ...(findings[index] ?? skipped("not run")) })),
    { id: "leftovers", title: "Leftovers", ...leftovers },
  ];
}

/** A line for each check, and one for each remedy. */
export function formatChecks(results: readonly CheckResult[], isTerminal = process.stdout.isTTY): string {
  const colors = picocolors.createColors(isTerminal && (process.env["NO_COLOR"] ?? "") === "");
  const marks = { ok: colors.green("✓"), failed: colors.red("✗"), skipped: colors.dim("-") };
  const lines = results.flatMap((result) => {
    const detail = result.status === "skipped" ? `not checked: ${result.detail}` : result.detail;
    const line = `${marks[result.status]} ${result.title}: ${detail}`;
    return result.status === "failed" ? [line, `  ${colors.yellow("→")} ${result.remedy}`] : [line];
  });
  return `${lines.join("\n")}\n`;
}
