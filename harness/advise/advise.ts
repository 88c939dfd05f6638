import {
  advisedParties,
  type Advice,
  type AdvisedLines,
  type AdvisedParty,
  type AdvisedSet,
  type Broken,
  type Impossible,
  type Need,
} from "../model/advice";
import { dataCommandsOf, modes } from "../model/axes";
import { serverOf } from "../model/network";
import type { PortRange, Topology, TopologyNode } from "../model/topology";
import type { ServerProfile } from "../model/server-profile";
import { softwareNamed } from "../catalog/servers/registry";
import { linesOf, withAll, type Change } from "./change";
import { clientChanges, usageOf } from "./client-changes";
import { openedBy, sizeOf } from "./opens";
import { withTexts } from "./own-text";
import { rangesIn } from "./ranges";
import { routerChanges } from "./router-changes";
import { smallestSets } from "./search";
import { serverChanges } from "./server-changes";
import { expectedOf, worksFor, type State } from "./state";

/** Who has to get in, and who may be asked to change something. */
export type Question = {
  readonly topology: Topology;
  readonly server: ServerProfile;
  readonly needs: readonly Need[];
  readonly may: readonly AdvisedParty[];
};

/** A set, with the network and the server that it makes. */
export type Proposal = { readonly set: AdvisedSet; readonly after: State };

/** More proposals than these are no advice. */
const mostSets = 3;

/** The smallest sets of changes with which every need is predicted to work, or why there is none. */
export function advise(question: Question): { readonly advice: Advice; readonly proposals: readonly Proposal[] } {
  const { topology, server, needs, may } = question;
  const begin: State = { topology: withTexts(topology), server, uses: needs };
  const now = needs.map((need) => ({ need, expected: expectedOf(begin, need) }));
  const known = { topology: topology.id, server: server.id, may, needs: now };
  const nothing = { advice: { ...known, sets: [], impossible: null }, proposals: [] };
  if (now.every(({ expected }) => expected.result === "worked")) return nothing;
  const all = changesFor(begin);
  const allowed = all.filter(({ party }) => may.includes(party));
  const { sets, together } = smallestSets(begin, allowed, mostSets);
  const proposals = ranked(begin, sets).slice(0, mostSets);
  if (proposals.length > 0) {
    return { advice: { ...known, sets: proposals.map(({ set }) => set), impossible: null }, proposals };
  }
  const others = may.length === advisedParties.length ? [] : smallestSets(begin, all, 1).sets;
  const [withOthers = null] = ranked(begin, others).map(({ set }) => set);
  const hopeless = now.filter(({ need }, index) => {
    const alone = { ...begin, uses: [need] };
    const mine = allowed.flatMap((change) => forNeed(change, index));
    return smallestSets(alone, mine, 1).sets.length === 0;
  });
  const tried = { changes: allowed.length, together };
  const impossible: Impossible = { needs: hopeless.length === 0 ? now : hopeless, withOthers, tried };
  return { advice: { ...known, sets: [], impossible }, proposals: [] };
}

/** A change as it concerns one need alone. */
function forNeed(change: Change, index: number): readonly Change[] {
  const { use } = change;
  if (use === undefined) return [change];
  return use.index === index ? [{ ...change, use: { ...use, index: 0 } }] : [];
}

/** Every change that anybody could make. */
export function changesFor(state: State): readonly Change[] {
  const { topology, server } = state;
  const configured =
    server.userConfig === undefined
      ? topology
      : (softwareNamed(server.software).userConfig?.effective({ topology, server }).topology ?? topology);
  const node = serverOf(configured);
  const forwarded = rangesIn(topology);
  const ranges: readonly PortRange[] = [node.passivePorts, ...forwarded].filter(
    (range, index, list) => list.findIndex(({ first, last }) => first === range.first && last === range.last) === index,
  );
  return [
    ...serverChanges({ ...state, topology: configured }, node, ranges),
    ...routerChanges(state, ranges),
    ...clientChanges(state),
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
    uses: after.uses,
    opens: openedBy(begin.topology, after.topology),
    breaks: brokenBy(begin, after),
    lines: [...linesOf(after, changes), ...usagesOf(begin, after)],
  };
  return { set, after };
}

/** How the clients are told, where they are to do otherwise. */
function usagesOf(begin: State, { topology, uses }: State): readonly AdvisedLines[] {
  return uses.flatMap((use, index): readonly AdvisedLines[] => {
    if (use === begin.uses[index]) return [];
    const lines = usageOf(topology, use);
    return lines.length === 0 ? [] : [{ place: "client", name: use.client, lines }];
  });
}

/** Without the lines of shell that are not needed: what passes already need not be accepted again. */
function withFewestLines(state: State): State {
  let best = state;
  for (const node of state.topology.nodes) {
    const pasted = node.kind === "translator" ? [] : (node.userRules?.pasted ?? []);
    for (const line of pasted.filter((one) => !one.startsWith("modprobe"))) {
      const less = { ...best, topology: without(best.topology, node.id, line) };
      if (worksFor(less)) best = less;
    }
  }
  return best;
}

function without(topology: Topology, id: string, line: string): Topology {
  const change = (node: TopologyNode): TopologyNode => {
    if (node.id !== id || node.kind === "translator" || node.userRules === undefined) return node;
    const left = (node.userRules.pasted ?? []).filter((one) => one !== line);
    const isIdle = left.every((one) => one.startsWith("modprobe"));
    return { ...node, userRules: { ...node.userRules, pasted: isIdle ? [] : left } };
  };
  return { ...topology, nodes: topology.nodes.map(change) };
}

/** Sessions of the same clients, in all modes, that work now and would no longer. */
function brokenBy(begin: State, after: State): readonly Broken[] {
  const clients = [...new Set(begin.uses.map(({ client }) => client))];
  const all = clients.flatMap((client) =>
    modes.flatMap((mode) => dataCommandsOf(begin.topology.family).map((data) => ({ client, mode, data }))),
  );
  const works = (state: State, broken: Broken): boolean =>
    expectedOf(state, { ...broken, operation: "list" }).result === "worked";
  return all.filter((one) => works(begin, one) && !works(after, one));
}
