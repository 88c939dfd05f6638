import type { ForeignAddressPolicy } from "../../model/agent-protocol";
import type { Topology } from "../../model/topology";
import { isPrivateIPv4 } from "../addresses";
import { addressOf, clientOf, routersOf, serverOf } from "../network";
import { announceToClient, announceToServer, type Announcement } from "./helper";
import { walk, type Passage, type Walk } from "./packet-walk";
import { describeEnd, describeOpening } from "./words";

/** A session that has logged in and is about to arrange a data connection. */
export type Session = {
  readonly topology: Topology;
  /** How the control connection passed each router, client to server. */
  readonly control: readonly Passage[];
  readonly controlPort: number;
  /** The client's address as the server sees it. */
  readonly peer: string;
  /** Whether a helper can parse the data command and its reply. */
  readonly readable: boolean;
  /** Why a line of the session cannot be read, where it cannot, as a clause. */
  readonly blindness: (line: string) => string;
  readonly foreignAddress: ForeignAddressPolicy;
};

export type DataPath =
  | { readonly open: true; readonly reason: string }
  | { readonly open: false; readonly stage: "data-command" | "data-connect"; readonly reason: string };

/** Ports that Linux gives to a client's listening socket (net.ipv4.ip_local_port_range). */
const ephemeralPorts = { first: 32768, last: 60999 };

/** PASV (227, RFC 959) and EPSV (229, RFC 2428): the client connects. */
export function predictPassive(data: "pasv" | "epsv", session: Session): DataPath {
  const { topology } = session;
  const server = serverOf(topology);
  const reply = data === "pasv" ? "227" : "229";
  // EPSV names no address, and ProFTPD leaves MasqueradeAddress out of it on purpose (mod_core.c, bug 2369).
  const advertised = data === "pasv" ? (server.masqueradeAddress ?? addressOf(topology, server.id)) : null;
  const line = { readable: session.readable, controlPort: session.controlPort, address: advertised };
  const announced = announceToClient(line, session.control);
  const target =
    data === "pasv" ? clientTarget(announced.address, topology.dial, session.foreignAddress) : topology.dial;
  const why = explainHelper(reply, announced, session);
  if (target === null) {
    const reason = `227 names ${announced.address}, not the address dialled, and the client rejects it${why}.`;
    return { open: false, stage: "data-command", reason };
  }
  const client = clientOf(topology);
  const source = addressOf(topology, client.id);
  const attempt = walk(
    topology,
    { from: client.id, source, destination: target, ports: server.passivePorts },
    announced.expectations,
  );
  return judge(attempt, server.id, why, `${reply} leads to ${target}`);
}

/** What the client dials after a 227; `null` where it gives up. */
function clientTarget(address: string, peer: string, policy: ForeignAddressPolicy): string | null {
  if (address === peer) return peer;
  switch (policy) {
    case "reject":
      return null;
    case "replace-private":
      return isPrivateIPv4(address) && !isPrivateIPv4(peer) ? peer : address;
    case "trust":
      return address;
    case "ignore":
      return peer;
  }
}

/** PORT (RFC 959) and EPRT (RFC 2428): the server connects. */
export function predictActive(data: "port" | "eprt", session: Session): DataPath {
  const { topology, peer } = session;
  const server = serverOf(topology);
  const client = clientOf(topology);
  const command = data.toUpperCase();
  const line = {
    readable: session.readable,
    controlPort: session.controlPort,
    address: addressOf(topology, client.id),
  };
  const announced = announceToServer(line, session.control);
  const why = explainHelper(command, announced, session);
  const target = serverTarget(announced.address, peer, server.masqueradeAddress ?? addressOf(topology, server.id));
  if (target === null) {
    const reason = `${command} names ${announced.address} and the server sees ${peer}: it refuses the command (500)${why}.`;
    return { open: false, stage: "data-command", reason };
  }
  const attempt = walk(
    topology,
    { from: server.id, source: addressOf(topology, server.id), destination: target, ports: ephemeralPorts },
    announced.expectations,
  );
  return judge(attempt, client.id, why, `the server connects to ${target}`);
}

/**
 * ProFTPD refuses an address that is not the control connection's peer, but takes the peer in place of a private address
 * when itself and the peer are public (mod_core.c core_port, core_eprt).
 */
function serverTarget(address: string, peer: string, own: string): string | null {
  if (address === peer) return address;
  return isPrivateIPv4(address) && !isPrivateIPv4(own) && !isPrivateIPv4(peer) ? peer : null;
}

function judge(attempt: Walk, wanted: string, why: string, where: string): DataPath {
  if (attempt.end.kind === "delivered" && attempt.end.node === wanted) {
    return { open: true, reason: `The data connection passes: ${describeOpening(attempt.passages)}.` };
  }
  return { open: false, stage: "data-connect", reason: `${sentence(where)}, and ${describeEnd(attempt.end)}${why}.` };
}

/** What the helpers had to do with it, as the tail of a sentence; empty where no router has one. */
function explainHelper(line: string, announced: Announcement, session: Session): string {
  const helpers = routersOf(session.topology).filter((router) => router.helperPorts.length > 0);
  if (helpers.length === 0) return "";
  if (!helpers.some((router) => router.helperPorts.includes(session.controlPort))) {
    return `; no FTP helper watches port ${String(session.controlPort)}`;
  }
  if (!session.readable) return `; no router expects it, since ${session.blindness(line)}`;
  if (announced.ignoredBy.length > 0) return `; the helper passes over a ${line} that names another address`;
  return "";
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
