import type { Attempt, Cell } from "../../model/cell";
import type {
  CellEvidence,
  ConnectionEvent,
  FlowTuple,
  Gap,
  HostEvidence,
  NodeFacts,
  RouterEvidence,
  TracedPacket,
} from "../../model/evidence";
import { parseConnections, parseExpectations } from "../text/conntrack";
import { parseTrace } from "../text/router-trace";
import { captureOf, readCaptures, type NodeCapture, type SessionCapture } from "../packets/captures";
import { withStageByPackets } from "./stage-by-packets";
import { withUnheardRouter } from "./unheard-router";
import { flowKey, pairKey, reversed } from "../timeline/flow";
import type { ServerLogs } from "../text/server-log";
import { readServerTexts, sessionOf, type Identity, type ServerTexts } from "./server-session";

/** A session whose evidence is to be told apart from that of the others. */
export type SessionRecord = {
  readonly cell: Cell;
  readonly attempt: Attempt;
  /** No other session used it while these texts were written. */
  readonly localAddress: string;
  /** What stands for it behind a translator; left out if there is none. */
  readonly addressBehind?: string;
  /** Login name; no other session used it. */
  readonly user: string;
};

/** What the collectors brought from one lab, as text. */
export type LabTexts = {
  /** In the order client to server. */
  readonly routers: readonly {
    readonly router: string;
    readonly trace: string;
    readonly connections: string;
    readonly expectations: string;
    readonly rules: string;
  }[];
  /** Hosts that were traced; left out if none was. */
  readonly hosts?: readonly (Pick<HostEvidence, "host" | "kind" | "rules"> & { readonly trace: string })[];
  /** Left out if nobody asked. */
  readonly facts?: readonly NodeFacts[];
  /** Empty if they could not be read. */
  readonly servers: readonly ServerTexts[];
  /** In the order client to server; empty if no packets were captured. */
  readonly captures: readonly NodeCapture[];
  /** What the collectors could not tell. */
  readonly missing: readonly Gap[];
};

/** A session's evidence, and its packets as they are written down. */
export type SessionEvidence = { readonly evidence: CellEvidence; readonly packets: readonly SessionCapture[] };

/** Gives each session what was seen of it and nothing else. `readLogs` reads a server's logs as its software writes them. */
export function assembleEvidence(
  sessions: readonly SessionRecord[],
  texts: LabTexts,
  readLogs: (server: ServerTexts) => ServerLogs,
): SessionEvidence[] {
  const routers = texts.routers.map(({ router, trace, connections, expectations, rules }) => ({
    router,
    ...traced(trace),
    connections: begun(parseConnections(connections)),
    expectations: parseExpectations(expectations),
    rules,
  }));
  const hosts = (texts.hosts ?? []).map(({ trace, ...host }) => ({ ...host, ...traced(trace) }));
  const facts = texts.facts ?? [];
  const logs = texts.servers.map((server) => readServerTexts(server, readLogs(server)));
  const points = readCaptures(texts.captures);
  return sessions.map(({ cell, attempt, localAddress, addressBehind = localAddress, user }) => {
    // Some programs do not show what they announce, as PHP, so the server's log is asked too. Past a helper it has another port.
    const announced = announcedPorts([...sentBy(attempt), ...logs.flatMap(({ commandsOf }) => commandsOf(user))]);
    const mine = attribute(routers, addressBehind, announced);
    const { node: host = null, evidence: server = null } =
      sessionOf(logs, { attempt, cell, user }, mine.identity) ?? {};
    const known = knownConnections(mine.routers);
    const packets = points.map((point) => {
      const keys = point.ends.flatMap((node) => known.get(node) ?? []);
      // Where its own address is still seen, no port is needed to tell its connections.
      const ports = mine.identity.flows === null ? new Set<number>() : announced;
      return captureOf(point, { addresses: [...new Set([localAddress, addressBehind])], ports, keys });
    });
    const heard = toControlServer(packets, texts.servers, host);
    const captures = heard.map(({ capture }) => capture);
    const { missing } = texts;
    const seen = {
      schemaVersion: "1.3",
      cell,
      attempt,
      server,
      routers: mine.routers,
      ...(hosts.length === 0 ? {} : { hosts: hosts.map((seenBy) => ofSession(seenBy, localAddress, mine, announced)) }),
      ...(facts.length === 0 ? {} : { facts }),
      captures,
      missing,
    } as const;
    return { evidence: withStageByPackets(withUnheardRouter(seen)), packets: heard };
  });
}

/**
 * The packets with the server last that has the control connection. Of the others only those are kept to which the session came:
 * they have no part in it.
 */
function toControlServer(
  packets: readonly SessionCapture[],
  servers: readonly ServerTexts[],
  host: string | null,
): readonly SessionCapture[] {
  const others = servers.map(({ node }) => node).filter((node) => node !== host);
  if (host === null || others.length === 0) return packets;
  const isHost = ({ capture }: SessionCapture): boolean => capture.node === host;
  const came = packets.filter(({ capture }) => !others.includes(capture.node) || capture.packets.length > 0);
  return [...came.filter((one) => !isHost(one)), ...came.filter(isHost)];
}

/**
 * Without connections of which these texts tell the end alone: conntrack forgets a closed one after two minutes (TIME_WAIT), when
 * another session has its address.
 */
function begun(connections: readonly ConnectionEvent[]): readonly ConnectionEvent[] {
  const known = new Set(connections.flatMap(({ kind, original }) => (kind === "destroy" ? [] : [flowKey(original)])));
  return connections.filter(({ original }) => known.has(flowKey(original)));
}

/** A trace's SYNs, and of the other packets those that did not come to their end. */
function traced(trace: string): Pick<RouterEvidence, "packets" | "dropped"> {
  const packets = parseTrace(trace);
  const isSyn = ({ flags }: TracedPacket): boolean => /\bSYN\b/.test(flags) && !/\bACK\b/.test(flags);
  return { packets: packets.filter(isSyn), dropped: packets.filter((packet) => !isSyn(packet) && isLost(packet)) };
}

function isLost({ steps, end }: TracedPacket): boolean {
  const isDropped = steps.some(({ verdict }) => verdict === "DROP" || verdict === "REJECT");
  return isDropped || (end !== undefined && end !== "left" && end !== "delivered");
}

/**
 * What a host saw of a session. The client's has an address for it alone; to the server's it comes as the last router lets it, and
 * what the server dials is known by the port that the client announced.
 */
function ofSession(
  { host, kind, rules, packets, dropped }: HostEvidence,
  localAddress: string,
  { identity: { address, flows } }: Attributed,
  announced: ReadonlySet<number>,
): HostEvidence {
  const isTo = ({ destination, destinationPort }: FlowTuple): boolean =>
    destination === address && announced.has(destinationPort);
  const isFrom = (flow: FlowTuple): boolean => (flows === null ? flow.source === address : flows.has(flowKey(flow)));
  const isOfServer = (flow: FlowTuple): boolean =>
    isFrom(flow) || isFrom(reversed(flow)) || isTo(flow) || isTo(reversed(flow));
  const isOfClient = ({ source, destination }: FlowTuple): boolean =>
    source === localAddress || destination === localAddress;
  const isMine = kind === "client" ? isOfClient : isOfServer;
  return {
    host,
    kind,
    packets: packets.filter(({ arrived }) => isMine(arrived)),
    dropped: dropped.filter(({ arrived }) => isMine(arrived)),
    rules,
  };
}

type Attributed = {
  readonly routers: readonly RouterEvidence[];
  /** The client as the server sees it. */
  readonly identity: Identity;
};

/**
 * Follows a session from router to router: what leaves one under translated addresses and ports arrives so at the next. NAPT
 * may give two connections the same port as long as they lead to different ones, so only whole flows tell them apart. The
 * server's own connections (active mode) are known by the port that the client announced.
 */
function attribute(routers: readonly RouterEvidence[], address: string, announced: ReadonlySet<number>): Attributed {
  let identity: Identity = { address, flows: null };
  const attributed = routers.map((seen): RouterEvidence => {
    const { address, flows } = identity;
    const isClient = (flow: FlowTuple): boolean =>
      flows === null ? flow.source === address : flows.has(flowKey(flow));
    const beyond = seen.connections.filter(({ original }) => isClient(original)).map(({ reply }) => reversed(reply));
    const translated = beyond.find(({ source }) => source !== address);
    // The server dials the client as it is known beyond this router. Two clients may have announced the same port, so only where
    // that is not known does the port tell alone.
    const known = translated?.source ?? address;
    const isDialled = ({ destination }: FlowTuple): boolean => beyond.length === 0 || destination === known;
    const isMine = (flow: FlowTuple): boolean =>
      isClient(flow) || (flow.source !== address && announced.has(flow.destinationPort) && isDialled(flow));
    if (translated !== undefined || flows !== null) {
      identity = { address: known, flows: new Set(beyond.map(flowKey)) };
    }
    const connections = seen.connections.filter(({ original }) => isMine(original));
    // Answers arrive as the router's own translation has them.
    const answers = new Set(connections.map(({ reply }) => flowKey(reply)));
    return {
      router: seen.router,
      packets: seen.packets.filter(({ arrived }) => isMine(arrived)),
      dropped: seen.dropped.filter(
        ({ arrived }) => isMine(arrived) || isMine(reversed(arrived)) || answers.has(flowKey(arrived)),
      ),
      connections,
      expectations: seen.expectations.filter(({ master }) => isClient(master)),
      rules: seen.rules,
    };
  });
  return { routers: attributed, identity };
}

/** A session's connections as they look on either side of each router. */
function knownConnections(routers: readonly RouterEvidence[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    routers.map(({ router, connections }) => [
      router,
      new Set(connections.flatMap(({ original, reply }) => [pairKey(original), pairKey(reply)])),
    ]),
  );
}

function sentBy({ transcript }: Attempt): readonly string[] {
  return transcript.flatMap(({ direction, text }) => (direction === ">" ? [text] : []));
}

/** Ports in PORT (RFC 959) and EPRT (RFC 2428) commands. */
function announcedPorts(commands: readonly string[]): ReadonlySet<number> {
  const ports = commands.flatMap((text) => {
    const [, high, low] = /^PORT \d+,\d+,\d+,\d+,(\d+),(\d+)/i.exec(text) ?? [];
    if (high !== undefined && low !== undefined) return [Number(high) * 256 + Number(low)];
    const [, port] = /^EPRT \|[12]\|[^|]+\|(\d+)\|/i.exec(text) ?? [];
    return port === undefined ? [] : [Number(port)];
  });
  return new Set(ports);
}
