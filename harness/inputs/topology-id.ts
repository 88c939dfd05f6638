/** Topology ids with positions and conditions: `office@lan`, `firewall-helper+reject`. */
import { networkIdOf, positionIn, withoutPosition } from "../model/positions";
import { oneOf, quote, unknownName } from "../text/nearest";
import { globMatches, matchPatterns, readPattern } from "../text/patterns";

/** The networks that there are, one for each position, and what can be made of them. */
export type KnownTopologies = {
  readonly ids: readonly string[];
  /** Those that stand beside the core matrix. */
  readonly further: readonly string[];
  readonly conditions: readonly string[];
  /** The id of a network with conditions true in it, or what is wrong with them there. */
  readonly compose: (
    topology: string,
    conditions: readonly string[],
  ) => { readonly id: string } | { readonly problem: string };
};

/** The topology ids that patterns select. Conditions make ids that no list holds: the patterns say which there are. */
export function resolveTopologies(patterns: readonly string[], known: KnownTopologies) {
  const ids = new Set(known.ids);
  const chosen: string[] = [];
  const problems: { readonly index: number; readonly message: string }[] = [];
  patterns.forEach((pattern, index) => {
    const { glob, excludes } = readPattern(pattern);
    const expansion = expandTopology(glob, known);
    if (typeof expansion === "string") problems.push({ index, message: expansion });
    else {
      for (const id of expansion) ids.add(id);
      chosen.push(...expansion.map((id) => (excludes ? `!${id}` : id)));
    }
  });
  // No pattern at all would mean everything.
  return { ids: chosen.length === 0 ? [] : matchPatterns(chosen, [...ids]).ids, problems };
}

/**
 * The topology ids that a glob stands for, or what is wrong with it. It is matched against topologies without conditions; the
 * conditions after it are put to each topology in which they have a meaning: `firewall*+reject`. One that names no position means all
 * of them.
 */
function expandTopology(glob: string, known: KnownTopologies): readonly string[] | string {
  const [base = "", ...conditions] = glob.split("+");
  const matching = known.ids.filter((id) => globMatches(base, base.includes("@") ? id : withoutPosition(id)));
  if (matching.length === 0) return unknownTopology(base, known.ids);
  if (conditions.length === 0) return matching;
  if (new Set(conditions).size < conditions.length) return `${quote(glob)} names a condition twice`;
  const wrong = conditions.find((condition) => !known.conditions.includes(condition));
  if (wrong !== undefined) return unknownName("condition", wrong, known.conditions);
  const composed = matching.map((id) => known.compose(id, conditions));
  const ids = composed.flatMap((entry) => ("id" in entry ? [entry.id] : []));
  const [problem] = composed.flatMap((entry) => ("problem" in entry ? [entry.problem] : []));
  return ids.length > 0 ? ids : (problem ?? unknownName("topology", base, known.ids));
}

/** What is wrong with an id that no network has. */
export function unknownTopology(id: string, known: readonly string[]): string {
  const [network, position] = [networkIdOf(id), positionIn(id)];
  const views = known.filter((other) => networkIdOf(other) === network);
  if (position === null || views.length === 0) {
    return unknownName("topology", withoutPosition(id), [...new Set(known.map(withoutPosition))]);
  }
  const positions = views.flatMap((view) => positionIn(view) ?? []);
  return positions.length === 0
    ? `${quote(network)} has one client and no positions: leave ${quote(`@${position}`)} away`
    : `${quote(network)} has no position ${quote(position)}; expected ${oneOf(positions)}`;
}
