import { advise, changesFor } from "../../../harness/advise/advise";
import { withAll, type Change } from "../../../harness/advise/change";
import { withTexts } from "../../../harness/advise/own-text";
import { setupOf, worksFor, type State } from "../../../harness/advise/state";
import type { AdvisedParty } from "../../../harness/model/advice";
import type { Party } from "../../../harness/model/diagnosis";
import type { Mode } from "../../../harness/model/axes";
import { expectationFrom } from "../../../harness/plan/expectation";
import type { Setup } from "../../../harness/plan/setup";
import { labRemedyIds, remedies } from "../../../harness/diagnose/remedies/registry";
import { owns } from "../../../harness/advise/ways";
import { needs, question } from "../../support/ask-advice";
import { topologies, topologyNamed } from "../../support/inputs";

const wishes: readonly (readonly Mode[])[] = [["ftp"], ["ftps"], ["ftp", "ftps"]];
const parties: readonly (readonly AdvisedParty[])[] = [["server"], ["router"], ["server", "router"]];
const adminOf: Readonly<Partial<Record<Party, AdvisedParty>>> = { "server admin": "server", "network admin": "router" };

/** Every subset, the smaller ones first. */
function subsetsOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const all = items.reduce<readonly (readonly T[])[]>(
    (sets, item) => [...sets, ...sets.map((set) => [...set, item])],
    [[]],
  );
  return all.toSorted((one, other) => one.length - other.length);
}

/** Sets that work with no smaller one in them, by the plainest search. */
function minimalSets(begin: State, changes: readonly Change[]): readonly (readonly Change[])[] {
  const found: (readonly Change[])[] = [];
  for (const set of subsetsOf(changes)) {
    if (found.some((smaller) => smaller.every((change) => set.includes(change)))) continue;
    if (worksFor(withAll(begin, set))) found.push(set);
  }
  return found;
}

/** Pairs of the remedies that the diagnosis knows, of these parties alone, that make all sessions work. */
function curedByRemedies(setups: readonly Setup[], may: readonly AdvisedParty[]): readonly string[] {
  const own = remedies.filter(
    ({ id, party }) =>
      labRemedyIds.includes(id) &&
      may.some((one) => one === adminOf[party]) &&
      // It asks the routers' administrators for something too.
      id !== "widen-passive-range",
  );
  const works = (setup: Setup): boolean => expectationFrom(setup.cell, setup).result === "worked";
  return own.flatMap((one, index) =>
    own.slice(index).flatMap((other) => {
      const after = setups.map((setup) => {
        const first = one.apply(setup) ?? setup;
        return other.apply(first) ?? first;
      });
      return after.every(works) ? [`${one.id} + ${other.id}`] : [];
    }),
  );
}

/** `ADVICE=all` asks about every network. Others ask about one, since every subset of the changes is predicted. */
const asked = process.env["ADVICE"] === "all" ? topologies : [topologyNamed("server-nat-helper")];

describe.each(asked.map((topology) => [topology.id, topology] as const))("advice for %s", (_, topology) => {
  it.each(wishes.flatMap((modes) => parties.map((may) => [modes, may] as const)))("%j, %j", (modes, may) => {
    const wanted = needs(modes);
    const { advice } = advise(question(topology, wanted, may));
    const { server } = question(topology, wanted, may);
    const begin = { topology: withTexts(topology), server, uses: wanted };
    if (worksFor(begin)) {
      expect(advice).toMatchObject({ sets: [], impossible: null });
      return;
    }
    const changes = changesFor(begin).filter(({ party }) => may.includes(party));
    expect(changes.length).toBeLessThanOrEqual(12);
    const minimal = minimalSets(begin, changes).map((set) => set.map(({ id }) => id).sort());
    const sets = advice.sets.map((set) => set.changes.map(({ id }) => id).sort());
    expect(advice.impossible !== null).toBe(minimal.length === 0);
    for (const set of sets) expect(minimal).toContainEqual(set);
    expect(sets[0]?.length).toBe(minimal[0]?.length);
    if (advice.impossible !== null) {
      const setups = wanted.map((need) => setupOf({ topology, server }, need));
      expect(curedByRemedies(setups, may)).toEqual([]);
    }
    // Nothing is forwarded to the router that forwards it.
    for (const { lines, name } of advice.sets.flatMap((set) => set.lines)) {
      const targets = lines.flatMap((line) => /--to-destination ([\d.]+)/.exec(line)?.[1] ?? []);
      expect(targets.filter((target) => owns(topology, name, target))).toEqual([]);
    }
  });
});
