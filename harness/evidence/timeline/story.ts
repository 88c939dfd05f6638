/** A cell's timeline, cut down to what a person needs to follow it: the dialogue, the data connection, and who stopped what. */
import type { StoryStep } from "../../model/story";
import type {
  DecisionEntry,
  ExpectationEntry,
  LineEntry,
  PacketEntry,
  Timeline,
  TimelineEntry,
} from "../../model/timeline";
import { endpoint, flowText, ruleWords } from "./flow-text";

/** A session that goes round in circles has more; its recording has all. */
const mostSteps = 80;
const longestText = 300;

/** The steps in their order; of more than 80, the last ones, since a session fails at its end. */
export function storyOf({ lanes, entries }: Timeline): readonly StoryStep[] {
  const [client = "client", server = "server"] = [lanes[0]?.node, lanes.at(-1)?.node];
  const steps = entries.flatMap((entry): readonly StoryStep[] => stepOf(entry, client, server));
  return withoutRepeats(steps).slice(-mostSteps).map(shortened);
}

function stepOf(entry: TimelineEntry, client: string, server: string): readonly StoryStep[] {
  const { atMs } = entry;
  switch (entry.kind) {
    case "stage":
      return [
        {
          atMs,
          kind: "stage",
          from: client,
          to: client,
          text: entry.stage,
          ...(entry.failed ? { failed: true as const } : {}),
        },
      ];
    case "line":
      return lineStep(entry, client, server);
    case "remark":
      return [{ atMs, kind: "remark", from: entry.node, to: entry.node, text: entry.text }];
    case "packet":
      return packetStep(entry);
    case "decision":
      return [{ atMs, kind: "rule", from: entry.router, to: entry.router, ...decision(entry) }];
    case "expectation":
      return [{ atMs, kind: "expectation", from: entry.router, to: entry.router, text: expectation(entry) }];
  }
}

function lineStep(entry: LineEntry, client: string, server: string): readonly StoryStep[] {
  const { atMs, from, sent, received, encrypted, rewrittenBy } = entry;
  const text = sent ?? received;
  if (text === null) return [];
  const isRewritten = sent !== null && received !== null && sent !== received;
  const [start, end] = from === "client" ? [client, server] : [server, client];
  return [
    {
      atMs,
      kind: "line",
      from: start,
      to: end,
      // Of a reply's lines before the last the first says what they are: `211-Features:`.
      text: text.split("\n", 1)[0] ?? text,
      ...(encrypted ? { hidden: true as const } : {}),
      ...(isRewritten ? { changes: [{ node: rewrittenBy.at(-1) ?? end, text: received }] } : {}),
    },
  ];
}

/** The lines show the control connection already, so only its packets that open it or are lost are shown. */
function packetStep(packet: PacketEntry): readonly StoryStep[] {
  const { atMs, connection, flags, icmp, hops, lostAt, length, segments, retransmissions } = packet;
  const [first, last] = [hops[0], hops.at(-1)];
  if (first === undefined || last === undefined) return [];
  // A client that is done often resets its control connection.
  const isReset = flags.includes("RST") && (connection === "data" || packet.from !== "client");
  const isTelling = lostAt !== null || icmp !== null || isReset || flags === "SYN";
  if (!isTelling && connection === "control") return [];
  if (!isTelling && flags === "ACK" && length === 0) return [];
  const what = icmp === null ? (length > 0 ? `${length} bytes` : flags) : `ICMP ${icmp}`;
  const run = segments > 1 ? `, ${segments} segments` : "";
  const again = retransmissions === 0 ? "" : `, sent anew ${retransmissions}×`;
  const flow = /SYN|RST/.test(flags) || icmp !== null || lostAt !== null ? ` ${flowText(first.flow)}` : "";
  const changes = hops.flatMap((hop, index) => {
    const before = hops[index - 1];
    const isMoved = before?.node === hop.node && flowText(before.flow) !== flowText(hop.flow);
    return isMoved && flags === "SYN" ? [{ node: hop.node, text: flowText(hop.flow) }] : [];
  });
  return [
    {
      atMs,
      kind: "packet",
      from: first.node,
      to: last.node,
      text: `${connection} ${what}${run}${again}${flow}`,
      ...(connection === "data" ? { isData: true as const } : {}),
      ...(lostAt === null ? {} : { failed: true as const }),
      ...(changes.length === 0 ? {} : { changes }),
    },
  ];
}

function decision({ verdict, place, rule, arrived }: DecisionEntry): Pick<StoryStep, "text" | "failed"> {
  const by = rule === null ? "its policy" : ruleWords(rule);
  const text = `${verdict} in ${place} by ${by}: ${flowText(arrived)}`;
  return verdict === "ACCEPT" ? { text } : { text, failed: true };
}

function expectation({ change, source, destination, port }: ExpectationEntry): string {
  return `${change === "made" ? "expects" : "expects no more:"} ${source} → ${endpoint(destination, port)}`;
}

/** A SYN that is sent over and over meets the same rule each time. */
function withoutRepeats(steps: readonly StoryStep[]): readonly StoryStep[] {
  const seen = new Set<string>();
  return steps.filter(({ kind, from, to, text, failed }) => {
    if (failed !== true || kind === "stage") return true;
    const key = [kind, from, to, text].join("\n");
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function shortened(step: StoryStep): StoryStep {
  const { changes } = step;
  return {
    ...step,
    atMs: Math.round(step.atMs * 10) / 10,
    text: cut(step.text),
    ...(changes === undefined ? {} : { changes: changes.map(({ node, text }) => ({ node, text: cut(text) })) }),
  };
}

/** Foreign text at a length that a person reads. */
export function cut(text: string, limit = longestText): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
