import type { RouterEvidence } from "../../model/evidence";
import { nftBaseChains, savedBaseChains, type BaseChain } from "./base-chains";
import { filterOf, mayBlock, type FilterChain } from "./filter-chain";
import { helpersIn } from "./helper-rules";
import { destinationNatsIn, sourceNatsIn, type DestinationNat, type SourceNat } from "./nat-rules";
import type { NftHook, NftPlace } from "./nft/ruleset";
import { ruleTables } from "./rule-tables";
import type { HelperAttachment } from "./rule-match";

export type { FilterChain, Verdict } from "./filter-chain";
export { coversPorts, type RuleMatch } from "./rule-match";

/** What a diagnosis needs of a router's rules. */
export type RouterRules = {
  readonly helpers: readonly HelperAttachment[];
  readonly destinationNats: readonly DestinationNat[];
  readonly sourceNats: readonly SourceNat[];
  readonly forward: FilterChain;
  readonly input: FilterChain;
  /** Base chains that nftables holds for itself, in the order of their priorities; empty if all is iptables'. */
  readonly nftChains: readonly NftBaseChain[];
  /** Whether some of the rules are iptables'. */
  readonly hasIptables: boolean;
};

/** A base chain of nftables, as commands name it. */
export type NftBaseChain = NftPlace &
  Pick<NftHook, "hook" | "type" | "priority"> & {
    /** Some rule of it, or its policy, may stop a packet. */
    readonly blocks: boolean;
  };

/**
 * Reads a router's rules as far as TCP SYNs are concerned: what `iptables-save` or `ip6tables-save` prints, with or without `-c`; what
 * `nft list ruleset` or `nft -j list ruleset` does; or one behind the other.
 *
 * @param family of the packets in question: nftables may have rules for both
 */
export function parseRules(text: string, family: "ipv4" | "ipv6" = "ipv4"): RouterRules {
  const { saved, nft } = ruleTables(text);
  const chains = [...savedBaseChains(saved), ...nftBaseChains(nft, family)].toSorted(
    (one, other) => one.priority - other.priority,
  );
  const destinationNats = destinationNatsIn(chains);
  return {
    helpers: helpersIn(chains),
    destinationNats,
    sourceNats: sourceNatsIn(chains),
    forward: filterOf(chains, "FORWARD", destinationNats),
    input: filterOf(chains, "INPUT", destinationNats),
    nftChains: chains.flatMap(describe),
    hasIptables: saved.size > 0,
  };
}

/** A router's rules, for the family of the connections that it saw; `null` if unknown them. */
export function rulesOf(evidence: Pick<RouterEvidence, "rules" | "connections" | "packets">): RouterRules | null {
  const { rules, connections, packets } = evidence;
  const address = connections[0]?.original.source ?? packets[0]?.arrived.source ?? "";
  return rules.trim() === "" ? null : parsedOnce(rules, address.includes(":") ? "ipv6" : "ipv4");
}

/** Rules that were read last, by text: many sessions have the same, and to read them takes longer than all else of a diagnosis. */
const readBefore = { ipv4: new Map<string, RouterRules>(), ipv6: new Map<string, RouterRules>() };
const mostKept = 16;

/** As {@link parseRules}, for texts that are asked for again and again. */
export function parsedOnce(text: string, family: "ipv4" | "ipv6" = "ipv4"): RouterRules {
  const kept = readBefore[family];
  const rules = kept.get(text) ?? parseRules(text, family);
  if (kept.size >= mostKept && !kept.has(text)) kept.clear();
  kept.set(text, rules);
  return rules;
}

function describe(chain: BaseChain): NftBaseChain[] {
  const { place, hook, isNat, priority } = chain;
  if (place === null) return [];
  return [
    { ...place, hook: hook.toLowerCase(), type: isNat ? "nat" : "filter", priority, blocks: !isNat && mayBlock(chain) },
  ];
}
