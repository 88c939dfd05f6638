import type { BugSetup } from "../model/bug";
import { cellId } from "../model/cells";
import type { Setup } from "./setup";

/** A report's set-up as remedies take it: a listing, whatever its session does. */
export function remediableSetup({ topology, server, client, mode, data }: BugSetup): Setup {
  const axes = { topology: topology.id, server: server.id, client, mode, data, operation: "list" } as const;
  return { cell: { id: cellId(axes), ...axes }, topology, server };
}

/** The report's set-up with what a remedy has changed. */
export function remediedSetup(before: BugSetup, { cell, topology, server }: Setup): BugSetup {
  const { client, mode, data } = cell;
  return { ...before, topology, server, client, mode, data };
}
