/** Commands that a person can paste. */
import type { CellResult } from "../harness/model/cell";

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

/** The command that runs one cell again, from the same scenario files as the run that `argv` started. */
export function rerunCell(cell: Named, argv: readonly string[]): string {
  return rerunWith(cell, argv, ["-g", `^${escapeRegExp(cell.id)}$`]);
}

/** The command that runs all cells of a cell's lab again. */
export function rerunTopology(cell: Named, argv: readonly string[]): string {
  return rerunWith(cell, argv, ["--topology", cell.topology]);
}

function rerunWith(cell: Named, argv: readonly string[], selection: readonly string[]): string {
  const scenarios = argv.filter((argument) => /\.ya?ml$/.test(argument) && !argument.startsWith("-"));
  const server = cell.server === core.server ? [] : ["--server", cell.server];
  const client = cell.client === core.client ? [] : ["--client", cell.client];
  return rerunAll(["run", ...scenarios, ...server, ...client, ...selection]);
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
