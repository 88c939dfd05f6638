import type { ExpectedResult } from "../../model/cell";
import type { Need } from "../../model/advice";
import { cellId } from "../../model/cells";
import { positionIn } from "../../model/positions";
import type { ServerProfile } from "../../model/server-profile";
import type { Topology } from "../../model/topology";
import { expectedFrom } from "../../plan/expected";
import type { Setup } from "../../plan/setup";

/** A network from each of its positions, with its server, and how each need is served in it, in the order of the needs. */
export type State = {
  readonly views: readonly Topology[];
  readonly server: ServerProfile;
  readonly uses: readonly Need[];
};

/** A state from one position. */
export type View = {
  readonly topology: Topology;
  readonly server: ServerProfile;
  /** The needs of this position. */
  readonly uses: readonly Need[];
  /** Their places among all needs. */
  readonly indices: readonly number[];
};

/** The state from each position at which somebody has a need. */
export function viewsOf({ views, server, uses }: State): readonly View[] {
  return views.flatMap((topology): readonly View[] => {
    const indices = [...uses.keys()].filter((index) => isAt(topology, views, uses[index]));
    const own = uses.filter((_, index) => indices.includes(index));
    return own.length === 0 ? [] : [{ topology, server, uses: own, indices }];
  });
}

/** A need without a position is that of a network with one client. */
function isAt(topology: Topology, views: readonly Topology[], need: Need | undefined): boolean {
  return need?.position === undefined ? topology === views[0] : positionIn(topology.id) === need.position;
}

/** The cell of a need, in its set-up. @throws Error for a position that the network does not have */
export function setupOf({ views, server }: Omit<State, "uses">, need: Need): Setup {
  const topology = views.find((view) => isAt(view, views, need));
  if (topology === undefined) throw new Error(`no position ${need.position ?? ""} in ${views[0]?.id ?? "no network"}`);
  const { client, mode, data, operation } = need;
  const axes = { topology: topology.id, server: server.id, client, mode, data, operation };
  return { topology, server, cell: { id: cellId(axes), ...axes } };
}

export function expectedOf(state: Omit<State, "uses">, need: Need): ExpectedResult {
  const setup = setupOf(state, need);
  return expectedFrom(setup.cell, setup);
}

/** Whether every need is predicted to work. */
export function worksFor(state: State): boolean {
  return state.uses.every((use) => expectedOf(state, use).result === "worked");
}

/** Whether every need is predicted to work, or depends on what nobody can tell of a user's rules. */
export function mayWorkFor(state: State): boolean {
  return state.uses.every((use) => {
    const { result, unpredicted } = expectedOf(state, use);
    return result === "worked" || unpredicted === true;
  });
}
