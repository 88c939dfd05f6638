import type { CellEvidence, ExpectationEvent, RouterEvidence, SeenPacket, TracedPacket } from "../../model/evidence";
import type { DecisionEntry, ExpectationEntry } from "../../model/timeline";
import { decisionOf } from "../text/router-trace";
import { byFlow, flowKey } from "./flow";
import { sinceStart } from "./clock";
import { isSyn } from "./segment";
import { translationsOf } from "./translation";

/** Entries, and a sentence for each decision that has no time. */
export type RouterEntries = {
  readonly entries: readonly (DecisionEntry | ExpectationEntry)[];
  readonly notes: readonly string[];
};

/** A packet that a helper's expectation comes from or goes by is so much older than the event at most. */
const eventDelayMs = 100;

/** What a router decided and expected. */
export function routerEntries(evidence: CellEvidence, router: RouterEvidence): RouterEntries {
  const since = sinceStart(evidence);
  const arrivals = evidence.captures
    .filter(({ node }) => node === router.router)
    .flatMap(({ packets }) => packets.filter(({ direction, icmp }) => direction === "in" && icmp === null));
  const notes: string[] = [];
  const decisions = decisionEntries(router, arrivals, since, notes);
  const expectations = router.expectations.map((event) => expectationEntry(router, event, arrivals, since));
  return { entries: [...decisions, ...expectations], notes };
}

function decisionEntries(
  router: RouterEvidence,
  arrivals: readonly SeenPacket[],
  since: (at: number) => number,
  notes: string[],
): readonly DecisionEntry[] {
  const translations = translationsOf(router);
  const times = new Map<string, number[]>();
  for (const same of byFlow(arrivals.filter(isSyn), ({ flow }) => flow)) {
    const [first] = same;
    if (first !== undefined)
      times.set(
        flowKey(first.flow),
        same.map(({ at }) => at),
      );
  }
  return router.packets.flatMap((packet) => {
    const key = flowKey(packet.arrived);
    // A SYN that is sent anew is traced anew.
    const at = times.get(key)?.shift() ?? router.connections.find(({ original }) => flowKey(original) === key)?.at;
    const decision = decisionOf(packet);
    const words = `${router.router}: the SYN to port ${packet.arrived.destinationPort}`;
    if (decision === null)
      notes.push(`${words} met no rule that decided: the router knew no way on, or its trace is not complete.`);
    else if (at === undefined)
      notes.push(`${words} is left out, since neither packets nor conntrack tell when it came.`);
    if (decision === null || at === undefined) return [];
    const verdict = verdictOf(decision);
    const passes = verdict === "ACCEPT" && decision.chain !== "INPUT";
    return [
      {
        kind: "decision",
        atMs: since(at),
        router: router.router,
        arrived: packet.arrived,
        left: passes ? (translations.get(key) ?? null) : null,
        place: `${decision.table}:${decision.chain}`,
        rule: decision.rule,
        verdict,
      },
    ];
  });
}

/** REJECT is a drop to the kernel. */
function verdictOf({ rule, verdict }: TracedPacket["steps"][number]): string {
  return verdict === "DROP" && /-j REJECT\b/.test(rule ?? "") ? "REJECT" : verdict;
}

function expectationEntry(
  { router }: RouterEvidence,
  event: ExpectationEvent,
  arrivals: readonly SeenPacket[],
  since: (at: number) => number,
): ExpectationEntry {
  const { kind, source, destination, port } = event;
  const eventMs = since(event.at);
  const isCause = (packet: SeenPacket): boolean => {
    const age = eventMs - since(packet.at);
    if (age < -1 || age > eventDelayMs) return false;
    return kind === "new"
      ? /^(227|229|PORT|EPRT)\b/i.test(packet.text ?? "")
      : isSyn(packet) && packet.flow.destinationPort === port && packet.flow.source === source;
  };
  const cause = arrivals.findLast(isCause);
  return {
    kind: "expectation",
    atMs: cause === undefined ? eventMs : since(cause.at),
    router,
    change: kind === "new" ? "made" : "gone",
    source,
    destination,
    port,
  };
}
