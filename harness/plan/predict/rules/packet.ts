import { parseAddress, parseSubnet, lastOf, type Address } from "../../../net/address";
import type { AddressRange, PortRange } from "../../../model/topology";
import type { Further, RuleMatch } from "../../../evidence/text/rule-match";

/** A packet of TCP where rules look at it; a range stands for all that it may have. Links are the node's own interfaces. */
export type Packet = {
  readonly source: AddressRange;
  readonly destination: AddressRange;
  readonly ports: PortRange;
  /** `null`: unknown. */
  readonly sourcePorts: PortRange | null;
  /** What was dialled, before this node translated it. */
  readonly dialled: { readonly address: AddressRange; readonly ports: PortRange };
  readonly inLink: string | null;
  readonly outLink: string | null;
  readonly state: "NEW" | "RELATED" | "ESTABLISHED";
  /** Its connection's destination was translated. */
  readonly isForwarded: boolean;
  /** The destination is an address of the node itself. */
  readonly isLocal: boolean;
};

export type Answer = "yes" | "no" | "maybe";

/** Whether a packet gives what a rule asks; `maybe` where only some of what the ranges stand for does, or something is not read. */
export function meets(match: RuleMatch, packet: Packet): Answer {
  const told = all([
    is(match.inLink === null || match.inLink === packet.inLink),
    is(match.outLink === null || match.outLink === packet.outLink),
    match.source === null ? "yes" : inBlock(match.source, packet.source),
    match.destination === null ? "yes" : inBlock(match.destination, packet.destination),
    match.ports === null ? "yes" : inRanges(match.ports, packet.ports),
    is(match.states === null || match.states.includes(packet.state)),
    // Only what a helper expects has a control connection (xt_helper.c).
    is(match.helper === null || (packet.state === "RELATED" && /^ftp(-\d+)?$/.test(match.helper))),
    is(match.isForwarded !== true || packet.isForwarded),
    ...(match.further ?? []).map((further) => givesFurther(further, packet)),
  ]);
  const isRead = match.isUnread !== true && (!match.conditional || match.further !== undefined);
  return told === "yes" && !isRead ? "maybe" : told;
}

function givesFurther(further: Further, packet: Packet): Answer {
  switch (further.kind) {
    case "one-of":
      return not(all(further.matches.map((match) => not(meets(match, packet)))));
    case "none-of":
      return all(further.matches.map((match) => not(meets(match, packet))));
    case "link": {
      const link = further.end === "in" ? packet.inLink : packet.outLink;
      return is(link?.startsWith(further.prefix) === true);
    }
    case "source-ports":
      return packet.sourcePorts === null ? "maybe" : inRanges(further.ports, packet.sourcePorts);
    case "dialled-ports":
      return inRanges(further.ports, packet.dialled.ports);
    case "dialled":
      return inBlock(further.block, packet.dialled.address);
    case "local-destination":
      return is(packet.isLocal);
  }
}

function is(holds: boolean): Answer {
  return holds ? "yes" : "no";
}

function not(answer: Answer): Answer {
  return answer === "maybe" ? "maybe" : is(answer === "no");
}

function all(answers: readonly Answer[]): Answer {
  if (answers.includes("no")) return "no";
  return answers.includes("maybe") ? "maybe" : "yes";
}

/** Which of a range's ports the ranges hold together. */
export function inRanges(ranges: readonly PortRange[], { first, last }: PortRange): Answer {
  let next = first;
  for (const range of ranges.toSorted((one, other) => one.first - other.first)) {
    if (range.first <= next && next <= range.last) next = range.last + 1;
  }
  if (next > last) return "yes";
  return ranges.some((range) => range.first <= last && first <= range.last) ? "maybe" : "no";
}

function inBlock(block: string, { first, last }: AddressRange): Answer {
  const [from, to] = [parseAddress(first), parseAddress(last)];
  const ends = endsOf(block);
  if (from === null || to === null || ends === null) return is(block === first && first === last);
  if (ends.first.family !== from.family) return "no";
  if (ends.first.value <= from.value && to.value <= ends.last.value) return "yes";
  return ends.first.value <= to.value && from.value <= ends.last.value ? "maybe" : "no";
}

function endsOf(block: string): { readonly first: Address; readonly last: Address } | null {
  const address = parseAddress(block);
  if (address !== null) return { first: address, last: address };
  const subnet = parseSubnet(block);
  if (subnet === null) return null;
  const { family, base } = subnet;
  return { first: { family, value: base }, last: { family, value: lastOf(subnet) } };
}
