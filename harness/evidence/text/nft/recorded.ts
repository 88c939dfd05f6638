import { parseSavedTables } from "../saved-rules";
import { fieldOf, listOf, objectsOf, textOf } from "./json";

/** What is kept of a node's rule sets. */
export type Kept = {
  readonly family: "ipv4" | "ipv6";
  /** Names of tables of the harness itself, which are not the node's rules. */
  readonly hidden: readonly string[];
};

/**
 * A node's rules as they are recorded: what `iptables-save` printed and, behind it, what nftables holds beside that, a line an object.
 *
 * @param saved "" where nothing is iptables'
 * @param ruleset `nft -j list ruleset`; what is no JSON is told by nobody
 */
export function recordedRules(saved: string, ruleset: string, { family, hidden }: Kept): string {
  const own = family === "ipv6" ? "ip6" : "ip";
  const savedTables = parseSavedTables(saved);
  const isKept = (object: unknown, name: string): boolean => {
    const of = textOf(object, "family");
    return !hidden.includes(name) && (of === "inet" || (of === own && !savedTables.has(name)));
  };
  const kept = objectsOf(objectsIn(ruleset)).filter(([kind, object]) =>
    isKept(object, textOf(object, kind === "table" ? "name" : "table") ?? ""),
  );
  if (kept.length === 0) return saved;
  const lines = kept.map(([kind, object]) => JSON.stringify({ [kind]: object }));
  return `${saved}{"nftables": [\n${lines.join(",\n")}\n]}\n`;
}

function objectsIn(ruleset: string): readonly unknown[] {
  try {
    return listOf(fieldOf(JSON.parse(ruleset), "nftables"));
  } catch {
    return [];
  }
}
