/** `npm run faults:lab`: breaks runs of the harness at random moments, and looks at what they come to and leave. */
import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError } from "commander";
import { connectEngine } from "../../lab/engine";
import { coreImages } from "../../lab/image-definitions";
import { PatchPanel } from "../../lab/patch-panel";
import { imagesOf } from "../../lab/site-images";
import { prepareTestcontainers } from "../../lab/testcontainers-environment";
import { describeError, exitCodes } from "../../model/errors";
import { makeRunId } from "../../run/run-id";
import { wholeNumber } from "../option-values";
import { outliveReaders } from "../outlive-readers";
import { randomOf } from "../random";
import { labFaults, type LabFault } from "./kinds";
import { runRound, type Round, type Site } from "./round";
import { victimCells } from "./session";
import { roundText, summaryText, tableHead } from "./table";

type Options = {
  readonly rounds: number;
  readonly seed: number;
  readonly only: readonly LabFault[];
  readonly cells?: string;
  readonly json?: string;
};

/** Kinds by name. Those that break what others share must be named. */
function parseKinds(text: string): readonly LabFault[] {
  return text.split(",").map((name) => {
    const found = labFaults.find(({ id }) => id === name.trim());
    if (found === undefined) throw new InvalidArgumentError(`Kinds are ${labFaults.map(({ id }) => id).join(", ")}.`);
    return found;
  });
}

/** 1 if a round was not as it must be, 3 if no session could be run at all. */
async function breakSessions({ rounds, seed, only, cells, json }: Options): Promise<number> {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const interrupt = new AbortController();
  const notice = (text: string): void => void process.stderr.write(`${text}\n`);
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      notice("ending after this round");
      interrupt.abort();
    });
  }
  const { router } = await imagesOf(engine, coreImages, notice, interrupt.signal);
  const panel = await PatchPanel.start(engine, router, makeRunId(new Date()));
  const done: Round[] = [];
  const told = (round: Round): Round => {
    process.stdout.write(`${roundText(round)}\n`);
    return round;
  };
  try {
    const site = { engine, panel, cells: cells?.split(" ") ?? victimCells, goneWithinMs };
    process.stdout.write(`${tableHead}\n`);
    const usual = told(await runRound(null, 1, randomOf(seed, 0), { ...site, usualMs: hour }));
    const alone = usual.end?.exitCode ?? null;
    if (alone !== exitCodes.expected)
      notice(`error: the run that is to be broken ends with exit ${alone ?? "?"} by itself`);
    if (usual.faults.length > 0 || alone !== exitCodes.expected) return exitCodes.lab;
    const struck: Site = { ...site, usualMs: usual.lastedMs };
    for (let round = 1; round <= rounds; round += 1) {
      for (const [index, fault] of only.entries()) {
        if (interrupt.signal.aborted) return exitCodes.interrupted;
        done.push(told(await runRound(fault, round, randomOf(seed, round * 100 + index), struck)));
      }
    }
    process.stdout.write(`\n${summaryText(done)}\n`);
    return done.some(({ faults }) => faults.length > 0) ? exitCodes.unexpected : exitCodes.expected;
  } finally {
    if (json !== undefined) await writeFile(json, `${JSON.stringify(done, null, 2)}\n`);
    await panel.stop();
  }
}

const hour = 3_600_000;
/** A lease ends after 45 s. */
const goneWithinMs = 60_000;

outliveReaders();
void new Command("faults:lab")
  .description("break runs of the harness at random moments, and look at what they come to and leave")
  .option("--rounds <n>", "how often for each kind", wholeNumber(1, 1000), 1)
  .option("--seed <n>", "the same seed gives the same moments", wholeNumber(0, 2 ** 31), 1)
  .option(
    "--only <kinds>",
    "kinds of fault, comma-separated; engine, which breaks other runs too, is done only if named",
    parseKinds,
    labFaults.filter(({ isShared }) => isShared !== true),
  )
  .option("--cells <words>", "arguments of the runs that are broken (default: some cells of three networks)")
  .option("--json <file>", "write all rounds")
  .action(async (options: Options) => {
    process.exitCode = await breakSessions(options);
  })
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`error: ${describeError(error).message}\n`);
    process.exitCode = exitCodes.lab;
  });
