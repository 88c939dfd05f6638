import type { ExpectedResult } from "../model/cell";
import type { Need } from "../model/advice";
import { cellId } from "../model/cells";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import { expectationFrom } from "../plan/expectation";
import type { Setup } from "../plan/setup";

/** A network with its server, and how each need is served in it, in the order of the needs. */
export type State = { readonly topology: Topology; readonly server: ServerProfile; readonly uses: readonly Need[] };

/** The cell of a need, in its set-up. */
export function setupOf({ topology, server }: Omit<State, "uses">, need: Need): Setup {
  const axes = { topology: topology.id, server: server.id, ...need };
  return { topology, server, cell: { id: cellId(axes), ...axes } };
}

export function expectedOf(state: Omit<State, "uses">, need: Need): ExpectedResult {
  const setup = setupOf(state, need);
  return expectationFrom(setup.cell, setup);
}

/** Whether every need is predicted to work. */
export function worksFor(state: State): boolean {
  return state.uses.every((use) => expectedOf(state, use).result === "worked");
}
