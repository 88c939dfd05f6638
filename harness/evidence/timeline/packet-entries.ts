import type { CellEvidence } from "../../model/evidence";
import type { PacketEntry, PacketHop } from "../../model/timeline";
import { hasClock, sinceStart } from "./clock";
import { connectionsOf, type Connection } from "./connections";
import { journeysOf, lostAt, type Journey } from "./journeys";
import { vantagePointsOf, type VantagePoint } from "./vantage";

/** Fewer segments of data are shown one by one. */
const fewestInRun = 3;

/** The packets of a session; data in runs, so that a transfer or a long reply stays readable. */
export function packetEntries(evidence: CellEvidence, connections = connectionsOf(evidence)): readonly PacketEntry[] {
  if (!hasClock(evidence)) return [];
  const points = vantagePointsOf(evidence);
  const since = sinceStart(evidence);
  return connections.flatMap((connection) => {
    return inRuns(journeysOf(connection).map((journey) => entryOf(journey, points, since)));
  });
}

function entryOf(journey: Journey, points: readonly VantagePoint[], since: (at: number) => number): PacketEntry {
  const { connection, sightings, length, repeats } = journey;
  const [first] = sightings;
  const hops = sightings.map(({ view, packet }): PacketHop => {
    const { node, link } = view.point.capture;
    return { node, link, direction: packet.direction, atMs: since(packet.at), flow: packet.flow, text: packet.text };
  });
  const atMs = since(first.packet.at);
  return {
    kind: "packet",
    atMs,
    endMs: atMs,
    from: senderOf(journey, points),
    connection: connection.kind,
    flags: first.packet.flags,
    segments: 1,
    length,
    icmp: first.packet.icmp === null ? null : `${first.packet.icmp.what} (from ${first.packet.icmp.from})`,
    hops,
    lostAt: lostAt(journey, points),
    retransmissions: repeats,
  };
}

/** A router made what leaves it and did not come: it answers for others (REJECT) and for itself. */
function senderOf(
  { connection, way, sightings: [first] }: Journey,
  points: readonly VantagePoint[],
): PacketEntry["from"] {
  const { point } = first.view;
  const opener: PacketEntry["from"] = connection.opener;
  const peer = opener === "client" ? "server" : "client";
  const end = way === "forth" ? opener : peer;
  if (point.kind !== "router") return first.packet.direction === "out" ? point.kind : end;
  const links = points.filter(({ capture }) => capture.node === point.capture.node);
  const isWhole = links.length > 1 && links.every(({ capture }) => capture.cut === null);
  return first.packet.direction === "out" && isWhole ? "router" : end;
}

/** Puts together neighbours that carry nothing but data the same way to the same end. */
function inRuns(entries: readonly PacketEntry[]): readonly PacketEntry[] {
  const runs: PacketEntry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && isBulk(last) && isBulk(entry) && isAlike(last, entry))
      run.push(entry);
    else runs.push([entry]);
  }
  return runs.flatMap((run) => (run.length < fewestInRun ? run : [merged(run)]));
}

/** Each line of the dialogue has its own entry, even if it is only the first of a segment. */
function isBulk({ connection, flags, length, hops }: PacketEntry): boolean {
  return flags === "ACK" && length > 0 && (connection === "data" || hops[0]?.text === null);
}

function isAlike(one: PacketEntry, other: PacketEntry): boolean {
  const places = (entry: PacketEntry): string =>
    entry.hops.map(({ node, link, direction }) => `${node} ${link} ${direction}`).join();
  return one.from === other.from && one.lostAt === other.lostAt && places(one) === places(other);
}

function merged(run: readonly PacketEntry[]): PacketEntry {
  const [first] = run;
  if (first === undefined) throw new Error("a run has a packet");
  const sum = (count: (entry: PacketEntry) => number): number => run.reduce((total, entry) => total + count(entry), 0);
  return {
    ...first,
    endMs: run.at(-1)?.atMs ?? first.atMs,
    segments: sum(({ segments }) => segments),
    length: sum(({ length }) => length),
    retransmissions: sum(({ retransmissions }) => retransmissions),
  };
}

/** Acknowledgements without data, which are not told: segments less those that a journey stands for. */
export function untoldAcknowledgements(connections: readonly Connection[]): number {
  return connections.reduce((sum, { views }) => {
    const [first] = views;
    const bare =
      first?.packets.filter(({ flags, length, icmp }) => icmp === null && flags === "ACK" && length === 0) ?? [];
    return sum + Math.max(0, bare.length - 1);
  }, 0);
}
