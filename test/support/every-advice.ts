/** Every network asked for advice in every way, and an exhaustive search that has to agree with each answer. */
import { advise, changesFor, type Proposal, type Question } from "../../harness/diagnose/advise/advise";
import { applied, withAll, type Change } from "../../harness/diagnose/advise/change";
import { withTexts } from "../../harness/diagnose/advise/user-text";
import { setupOf, worksFor, type State } from "../../harness/diagnose/advise/state";
import { remedies } from "../../harness/diagnose/remedies/registry";
import type { Advice, AdvisedParty, Need } from "../../harness/model/advice";
import { dataCommandsOf, isPassive, type Mode } from "../../harness/model/axes";
import { networkIdOf, positionIn } from "../../harness/model/positions";
import type { Topology } from "../../harness/model/topology";
import { profileNamed, topologies } from "./inputs";

const wishes: Readonly<Record<string, readonly Mode[]>> = { ftp: ["ftp"], ftps: ["ftps"], both: ["ftp", "ftps"] };
const parties: readonly (readonly AdvisedParty[])[] = [["server"], ["router"], ["server", "router"]];

/** A question, and its words in a table. */
export type Asked = Question & {
  readonly topology: string;
  readonly need: string;
  readonly data: string;
  readonly by: string;
};

/** The project's networks by id, each from all its positions. */
export function everyNetwork(): ReadonlyMap<string, readonly Topology[]> {
  const views = new Map<string, readonly Topology[]>();
  for (const topology of topologies) {
    const id = networkIdOf(topology.id);
    views.set(id, [...(views.get(id) ?? []), topology]);
  }
  return views;
}

/** All needs and parties for one network, with each passive command that its addresses allow. Each need is one at every position. */
export function questionsFor(views: readonly Topology[], client: string, server = "tls-optional"): readonly Asked[] {
  const [first] = views;
  if (first === undefined) return [];
  const places = views.map(({ id }) => positionIn(id)).map((position) => (position === null ? {} : { position }));
  return dataCommandsOf(first.family)
    .filter(isPassive)
    .flatMap((data) =>
      Object.entries(wishes).flatMap(([need, modes]) =>
        parties.map((may) => ({
          ...{ topology: networkIdOf(first.id), views, server: profileNamed(server), may, need, data },
          by: may.length > 1 ? "both" : may.join(),
          needs: places.flatMap((place) =>
            modes.map((mode) => ({ client, mode, data, operation: "list", ...place }) as const),
          ),
        })),
      ),
    );
}

/** What is known of sets of changes: by the session and the ids of the changes whether it works, in one network with one server. */
export type Known = Map<string, boolean>;

/** What is said of a question. */
export type Answer = {
  readonly asked: Asked;
  readonly advice: Advice;
  readonly proposals: readonly Proposal[];
  /** What the exhaustive search says against it; empty where it agrees, and `null` where it was not asked. */
  readonly against: readonly string[] | null;
};

/** @param known `null` where nothing is to be compared */
export function answerTo(asked: Asked, known: Known | null): Answer {
  const { advice, proposals } = advise(asked);
  return { asked, advice, proposals, against: known === null ? null : disagreements(asked, advice, known) };
}

/** How many changes or remedies the exhaustive search makes one after the other, asking after each what else there is then. */
const mostSteps = 2;
/** Up to this number of changes all their subsets are tried, else those of the size beside it. */
const [mostChanges, mostTogether] = [10, 4];

/** What the plainest search finds otherwise: all subsets of the changes, all sequences of them, and all of the diagnosis's remedies. */
function disagreements(asked: Question, { sets, impossible }: Advice, known: Known): readonly string[] {
  const { views, server, needs, may } = asked;
  const begin: State = { views: views.map(withTexts), server, uses: needs };
  if (worksFor(begin)) return sets.length + Number(impossible !== null) === 0 ? [] : ["all works as it is"];
  const changes = changesFor(begin).filter(({ party }) => may.includes(party));
  const minimal = minimalSets(begin, changes, known);
  const proposed = sets.map((set) => idsOf(set.changes));
  const smallest = minimal[0]?.length ?? 0;
  const out = [
    ...proposed.filter((set) => !minimal.some((one) => idsOf(one) === set)).map((set) => `not minimal: ${set}`),
    ...(proposed.length > 0 && sets[0]?.changes.length !== smallest ? [`a smaller set: ${smallest}`] : []),
  ];
  if (impossible === null) return sets.length === 0 ? [...out, "it says nothing"] : out;
  const bySteps = firstThatWorks([begin], (state) =>
    changesFor(state)
      .filter(({ party }) => may.includes(party))
      .map((change) => ({ id: change.id, after: applied(state, change) })),
  );
  const byRemedies = firstThatWorks([{ ...begin, views }], (state) => remedied(state, may));
  return [
    ...out,
    ...minimal.slice(0, 1).map((set) => `possible: ${idsOf(set)}`),
    ...(bySteps === null ? [] : [`possible step by step: ${bySteps}`]),
    ...(byRemedies === null ? [] : [`possible by remedies: ${byRemedies}`]),
  ];
}

function idsOf(changes: readonly { readonly id: string }[]): string {
  return changes
    .map(({ id }) => id)
    .toSorted()
    .join(" + ");
}

/** Sets that work with no smaller one in them. */
function minimalSets(begin: State, changes: readonly Change[], known: Known): readonly (readonly Change[])[] {
  const found: (readonly Change[])[] = [];
  for (const set of subsetsOf(changes)) {
    if (found.some((smaller) => smaller.every((change) => set.includes(change)))) continue;
    if (begin.uses.every((use) => worksWith(begin, set, use, known))) found.push(set);
  }
  return found;
}

function worksWith(begin: State, set: readonly Change[], use: Need, known: Known): boolean {
  const key = `${JSON.stringify(use)} ${idsOf(set)}`;
  const works = known.get(key) ?? worksFor({ ...withAll(begin, set), uses: [use] });
  known.set(key, works);
  return works;
}

/** Every subset, the smaller ones first. */
function subsetsOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const most = items.length <= mostChanges ? items.length : mostTogether;
  const all = items.reduce<readonly (readonly T[])[]>(
    (sets, item) => [...sets, ...sets.filter(({ length }) => length < most).map((set) => [...set, item])],
    [[]],
  );
  return all.toSorted((one, other) => one.length - other.length);
}

type Step = { readonly id: string; readonly after: State };

/** The first sequence of steps with which all works, breadth first; each network is asked once. */
function firstThatWorks(from: readonly State[], stepsOf: (state: State) => readonly Step[]): string | null {
  let edge = from.map((state) => ({ state, way: "" }));
  const seen = new Set(from.map((state) => JSON.stringify(state)));
  for (let depth = 0; depth < mostSteps; depth += 1) {
    const next: typeof edge = [];
    for (const { state, way } of edge) {
      for (const { id, after } of stepsOf(state)) {
        const text = JSON.stringify(after);
        if (seen.has(text)) continue;
        seen.add(text);
        if (worksFor(after)) return `${way}${id}`;
        next.push({ state: after, way: `${way}${id} + ` });
      }
    }
    edge = next;
  }
  return null;
}

/** The diagnosis's remedies that change nothing but what these parties have: not the session, and of no other party. */
function remedied(state: State, may: readonly AdvisedParty[]): readonly Step[] {
  return remedies.flatMap(({ id, apply }) =>
    state.uses.flatMap((use): readonly Step[] => {
      const setup = setupOf(state, use);
      const changed = apply(setup);
      if (changed?.cell.id !== setup.cell.id) return [];
      const after = {
        ...state,
        views: state.views.map((view) => withNodesOf(view, changed.topology)),
        server: changed.server,
      };
      return changedBy(state, after).every((party) => may.includes(party)) ? [{ id, after }] : [];
    }),
  );
}

/** Whose things differ between two states. */
function changedBy(before: State, after: State): readonly AdvisedParty[] {
  const differs = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);
  const nodes = before.views.flatMap((view, at) =>
    view.nodes
      .filter((node, index) => differs(node, after.views[at]?.nodes[index]))
      .map(({ kind }) => (kind === "server" || kind === "client" ? kind : "router")),
  );
  return differs(before.server, after.server) ? [...nodes, "server"] : nodes;
}

/** A network with the nodes of another one that are the same machines. */
function withNodesOf(topology: Topology, { nodes }: Topology): Topology {
  return { ...topology, nodes: topology.nodes.map((node) => nodes.find(({ id }) => id === node.id) ?? node) };
}
