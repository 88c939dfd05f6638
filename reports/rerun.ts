/** Commands that a person can paste. */
import type { CellResult } from "../harness/model/cell";
import { networkIdOf } from "../harness/model/positions";
import type { RunInfo } from "../harness/model/report";

/** What the core matrix runs when neither is named; other servers and clients must be asked for. */
const core = { server: "tls-optional", client: "basic-ftp" } as const;

/** Quotes an argument for a POSIX shell where it needs it. */
export function shellQuote(argument: string): string {
  return /^[\w./:=,@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** The command that repeats a whole run. */
export function rerunAll(argv: readonly string[]): string {
  return argv.length === 0 ? "npm run matrix" : `npm run matrix -- ${argv.map(shellQuote).join(" ")}`;
}

type Named = Pick<CellResult, "id" | "topology" | "server" | "client">;

/** The parts of a run that say how it was started. */
export type Started = Pick<RunInfo, "argv" | "networks">;

/** The command that runs one cell again, from the same scenario files and networks as the run. */
export function rerunCell(cell: Named, run: Started): string {
  return rerunWith(cell, run, ["-g", `^${escapeRegExp(cell.id)}$`]);
}

/** The command that runs all cells of a cell's lab again. */
export function rerunTopology(cell: Named, run: Started): string {
  return rerunWith(cell, run, []);
}

function rerunWith(cell: Named, { argv, networks }: Started, selection: readonly string[]): string {
  const own = networks?.[networkIdOf(cell.topology)];
  const isNetwork = (argument: string, index: number): boolean =>
    argv[index - 1] === "--topology" || argument === own || argument.startsWith("--");
  const scenarios = argv.filter((argument, index) => /\.ya?ml$/.test(argument) && !isNetwork(argument, index));
  const network = networkArguments(cell, own, selection.length === 0);
  const server = cell.server === core.server ? [] : ["--server", cell.server];
  const client = cell.client === core.client ? [] : ["--client", cell.client];
  return rerunAll(["run", ...scenarios, ...network, ...server, ...client, ...selection]);
}

/** A folder is a source as a scenario is; of a file only `--topology` makes cells. Positions and conditions are in the id alone. */
function networkArguments({ topology }: Named, own: string | undefined, isWhole: boolean): readonly string[] {
  if (own === undefined) return isWhole ? ["--topology", topology] : [];
  const rest = topology.slice(networkIdOf(topology).length);
  if (/\.ya?ml$/.test(own)) return ["--topology", `${own}${rest}`];
  return rest === "" ? [own] : [own, "--topology", topology];
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
