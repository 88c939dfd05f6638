/** What the client says, and what passed its own interface. */
import { traitsOf } from "../../model/axes";
import type { SeenPacket } from "../../model/evidence";
import { wayOf, type Connection, type View, type Way } from "../../evidence/timeline/connections";
import { isReset, isSyn, isSynAck } from "../../evidence/timeline/segment";
import { payloadLength, streamsOf } from "../../evidence/timeline/stream";
import type { VantagePoint } from "../../evidence/timeline/vantage";
import { validAddress } from "../../ftp/endpoint";
import { place } from "../words";
import { lineContradictions } from "./lines";
import { interfaces, isAmong, viewAt, wholeHost, type Testimony } from "./reliable-witnesses";

export function clientContradictions(testimony: Testimony): readonly string[] {
  const points = wholeHost(testimony, "client");
  if (points === null) return [];
  const told = testimony.evidence.attempt.transcript.flatMap(({ direction, text }) =>
    direction === "*" ? [] : [text],
  );
  return [
    ...controlOpening(testimony, points),
    ...dataOpened(testimony, points),
    ...dataNotOpened(testimony, points),
    ...replies(testimony, points),
    ...lineContradictions(testimony, { name: "client", points, told }),
    ...files(testimony, points),
  ];
}

function controlOpening(
  { evidence, control, settledAt }: Testimony,
  points: readonly VantagePoint[],
): readonly string[] {
  const { stages, transcript, stage } = evidence.attempt;
  const claims =
    transcript.some(({ direction }) => direction !== "*") || stages.some((span) => span.stage !== "control-connect");
  const view = control === null ? null : viewAt(control, points);
  const where = interfaces(points);
  if (claims && (view === null || !isGranted(view))) {
    return [`The client says its control connection was opened, and no handshake passed its interface ${where}.`];
  }
  if (claims || stage !== "control-connect" || view === null) return [];
  return isAccepted(view, settledAt)
    ? [`The client says its control connection was not opened, and its handshake passed its interface ${where}.`]
    : [];
}

/** Remarks of the agent: `data connection to 203.0.113.1 port 50022`, `data connection from ...`. */
function dataOpened({ evidence, connections }: Testimony, points: readonly VantagePoint[]): readonly string[] {
  return evidence.attempt.transcript.flatMap(({ direction, text }) => {
    if (direction !== "*") return [];
    const [, towards, address, port] = /^data connection (to|from) ([0-9a-fA-F:.]+) port (\d{1,5})\b/.exec(text) ?? [];
    const known = validAddress(address ?? null);
    if (known === null || towards === undefined) return [];
    const views = viewsOf(connections, points, { address: known, port: Number(port), isDialled: towards === "to" });
    if (views.some(isGranted)) return [];
    const words = `its data connection ${towards} ${place(known, Number(port))} was opened`;
    return [`The client says ${words}, and no such handshake passed its interface ${interfaces(points)}.`];
  });
}

/** In the words of the client's clock or of Node. */
function dataNotOpened(testimony: Testimony, points: readonly VantagePoint[]): readonly string[] {
  const { evidence, connections, settledAt } = testimony;
  const message = evidence.attempt.message ?? "";
  const [, late, port] = /data connection to ([0-9a-fA-F:.]+):(\d{1,5}) after \d+ ms/.exec(message) ?? [];
  const [, refused, refusedPort] = /connect ECONNREFUSED ([0-9a-fA-F:.]+):(\d{1,5})\b/.exec(message) ?? [];
  const address = validAddress(late ?? refused ?? null);
  if (address === null || evidence.attempt.stage !== "data-connect") return [];
  const end = { address, port: Number(port ?? refusedPort), isDialled: true };
  const views = viewsOf(connections, points, end);
  const incoming = views.flatMap(({ packets }) => packets.filter(({ direction }) => direction === "in"));
  const where = interfaces(points);
  if (late !== undefined) {
    return views.some((view) => isAccepted(view, settledAt))
      ? [`The client says ${place(address, end.port)} did not answer, and its handshake passed its interface ${where}.`]
      : [];
  }
  // A packet that its own host refused never left it.
  const hasLeft = views.some(({ packets }) => packets.some(isSyn));
  return hasLeft && !incoming.some((packet) => isReset(packet) || packet.icmp !== null)
    ? [`The client says ${place(address, end.port)} refused it, and no refusal came to its interface ${where}.`]
    : [];
}

/** Each character of a reply takes a byte or more, in clear or in TLS. */
function replies({ evidence, control }: Testimony, points: readonly VantagePoint[]): readonly string[] {
  const lines = evidence.attempt.transcript.filter(({ direction }) => direction === "<");
  const told = lines.reduce((sum, { text }) => sum + text.length, 0);
  const carried = control === null ? null : payloadAt(control, points, "back");
  if (carried === null || carried >= told) return [];
  return [
    `The client tells ${told} bytes of replies, and ${carried} bytes of them passed its interface ${interfaces(points)}.`,
  ];
}

/** Each byte of the transferred files passed. Without TLS nothing else did, unless a listing showed the client what to transfer. */
function files(testimony: Testimony, points: readonly VantagePoint[]): readonly string[] {
  const { cell, attempt } = testimony.evidence;
  if (attempt.transfers.length === 0 || cell.operation === "list") return [];
  // Of an upload that failed they are what was to be sent.
  if (cell.operation === "upload" && attempt.result === "failed") return [];
  const told = attempt.transfers.reduce((sum, { size }) => sum + size, 0);
  const data = testimony.connections.filter(({ kind }) => kind === "data");
  const carried = data.map((connection) => {
    const fromClient = connection.opener === "client" ? "forth" : "back";
    const fromServer = connection.opener === "client" ? "back" : "forth";
    return payloadAt(connection, points, cell.operation === "upload" ? fromClient : fromServer);
  });
  if (carried.includes(null)) return [];
  const sum = carried.reduce<number>((total, bytes) => total + (bytes ?? 0), 0);
  const hasListed = attempt.transcript.some(
    ({ direction, text }) => direction === ">" && /^(?:LIST|NLST|MLSD)\b/i.test(text),
  );
  // After a refused PROT C a client may send PROT P by itself, as lftp.
  const isProtected =
    traitsOf(cell.mode).protection === "P" ||
    attempt.transcript.some(({ direction, text }) => direction === ">" && /^PROT P$/i.test(text));
  const isClear = !isProtected && attempt.result === "worked";
  if (isClear && !hasListed ? sum === told : sum >= told) return [];
  const what = `${told} bytes of files were transferred`;
  return [`The client says ${what}, and ${sum} bytes of data passed its interface ${interfaces(points)}.`];
}

/** `null` if its beginning was not seen. */
function payloadAt(connection: Connection, points: readonly VantagePoint[], way: Way): number | null {
  const stream = streamsOf(connection, way).find(({ view }) => isAmong(view.point, points));
  return stream === undefined || connection.initial[way] === null ? null : payloadLength(stream);
}

/** One end of a data connection, as the client names it. */
type End = { readonly address: string; readonly port: number; readonly isDialled: boolean };

function viewsOf(connections: readonly Connection[], points: readonly VantagePoint[], end: End): readonly View[] {
  return connections.flatMap((connection) => {
    const view = viewAt(connection, points);
    if (view === null || (connection.opener === "client") !== end.isDialled) return [];
    const { flow } = view;
    const [address, port] = end.isDialled ? [flow.destination, flow.destinationPort] : [flow.source, flow.sourcePort];
    return address === end.address && port === end.port ? [view] : [];
  });
}

/** The client's own kernel took the SYN,ACK: it answered, and what a firewall on its host keeps from it goes unanswered. */
function isAccepted(view: View, before: number): boolean {
  const grant = view.packets.find((packet) => isSynAck(packet) && packet.direction === "in");
  if (grant === undefined || grant.at >= before) return false;
  const { acknowledgement } = grant;
  return view.packets.some(
    ({ at, direction, flags, sequence }) =>
      direction === "out" && at >= grant.at && flags === "ACK" && sequence === acknowledgement,
  );
}

/** Both SYNs passed. */
function isGranted(view: View): boolean {
  const passed = (is: (packet: SeenPacket) => boolean, way: Way): boolean =>
    view.packets.some((packet) => packet.icmp === null && is(packet) && wayOf(view, packet) === way);
  return passed(isSyn, "forth") && passed(isSynAck, "back");
}
