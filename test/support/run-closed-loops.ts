/**
 * `npm run loop -- [--predict] [TOPOLOGY...]`: collects in the labs of all topologies, imports the texts, and compares what becomes of
 * all modes in both. With `--predict` the cells are only predicted. The exit code is 1 where a loop does not close.
 */
import { closedLoops, collectFrom } from "./closed-loop";
import { predictedLoops, type Collected, type Loop } from "./imported-loops";
import { catalog } from "./lab-run";
import { whyOpen } from "./open-loops";
import { runTool } from "./run-tool";

const pattern = "basic-ftp/*/*/list";

async function main(args: readonly string[]): Promise<number> {
  const named = args.filter((word) => !word.startsWith("--"));
  const all = catalog.topologies.files().map(({ id }) => id);
  const unknown = named.filter((id) => !all.includes(id));
  if (unknown.length > 0) throw new Error(`There is no topology ${unknown.join(", ")}.`);
  const wanted = named.length === 0 ? all : named;
  const isPredicted = args.includes("--predict");
  const closable: string[] = [];
  for (const id of wanted) {
    const why = whyOpen(id, isPredicted);
    if (why === null) closable.push(id);
    else print(`${id}: open, ${why}`);
  }
  const collected = await collectFrom(closable);
  let differing = 0;
  for (const one of collected) {
    const [loop] = await loopsOf(new Map([one]), isPredicted);
    if (loop !== undefined) differing += compare(loop);
  }
  return differing === 0 ? 0 : 1;
}

function loopsOf(collected: ReadonlyMap<string, Collected>, isPredicted: boolean): Promise<readonly Loop[]> {
  return isPredicted ? predictedLoops(collected, pattern) : closedLoops(collected, pattern);
}

/** Prints the cells that differ; gives their number. */
function compare({ topology, own, again }: Loop): number {
  const differing = [...own].filter(([cell, told]) => again.get(cell) !== told);
  print(`${topology}: ${own.size - differing.length} of ${own.size} cells are the same`);
  for (const [cell, told] of differing) print(`  ${cell}: ${told}; imported: ${again.get(cell) ?? "not there"}`);
  return differing.length;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

runTool(main);
