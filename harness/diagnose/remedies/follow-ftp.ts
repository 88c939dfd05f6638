/** What the administrator of the network can do about the FTP helper. */
import { dialledPort } from "../../model/network";
import type { PortRange } from "../../model/topology";
import { withRouters } from "../../plan/setup";
import { coversPorts } from "../../evidence/text/rules";
import type { HelperAttachment } from "../../evidence/text/rule-match";
import type { Observations, RouterView } from "../observations";
import { expectedAndBlocked } from "../predicates";
import { iptables } from "./addresses";
import { rangeParts, rangeWords, withOpenRange } from "./open-range";
import { acceptLines, attachLines as helperLines, deleteLines, speaksNft } from "./nft-lines";
import { linesOf, onRouter } from "./places";
import type { Remedy } from "./remedy";
import { listed } from "../words";
import { onRouters, names } from "./router-lines";

/** Lets the FTP helper follow a control port, and lets pass what it expects. */
export const attachHelper: Remedy = {
  id: "attach-helper",
  party: "network admin",
  what: (seen) =>
    `Attach the FTP helper to port ${portsOn(withoutHelper(seen), seen)} on ${names(withoutHelper(seen), "the router")}, and accept what it expects.`,
  lines: (seen) => {
    if (!seen.readable) return [];
    const routers = withoutHelper(seen);
    const isUnknown = seen.routers.length === 0 && seen.routersMissing;
    return isUnknown ? attachLines(seen, null) : onRouters(seen, routers, (router) => attachLines(seen, router));
  },
  apply: (setup) => {
    const port = dialledPort(setup.topology, setup.cell.mode);
    return withRouters(setup, ({ helperPorts, filter }) => ({
      helperPorts: helperPorts.includes(port) ? helperPorts : [...helperPorts, port],
      filter: { ...filter, related: true },
    }));
  },
};

function withoutHelper({ routers }: Observations): readonly RouterView[] {
  return routers.filter((router) => !coversPorts(router.helperPorts, controlRange(router)));
}

/** The control connection's port as it comes to a router. */
function controlRange({ controlPort }: RouterView): PortRange {
  return { first: controlPort, last: controlPort };
}

/** The control connection's ports at these routers, in words. */
function portsOn(routers: readonly RouterView[], { control }: Observations): string {
  const found = new Set(routers.map(({ controlPort }) => String(controlPort)));
  return found.size === 0 ? String(control.port) : listed([...found]);
}

/** Since Linux 6.0 nothing but a rule attaches the helper. */
function attachLines(seen: Observations, router: RouterView | null): readonly string[] {
  const port = router?.controlPort ?? seen.control.port;
  return [
    "modprobe nf_conntrack_ftp",
    ...(seen.family === "ipv6" ? [] : ["modprobe nf_nat_ftp"]),
    ...(speaksNft(router)
      ? helperLines(port)
      : [`${iptables(seen)} -t raw -I PREROUTING -p tcp --dport ${port} -j CT --helper ftp`]),
    ...(router?.rules?.forward.related === "accepted" ? [] : relatedLines(seen, router)),
  ];
}

export function relatedLines(seen: Observations, router: RouterView | null): readonly string[] {
  const own = acceptLines(router, {}, "ct state related");
  return speaksNft(router) ? own : [`${iptables(seen)} -I FORWARD -m conntrack --ctstate RELATED -j ACCEPT`, ...own];
}

/** Accepts what a helper that works expects. */
export const acceptRelated: Remedy = {
  id: "accept-related",
  party: "network admin",
  what: (seen) => `Let ${expectedAndBlocked(seen)?.id ?? "the router"} pass the connections that its helper expects.`,
  lines: (seen) => {
    const router = expectedAndBlocked(seen);
    return router === null ? [] : onRouters(seen, [router], () => relatedLines(seen, router));
  },
  apply: (setup) => withRouters(setup, ({ filter }) => ({ filter: { ...filter, related: true } })),
};

/** The helper lets go of the control connection, whose lines it loses, and the range needs none. */
export const detachHelper: Remedy = {
  id: "detach-helper",
  party: "network admin",
  what: (seen) => {
    const words = rangeWords(seen, seen.data);
    return `Detach the FTP helper from port ${portsOn(seen.routers, seen)}${words === "" ? "" : `, and ${words}`}.`;
  },
  lines: (seen) => {
    const { passive, routers } = seen;
    if (!passive) return [];
    const attached = routers.filter((router) => coversPorts(router.helperPorts, controlRange(router)));
    const detached = attached.map((router) => ({
      place: onRouter(router.id),
      lines: detachLines(seen, router),
    }));
    if (detached.some(({ lines }) => lines.length === 0)) return [];
    return linesOf([...detached, ...rangeParts(seen, seen.data)], routers.length > 1);
  },
  apply: (setup) => {
    const port = dialledPort(setup.topology, setup.cell.mode);
    return withOpenRange(
      withRouters(setup, ({ helperPorts }) => ({ helperPorts: helperPorts.filter((other) => other !== port) })),
    );
  },
};

function detachLines(seen: Observations, { rules, controlPort: port }: RouterView): readonly string[] {
  const isHere = ({ ports: watched, attaches }: HelperAttachment): boolean =>
    attaches.startsWith("ftp") && coversPorts(watched ?? [{ first: 0, last: 65535 }], { first: port, last: port });
  const here = (rules?.helpers ?? []).filter(isHere);
  const places = here.flatMap(({ place }) => place ?? []);
  if (places.length > 0) return deleteLines(places);
  return [`${iptables(seen)} -t raw -D PREROUTING -p tcp --dport ${port} -j CT --helper ftp`];
}
