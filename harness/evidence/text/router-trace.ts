import type { FlowTuple, TracedPacket, TraceStep } from "../../model/evidence";
import { linesOf, readAddress, readPair, readPort } from "./lines";
import { endAt, isMarkedPlace, type MarkedPlace } from "./trace-marks";

/** A `PACKET:` line: a packet as it enters a base chain. */
type Sighting = {
  readonly packet: FlowTuple;
  readonly inLink: string | null;
  readonly outLink: string | null;
  readonly flags: string;
  readonly size: number | null;
  readonly ttl: number | null;
};

/** A packet whose lines are still being collected. */
type OpenPacket = {
  readonly arrived: Sighting;
  readonly steps: TraceStep[];
  /** Raw tables are done with it, so a raw rule can only be another packet's. */
  leftRaw: boolean;
  /** Its first line says that it begins there: only that shows that an id is used again. */
  readonly isBegun: boolean;
  /** The last mark that it passed. */
  last: MarkedPlace | null;
};

/** What nft calls NFT_RETURN (-5), for which xtables-monitor has no word. */
const unnamedReturn = "0xfffffffb";

const packetLine = /^PACKET: \d+ ([0-9a-f]+) (.*)$/s;
const beginLine = /^BEGIN: ([0-9a-f]+)$/;
const markLine = /^ MARK: ([0-9a-f]+) (.*)$/s;
const traceLine = /^ *TRACE: \d+ ([0-9a-f]+) ([^\s:]+):(\S+?):(?:rule:0x[0-9a-f]+|policy|return):(\S*)(.*)$/s;

/**
 * Reads what `xtables-monitor --trace` printed, and the lines of `toXtablesTrace` beside it; others are passed over.
 *
 * The kernel makes trace ids from a flow and the address of a buffer, so one may come back: an id that starts over in a raw
 * table, or with other flags, or after a drop, is another packet. The rule that asks for the trace is no step of anything and
 * is left out.
 */
export function parseTrace(text: string): readonly TracedPacket[] {
  const packets: OpenPacket[] = [];
  const open = new Map<string, OpenPacket>();
  const sightings = new Map<string, Sighting>();
  const begun = new Set<string>();
  const begin = (id: string, arrived: Sighting): OpenPacket => {
    const packet: OpenPacket = { arrived, steps: [], leftRaw: false, isBegun: begun.delete(id), last: null };
    open.set(id, packet);
    packets.push(packet);
    return packet;
  };
  for (const line of linesOf(text)) {
    const [, newId] = beginLine.exec(line) ?? [];
    if (newId !== undefined) {
      begun.add(newId);
      open.delete(newId);
      continue;
    }
    const [, markedId = "", place = ""] = markLine.exec(line) ?? [];
    if (isMarkedPlace(place)) {
      const marked = open.get(markedId);
      if (marked?.isBegun === true) marked.last = place;
      continue;
    }
    const [, seenId, words] = packetLine.exec(line) ?? [];
    if (seenId !== undefined && words !== undefined) {
      const sighting = readSighting(words);
      if (sighting === null) {
        // Whatever follows under this id belongs to a packet that cannot be told.
        sightings.delete(seenId);
        open.delete(seenId);
      } else {
        sightings.set(seenId, sighting);
        const seen = open.get(seenId);
        if (seen === undefined || (!seen.isBegun && seen.arrived.flags !== sighting.flags)) begin(seenId, sighting);
      }
      continue;
    }
    const [, id = "", table = "", chain = "", verdictWord = "", rest = ""] = traceLine.exec(line) ?? [];
    const sighting = sightings.get(id);
    const known = open.get(id);
    if (sighting === undefined || known === undefined) continue;
    const current = table === "raw" && known.leftRaw && !known.isBegun ? begin(id, sighting) : known;
    const verdict = verdictWord === unnamedReturn || verdictWord === "" ? "RETURN" : verdictWord;
    if (table !== "raw" || verdict === "ACCEPT" || verdict === "DROP") current.leftRaw = true;
    const rule = readRule(rest);
    if (rule?.endsWith(" -j TRACE") === true) continue;
    const { packet, inLink, outLink } = sighting;
    current.steps.push({ table, chain, rule, verdict, packet, inLink, outLink });
    if (verdict === "DROP") open.delete(id);
  }
  return packets.map(tracedPacket);
}

function tracedPacket({ arrived: { packet, inLink, flags, size, ttl }, steps, last }: OpenPacket): TracedPacket {
  return {
    arrived: packet,
    inLink,
    flags,
    steps,
    ...(size === null ? {} : { size }),
    ...(ttl === null ? {} : { ttl }),
    ...(last === null ? {} : { end: endAt(last) }),
  };
}

/**
 * The step that decided the packet's fate: where it was dropped, else the last ACCEPT of a filter; `null` when the trace
 * ends before either. REJECT is a drop to the kernel: it shows in the rule's `-j REJECT`.
 */
export function decisionOf(packet: TracedPacket): TraceStep | null {
  return (
    packet.steps.findLast(({ verdict }) => verdict === "DROP" || verdict === "REJECT") ??
    packet.steps.findLast(({ table, verdict }) => table === "filter" && verdict === "ACCEPT") ??
    null
  );
}

/** The link that routing chose; `null` when the packet was for the router itself, or ended before routing. */
export function leftBy(packet: TracedPacket): string | null {
  return packet.steps.findLast(({ outLink }) => outLink !== null)?.outLink ?? null;
}

function readSighting(text: string): Sighting | null {
  const words = text.split(" ");
  const fields = new Map<string, string>();
  const flags: string[] = [];
  for (const word of words) {
    const pair = readPair(word);
    if (pair !== null && !fields.has(pair[0])) fields.set(...pair);
    // Bare words before the ports belong to the IP header (`DF`).
    else if (pair === null && word !== "" && fields.has("DPORT")) flags.push(word);
  }
  const source = readAddress(fields.get("SRC"));
  const destination = readAddress(fields.get("DST"));
  const sourcePort = readPort(fields.get("SPORT"));
  const destinationPort = readPort(fields.get("DPORT"));
  if (source === null || destination === null || sourcePort === null || destinationPort === null) return null;
  return {
    packet: { source, destination, sourcePort, destinationPort },
    inLink: readLink(fields.get("IN")),
    outLink: readLink(fields.get("OUT")),
    flags: flags.join(" "),
    size: readNumber(fields.get("LEN")),
    ttl: readNumber(fields.get("TTL")),
  };
}

function readNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null;
}

function readLink(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}

function readRule(text: string): string | null {
  const rule = text.trim().replace(/^ip6?tables -t \S+ /, "");
  return rule === "" ? null : rule;
}
