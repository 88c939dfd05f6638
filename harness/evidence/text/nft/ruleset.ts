import { fieldOf, listOf, numberOf, objectsOf, textOf } from "./json";

/** Where a rule or chain of nftables stands. */
export type NftPlace = { readonly family: string; readonly table: string; readonly chain: string };

/** A rule of nftables, as `nft delete rule FAMILY TABLE CHAIN handle HANDLE` names it; the handle is not always told. */
export type RulePlace = NftPlace & { readonly handle: number | null };

/** A rule as `nft -j` tells it: its statements, each an object with one key. */
export type NftRule = {
  readonly handle: number | null;
  readonly statements: readonly unknown[];
  /** As it is written, where it was written in nft's language. */
  readonly text?: string;
};

/** How a chain depends on the way of packets; priorities as numbers. */
export type NftHook = {
  readonly type: string;
  readonly hook: string;
  readonly priority: number;
  readonly policy: "ACCEPT" | "DROP";
};

export type NftChain = {
  readonly place: NftPlace;
  readonly hook: NftHook | null;
  readonly rules: readonly NftRule[];
};

/** A named set, or a named map, whose elements are pairs. */
export type NftSet = {
  readonly elements: readonly unknown[];
  /** Packets and time change its elements. */
  readonly isDynamic: boolean;
};

export type NftTable = {
  readonly family: string;
  readonly name: string;
  readonly chains: ReadonlyMap<string, NftChain>;
  readonly sets: ReadonlyMap<string, NftSet>;
  /** Type of each helper object: `ftp`. */
  readonly helpers: ReadonlyMap<string, string>;
};

type Draft = {
  readonly family: string;
  readonly name: string;
  readonly chains: Map<string, Omit<NftChain, "rules"> & { readonly rules: NftRule[] }>;
  readonly sets: Map<string, NftSet>;
  readonly helpers: Map<string, string>;
};

/** Tables out of the objects that `nft -j list ruleset` prints (libnftables-json(5)); what is no such object is passed over. */
export function nftTables(objects: readonly unknown[]): readonly NftTable[] {
  const tables = new Map<string, Draft>();
  const tableOf = (family: string, name: string): Draft => {
    const key = `${family} ${name}`;
    const table = tables.get(key) ?? { family, name, chains: new Map(), sets: new Map(), helpers: new Map() };
    tables.set(key, table);
    return table;
  };
  for (const [kind, object] of objectsOf(objects)) {
    const family = textOf(object, "family");
    const name = textOf(object, "name");
    if (family === null) continue;
    if (kind === "table" && name !== null) tableOf(family, name);
    const tableName = textOf(object, "table");
    if (tableName === null) continue;
    const table = tableOf(family, tableName);
    if (kind === "rule") addRule(table, object);
    if (name === null) continue;
    if (kind === "chain") addChain(table, name, hookOf(object));
    if (kind === "set" || kind === "map") table.sets.set(name, setOf(object));
    if (kind === "ct helper") table.helpers.set(name, textOf(object, "type") ?? "");
  }
  return [...tables.values()];
}

function addChain({ family, name: table, chains }: Draft, name: string, hook: NftHook | null): void {
  chains.set(name, { place: { family, table, chain: name }, hook, rules: chains.get(name)?.rules ?? [] });
}

function addRule(table: Draft, object: unknown): void {
  const chain = textOf(object, "chain");
  if (chain === null) return;
  if (!table.chains.has(chain)) addChain(table, chain, null);
  const text = textOf(object, "text");
  const rule = {
    ...{ handle: numberOf(object, "handle"), statements: listOf(fieldOf(object, "expr")) },
    ...(text === null ? {} : { text }),
  };
  const rules = table.chains.get(chain)?.rules;
  if (fieldOf(object, "insert") === true) rules?.unshift(rule);
  else rules?.push(rule);
}

function hookOf(object: unknown): NftHook | null {
  const hook = textOf(object, "hook");
  if (hook === null) return null;
  const policy = textOf(object, "policy") === "drop" ? "DROP" : "ACCEPT";
  return { type: textOf(object, "type") ?? "filter", hook, priority: numberOf(object, "prio") ?? 0, policy };
}

function setOf(object: unknown): NftSet {
  const flags = [fieldOf(object, "flags")].flat();
  return {
    elements: listOf(fieldOf(object, "elem")),
    isDynamic: flags.some((flag) => flag === "dynamic" || flag === "timeout"),
  };
}
