import type { Address } from "../../net/address";
import { chainTarget, readNftRule } from "./nft/rule";
import type { NftPlace, NftTable } from "./nft/ruleset";
import { savedRules, type RuleSource } from "./rule-chain";
import type { SavedTable } from "./saved-rules";
import type { WhichPacket } from "./rule-words";

/** Where netfilter stops a packet and asks (`nf_hook`). */
export type HookName = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";

/** A chain that depends on a hook. A packet has to pass all of a hook, and DROP in one of them is final. */
export type BaseChain = {
  readonly hook: HookName;
  readonly isNat: boolean;
  /** The lowest comes first; -100 is where destinations are translated before routing. */
  readonly priority: number;
  readonly policy: "ACCEPT" | "DROP";
  readonly name: string;
  readonly source: RuleSource;
  /** `null` for one of iptables. */
  readonly place: NftPlace | null;
};

/** iptables' tables by their priorities (`ip_tables.h`); those of nat depend on the hook. */
const priorities: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, security: 50 };

const hookNames: readonly string[] = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"] satisfies HookName[];

function isHookName(name: string): name is HookName {
  return hookNames.includes(name);
}

/** Base chains of what `iptables-save` told. */
export function savedBaseChains(
  tables: ReadonlyMap<string, SavedTable>,
  which: WhichPacket = "first",
): readonly BaseChain[] {
  return [...tables].flatMap(([name, table]) => {
    const source = savedRules(table, which);
    const isNat = name === "nat";
    return [...new Set([...table.policies.keys(), ...table.chains.keys()])]
      .filter(isHookName)
      .map((hook): BaseChain => {
        const priority = isNat ? (hook === "PREROUTING" || hook === "OUTPUT" ? -100 : 100) : (priorities[name] ?? 0);
        const policy = table.policies.get(hook) === "DROP" ? "DROP" : "ACCEPT";
        return { hook, isNat, priority, policy, name: hook, source, place: null };
      });
  });
}

/** Base chains of nftables that meet packets of the family. */
export function nftBaseChains(
  tables: readonly NftTable[],
  family: Address["family"],
  which: WhichPacket = "first",
): readonly BaseChain[] {
  const own = family === "ipv4" ? "ip" : "ip6";
  return tables
    .filter((table) => table.family === "inet" || table.family === own)
    .flatMap((table) => {
      const source = nftRules(table, family, which);
      return [...table.chains.values()].flatMap(({ place, hook: hung }): BaseChain[] => {
        // Before all other hooks, and on one device.
        const hook = hung?.hook === "ingress" ? "PREROUTING" : hung?.hook.toUpperCase();
        if (hung === null || hook === undefined || !isHookName(hook)) return [];
        const { type, priority, policy } = hung;
        return [{ hook, isNat: type === "nat", priority, policy, name: place.chain, source, place }];
      });
    });
}

function nftRules({ chains, sets, helpers }: NftTable, family: Address["family"], which: WhichPacket): RuleSource {
  const context = { family, sets, helpers, which };
  const read = new Map(
    [...chains].map(
      ([name, chain]) => [name, chain.rules.flatMap((rule) => readNftRule(chain, rule, context))] as const,
    ),
  );
  const targets = new Set([...chains.keys()].map(chainTarget));
  return {
    isChain: (target) => targets.has(target),
    rulesOf: (name) => read.get(name.replace(/^chain /, "")) ?? [],
    total: [...read.values()].reduce((sum, rules) => sum + rules.length, 0),
  };
}
