import {
  advisedParties,
  type Advice,
  type AdvisedLines,
  type AdvisedParty,
  type AdvisedSet,
  type Broken,
  type Impossible,
  type Need,
} from "../../model/advice";
import { dataCommandsOf, modes } from "../../model/axes";
import { serverOf } from "../../model/network";
import { networkIdOf } from "../../model/positions";
import type { PortRange, Topology, TopologyNode } from "../../model/topology";
import type { ServerProfile } from "../../model/server-profile";
import { softwareNamed } from "../../catalog/servers/registry";
import { linesOf, withAll, type Change } from "./change";
import { isFrame } from "./kept/done";
import { clientChanges, usageOf } from "./client-changes";
import { openedBy, sizeOf } from "./opens";
import { withTexts } from "./user-text";
import { asServed } from "../../plan/setup";
import { isAnyPort, rangesIn, smallRange } from "./ranges";
import { routerChanges } from "./router-changes";
import { smallestSets } from "./search";
import { serverChanges } from "./server-changes";
import { expectedOf, mayWorkFor, setupOf, viewsOf, worksFor, type State, type View } from "./state";

/** Who has to get in, and who may be asked to change something. */
export type Question = {
  /** The network from each of its positions; one where it has one client. */
  readonly views: readonly Topology[];
  readonly server: ServerProfile;
  readonly needs: readonly Need[];
  readonly may: readonly AdvisedParty[];
};

/** A set, with the network and the server that it makes. */
export type Proposal = { readonly set: AdvisedSet; readonly after: State };

/** More proposals than these are no advice. */
const mostSets = 3;
/** Where the parties cannot help, everybody is asked, and so many changes are known that fewer of them together are looked at. */
const mostOfAll = 3;

/** The smallest sets of changes with which every need is predicted to work, or why there is none. */
export function advise(question: Question): { readonly advice: Advice; readonly proposals: readonly Proposal[] } {
  const { views, server, needs, may } = question;
  const begin: State = { views: views.map(withTexts), server, uses: needs };
  const now = needs.map((need) => ({ need, expected: expectedOf(begin, need) }));
  const known = { topology: idOf(views), server: server.id, may, needs: now };
  const nothing = { advice: { ...known, sets: [], impossible: null }, proposals: [] };
  if (now.every(({ expected }) => expected.result === "worked")) return nothing;
  const all = changesFor(begin);
  const allowed = all.filter(({ party }) => may.includes(party));
  const certain = smallestSets(begin, allowed, mostSets);
  // If a user's own rules allow no prediction, the network may work unchanged or with a change: the lab shows it.
  const isOwn = views.some(({ nodes }) =>
    nodes.some((node) => node.kind !== "translator" && node.userRules !== undefined),
  );
  const isOpen = isOwn && mayWorkFor(begin);
  const { sets, together } =
    certain.sets.length > 0 || !isOwn || now.every(({ expected }) => expected.unpredicted !== true)
      ? certain
      : smallestSets(begin, allowed, mostSets, { isEnough: mayWorkFor });
  const proposals = ranked(begin, isOpen && certain.sets.length > 0 ? [[], ...sets] : sets).slice(0, mostSets);
  if (proposals.length > 0) {
    const sets = proposals.map(({ set }) => set).filter(({ changes }) => changes.length > 0);
    return { advice: { ...known, sets, impossible: null }, proposals };
  }
  const others = may.length === advisedParties.length ? null : smallestSets(begin, all, 1, { most: mostOfAll });
  const [withOthers = null] = ranked(begin, others?.sets ?? []).map(({ set }) => set);
  const isHopeless = (indices: readonly number[]): boolean => {
    const alone = { ...begin, uses: indices.flatMap((index) => needs[index] ?? []) };
    const mine = allowed.flatMap((change) => forNeeds(change, indices));
    return smallestSets(alone, mine, 1).sets.length === 0;
  };
  const places = [...needs.keys()];
  const hopeless = places.length === 1 ? places : places.filter((index) => isHopeless([index]));
  const pairs = places.flatMap((one) => places.slice(one + 1).map((other) => [one, other] as const));
  const stuck = hopeless.length > 0 ? hopeless : (pairs.find(isHopeless) ?? places);
  const impossible: Impossible = {
    ...{ needs: stuck.flatMap((index) => now[index] ?? []), onlyTogether: hopeless.length === 0, withOthers },
    tried: { changes: allowed.length, together, ofAll: others?.together ?? together },
  };
  return { advice: { ...known, sets: [], impossible }, proposals: [] };
}

/** Without the position where there are several. */
function idOf([first, ...others]: readonly Topology[]): string {
  const id = first?.id ?? "";
  return others.length === 0 ? id : networkIdOf(id);
}

/** A change as it concerns some of the needs alone. */
function forNeeds(change: Change, indices: readonly number[]): readonly Change[] {
  const { use } = change;
  if (use === undefined) return [change];
  const index = indices.indexOf(use.index);
  return index < 0 ? [] : [{ ...change, use: { ...use, index } }];
}

/** Every change that anybody could make. What serves several positions is one change, with the lines for all of them. */
export function changesFor(state: State): readonly Change[] {
  const byId = new Map<string, Change>();
  for (const change of viewsOf(state).flatMap(changesIn)) {
    const known = byId.get(change.id);
    byId.set(change.id, known === undefined ? change : bothOf(known, change));
  }
  return [...byId.values()];
}

function bothOf(one: Change, other: Change): Change {
  if (one.pasted === undefined || other.pasted === undefined) return one;
  const lines = [...new Set([...one.pasted.lines, ...other.pasted.lines])];
  return {
    ...one,
    pasted: { ...one.pasted, lines },
    keys: (router) => {
      const first = { ...router, ...one.keys?.(router) };
      return { ...first, ...other.keys?.(first) };
    },
  };
}

function changesIn(view: View): readonly Change[] {
  const { topology, server } = view;
  const configured =
    server.userConfig === undefined
      ? asServed(view).topology
      : (softwareNamed(server.software).userConfig?.effective({ topology, server }).topology ?? topology);
  const node = serverOf(configured);
  const forwarded = rangesIn(topology);
  // Nobody forwards all that there is.
  const own =
    isAnyPort(node.passivePorts) && softwareNamed(server.software).fixed?.passivePorts === undefined
      ? smallRange
      : node.passivePorts;
  const ranges: readonly PortRange[] = [own, ...forwarded].filter(
    (range, index, list) => list.findIndex(({ first, last }) => first === range.first && last === range.last) === index,
  );
  return [
    ...serverChanges({ ...view, topology: configured }, node, ranges),
    ...routerChanges(view, ranges),
    ...clientChanges(view),
  ];
}

function ranked(begin: State, sets: readonly (readonly Change[])[]): readonly Proposal[] {
  const proposals = sets.map((set) => proposalOf(begin, set));
  const exposing = ({ set }: Proposal): number => set.changes.filter(({ exposes }) => exposes).length;
  return proposals.toSorted(
    (one, other) =>
      one.set.changes.length - other.set.changes.length ||
      sizeOf(one.set.opens) - sizeOf(other.set.opens) ||
      exposing(one) - exposing(other) ||
      one.set.breaks.length - other.set.breaks.length,
  );
}

function proposalOf(begin: State, changes: readonly Change[]): Proposal {
  const after = withFewestLines(withAll(begin, changes));
  const set: AdvisedSet = {
    changes: changes.map(({ id, party, what, exposes }) => ({ id, party, what, exposes: exposes === true })),
    predicted: worksFor(after),
    uses: after.uses,
    opens: begin.views.flatMap((view, index) => openedBy(view, after.views[index] ?? view)),
    breaks: brokenBy(begin, after),
    lines: [...linesOf(after, changes), ...usagesOf(begin, after)],
  };
  return { set, after };
}

/** How the users of clients are told to use them differently. */
function usagesOf(begin: State, after: State): readonly AdvisedLines[] {
  return after.uses.flatMap((use, index): readonly AdvisedLines[] => {
    if (use === begin.uses[index]) return [];
    const lines = usageOf(setupOf(after, use).topology, use);
    const name = use.position === undefined ? use.client : `${use.client} (${use.position})`;
    return lines.length === 0 ? [] : [{ place: "client", name, lines }];
  });
}

/** Without the lines of shell that are not needed: what passes already need not be accepted again. */
function withFewestLines(state: State): State {
  let best = state;
  const nodes = new Map(state.views.flatMap((view) => view.nodes.map((node) => [node.id, node])));
  for (const node of nodes.values()) {
    const pasted = node.kind === "translator" ? [] : (node.userRules?.pasted ?? []);
    for (const line of pasted.filter((one) => !isFrame(one))) {
      const less = { ...best, views: best.views.map((view) => without(view, node.id, line)) };
      if (worksFor(less)) best = less;
    }
  }
  return best;
}

function without(topology: Topology, id: string, line: string): Topology {
  const change = (node: TopologyNode): TopologyNode => {
    if (node.id !== id || node.kind === "translator" || node.userRules === undefined) return node;
    const left = (node.userRules.pasted ?? []).filter((one) => one !== line);
    const isIdle = left.every(isFrame);
    return { ...node, userRules: { ...node.userRules, pasted: isIdle ? [] : left } };
  };
  return { ...topology, nodes: topology.nodes.map(change) };
}

/** Sessions of the same clients, in all modes, that work now and would no longer. */
function brokenBy(begin: State, after: State): readonly Broken[] {
  const all = viewsOf(begin).flatMap(({ topology, uses }) => {
    const clients = new Map(uses.map(({ client, position }) => [client, { client, position }]));
    return [...clients.values()].flatMap((who) =>
      modes.flatMap((mode) => dataCommandsOf(topology.family).map((data) => ({ ...who, mode, data }))),
    );
  });
  const works = (state: State, broken: Broken): boolean =>
    expectedOf(state, { ...broken, operation: "list" }).result === "worked";
  return all.filter((one) => works(begin, one) && !works(after, one));
}
