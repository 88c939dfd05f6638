import type { Remedy } from "../../model/diagnosis";
import type { PortRange } from "../../model/topology";
import type { Observations, RouterView } from "../observations";
import { listed, ports } from "../words";
import { dialledAddress, passiveRange, serverAddress } from "./addresses";

/** `iptables` or `ip6tables`. */
function iptables({ family }: Observations): string {
  return family === "ipv6" ? "ip6tables" : "iptables";
}

/** Lets the FTP helper follow a control port, and lets pass what it expects. */
export function attachHelper(seen: Observations, routers: readonly RouterView[]): Remedy {
  const command = iptables(seen);
  const port = String(seen.control.port);
  return {
    party: "network admin",
    what: `Attach the FTP helper to port ${port} on ${names(routers, "the router")} and accept what it expects.`,
    lines: [
      "modprobe nf_conntrack_ftp",
      ...(seen.family === "ipv6" ? [] : ["modprobe nf_nat_ftp"]),
      `${command} -t raw -I PREROUTING -p tcp --dport ${port} -j CT --helper ftp`,
      acceptExpected(command),
    ],
  };
}

function acceptExpected(command: string): string {
  return `${command} -I FORWARD -m conntrack --ctstate RELATED -m helper --helper ftp -j ACCEPT`;
}

/** Accepts what a helper that works expects. */
export function acceptRelated(seen: Observations, router: RouterView): Remedy {
  return {
    party: "network admin",
    what: `Let ${router.id} pass the connections that its helper expects.`,
    lines: [acceptExpected(iptables(seen))],
  };
}

/** Forwards the passive range to the server and allows it, so that nobody has to read the control connection. */
export function forwardRange(seen: Observations): Remedy {
  const range = passiveRange(seen);
  const concerned = routersBefore(seen);
  return {
    party: "network admin",
    what: `Forward and allow the passive ports ${ports(range)}, port for port, on ${names(concerned, "each router before the server")}.`,
    lines:
      concerned.length === 0
        ? rangeRules(seen, null, range)
        : concerned.flatMap((router) => rangeRules(seen, router, range)),
  };
}

/** All connections of a client to the same server: session affinity. */
export function keepTogether(seen: Observations): Remedy {
  const control = String(seen.control.port);
  const dports = `-p tcp -m multiport --dports ${control},${ports(passiveRange(seen))}`;
  return {
    party: "network admin",
    what: "Give all connections of one client to the same server (session affinity by source address).",
    lines: [
      `${iptables(seen)} -t nat -I PREROUTING -d ${dialledAddress(seen)} ${dports} -j DNAT --to-destination FIRST-LAST --persistent`,
      'kubectl patch service NAME -p \'{"spec":{"sessionAffinity":"ClientIP"}}\'',
    ],
  };
}

/** Routers that do not let a new connection to the passive ports through; all those before the server, if that is not known. */
function routersBefore({ stop, routers }: Observations): readonly RouterView[] {
  const guards = routers.filter((router) => router.translatesServer || !router.translatesClient);
  if ("router" in stop && stop.kind !== "unseen" && guards.includes(stop.router)) {
    return guards.slice(guards.indexOf(stop.router));
  }
  return guards;
}

function rangeRules(seen: Observations, router: RouterView | null, range: PortRange): string[] {
  const command = iptables(seen);
  const dport = `-p tcp --dport ${ports(range)}`;
  const from = router?.inLink ? ` -i ${router.inLink}` : "";
  const to = router?.outLink ? ` -o ${router.outLink}` : "";
  const allow = `${command} -I FORWARD${from}${to} ${dport} -m conntrack --ctstate NEW -j ACCEPT`;
  if (router !== null && !router.translatesServer) return [...comment(seen, router), allow];
  if (router === null) return [allow];
  const dialled = router.control?.original.destination ?? dialledAddress(seen);
  const server = router.control?.reply.source ?? serverAddress(seen);
  const dnat = `${command} -t nat -A PREROUTING${from} -d ${dialled} ${dport} -j DNAT --to-destination ${server}`;
  return [...comment(seen, router), dnat, allow];
}

/** Says where, if there is more than one router. */
function comment({ routers }: Observations, router: RouterView): string[] {
  // A recording may come from anybody, and the line is to be pasted.
  return routers.length < 2 || !/^[\w-]+$/.test(router.id) ? [] : [`# on ${router.id}`];
}

/** Lets new connections out to a range of ports. */
export function allowOut(seen: Observations, router: RouterView): Remedy {
  const command = iptables(seen);
  const [inLink, outLink] = seen.passive ? [router.inLink, router.outLink] : [router.outLink, router.inLink];
  const from = inLink === null ? "" : ` -i ${inLink}`;
  const to = outLink === null ? "" : ` -o ${outLink}`;
  const target = seen.passive && seen.control.peer !== null ? ` -d ${seen.control.peer}` : "";
  const dport = seen.passive ? `-p tcp --dport ${ports(passiveRange(seen))}` : "-p tcp --dport 1024:65535";
  return {
    party: "network admin",
    what: seen.passive
      ? `Let ${router.id} open connections to the server's passive ports.`
      : `Let the server open connections outwards through ${router.id}.`,
    lines: [`${command} -I FORWARD${from}${to}${target} ${dport} -m conntrack --ctstate NEW -j ACCEPT`],
  };
}

function names(routers: readonly RouterView[], otherwise: string): string {
  return routers.length === 0 ? otherwise : listed(routers.map(({ id }) => id));
}

/** Lets the control connection through. */
export function openControlPort(seen: Observations): Remedy {
  const command = iptables(seen);
  const dport = `-p tcp --dport ${seen.control.port}`;
  const forward = `${command} -t nat -A PREROUTING -d ${dialledAddress(seen)} ${dport} -j DNAT --to-destination ${serverAddress(seen)}`;
  return {
    party: "network admin",
    what: `Let port ${seen.control.port} through to the server; forward it where the server is behind NAT.`,
    lines: [
      ...(seen.family === "ipv6" ? [] : [forward]),
      `${command} -I FORWARD ${dport} -m conntrack --ctstate NEW -j ACCEPT`,
    ],
  };
}
