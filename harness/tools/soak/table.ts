import { counted, coarseDuration } from "../../text/quantity";
import { heldKinds } from "./leaks";
import type { SoakResult, SoakRun } from "./run-soak";

/** The most lines of each kind in the summary; `--json` has all. */
const mostLines = 20;

const columns = [
  ["run", 4],
  ["time", 12],
  ["cells", 6],
  ["unexpected", 11],
  ["lab-errors", 11],
  ["flips", 6],
  ["left", 5],
  ["memory MB", 10],
  ["resident", 9],
  ["load", 6],
] as const;

/** The heads of the table's columns. */
export const tableHead = columns.map(([name, width]) => name.padStart(width)).join("");

/** A run as a line of the table. */
export function runLine({ run, durationMs, memory, left, machineLoad, ...counts }: SoakRun): string {
  const cells = [
    run,
    coarseDuration(durationMs),
    counts.cells - counts.skipped,
    counts.unexpected,
    counts.labErrors,
    counts.flips,
    heldKinds.reduce((sum, kind) => sum + left[kind], 0),
    megabytes(memory.used),
    megabytes(memory.resident),
    machineLoad.toFixed(1),
  ];
  return cells.map((cell, index) => String(cell).padStart(columns[index]?.[1] ?? 0)).join("");
}

/** What all runs together came to. */
export function summaryText(result: SoakResult): string {
  const { runs, seed, load, flips, deviations, leaks, undecided, broke, interrupted, loadLost } = result;
  const of = (outcome: "unexpected" | "lab-error"): readonly string[] =>
    deviations.filter((one) => one.outcome === outcome).map(({ run, cell, told }) => `run ${run}: ${cell}: ${told}`);
  return [
    `${counted(runs.length, "run")}, seed ${seed}, load ${load}${interrupted ? ", interrupted" : ""}`,
    ...(broke === null ? [] : [`no further run was possible: ${broke}`]),
    ...(loadLost === 0
      ? []
      : [`${counted(loadLost, "part")} of the load ended early: there was less load than asked for`]),
    ...listed(
      "flipped",
      flips.map(({ cell, verdicts }) =>
        [cell, ...verdicts.map(({ verdict, runs: at }) => `    ${verdict}: ${runNumbers(at)}`)].join("\n"),
      ),
    ),
    ...listed("unexpected", of("unexpected")),
    ...listed("lab-errors", of("lab-error")),
    ...listed("never decided", undecided),
    ...listed(
      "left behind",
      leaks.map(({ run, kind, name }) => `run ${run}: ${kind}: ${name}`),
    ),
    memoryLine(result),
  ].join("\n");
}

/** Whether everything is zero that has to be. Under load the machine may be too slow for a verdict, but a verdict must be right. */
export function isSound({ runs, load, flips, deviations, leaks, memory, undecided }: SoakResult): boolean {
  const wrong = deviations.filter(({ outcome }) => outcome === "unexpected" || load === "none");
  const counts = [flips, wrong, leaks, undecided].map((list) => list.length);
  return runs.length > 0 && counts.every((count) => count === 0) && memory.verdict !== "grows";
}

function listed(name: string, lines: readonly string[]): readonly string[] {
  const more = lines.length - mostLines;
  return [
    `${name}: ${lines.length}`,
    ...lines.slice(0, mostLines).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function memoryLine({ memory: { eachRun, verdict }, memoryBefore, runs }: SoakResult): string {
  const last = runs.at(-1)?.memory.used ?? memoryBefore.used;
  const trend = eachRun === null ? "" : `, ${(eachRun / 1024 ** 2).toFixed(2)} MB more each run in the later half`;
  const words = {
    flat: "flat",
    grows: "it grows",
    unknown: "too few runs to tell a leak from a program that gets warm",
  };
  return `memory: ${megabytes(memoryBefore.used)} MB before, ${megabytes(last)} MB after${trend} (${words[verdict]})`;
}

function runNumbers(runs: readonly number[]): string {
  return `${runs.length === 1 ? "run" : "runs"} ${runs.join(", ")}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}
