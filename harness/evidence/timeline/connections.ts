/** The session's TCP connections, each followed over all vantage points and through every translation. */
import { controlPortOf } from "../../model/axes";
import type { CellEvidence, FlowTuple, RouterEvidence, SeenPacket } from "../../model/evidence";
import { isSameFlow, pairKey, reversed } from "./flow";
import { Groups } from "./groups";
import { distance, isSyn, isSynAck } from "./segment";
import { vantagePointsOf, type VantagePoint } from "./vantage";

/** One connection at one vantage point. */
export type View = {
  readonly point: VantagePoint;
  /** From who opened the connection to who accepts it, as it looks here. */
  readonly flow: FlowTuple;
  /** In both directions, as they came. */
  readonly packets: readonly SeenPacket[];
};

/** A direction of a connection: `forth` goes from who opened it. */
export type Way = "forth" | "back";

/** One connection over all vantage points that saw any of it. */
export type Connection = {
  readonly kind: "control" | "data";
  readonly opener: "client" | "server";
  /** Initial sequence numbers, which no router of Linux changes; `null` if no SYN of that direction was seen. */
  readonly initial: Readonly<Record<Way, number | null>>;
  /** By node, as `forth` passes them. */
  readonly views: readonly View[];
};

/** The direction in which a packet travels; an ICMP error travels against the segment that it quotes. */
export function wayOf({ flow }: View, packet: SeenPacket): Way {
  const forth = isSameFlow(packet.flow, flow);
  return forth === (packet.icmp === null) ? "forth" : "back";
}

/** A connection at one vantage point before it is known what it is elsewhere. */
type LocalConnection = { readonly pointIndex: number; readonly point: VantagePoint; readonly packets: SeenPacket[] };

/** All connections of a session in the order in which they began; those of sessions given up and begun anew come too. */
export function connectionsOf(evidence: CellEvidence): readonly Connection[] {
  const points = vantagePointsOf(evidence);
  const locals = points.flatMap(localConnections);
  const planned = controlPortOf(evidence.cell.mode);
  const controlPort = controlPortSeen(points, planned) ?? planned;
  return linked(locals, new Map(evidence.routers.map((router) => [router.router, aliasesOf(router)])))
    .map((group) => connectionOf(group, controlPort))
    .sort((one, other) => startOf(one) - startOf(other));
}

/** The control port that the client's packets show; `null` if they show none. */
export function dialledControlPort(evidence: CellEvidence): number | null {
  return controlPortSeen(vantagePointsOf(evidence), controlPortOf(evidence.cell.mode));
}

/** A client may have been told another port than its mode has; what it dials first is its control connection. */
function controlPortSeen(points: readonly VantagePoint[], planned: number): number | null {
  const dialled = points
    .filter(({ kind }) => kind === "client")
    .flatMap(({ capture }) => capture.packets.filter((packet) => packet.direction === "out" && isOpening(packet)));
  if (dialled.some(({ flow }) => flow.destinationPort === planned)) return planned;
  const [first] = dialled.toSorted((one, other) => one.at - other.at);
  return first?.flow.destinationPort ?? null;
}

function isOpening(packet: SeenPacket): boolean {
  return packet.icmp === null && isSyn(packet);
}

function startOf({ views }: Connection): number {
  return Math.min(...views.map(({ packets }) => packets[0]?.at ?? Infinity));
}

/** A SYN of another number under the same addresses and ports begins another connection. */
function localConnections(point: VantagePoint, pointIndex: number): LocalConnection[] {
  const open = new Map<string, { connection: LocalConnection; initial: number | null }>();
  const found: LocalConnection[] = [];
  // Packets of a connection may share their flows, and each text is then made once.
  const keys = new Map<FlowTuple, string>();
  for (const packet of point.capture.packets) {
    const key = keys.get(packet.flow) ?? pairKey(packet.flow);
    keys.set(packet.flow, key);
    const known = open.get(key);
    const syn = isOpening(packet) ? packet.sequence : null;
    if (known !== undefined && (syn === null || known.initial === null || known.initial === syn)) {
      known.connection.packets.push(packet);
      known.initial ??= syn;
      continue;
    }
    const connection = { pointIndex, point, packets: [packet] };
    open.set(key, { connection, initial: syn });
    found.push(connection);
  }
  return found;
}

/** Puts together what is one connection: by the wire between two nodes, by a router's connection table, by the SYN's number. */
function linked(
  locals: readonly LocalConnection[],
  aliases: ReadonlyMap<string, ReadonlyMap<string, string>>,
): readonly (readonly LocalConnection[])[] {
  const groups = new Groups(locals);
  const byPlace = new Map<string, LocalConnection[]>();
  for (const local of locals) {
    const { node, link } = local.point.capture;
    const [packet] = local.packets;
    if (packet === undefined) continue;
    const pair = pairKey(packet.flow);
    for (const key of [`wire ${link} ${pair}`, `node ${node} ${aliases.get(node)?.get(pair) ?? pair}`]) {
      const same = byPlace.get(key) ?? [];
      byPlace.set(key, [...same, local]);
      const partner = same.find((other) => isElsewhere(other, local) && isSameOpening(other, local));
      if (partner !== undefined) groups.join(partner, local);
    }
  }
  joinByNumber(groups, locals);
  return groups.all();
}

/** Both forms of each connection in a router's table → one of them. */
function aliasesOf({ connections }: RouterEvidence): ReadonlyMap<string, string> {
  return new Map(connections.map(({ original, reply }) => [pairKey(reply), pairKey(original)]));
}

/** At another vantage point or, where the router sends it back by the link that it came from, under other addresses. */
function isElsewhere(one: LocalConnection, other: LocalConnection): boolean {
  const [first, second] = [one.packets[0], other.packets[0]];
  if (one.pointIndex !== other.pointIndex || first === undefined || second === undefined) return true;
  return pairKey(first.flow) !== pairKey(second.flow);
}

function isSameOpening(one: LocalConnection, other: LocalConnection): boolean {
  const [first, second] = [initialOf(one.packets), initialOf(other.packets)];
  return first === null || second === null || first === second;
}

/** Where a connection table does not tell: its SYN keeps its number through every translation. */
function joinByNumber(groups: Groups<LocalConnection>, locals: readonly LocalConnection[]): void {
  const byNumber = new Map<number, LocalConnection>();
  for (const local of locals) {
    const initial = initialOf(local.packets);
    if (initial === null || initial === 0) continue;
    const other = byNumber.get(initial);
    if (other === undefined) byNumber.set(initial, local);
    else if (!groups.sharesAny(other, local, ({ pointIndex }) => pointIndex)) groups.join(other, local);
  }
}

function initialOf(packets: readonly SeenPacket[]): number | null {
  const syn = packets.find(isOpening);
  if (syn !== undefined) return syn.sequence;
  const granted = packets.find((packet) => isSynAck(packet) && packet.icmp === null);
  return granted === undefined ? null : distance(1, granted.acknowledgement) >>> 0;
}

function connectionOf(locals: readonly LocalConnection[], controlPort: number): Connection {
  const views = locals.map(({ point, packets }): View => ({ point, packets, flow: forthOf(packets, controlPort) }));
  const opener = openerOf(views);
  const order = opener === "client" ? 1 : -1;
  const sorted = views.toSorted((one, other) => order * (one.point.nodeIndex - other.point.nodeIndex));
  const packets = sorted.flatMap((view) => view.packets);
  const isControl = opener === "client" && sorted[0]?.flow.destinationPort === controlPort;
  return {
    kind: isControl ? "control" : "data",
    opener,
    initial: {
      forth: initialOf(packets),
      back: packets.find((packet) => isSynAck(packet) && packet.icmp === null)?.sequence ?? null,
    },
    views: withinNodes(sorted),
  };
}

/** Of a connection that was under way already when listening began, the port for control is the accepting end's. */
function forthOf(packets: readonly SeenPacket[], controlPort: number): FlowTuple {
  const own = packets.filter(({ icmp }) => icmp === null);
  const syn = own.find(isSyn);
  if (syn !== undefined) return syn.flow;
  const granted = own.find(isSynAck);
  if (granted !== undefined) return reversed(granted.flow);
  const [first] = packets;
  if (first === undefined) throw new Error("a connection has a packet");
  const { sourcePort, destinationPort } = first.flow;
  if (sourcePort === controlPort || (destinationPort !== controlPort && sourcePort < destinationPort))
    return reversed(first.flow);
  return first.flow;
}

/** Hosts tell; where only routers were listened to, what came in first came from the opener's side. */
function openerOf(views: readonly View[]): "client" | "server" {
  for (const { point, packets, flow } of views) {
    const packet = packets.find((candidate) => candidate.icmp === null);
    if (packet === undefined || point.kind === "router") continue;
    const leaves = (packet.direction === "out") === isSameFlow(packet.flow, flow);
    return leaves === (point.kind === "client") ? "client" : "server";
  }
  const starts = views.toSorted((one, other) => (one.packets[0]?.at ?? 0) - (other.packets[0]?.at ?? 0));
  const [first, last] = [starts[0], starts.at(-1)];
  return first !== undefined && last !== undefined && first.point.nodeIndex > last.point.nodeIndex
    ? "server"
    : "client";
}

/** Within a router, the link that the opener's packets come in by is first. */
function withinNodes(views: readonly View[]): readonly View[] {
  const enters = (view: View): number => {
    const packet = view.packets.find(({ icmp }) => icmp === null);
    if (packet === undefined) return 0;
    return (packet.direction === "in") === (wayOf(view, packet) === "forth") ? 0 : 1;
  };
  return views.toSorted((one, other) =>
    one.point.nodeIndex === other.point.nodeIndex ? enters(one) - enters(other) : 0,
  );
}
