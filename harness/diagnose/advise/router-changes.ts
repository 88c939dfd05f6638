/** What the administrator of a router can change for given sessions. */
import { isPassive } from "../../model/axes";
import type { Need } from "../../model/advice";
import { addressOf, dialledPort, serverOf } from "../../model/network";
import type { PortRange, RouterNode, Topology } from "../../model/topology";
import { canBalanceBySource } from "../../plan/balance";
import { ownRules } from "../../plan/predict/rules/of-user-rules";
import { reachedRules } from "../../evidence/text/rule-chain";
import { coversPorts, type RuleMatch } from "../../evidence/text/rules";
import { isShared } from "../remedies/sides";
import type { Change } from "./change";
import { speakerFor, type Speaker } from "./router-lines";
import type { View } from "./state";
import { owns, waysOf, type RouterWay } from "./ways";

/** Everything that a change of a router may be about. */
type Place = RouterWay & {
  readonly topology: Topology;
  readonly say: Speaker;
  readonly controlPort: number;
  readonly needs: readonly Need[];
};

const unprivileged: PortRange = { first: 1024, last: 65535 };

/** Changes of each router on the way, for the control ports and passive ranges that sessions may use. */
export function routerChanges({ topology, uses }: View, ranges: readonly PortRange[]): readonly Change[] {
  const ports = [...new Set(uses.map(({ mode }) => dialledPort(topology, mode)))];
  const changes = ports.flatMap((controlPort) =>
    waysOf(topology, controlPort).flatMap((way) => {
      const needs = uses.filter(({ mode }) => dialledPort(topology, mode) === controlPort);
      const place = { ...way, topology, controlPort, needs, say: speakerFor(topology, way.router) };
      return [
        ...attachHelper(place),
        ...acceptRelated(place),
        ...acceptEstablished(place),
        ...openControl(place),
        ...ranges.flatMap((range) => forwardRange(place, range)),
        ...letServerOut(place),
        ...detachHelper(place),
        ...answerForServer(place),
        ...showClients(place),
        ...sameAddress(place),
      ];
    }),
  );
  const byId = new Map(changes.map((change) => [change.id, change]));
  return [...byId.values(), ...keepTogether(topology)];
}

function attachHelper({ router, say, controlPort }: Place): readonly Change[] {
  const lines = [...say.attachHelper(controlPort), ...say.acceptRelated()];
  return [
    {
      id: `attach-helper-${controlPort}@${router.id}`,
      party: "router",
      what: `Attach the FTP helper to port ${controlPort} on ${router.id}, and accept what it expects.`,
      pasted: { node: router.id, lines },
      keys: ({ helperPorts, filter }) => ({
        helperPorts: helperPorts.includes(controlPort) ? helperPorts : [...helperPorts, controlPort],
        filter: { ...filter, related: true },
      }),
    },
  ];
}

function acceptRelated({ router, say }: Place): readonly Change[] {
  return [
    {
      id: `accept-related@${router.id}`,
      party: "router",
      what: `Let ${router.id} pass the connections that its helper expects.`,
      pasted: { node: router.id, lines: say.acceptRelated() },
      keys: ({ filter }) => ({ filter: { ...filter, related: true } }),
    },
  ];
}

/** For rules that accept what belongs to open connections on some ways alone. */
function acceptEstablished({ router, say }: Place): readonly Change[] {
  const isFull = rulesOf(router, "FORWARD", false).some(
    ({ target, match }) => target === "ACCEPT" && isEverywhere(match) && match.states?.includes("ESTABLISHED") === true,
  );
  if (router.userRules === undefined || isFull) return [];
  return [
    {
      id: `established@${router.id}`,
      party: "router",
      what: `Let ${router.id} pass what belongs to open connections.`,
      pasted: { node: router.id, lines: say.acceptEstablished("FORWARD") },
    },
  ];
}

function isEverywhere({ inLink, outLink, source, destination, ports, further = [] }: RuleMatch): boolean {
  return [inLink, outLink, source, destination, ports].every((asked) => asked === null) && further.length === 0;
}

/** Forwards ports to the server where the router is what is dialled, and lets them through. */
function opened(place: Place, ports: PortRange): readonly string[] {
  const { topology, router, say, dialled, target, inName, outName } = place;
  const isHidden = owns(topology, router.id, dialled);
  const forward = isHidden ? say.forwardTo({ in: inName, destination: dialled, ports }, target) : [];
  const destination = isHidden ? target : dialled;
  return [...forward, ...say.accept("FORWARD", { in: inName, out: outName, destination, ports })];
}

function keysOpened(place: Place, ports: PortRange): NonNullable<Change["keys"]> {
  const { topology, in: from, out: to, dialled, target } = place;
  return ({ id, portForwards, filter }) => {
    const known = portForwards.filter(({ on }) => on === from);
    const added = known.map((entry) => ({ ...entry, ports: [...entry.ports, ports] }));
    const fresh = owns(topology, id, dialled) ? [{ on: from, ports: [ports], to: target }] : [];
    return {
      portForwards:
        known.length === 0
          ? [...portForwards, ...fresh]
          : portForwards.map((entry) => added[known.indexOf(entry)] ?? entry),
      filter: { ...filter, allow: [...filter.allow, { from, to, ports: [ports] }] },
    };
  };
}

function openControl(place: Place): readonly Change[] {
  const { router, controlPort } = place;
  const ports = { first: controlPort, last: controlPort };
  return [
    {
      id: `open-port-${controlPort}@${router.id}`,
      party: "router",
      what: `Let port ${controlPort} through ${router.id} to the server.`,
      pasted: { node: router.id, lines: opened(place, ports) },
      keys: keysOpened(place, ports),
    },
  ];
}

/** What is forwarded to one server is lost for the others. */
function forwardRange(place: Place, range: PortRange): readonly Change[] {
  const { router, topology } = place;
  if (isShared(topology)) return [];
  const words = `${range.first}-${range.last}`;
  const verb = owns(topology, router.id, place.dialled) ? "Forward" : "Let through";
  return [
    {
      id: `open-range-${words}@${router.id}`,
      party: "router",
      what: `${verb} the passive ports ${words} on ${router.id}.`,
      pasted: { node: router.id, lines: opened(place, range) },
      keys: keysOpened(place, range),
    },
  ];
}

/** Only the server opens connections to the client. */
function letServerOut(place: Place): readonly Change[] {
  const { router, say, topology, inName, outName, needs, in: to, out: from } = place;
  if (needs.every(({ data }) => isPassive(data))) return [];
  const source = addressOf(topology, serverOf(topology).id);
  return [
    {
      id: `let-server-out@${router.id}`,
      party: "router",
      what: `Let the server open connections to clients through ${router.id}.`,
      pasted: {
        node: router.id,
        lines: say.accept("FORWARD", { in: outName, out: inName, source, ports: unprivileged }),
      },
      keys: ({ filter }) => ({
        filter: { ...filter, allow: [...filter.allow, { from, to, ports: [unprivileged] }] },
      }),
    },
  ];
}

function detachHelper({ router, say, controlPort }: Place): readonly Change[] {
  const rules = rulesOf(router, "PREROUTING", false).filter(
    ({ target, options, match }) =>
      target === "CT" &&
      /^ftp(-\d+)?$/.test(options.get("--helper") ?? "") &&
      coversPorts(match.ports, { first: controlPort, last: controlPort }),
  );
  const lines = say.remove(
    "raw",
    rules.flatMap(({ text }) => text ?? []),
  );
  if (router.userRules !== undefined ? lines.length === 0 : !router.helperPorts.includes(controlPort)) return [];
  return [
    {
      id: `detach-helper-${controlPort}@${router.id}`,
      party: "router",
      what: `Detach the FTP helper of ${router.id} from port ${controlPort}.`,
      pasted: { node: router.id, lines },
      keys: ({ helperPorts }) => ({ helperPorts: helperPorts.filter((port) => port !== controlPort) }),
    },
  ];
}

/**
 * The router's address in the client's place, where the server's answers do not find back by the router otherwise. Clients on the server's
 * own link are told by their addresses, so that all others stay as they are.
 */
function answerForServer(place: Place): readonly Change[] {
  const { router, say, topology, dialled, target, passage, in: from, out, outName } = place;
  const beside = from === out ? topology.links.find(({ id }) => id === out)?.subnet : undefined;
  const asked = { destination: target, ...(beside === undefined ? {} : { source: beside }) };
  const isHidden = owns(topology, router.id, dialled);
  // Rules that lead clients inside back may hide those of the control connection alone.
  const isAnswered = from !== out && passage !== null && passage.before.source !== passage.after.source;
  if (!isHidden || isAnswered) return [];
  return [
    {
      id: `answer-for-server@${router.id}`,
      party: "router",
      what: `Let ${router.id} put its own address in the client's place towards the server.`,
      pasted: { node: router.id, lines: say.sourceTo(outName, asked, null) },
      keys: ({ masquerade }) => ({ masquerade: masquerade.includes(out) ? masquerade : [...masquerade, out] }),
    },
  ];
}

/** Rules that hide clients from the server, where the router has no other reason to. */
function showClients({ router, say, topology, dialled, passage, in: from, out, outName }: Place): readonly Change[] {
  const isHiding = passage !== null && passage.before.source !== passage.after.source;
  if (!isHiding || from === out || !owns(topology, router.id, dialled)) return [];
  const rules = rulesOf(router, "POSTROUTING", true).filter(
    ({ target, match }) => target === "MASQUERADE" && match.outLink === outName,
  );
  const lines = say.remove(
    "nat",
    rules.flatMap(({ text }) => text ?? []),
  );
  if (router.userRules !== undefined && lines.length === 0) return [];
  return [
    {
      id: `show-clients@${router.id}`,
      party: "router",
      what: `Do not hide clients behind the address of ${router.id} on the server's side.`,
      pasted: { node: router.id, lines },
      keys: ({ masquerade }) => ({ masquerade: masquerade.filter((link) => link !== out) }),
    },
  ];
}

/** All connections of a client leave with the control connection's address. */
function sameAddress({ router, say, passage, out, outName }: Place): readonly Change[] {
  if (passage === null || passage.before.source === passage.after.source) return [];
  const to = passage.after.source;
  return [
    {
      id: `same-address@${router.id}`,
      party: "router",
      what: `Give all connections through ${router.id} the address ${to}.`,
      pasted: { node: router.id, lines: say.sourceTo(outName, {}, to) },
      keys: ({ sourceNats = [] }) => ({ sourceNats: [{ out, ports: null, to }, ...sourceNats] }),
    },
  ];
}

/** A client's connections all to the same of several servers; only keys say that. */
function keepTogether(topology: Topology): readonly Change[] {
  if (!isShared(topology) || !canBalanceBySource(topology)) return [];
  return topology.nodes.flatMap((node): readonly Change[] => {
    if (node.kind !== "router" || node.userRules !== undefined) return [];
    const shared = node.portForwards.find(({ balance }) => balance !== undefined && balance.by !== "source");
    if (shared === undefined) return [];
    const last = shared.balance?.others.at(-1) ?? shared.to;
    const ports = shared.ports.map(({ first, last: end }) => (first === end ? String(first) : `${first}:${end}`));
    return [
      {
        id: `keep-sources@${node.id}`,
        party: "router",
        what: `Give all connections of one client to the same server on ${node.id}.`,
        pasted: {
          node: node.id,
          lines: [
            `iptables -t nat -I PREROUTING -d ${topology.dial} -p tcp -m multiport --dports ${ports.join(",")} -j DNAT --to-destination ${shared.to}-${last} --persistent`,
          ],
        },
        keys: ({ portForwards }) => ({
          portForwards: portForwards.map((entry) =>
            entry.balance === undefined ? entry : { ...entry, balance: { ...entry.balance, by: "source" } },
          ),
        }),
      },
    ];
  });
}

type ReachedRules = ReturnType<typeof reachedRules>["rules"];

/** Rules of a hook that are written there. */
function rulesOf(
  { userRules }: RouterNode,
  hook: "PREROUTING" | "FORWARD" | "POSTROUTING",
  isNat: boolean,
): ReachedRules {
  if (userRules === undefined) return [];
  const family = userRules.text.includes("ip6tables-save") ? "ipv6" : "ipv4";
  return ownRules(userRules, family)
    .first.filter((chain) => chain.hook === hook && chain.isNat === isNat)
    .flatMap(({ source, name }) => {
      const { rules, last } = reachedRules(source, name, () => false);
      return last === null ? rules : [...rules, last];
    });
}
