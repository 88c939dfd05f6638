/** What the administrator of the network can let through routers, or pass on to the server. */
import { isPassive } from "../../model/axes";
import { addressOf, attachmentsOf, dialledPort, serverOf } from "../../model/network";
import type { PortRange, RouterNode } from "../../model/topology";
import { asServed, withRouters } from "../../plan/setup";
import type { Setup } from "../../plan/setup";
import { lossOf } from "../loss";
import type { Observations, RouterView } from "../observations";
import { egressRouter } from "../predicates";
import { ports, sentence } from "../words";
import { closedToControl, refusesItself } from "./control-port";
import { dialledAddress, iptables, links, passiveRange, serverAddress } from "./addresses";
import { rangeParts, rangeWords, withOpenRange } from "./open-range";
import { acceptLines, nftPorts, speaksNft, translationLines } from "./nft-lines";
import { linesOf, nodeOf } from "./places";
import { notInLab } from "./remedy";
import type { Remedy } from "./remedy";
import { sidesOf } from "./sides";
import { onRouters } from "./router-lines";

/** Forwards the passive range to the server and allows it, so that no helper has to read the control connection. */
export const forwardRange: Remedy = {
  id: "forward-passive-range",
  party: "network admin",
  what: (seen) => {
    const words = rangeWords(seen, seen.data);
    return `${sentence(words === "" ? "forward and allow the passive ports, port for port" : words)}.`;
  },
  lines: (seen) => {
    const parts = rangeParts(seen, seen.data);
    const opens = parts.some(({ place, lines }) => place !== "in the server's configuration" && lines.length > 0);
    return seen.passive && egressRouter(seen) === null && opens ? linesOf(parts, seen.routers.length > 1) : [];
  },
  apply: withOpenRange,
};

/** Ports that a client may listen on. */
const unprivileged: PortRange = { first: 1024, last: 65535 };

/** Lets new data connections out, as far as they may lead. */
export const allowOut: Remedy = {
  id: "allow-outgoing",
  party: "network admin",
  what: (seen) => {
    const router = egressRouter(seen)?.id ?? "the router";
    return seen.passive
      ? `Let ${router} open connections to the server's passive ports.`
      : `Let the server open connections outwards through ${router}.`;
  },
  lines: (seen) => {
    const router = egressRouter(seen);
    if (router === null) return [];
    const { passive, control } = seen;
    const way = passive
      ? { inLink: router.inLink, outLink: router.outLink }
      : { inLink: router.outLink, outLink: router.inLink };
    const target = passive && control.peer !== null ? ` -d ${control.peer}` : "";
    const dport = `-p tcp --dport ${ports(passive ? passiveRange(seen) : unprivileged)}`;
    const destination = passive ? control.peer : null;
    const range = nftPorts(passive ? passiveRange(seen) : unprivileged);
    const own = acceptLines(router, { ...way, destination, ports: range }, "ct state new");
    if (speaksNft(router)) return onRouters(seen, [router], () => own);
    return onRouters(seen, [router], () => [
      `${iptables(seen)} -I FORWARD${links(way)}${target} ${dport} -m conntrack --ctstate NEW -j ACCEPT`,
      ...own,
    ]);
  },
  apply: (setup) => {
    const { topology, cell } = setup;
    const passive = isPassive(cell.data);
    const range = passive ? serverOf(asServed(setup).topology).passivePorts : unprivileged;
    return withRouters(setup, (router) => {
      const sides = sidesOf(topology, router);
      if (sides === null) return {};
      const [from, to] = passive ? [sides.client, sides.server] : [sides.server, sides.client];
      return withRule(router, { from, to, ports: [range] });
    });
  },
};

export function withRule(
  { filter }: RouterNode,
  rule: RouterNode["filter"]["allow"][number],
): Pick<RouterNode, "filter"> {
  return { filter: { ...filter, allow: [...filter.allow, rule] } };
}

/** Lets a control port through to the server, by a forward where the router has the address that clients dial. */
export const openControlPort: Remedy = {
  id: "open-control-port",
  party: "network admin",
  what: ({ control }) => `Let port ${control.port} through to the server, and forward it if the server is behind NAT.`,
  lines: (seen) => {
    if (refusesItself(seen)) return [];
    return seen.routers.length === 0
      ? controlRules(seen, null)
      : onRouters(seen, closedToControl(seen), (router) => controlRules(seen, router));
  },
  apply: (setup) => {
    const port = dialledPort(setup.topology, setup.cell.mode);
    const range: readonly PortRange[] = [{ first: port, last: port }];
    return withRouters(setup, (router) => {
      const sides = sidesOf(setup.topology, router);
      if (sides === null) return {};
      return {
        ...withRule(router, { from: sides.client, to: sides.server, ports: range }),
        portForwards: [...router.portForwards, ...forwardsOf(setup, router, range)],
      };
    });
  },
};

function controlRules(seen: Observations, router: RouterView | null): readonly string[] {
  const command = iptables(seen);
  const dport = `-p tcp --dport ${seen.control.port}`;
  const from = router?.inLink ? ` -i ${router.inLink}` : "";
  const forwards = (router?.rules?.destinationNats ?? []).some(({ toAddress }) => toAddress !== null);
  const isHidden = router === null ? seen.family === "ipv4" : forwards || router.translatesServer;
  const match = { inLink: router?.inLink ?? null, ports: String(seen.control.port) };
  const own = acceptLines(router, match, "ct state new");
  if (speaksNft(router)) {
    const hidden = { ...match, destination: dialledAddress(seen) };
    const to = { verb: "dnat", to: serverAddress(seen) } as const;
    return [...(isHidden ? translationLines(router, "prerouting", hidden, to) : []), ...own];
  }
  return [
    ...(isHidden
      ? [
          `${command} -t nat -A PREROUTING${from} -d ${dialledAddress(seen)} ${dport} -j DNAT --to-destination ${serverAddress(seen)}`,
        ]
      : []),
    `${command} -I FORWARD${from} ${dport} -m conntrack --ctstate NEW -j ACCEPT`,
    ...own,
  ];
}

function forwardsOf({ topology }: Setup, router: RouterNode, range: readonly PortRange[]): RouterNode["portForwards"] {
  const to = addressOf(topology, serverOf(topology).id);
  const shared = router.portForwards.find(({ balance }) => balance !== undefined);
  return attachmentsOf(topology, router.id)
    .filter(({ address }) => address === topology.dial)
    .map(({ link }) => ({
      on: link.id,
      ports: range,
      to: shared?.to ?? to,
      ...(shared?.balance === undefined ? {} : { balance: shared.balance }),
    }));
}

/** The control connection passes before any rule that looks into it. */
export const letControlPass: Remedy = {
  id: "let-control-pass",
  party: "network admin",
  what: (seen) => {
    const router = stoppingRouter(seen)?.id ?? "the firewalls on the path";
    return `Let ${router} pass the control connection without inspecting it.`;
  },
  lines: (seen) => {
    const { firstBreak } = seen;
    // A rule that is known is passed by in its own chain.
    if (firstBreak?.hand.kind === "rule" && firstBreak.side === "router" && firstBreak.what !== "altered") return [];
    const command = iptables(seen);
    const router = stoppingRouter(seen);
    const own = ["dport", "sport"].flatMap((side) =>
      acceptLines(router, {}, `tcp ${side} ${seen.control.port} ct state established`),
    );
    if (speaksNft(router)) return own;
    const passes = (side: string): string =>
      `${command} -I FORWARD -p tcp --${side} ${seen.control.port} -m conntrack --ctstate ESTABLISHED -j ACCEPT`;
    return [
      passes("dport"),
      passes("sport"),
      ...own,
      // Whose rules were read is no Cisco.
      ...(seen.routers.length > 0
        ? []
        : ['# Cisco ASA: no inspect ftp, in the class of the policy map ("inspect ftp strict" is what resets AUTH)']),
    ];
  },
  apply: notInLab,
};

function stoppingRouter(seen: Observations): RouterView | null {
  const node = lossOf(seen)?.segment.lastNode;
  return seen.routers.find(({ id }) => id === node) ?? null;
}

/** Answers of connections that were let out, or in, pass. */
export const acceptAnswers: Remedy = {
  id: "accept-answers",
  party: "network admin",
  what: ({ firstBreak }) => `Let ${nodeOf(firstBreak)} pass the answers of connections that it let through.`,
  lines: (seen) => {
    const { firstBreak } = seen;
    const hand = firstBreak?.hand;
    const isClosed = hand?.kind === "policy" || (hand?.kind === "rule" && hand.isClosing);
    if (firstBreak?.side !== "router" || !isClosed) return [];
    const routers = seen.routers.filter(({ id }) => id === hand.node);
    return onRouters(seen, routers, (router) =>
      speaksNft(router)
        ? acceptLines(router, {}, "ct state established")
        : [`${iptables(seen)} -I FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT`],
    );
  },
  apply: notInLab,
};
