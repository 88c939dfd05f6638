import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { readFile, writeFile } from "node:fs/promises";
import { connectEngine } from "../../lab/engine";
import { prepareTestcontainers } from "../../lab/testcontainers-environment";
import { describeError, exitCodes, UsageError } from "../../model/errors";
import { matchPatterns } from "../../text/patterns";
import { wholeNumber } from "../../tools/option-values";
import type { Examined } from "../../tools/faults/examine";
import { readFaults } from "../../tools/faults/filed";
import { faultKinds } from "../../tools/faults/kinds/all";
import { loadCatalog } from "../catalog";
import type { DeclareCommand } from "../command";
import { interruptible } from "../signals";
import { defaultWorkers } from "../workers";

const kindNames = faultKinds.map(({ id }) => id);

export const command: DeclareCommand = ({ finish }) =>
  new Command("faults")
    .summary("break working cells at random and ask for the cause")
    .description(
      "make one random change in the lab of a working cell, ask for the cause if the cell fails, and compare with what is known",
    )
    .option("--seed <n>", "the same seed gives the same faults", wholeNumber(0, 2 ** 31), 1)
    .option("--count <n>", "how many changes that make their cell fail", wholeNumber(1, 10_000), 30)
    .option("--only <kinds>", `kinds of change: ${kindNames.join(", ")}`)
    .option("--topology <ids>", "networks of the cells; * matches")
    .option("--replay <seed:index>", "make one fault again", parseReplay)
    .option("--file <file>", "take the faults from a file, as --json writes them")
    .option("--again <dir>", "diagnose the recordings that --keep kept, without a lab")
    .option("--labs <n>", "labs that run at the same time", wholeNumber(1, 12), 5)
    .option("--json <file>", "write everything that is known of each fault")
    .option("--keep <dir>", "keep the recordings of faults that were not diagnosed right, and of a replay")
    .action(async (options) => {
      finish(await runCommand(options));
    });

type Options = {
  readonly seed: number;
  readonly count: number;
  readonly labs: number;
  readonly only?: string | undefined;
  readonly topology?: string | undefined;
  readonly replay?: Replay | undefined;
  readonly file?: string | undefined;
  readonly again?: string | undefined;
  readonly json?: string | undefined;
  readonly keep?: string | undefined;
};

type Replay = { readonly seed: number; readonly index: number };

function parseReplay(text: string): Replay {
  const [, seed, index] = /^(\d{1,10}):(\d{1,6})$/.exec(text) ?? [];
  if (seed === undefined || index === undefined) throw new InvalidArgumentError("Expected SEED:INDEX, such as 7:12.");
  return { seed: Number(seed), index: Number(index) };
}

/** `faults`: 1 if a wrong cause was told as one that is on record. */
async function runCommand(options: Options): Promise<number> {
  const { seed, count, labs, only, topology, replay, file, json, keep } = options;
  if (options.again !== undefined) return judgeKept(options.again);
  const catalog = loadCatalog();
  const ids = catalog.topologies.files().map(({ id }) => id);
  const topologies = chosen("network", topology, ids);
  const kinds = chosen("kind of change", only, kindNames);
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const { runFaults } = await import("../../tools/faults/run-faults.ts");
  const { isToldWrong, progressLine, tableText, wrongText } = await import("../../tools/faults/table.ts");
  const interrupt = interruptible(() => process.stderr.write("ending the labs\n"));
  try {
    const examined = await runFaults(
      {
        catalog,
        seed: replay?.seed ?? seed,
        which:
          file !== undefined
            ? { kind: "filed", faults: readFaults(file, await readText(file)) }
            : replay === undefined
              ? { kind: "count", count, choice: { topologies, kinds } }
              : { kind: "one", index: replay.index },
        labsAtOnce: labs,
        workers: defaultWorkers,
        keep: keep ?? null,
      },
      engine,
      (one) => process.stdout.write(`${progressLine(one)}\n`),
      interrupt.signal,
    );
    const notRight = examined.filter(({ outcome }) => outcome.kind === "kept" && outcome.graded.grade !== "right");
    for (const one of replay === undefined ? notRight : examined) process.stdout.write(`\n${wrongText(one)}\n`);
    process.stdout.write(`\n${file ?? `seed ${replay?.seed ?? seed}`}\n${tableText(examined)}\n`);
    if (json !== undefined) await writeFile(json, `${JSON.stringify(examined.map(plain), null, 2)}\n`);
    if (interrupt.signal.aborted) return exitCodes.interrupted;
    return examined.some(isToldWrong) ? exitCodes.unexpected : exitCodes.expected;
  } finally {
    interrupt.release();
  }
}

/** Recordings judged by what is said of them now. */
async function judgeKept(folder: string): Promise<number> {
  const { judgeAgain, rejudgedText } = await import("../../tools/faults/kept.ts");
  const { isToldAsShown } = await import("../../tools/faults/verdict.ts");
  const judged = judgeAgain(folder);
  for (const one of judged) process.stdout.write(`${rejudgedText(one)}\n`);
  const right = judged.filter(({ graded }) => graded.grade === "right").length;
  process.stdout.write(`${right} of ${judged.length} right\n`);
  return judged.some(({ said, graded }) => isToldAsShown(said, graded)) ? exitCodes.unexpected : exitCodes.expected;
}

/** @throws UsageError where it cannot be read */
async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${describeError(error).message}`, { code: "unreadable-file" });
  }
}

/** @throws UsageError for a pattern that matches nothing */
function chosen(what: string, patterns: string | undefined, ids: readonly string[]): readonly string[] {
  if (patterns === undefined) return ids;
  const found = matchPatterns(patterns.split(","), ids);
  const [unknown] = found.unknown;
  if (unknown === undefined) return found.ids;
  throw new UsageError(`There is no ${what} ${unknown}.`, { code: "unknown-name", hint: `Known: ${ids.join(", ")}.` });
}

/** A fault as JSON. */
function plain({ drawn, outcome, durationMs }: Examined): object {
  const { seed, index, kind, base, fault } = drawn;
  const { what, node, changes } = fault;
  const known = { fault: `${seed}:${index}`, kind, cell: base.planned.cell.id, what, node, changes, durationMs };
  if (outcome.kind !== "kept") return { ...known, outcome };
  const { said, truth, rule, found, graded, ending } = outcome;
  return { ...known, ending, said, truth, rule: fault.rule, text: rule?.text ?? null, found, ...graded };
}
