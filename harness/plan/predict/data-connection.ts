import type { ForeignAddressPolicy } from "../../model/agent-protocol";
import type { DataCommand } from "../../model/axes";
import type { CauseId } from "../../model/diagnosis";
import type { HelperLine } from "../../model/topology";
import type { ServerTraits } from "../../catalog/servers/definition";
import { isPrivateIPv4, isUnroutableIPv4 } from "../../net/blocks";
import { addressOf, clientOf, nodeOf, routersOf } from "../../model/network";
import { announceToClient, announceToServer, followsControl, withHostHelper, type Announcement } from "./helper";
import { causeOfFailure } from "./data-cause";
import { walk, type Walk, type WalkEnd } from "./packet-walk";
import { describeEnd, describeOpening } from "./describe";
import type { Session } from "./session";

export type DataPath =
  | { readonly open: true; readonly reason: string }
  | {
      readonly open: false;
      readonly stage: "data-command" | "data-connect";
      /** `null` if several causes would show so. */
      readonly cause: CauseId | null;
      readonly reason: string;
    }
  /** A user's own rules do not tell. */
  | { readonly open: "untold"; readonly reason: string };

/** Ports that a client may listen on: those that Linux gives away, and those above. */
const ephemeralPorts = { first: 32768, last: 65535 };

/** PASV (227, RFC 959) and EPSV (229, RFC 2428): the client connects. */
export function predictPassive(data: "pasv" | "epsv", session: Session): DataPath {
  const { topology } = session;
  const server = session.host;
  const reply = wordOf(data);
  if (data === "epsv" && session.namesFamily && isOtherFamily(topology.dial, session.peer)) {
    const reason = `The client sends EPSV 2 and the server sees ${session.peer}: it does not support the other family (522).`;
    return { open: false, stage: "data-command", cause: "address-family-refused", reason };
  }
  // EPSV names no address (ProFTPD leaves MasqueradeAddress out of it on purpose: mod_core.c, bug 2369).
  const advertised = data === "pasv" ? (server.masqueradeAddress ?? addressOf(topology, server.id)) : null;
  const passedOver = advertised !== null && advertised !== addressOf(topology, server.id);
  const line = {
    readable: session.readable,
    controlPort: session.controlPort,
    word: reply,
    address: advertised,
  } as const;
  const serverAddress = addressOf(topology, server.id);
  const announced = withHostHelper(
    announceToClient(line, session.control),
    session.readable ? session.hostHelper : undefined,
    {
      ...{ own: serverAddress, named: advertised },
      expectation: { router: server.id, source: session.peer, destination: serverAddress, translated: null },
    },
  );
  if (announced.untold !== undefined) return { open: "untold", reason: announced.untold };
  const target =
    data === "pasv" ? clientTarget(announced.address, topology.dial, session.foreignAddress) : topology.dial;
  const why = explainHelper(reply, announced, session);
  const client = clientOf(topology);
  const source = addressOf(topology, client.id);
  const syn = { from: client.id, source, destination: target ?? topology.dial, ports: server.passivePorts };
  const reaches = (destination: string): boolean => {
    const { end } = walk(topology, { ...syn, destination }, []);
    // What its host's own firewall drops has come there.
    const arrives = end.kind === "delivered" || (end.kind === "blocked" && end.where === "host");
    return arrives && end.node === server.id;
  };
  // Evidence holds no routes: that a private address is reached over a public one is nothing that a diagnosis could tell.
  const isTellable = [source, topology.dial].every((end) => isPrivateIPv4(end) === isPrivateIPv4(announced.address));
  const named = { leadsThere: announced.address !== "" && isTellable && reaches(announced.address), passedOver };
  if (target === null) {
    const carried = reaches(topology.dial);
    const cause = causeOfFailure({ kind: "address-rejected", carried, ...named }, session);
    const reason = `227 names ${announced.address}, not the address dialled, and the client rejects it${why}.`;
    return { open: false, stage: "data-command", cause, reason };
  }
  const attempt = walk(topology, syn, announced.expectations);
  const { end } = attempt;
  const { refusesForeignPeer } = session.server;
  const arrives = end.kind === "delivered" && end.node === server.id;
  if (refusesForeignPeer !== null && arrives && end.source !== session.peer) {
    const reason = `The data connection reaches the server from ${end.source}, which is not the control connection's ${session.peer}, and ${refusesForeignPeer}.`;
    return { open: false, stage: "data-connect", cause: "foreign-data-peer", reason };
  }
  return judge(attempt, {
    wanted: server.id,
    why,
    where: `${reply} leads to ${target}`,
    failsAt: "data-connect",
    causeOf: (end) =>
      // No balancer led the connection to another server's own address: the reply names the wrong one.
      end.kind === "delivered" &&
      nodeOf(topology, end.node).kind === "server" &&
      addressOf(topology, end.node) !== target
        ? causeOfFailure({ kind: "other-server", ...named }, session)
        : causeOfFailure({ kind: "passive-blocked", end, foreignTarget: target !== topology.dial, ...named }, session),
  });
}

/** The line that a helper has to know. */
export function wordOf(data: DataCommand): HelperLine {
  return ({ pasv: "227", epsv: "229", port: "PORT", eprt: "EPRT" } as const)[data];
}

/** What the client dials after a 227; `null` if it gives up. */
function clientTarget(address: string, peer: string, policy: ForeignAddressPolicy): string | null {
  if (address === peer) return peer;
  switch (policy) {
    case "reject":
      return null;
    case "replace-private":
      // Of the host's own too: basic-ftp (netUtils.js), lftp (is_reserved) and FileZilla (is_routable_address).
      return isUnroutableIPv4(address) && !isUnroutableIPv4(peer) ? peer : address;
    case "trust":
      return address;
    case "ignore":
      return peer;
  }
}

/** PORT (RFC 959) and EPRT (RFC 2428): the server connects. */
export function predictActive(data: "port" | "eprt", session: Session): DataPath {
  const { topology, peer } = session;
  const server = session.host;
  const client = clientOf(topology);
  const command = wordOf(data);
  const line = {
    readable: session.readable,
    controlPort: session.controlPort,
    word: command,
    address: addressOf(topology, client.id),
  };
  const fromRouters = announceToServer(line, session.control);
  const announced = withHostHelper(fromRouters, session.readable ? session.hostHelper : undefined, {
    ...{ own: peer, named: fromRouters.address },
    expectation: { router: server.id, source: addressOf(topology, server.id), destination: peer, translated: null },
  });
  if (announced.untold !== undefined) return { open: "untold", reason: announced.untold };
  if (session.server.refusesActive !== undefined) {
    const reason = `The server refuses ${command}: ${session.server.refusesActive} (502).`;
    return { open: false, stage: "data-command", cause: "data-command-refused", reason };
  }
  const why = explainHelper(command, announced, session);
  if (isOtherFamily(announced.address, peer) && session.server.otherFamily === "not-supported") {
    const reason = `EPRT names ${announced.address} and the server sees ${peer}: it does not support the other family (522).`;
    return { open: false, stage: "data-command", cause: "address-family-refused", reason };
  }
  const own = server.masqueradeAddress ?? addressOf(topology, server.id);
  const target =
    session.foreignPeers === "on"
      ? announced.address
      : serverTarget(announced.address, { peer, own, policy: session.server.foreignAddress });
  if (target === null) {
    const reason = `${command} names ${announced.address} and the server sees ${peer}: it refuses the command (${session.server.foreignAddressCode})${why}.`;
    return { open: false, stage: "data-command", cause: causeOfFailure({ kind: "active-refused" }, session), reason };
  }
  const attempt = walk(
    topology,
    { from: server.id, source: addressOf(topology, server.id), destination: target, ports: ephemeralPorts },
    announced.expectations,
  );
  return judge(attempt, {
    wanted: client.id,
    why,
    where: `the server connects to ${target}`,
    // A server that connects as soon as it gets the address answers the command with its failure.
    failsAt: session.server.connects === "at-command" ? "data-command" : "data-connect",
    causeOf: (end) => causeOfFailure({ kind: "active-blocked", end }, session),
  });
}

/**
 * Servers refuse an address that is not the control connection's peer (RFC 2577). ProFTPD takes the peer in place of a private
 * address when itself and the peer are public (mod_core.c core_port, core_eprt).
 */
function serverTarget(
  address: string,
  {
    peer,
    own,
    policy,
  }: { readonly peer: string; readonly own: string; readonly policy: ServerTraits["foreignAddress"] },
): string | null {
  if (address === peer) return address;
  if (policy === "refuses") return null;
  return isPrivateIPv4(address) && !isPrivateIPv4(own) && !isPrivateIPv4(peer) ? peer : null;
}

/** Whether one is an IPv6 address and the other is not. */
function isOtherFamily(one: string, other: string): boolean {
  return one.includes(":") !== other.includes(":");
}

type Wish = {
  /** Node that the connection should reach. */
  readonly wanted: string;
  readonly where: string;
  /** Tail of the sentence. */
  readonly why: string;
  readonly failsAt: "data-command" | "data-connect";
  readonly causeOf: (end: WalkEnd) => CauseId;
};

function judge({ end, passages }: Walk, { wanted, where, why, failsAt, causeOf }: Wish): DataPath {
  if (end.kind === "untold") return { open: "untold", reason: end.why };
  if (end.kind === "delivered" && end.ports !== undefined) {
    const { first, last } = end.ports;
    const ports = first === last ? `port ${first}` : `ports ${first} to ${last}`;
    const reason = `${sentence(where)}, and it comes to ${ports} of ${end.node}, where nothing listens.`;
    return { open: false, stage: failsAt, cause: null, reason };
  }
  if (end.kind === "delivered" && end.node === wanted) {
    return { open: true, reason: `The data connection passes: ${describeOpening(passages)}.` };
  }
  const last = passages.at(-1);
  const by = end.kind === "delivered" && last !== undefined ? `by ${last.router.id} ` : "";
  const reason = `${sentence(where)}, and ${by}${describeEnd(end)}${why}.`;
  const isOdd = end.kind === "blocked" && end.later === true;
  return { open: false, stage: failsAt, cause: isOdd ? null : causeOf(end), reason };
}

/** What the helpers had to do with it, as the tail of a sentence; empty if no router has one. */
function explainHelper(line: HelperLine, announced: Announcement, session: Session): string {
  const helpers = routersOf(session.topology).filter((router) => router.helperPorts.length > 0);
  if (helpers.length === 0) return "";
  const passed = session.control.filter((passage) => followsControl(passage, session.controlPort));
  const attached = helpers.filter(({ id }) => passed.some(({ router }) => router.id === id));
  if (attached.length === 0) {
    return `; no FTP helper watches port ${session.controlPort}`;
  }
  if (!session.readable) return `; no router expects it, since ${session.blindness(line)}`;
  if (!attached.some(({ make }) => make.helperKnows.includes(line))) return `; no FTP helper here knows ${line}`;
  if (announced.ignoredBy.length > 0) return `; the helper passes over a ${line} that names another address`;
  return "";
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
