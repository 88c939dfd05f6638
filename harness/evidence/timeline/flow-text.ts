/** Connections, packets and rules in words that fit on a line. */
import type { ExpectationEvent, FlowTuple, TracedPacket, TraceStep } from "../../model/evidence";

/** `203.0.113.1:21`, `[2001:db8::1]:21`. */
export function endpoint(address: string, port: number): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/** `203.0.113.40:45291 → 203.0.113.1:50828`. */
export function flowText(flow: FlowTuple, arrow = "→"): string {
  return `${endpoint(flow.source, flow.sourcePort)} ${arrow} ${endpoint(flow.destination, flow.destinationPort)}`;
}

/** `203.0.113.40 → 203.0.113.1:50373`: the source's port may be any. */
export function expectedFlow({ source, destination, port }: ExpectationEvent, arrow = "→"): string {
  return `${source} ${arrow} ${endpoint(destination, port)}`;
}

/** Words of a rule, without the program and the table, which are told apart: `-A FORWARD -m conntrack ...`. */
export function ruleWords(rule: string): string {
  return rule.replace(/^ip6?tables /, "").replace(/^-t \S+ /, "");
}

/** Whether a step let the packet go on. */
export function isPassing({ verdict }: TraceStep): boolean {
  return /^(accept|continue|return|jump|goto)\b/i.test(verdict);
}

/** The step that decided what happened to a packet: the one that stopped it, else the last that a filter let it through. */
export function decidingStep({ steps }: TracedPacket): TraceStep | null {
  return (
    steps.find((step) => !isPassing(step)) ??
    steps.findLast((step) => step.table === "filter" && /^accept/i.test(step.verdict)) ??
    null
  );
}
