import { availableParallelism } from "node:os";
import { Option, type Command } from "commander";
import { axes, type Axis } from "../model/axes";
import type { CellChoice } from "./select-cells";
/** Sessions that may work at once: enough to keep every core busy while others wait for the network. */
export const defaultWorkers = availableParallelism() * 12;

/** Facets and filters that `run` and `list` share. */
export function addCellChoice(command: Command): Command {
  for (const axis of axes) {
    const help = `${axis} ids; repeatable or comma-separated, * matches, a leading ! excludes`;
    command.addOption(new Option(`--${axis} <ids>`, help).argParser(collect));
  }
  return command
    .option("-g, --grep <regexp>", "only cells whose id matches")
    .option("--last-failed", "only cells that were not as expected in the last run");
}

/** The chosen cells, from what commander parsed. */
export function choiceOf(sources: readonly string[], options: Record<string, unknown>): CellChoice {
  const facets = axes.flatMap((axis): [Axis, readonly string[]][] => {
    const patterns = options[axis] as readonly string[] | undefined;
    return patterns === undefined ? [] : [[axis, patterns]];
  });
  return {
    sources,
    facets: Object.fromEntries(facets),
    grep: options["grep"] as string | undefined,
    lastFailed: options["lastFailed"] === true,
  };
}

function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), ...value.split(",").filter((word) => word !== "")];
}
