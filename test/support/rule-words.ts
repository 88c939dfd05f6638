/** A router's rules in few words, so that a test can state all of them. */
import type { PortRange } from "../../harness/model/topology";
import type { FilterChain, RouterRules, RuleMatch } from "../../harness/evidence/text/rules";

export type RuleWords = {
  readonly helpers: readonly string[];
  readonly destinationNats: readonly string[];
  readonly sourceNats: readonly string[];
  /** Rules in their order, and last what meets the rest. */
  readonly forward: readonly string[];
  readonly input: readonly string[];
  readonly related: FilterChain["related"];
};

/** `ACCEPT in lan out wan to 192.0.2.1 port 21,50000-50100 NEW`; a question mark stands for what may match less. */
export function ruleWords({ helpers, destinationNats, sourceNats, forward, input }: RouterRules): RuleWords {
  return {
    helpers: helpers.map((rule) =>
      words(`${rule.attaches} at ${rule.chain}${rule.isAfterNat === true ? " after NAT" : ""}`, rule),
    ),
    destinationNats: destinationNats.map((rule) => words(`${target(rule.toAddress, rule.toPorts)} for`, rule)),
    sourceNats: sourceNats.map((rule) =>
      words(`${rule.kind}${rule.toAddress === null ? "" : ` ${rule.toAddress}`}`, rule),
    ),
    forward: chainWords(forward),
    input: chainWords(input),
    related: forward.related,
  };
}

function chainWords({ rules, rest }: FilterChain): readonly string[] {
  return [...rules.map((rule) => words(rule.verdict, rule)), rest];
}

function target(address: string | null, ports: PortRange | null): string {
  return `${address ?? "self"}${ports === null ? "" : `:${range(ports)}`}`;
}

function words(first: string, match: RuleMatch): string {
  const { inLink, outLink, source, destination, ports, states, helper, conditional } = match;
  return [
    first,
    ...(inLink === null ? [] : ["in", inLink]),
    ...(outLink === null ? [] : ["out", outLink]),
    ...(source === null ? [] : ["from", source]),
    ...(destination === null ? [] : ["to", destination]),
    ...(ports === null ? [] : ["port", ports.map(range).join(",")]),
    ...(states === null ? [] : [states.toSorted().join(",")]),
    ...(helper === null ? [] : ["helper", helper]),
    ...(conditional ? ["?"] : []),
  ].join(" ");
}

function range({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}
