/** What the administrator of the network can do about the addresses that routers put instead of others. */
import { areConsecutive } from "../../net/address";
import { canBalanceBySource } from "../../plan/balance";
import { withRouters } from "../../plan/setup";
import type { RouterRules } from "../../evidence/text/rules";
import type { Observations, RouterView } from "../observations";
import { ports } from "../words";
import { dialsFromInside } from "./control-port";
import { dialledAddress, iptables, passiveRange } from "./addresses";
import { targetsOf } from "./open-range";
import { deleteLines, nftPorts, speaksNft, translationLines } from "./nft-lines";
import { nodeOf } from "./places";
import { notInLab } from "./remedy";
import type { Remedy } from "./remedy";
import { isShared, sidesOf } from "./sides";
import { onRouters, names } from "./router-lines";

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

/** Routers before the server with a rule, and that alone, which puts their address instead of a client's. */
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

/** Clients beside the server need no router in between. */
export const dialInside: Remedy = {
  id: "dial-inside",
  party: "network admin",
  what: ({ firstBreak }) =>
    `Let the DNS give clients in the server's own network its address there, or let ${nodeOf(firstBreak)} lead their ` +
    `connections to its public address back in (NAT loopback).`,
  lines: (seen) =>
    dialsFromInside(seen)
      ? ["# in the DNS that clients inside ask", `ftp.example.net. IN A ${seen.server.address ?? "SERVER_ADDRESS"}`]
      : [],
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
