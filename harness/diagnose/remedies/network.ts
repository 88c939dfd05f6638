/** What the administrator of the network can do. */
import { isPassive } from "../../model/axes";
import { addressOf, attachmentsOf, dialledPort, serverOf } from "../../model/network";
import type { PortRange, RouterNode } from "../../model/topology";
import { areConsecutive } from "../../net/address";
import { canBalanceBySource } from "../../plan/balance";
import { withRouters, type Setup } from "../../plan/setup";
import { coversPorts, type RouterRules } from "../../evidence/text/rules";
import type { HelperAttachment } from "../../evidence/text/rule-match";
import { lossOf } from "../loss";
import type { Observations, RouterView } from "../observations";
import { egressRouter, expectedAndBlocked } from "../predicates";
import { listed, ports, sentence } from "../words";
import { closedToControl, dialsFromInside, refusesItself } from "./control-port";
import { dialledAddress, iptables, links, passiveRange, serverAddress } from "./addresses";
import { rangeParts, rangeWords, targetsOf, withOpenRange } from "./open-range";
import {
  acceptLines,
  attachLines as helperLines,
  clampLines,
  deleteLines,
  nftPorts,
  speaksNft,
  translationLines,
} from "./nft-lines";
import { linesOf, nodeOf, onRouter } from "./places";
import { notInLab, type Remedy } from "./remedy";
import { isShared, sidesOf } from "./sides";

/** Lines for some of the routers; each is named where there are several on the way. */
function onRouters(
  { routers: all }: Observations,
  routers: readonly RouterView[],
  lines: (router: RouterView) => readonly string[],
): readonly string[] {
  return linesOf(
    routers.map((router) => ({ place: onRouter(router.id), lines: lines(router) })),
    all.length > 1,
  );
}

function names(routers: readonly RouterView[], otherwise: string): string {
  return routers.length === 0 ? otherwise : listed(routers.map(({ id }) => id));
}

/** Lets the FTP helper follow a control port, and lets pass what it expects. */
export const attachHelper: Remedy = {
  id: "attach-helper",
  party: "network admin",
  what: (seen) =>
    `Attach the FTP helper to port ${seen.control.port} on ${names(withoutHelper(seen), "the router")}, and accept what it expects.`,
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

function withoutHelper({ routers, control }: Observations): readonly RouterView[] {
  const port: PortRange = { first: control.port, last: control.port };
  return routers.filter(({ helperPorts }) => !coversPorts(helperPorts, port));
}

/** Since Linux 6.0 nothing but a rule attaches the helper. */
function attachLines(seen: Observations, router: RouterView | null): readonly string[] {
  const { port } = seen.control;
  return [
    "modprobe nf_conntrack_ftp",
    ...(seen.family === "ipv6" ? [] : ["modprobe nf_nat_ftp"]),
    ...(speaksNft(router)
      ? helperLines(port)
      : [`${iptables(seen)} -t raw -I PREROUTING -p tcp --dport ${port} -j CT --helper ftp`]),
    ...(router?.rules?.forward.related === "accepted" ? [] : relatedLines(seen, router)),
  ];
}

function relatedLines(seen: Observations, router: RouterView | null): readonly string[] {
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

/** Forwards the passive range to the server and allows it, so that nobody has to read the control connection. */
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

/** The helper lets go of the control connection, whose lines it loses, and the range needs none. */
export const detachHelper: Remedy = {
  id: "detach-helper",
  party: "network admin",
  what: (seen) => {
    const words = rangeWords(seen, seen.data);
    return `Let no FTP helper read port ${seen.control.port}${words === "" ? "" : `, and ${words}`}.`;
  },
  lines: (seen) => {
    const { control, passive, routers } = seen;
    if (!passive) return [];
    const port: PortRange = { first: control.port, last: control.port };
    const attached = routers.filter(({ helperPorts }) => coversPorts(helperPorts, port));
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

function detachLines(seen: Observations, { rules }: RouterView): readonly string[] {
  const { port } = seen.control;
  const isHere = ({ ports: watched, attaches }: HelperAttachment): boolean =>
    attaches.startsWith("ftp") && coversPorts(watched ?? [{ first: 0, last: 65535 }], { first: port, last: port });
  const here = (rules?.helpers ?? []).filter(isHere);
  const places = here.flatMap(({ place }) => place ?? []);
  if (places.length > 0) return deleteLines(places);
  return [`${iptables(seen)} -t raw -D PREROUTING -p tcp --dport ${port} -j CT --helper ftp`];
}

/** All connections of a client to the same server: session affinity. */
export const keepTogether: Remedy = {
  id: "keep-sources",
  party: "network admin",
  what: () => "Give all connections of one client to the same server (session affinity by source address).",
  lines: (seen) => {
    const affinity = `# of a Service: kubectl patch service NAME -p '{"spec":{"sessionAffinity":"ClientIP"}}'`;
    if (seen.routersMissing || seen.family === "ipv6") return [affinity];
    const dports = `-p tcp -m multiport --dports ${seen.control.port},${ports(passiveRange(seen))}`;
    const lines = onRouters(seen, seen.routers, (router) => {
      const { rules } = router;
      const servers = targetsOf(rules, seen.control.port);
      const [first] = servers;
      const last = servers.at(-1);
      if (first === undefined || last === undefined || first === last || !areConsecutive(servers)) return [];
      if (speaksNft(router)) {
        const match = {
          destination: dialledAddress(seen),
          ports: `{ ${seen.control.port}, ${nftPorts(passiveRange(seen))} }`,
        };
        const to = `${first}-${last}`;
        return translationLines(router, "prerouting", match, { verb: "dnat", to, more: "persistent" });
      }
      return [
        `iptables -t nat -I PREROUTING -d ${dialledAddress(seen)} ${dports} -j DNAT --to-destination ${first}-${last} --persistent`,
      ];
    });
    return lines.length === 0 ? [] : [...lines, affinity];
  },
  apply: (setup) =>
    isShared(setup.topology) && canBalanceBySource(setup.topology)
      ? withRouters(setup, ({ portForwards }) => ({
          portForwards: portForwards.map((entry) =>
            entry.balance === undefined ? entry : { ...entry, balance: { ...entry.balance, by: "source" } },
          ),
        }))
      : null,
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
    const range = passive ? serverOf(topology).passivePorts : unprivileged;
    return withRouters(setup, (router) => {
      const sides = sidesOf(topology, router);
      if (sides === null) return {};
      const [from, to] = passive ? [sides.client, sides.server] : [sides.server, sides.client];
      return withRule(router, { from, to, ports: [range] });
    });
  },
};

function withRule({ filter }: RouterNode, rule: RouterNode["filter"]["allow"][number]): Pick<RouterNode, "filter"> {
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

/** Lets hosts hear that their packets are too long (RFC 1191, RFC 8201). */
export const tellTooLong: Remedy = {
  id: "tell-too-long",
  party: "network admin",
  what: () => "Let the ICMP messages for long packets pass, and limit the length of TCP segments (MSS).",
  lines: (seen) => {
    const command = iptables(seen);
    const icmp =
      seen.family === "ipv6" ? "-p icmpv6 --icmpv6-type packet-too-big" : "-p icmp --icmp-type fragmentation-needed";
    if (seen.routers.length > 0 && seen.routers.every(speaksNft)) {
      const told =
        seen.family === "ipv6"
          ? "icmpv6 type packet-too-big"
          : "icmp type destination-unreachable icmp code frag-needed";
      return onRouters(seen, seen.routers, (router) => [
        ...acceptLines(router, {}, told, ["prerouting", "forward", "output"]),
        ...clampLines(),
      ]);
    }
    return [
      `${command} -I OUTPUT ${icmp} -j ACCEPT`,
      `${command} -I FORWARD ${icmp} -j ACCEPT`,
      `${command} -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu`,
    ];
  },
  apply: (setup) => withRouters(setup, ({ make }) => ({ make: { ...make, tellsTooLong: true } })),
};

/** What RFC 5382 asks of NAT (REQ-5): two hours and four minutes. */
const establishedSeconds = 7440;

/** Routers keep connections in mind for longer than a transfer takes. */
export const rememberLonger: Remedy = {
  id: "remember-longer",
  party: "network admin",
  what: () => "Remember silent connections for longer than the longest transfer takes.",
  lines: () => [`sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=${establishedSeconds}`],
  apply: (setup) =>
    withRouters(setup, ({ make }) => ({
      make: { ...make, idleTimeoutS: make.idleTimeoutS === null ? null : establishedSeconds },
    })),
};

/** PORT names the client, whom the server then sees as it is. */
export const showClients: Remedy = {
  id: "show-clients",
  party: "network admin",
  what: (seen) =>
    `Do not hide clients behind the address of ${names(hiding(seen), "the router")} on the server's side.`,
  lines: (seen) =>
    onRouters(seen, hiding(seen), (router) => {
      const { outLink } = router;
      if (outLink === null) return [];
      const places = hidingRules(router).flatMap(({ place }) => place ?? []);
      if (places.length > 0) return deleteLines(places);
      return [`${iptables(seen)} -t nat -D POSTROUTING -o ${outLink} -j MASQUERADE`];
    }),
  apply: (setup) =>
    withRouters(setup, (router) => {
      const sides = sidesOf(setup.topology, router);
      const { masquerade, portForwards } = router;
      return portForwards.length === 0 ? {} : { masquerade: masquerade.filter((link) => link !== sides?.server) };
    }),
};

/** Routers before the server with a rule, and that alone, which puts their address in the place of a client's. */
function hiding({ routers }: Observations): readonly RouterView[] {
  return routers.filter(
    (router) =>
      router.translatesServer &&
      // Beside the server, its answers would come by another way than they are asked for.
      router.inLink !== router.outLink &&
      router.translatesClient &&
      hidingRules(router).length > 0,
  );
}

function hidingRules({ rules, outLink }: RouterView): RouterRules["sourceNats"] {
  return (rules?.sourceNats ?? []).filter(
    (rule) => rule.kind === "MASQUERADE" && rule.outLink === outLink && rule.ports === null && !rule.conditional,
  );
}

/** All connections of one client leave from one public address. */
export const sameAddress: Remedy = {
  id: "same-public-address",
  party: "network admin",
  what: () => "Give all connections of one client the same public address.",
  lines: (seen) =>
    onRouters(
      seen,
      seen.routers.filter(({ translatesClient }) => translatesClient),
      (router) => {
        const { outLink, control } = router;
        if (outLink === null || control === null) return [];
        const to = control.reply.destination;
        if (speaksNft(router))
          return translationLines(router, "postrouting", { outLink, isTcp: true }, { verb: "snat", to });
        return [`${iptables(seen)} -t nat -I POSTROUTING -o ${outLink} -p tcp -j SNAT --to-source ${to}`];
      },
    ),
  apply: (setup) =>
    withRouters(setup, ({ sourceNats = [], ...router }) => {
      const sides = sidesOf(setup.topology, router);
      const first = sourceNats.find(({ out }) => out === sides?.server);
      return first === undefined ? { sourceNats } : { sourceNats: [{ ...first, ports: null }] };
    }),
};

/** The control connection passes before any rule that looks into it. */
export const letControlPass: Remedy = {
  id: "let-control-pass",
  party: "network admin",
  what: (seen) => {
    const router = stoppingRouter(seen)?.id ?? "the firewalls on the path";
    return `Let ${router} pass the control connection without looking into it.`;
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

/** Clients beside the server need no router in between. */
export const dialInside: Remedy = {
  id: "dial-inside",
  party: "network admin",
  what: ({ firstBreak }) =>
    `Let the DNS give clients in the server's own network its address there, or let ${nodeOf(firstBreak)} reflect what they send to its public address (NAT loopback).`,
  lines: (seen) =>
    dialsFromInside(seen)
      ? ["# in the DNS that clients inside ask", `ftp.example.net. IN A ${seen.server.address ?? "SERVER_ADDRESS"}`]
      : [],
  apply: notInLab,
};

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

/** The server answers the router, which it has a way to. */
export const answerRouter: Remedy = {
  id: "answer-router",
  party: "network admin",
  what: () =>
    "If the server cannot have a route back to clients, let the router put its own address in the client's place. Active mode then fails.",
  lines: (seen) => {
    // An answer that came to the router had a route.
    if (seen.firstBreak?.side === "router" && seen.firstBreak.what === "lost") return [];
    const address = seen.server.address ?? "SERVER_ADDRESS";
    const last = seen.routers.slice(-1);
    const match = { destination: address, isTcp: true };
    if (last.some(speaksNft)) {
      return onRouters(seen, last, (router) =>
        translationLines(router, "postrouting", match, { verb: "masquerade", to: null }),
      );
    }
    return onRouters(seen, last, () => [`${iptables(seen)} -t nat -A POSTROUTING -d ${address} -p tcp -j MASQUERADE`]);
  },
  apply: notInLab,
};
