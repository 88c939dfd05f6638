import { nftBaseChains, savedBaseChains, type BaseChain } from "../../../evidence/text/base-chains";
import { fieldOf, objectsOf, textOf } from "../../../evidence/text/nft/json";
import { nftObjects } from "../../../evidence/text/nft/read-text";
import { nftTables, type NftTable } from "../../../evidence/text/nft/ruleset";
import type { WhichPacket } from "../../../evidence/text/rule-words";
import { parseSavedTables } from "../../../evidence/text/saved-rules";
import type { Family, UserRules } from "../../../model/topology";
import { rulesFamily, rulesFilesOf } from "../../user-rules";
import { pastedInto } from "./pasted";

/** A user's own rules as base chains, lowest priority first. */
export type OwnRules = {
  readonly first: readonly BaseChain[];
  readonly later: readonly BaseChain[];
  /** What of the text is not read, quoted; `null` if all is. */
  readonly unread: string | null;
};

const known = new WeakMap<UserRules, Map<Family, OwnRules>>();

/** Reads a user's own rules, with what was pasted after them, for packets of a family. */
export function ownRules(rules: UserRules, family: Family): OwnRules {
  const byFamily = known.get(rules) ?? new Map<Family, OwnRules>();
  known.set(rules, byFamily);
  const found = byFamily.get(family) ?? read(rules, family);
  byFamily.set(family, found);
  return found;
}

function read(rules: UserRules, family: Family): OwnRules {
  const files = rulesFilesOf(rules).filter(({ text }) => [null, family].includes(rulesFamily(text)));
  // What is restored later takes the place of a table that is there.
  const loaded = new Map(files.flatMap(({ format, text }) => (format === "iptables" ? [...savedTables(text)] : [])));
  const after = pastedInto(loaded, rules.pasted ?? [], family);
  const objects = [
    ...files.flatMap(({ format, text }) => (format === "nftables" ? savedObjects(text) : [])),
    ...nftObjects(after.nft),
  ];
  const tables = nftTables(objects);
  const chainsFor = (which: WhichPacket): readonly BaseChain[] =>
    [...savedBaseChains(after.tables, which), ...nftBaseChains(tables, family, which)].toSorted(
      (one, other) => one.priority - other.priority,
    );
  const unread = objectsOf(objects).flatMap(([kind, object]) =>
    kind === "unread" ? (textOf(object, "text") ?? "") : [],
  );
  return {
    first: chainsFor("first"),
    later: chainsFor("later"),
    unread: [...unread, ...after.unread, ...onDevices(tables, objects)][0] ?? null,
  };
}

/** Texts that were taken apart last: the same one is read again with other lines pasted behind it. */
const lastSaved = new Map<string, ReturnType<typeof parseSavedTables>>();
const lastObjects = new Map<string, ReturnType<typeof nftObjects>>();

function savedTables(text: string): ReturnType<typeof parseSavedTables> {
  return takenOnce(lastSaved, text, parseSavedTables);
}

function savedObjects(text: string): ReturnType<typeof nftObjects> {
  return takenOnce(lastObjects, text, nftObjects);
}

function takenOnce<Read>(last: Map<string, Read>, text: string, read: (text: string) => Read): Read {
  const found = last.get(text) ?? read(text);
  if (last.size > 32) last.clear();
  last.set(text, found);
  return found;
}

/** Chains of families that are not read, and that packets meet all the same. */
function onDevices(tables: readonly NftTable[], objects: readonly unknown[]): readonly string[] {
  const families = new Set(
    tables.filter(({ family }) => family === "netdev" || family === "bridge").map(({ family }) => family),
  );
  return objectsOf(objects).flatMap(([kind, object]) => {
    const family = textOf(object, "family") ?? "";
    if (kind !== "chain" || !families.has(family) || fieldOf(object, "hook") === undefined) return [];
    return [`table ${family} ${textOf(object, "table") ?? ""}`];
  });
}
