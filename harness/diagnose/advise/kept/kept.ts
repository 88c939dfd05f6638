/** The tool that writes a machine's rules, and how to make it keep pasted lines: a tool rewrites its rules when it starts. */
import type { Kept } from "../../../model/advice";
import { docker } from "./docker";
import { doneBy } from "./done";
import { firewalld } from "./firewalld";
import { isMadeBy } from "./made-by";
import { openWrt } from "./open-wrt";
import { shorewall } from "./shorewall";
import type { Machine } from "./tool";
import { ufw } from "./ufw";

/** The first that has words for a line is asked. */
const tools = [openWrt, docker, firewalld, ufw, shorewall];

/** How lines that were pasted beside a machine's own rules are kept; `null` if no tool is known to write them. */
export function keptBy(pasted: readonly string[], machine: Omit<Machine, "all">): Kept | null {
  const writers = tools.filter(({ wrote }) => wrote(machine.rules));
  const [first] = writers;
  if (first === undefined) return null;
  const done = pasted.map(doneBy);
  const all = done.flatMap((one) => one ?? []);
  const told = done.map((one) => {
    for (const tool of one === null ? [] : writers) {
      const lines = one === null ? null : tool.words(one, { ...machine, all });
      if (lines !== null) return { tool, lines };
    }
    return null;
  });
  const untold = pasted.filter((_, at) => told[at] === null);
  const isRest = (at: number): boolean => {
    const one = done[at];
    return one?.kind === "frame" ? untold.some((line) => line.includes(` ${one.of} `)) : told[at] === null;
  };
  const used = writers.filter((tool) => told.some((one) => one?.tool === tool && one.lines.length > 0));
  const lines = used.flatMap((tool) => [
    ...inBlocks(told.flatMap((one) => (one?.tool === tool ? [one.lines] : []))),
    ...tool.loads,
  ]);
  const rest = pasted.filter((_, at) => isRest(at));
  const writer = used.find(({ atPlace }) => atPlace !== undefined) ?? used[0] ?? first;
  return {
    by: (used.length === 0 ? [first] : used).map(({ name }) => name).join(" and "),
    lines,
    rest: writer.atPlace?.(rest) ?? rest,
    place: writer.place,
    onlyInLab: writers.some(({ name, isAlone }) => isMadeBy(name, machine.rules) || isAlone?.(machine.rules) === true),
  };
}

/** Each block of words once. */
function inBlocks(blocks: readonly (readonly string[])[]): readonly string[] {
  const texts = blocks.map((lines) => lines.join("\n"));
  return blocks.filter((_, at) => texts.indexOf(texts[at] ?? "") === at).flat();
}
