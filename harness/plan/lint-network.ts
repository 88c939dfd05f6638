import { inOrder, type ConfigurationFinding } from "../catalog/servers/lint/finding";
import { softwareNamed } from "../catalog/servers/registry";
import { coversPorts, parsedOnce } from "../evidence/text/rules";
import { addressOf, attachmentsOf, clientOf, routersOf, serverOf } from "../model/network";
import type { ServerProfile } from "../model/server-profile";
import type { PortRange, RouterNode, ServerNode, Topology } from "../model/topology";
import { portsOf } from "./configured-networks";
import { walk, type Walk } from "./predict/packet-walk";
import { rulesFilesOf } from "./user-rules";

/** What a router does for FTP; `null` instead of ports is any. */
type Way = {
  /** Ports whose connections its helper follows, a rule each. */
  readonly helpers: readonly (readonly PortRange[] | null)[];
  readonly forwards: readonly Forward[];
};

/** `shifted`: other port numbers at the server. */
type Forward = {
  readonly ports: readonly PortRange[] | null;
  readonly to: string;
  readonly shifted: PortRange | null;
};

/** What the network's way is looked at with: `topology` as the configuration has its server, and the lines that say so. */
type Premises = {
  readonly topology: Topology;
  readonly server: ServerNode;
  readonly control: PortRange;
  /** Whether the file sets the passive range. */
  readonly isRangeSet: boolean;
  readonly lines: { readonly port: number; readonly range: number; readonly address: number };
};

/**
 * Where a user's own configuration and the rules of a network, on routers and on the server's host, do not fit: a control port or passive
 * range that does not come to the server, a helper on another port than the sessions', and an address that leads nobody to the server.
 * @param topology as it runs: with the configuration's ports where its routers' rules follow from its file
 */
export function lintInNetwork(topology: Topology, profile: ServerProfile): readonly ConfigurationFinding[] {
  const ports = portsOf(profile);
  const { text = "", isOfNetwork = false } = profile.userConfig ?? {};
  const effective = softwareNamed(profile.software).userConfig?.effective({ topology, server: profile });
  if (ports?.control === undefined || ports.control === null || effective === undefined) return [];
  const premises: Premises = {
    topology: effective.topology,
    server: serverOf(effective.topology),
    control: single(ports.control),
    isRangeSet: ports.passive !== null,
    lines: {
      port: lineOf(text, /^\s*(port\s|listen_port=)/i),
      range: lineOf(text, /^\s*(passiveports\s|pasv_min_port=)/i),
      address: lineOf(text, /^\s*(masqueradeaddress\s|pasv_address=)/i),
    },
  };
  const control = walkTo(premises, premises.control);
  return inOrder([
    ...lintHelpers(premises, control),
    ...lintControl(premises, control),
    ...lintRange(premises, isThere(premises, control)),
    // Addresses of another network say nothing here.
    ...(isOfNetwork ? lintAnnounced(premises) : []),
  ]);
}

/** A new connection's way to ports of the server. */
function walkTo({ topology }: Pick<Premises, "topology">, ports: PortRange, destination = topology.dial): Walk {
  const { id } = clientOf(topology);
  return walk(topology, { from: id, source: addressOf(topology, id), destination, ports }, []);
}

function isThere({ server }: Premises, { end }: Walk): boolean {
  return end.kind === "delivered" && end.node === server.id && end.ports === undefined;
}

function warning(line: number, text: string, remedy: string): ConfigurationFinding {
  return { line, severity: "warning", text, remedy };
}

function lintHelpers(premises: Premises, { passages }: Walk): readonly ConfigurationFinding[] {
  const { topology, server, control, lines } = premises;
  const onRouters = routersOf(topology).flatMap((router) => {
    const { helpers } = wayOf(router, topology);
    const passage = passages.find((one) => one.router.id === router.id);
    if (helpers.length === 0 || passage?.helper?.kind === "open") return [];
    const arriving = arrivingAt(router.id, { passages }) ?? control;
    const follows =
      passage?.helper === undefined ? helpers.some((ruled) => coversPorts(ruled, arriving)) : passage.helper.value;
    return follows ? [] : [blindHelper(router.id, helpers, { arriving, listens: control, line: lines.port })];
  });
  const own = helpersOf(rulesTextOf(server), topology);
  if (own.length === 0 || own.some((ruled) => coversPorts(ruled, control))) return onRouters;
  return [...onRouters, blindHelper(server.id, own, { arriving: control, listens: control, line: lines.port })];
}

/** The control connection's port as it comes to a router; `null` if it does not pass there. */
function arrivingAt(router: string, { passages }: Pick<Walk, "passages">): PortRange | null {
  return passages.find((one) => one.router.id === router)?.ports ?? null;
}

function blindHelper(
  node: string,
  helpers: Way["helpers"],
  { arriving, listens, line }: { readonly arriving: PortRange; readonly listens: PortRange; readonly line: number },
): ConfigurationFinding {
  if (helpers.some((ruled) => coversPorts(ruled, arriving))) {
    const text = `The FTP helper on ${node} follows port ${arriving.first} of other connections, for example of those that come in elsewhere: it reads nothing of these sessions.`;
    return warning(line, text, `Attach it to port ${arriving.first} where these sessions come in too.`);
  }
  const isSame = arriving.first === listens.first;
  const sessions = isSame
    ? `the server listens on port ${listens.first}: it reads nothing of these sessions`
    : `these sessions come there on port ${arriving.first}: it reads nothing of them`;
  const text = `The FTP helper on ${node} follows ${[...new Set(helpers.map(portsText))].join(" and ")}, and ${sessions}.`;
  return warning(line, text, `Attach it to port ${arriving.first} too.`);
}

function lintControl(premises: Premises, reached: Walk): readonly ConfigurationFinding[] {
  const { topology, server, control, lines } = premises;
  if (isThere(premises, reached) || reached.end.kind === "untold") return [];
  const { first } = control;
  if (isStoppedAtHost(premises, reached)) {
    const text = `The firewall of ${server.id} itself lets nobody in on port ${first}, on which the server listens.`;
    return [warning(lines.port, text, `Accept port ${first} there.`)];
  }
  return routersOf(topology).flatMap((router) => {
    const { forwards } = wayOf(router, topology);
    if (forwards.length === 0 || forwards.some((forward) => reaches(forward, control))) return [];
    const text = `${router.id} forwards nothing to port ${first}, on which the server listens.`;
    return [warning(lines.port, text, `Forward port ${first} on ${router.id}.`)];
  });
}

function isStoppedAtHost({ server }: Premises, { end }: Walk): boolean {
  return end.kind === "blocked" && end.where === "host" && end.node === server.id;
}

function lintRange(premises: Premises, isServed: boolean): readonly ConfigurationFinding[] {
  const { topology, server, isRangeSet, lines } = premises;
  const range = server.passivePorts;
  const stopped = stoppedRange(premises);
  if (stopped === null) return [];
  const ports = `its passive ports ${portsText([range])}${isRangeSet ? "" : " (no range is set)"}`;
  if (isStoppedAtHost(premises, stopped)) {
    const text = `The firewall of ${server.id} itself does not let all of ${ports} in: passive transfers under TLS fail.`;
    const remedy = isRangeSet ? `Accept ${portsText([range])} there.` : "Set a range, and accept it there.";
    return [warning(lines.range, text, remedy)];
  }
  const { end } = stopped;
  // Where it is not told what becomes of it, each router is compared.
  const there = routersOf(topology).filter(({ id }) => end.kind === "untold" || end.node === id);
  const atRouters = there.flatMap((router) => otherRange(router, premises));
  if (atRouters.length > 0 || !isServed || end.kind !== "blocked" || end.where !== "forward") return atRouters;
  const text = `${end.node} does not let all of ${ports} through to the server: passive transfers under TLS fail.`;
  const remedy = isRangeSet
    ? `Accept ${portsText([range])} on ${end.node}.`
    : `Set a range, and accept it on ${end.node}.`;
  return [warning(lines.range, text, remedy)];
}

/** The way of passive connections that do not come to the server; `null` if all do. */
function stoppedRange(premises: Premises): Walk | null {
  const range = premises.server.passivePorts;
  const whole = walkTo(premises, range);
  // Rules that part the range leave open what becomes of a port of it: then its ends are asked.
  const ways =
    whole.end.kind === "untold" ? [range.first, range.last].map((port) => walkTo(premises, single(port))) : [whole];
  return ways.find((way) => !isThere(premises, way)) ?? null;
}

/** Where a router forwards the control connection and other ports than the passive range. */
function otherRange(router: RouterNode, premises: Premises): readonly ConfigurationFinding[] {
  const { topology, server, control, isRangeSet, lines } = premises;
  const range = server.passivePorts;
  const { forwards } = wayOf(router, topology);
  const arriving = arrivingAt(router.id, walkTo(premises, control)) ?? control;
  const target = forwards.find((forward) => coversPorts(forward.ports, arriving))?.to;
  const forwarded = forwards.filter(({ to }) => to === target);
  if (target === undefined || forwarded.some((forward) => forward.ports === null)) return [];
  const all = forwarded.flatMap((forward) => forward.ports ?? []);
  if (coversPorts(all, range)) return [];
  const others = all.filter(({ first, last }) => last > first && first > 1023);
  const instead = others.length === 0 ? "no range" : portsText(others);
  const text = `${router.id} forwards ${instead} to the server, whose passive ports are ${portsText([range])}${isRangeSet ? "" : ", since no range is set"}: passive transfers under TLS fail.`;
  const remedy = !isRangeSet
    ? `Set a range, and forward it on ${router.id} port for port.`
    : others[0] === undefined
      ? `Forward ${portsText([range])} on ${router.id} port for port.`
      : `Make the two the same: ${portsText([others[0]])} in the configuration, or ${portsText([range])} on ${router.id}.`;
  return [warning(lines.range, text, remedy)];
}

/** An address in 227 that is none of the network's, or at which nobody comes to the server. */
function lintAnnounced(premises: Premises): readonly ConfigurationFinding[] {
  const { topology, server, lines } = premises;
  const announced = server.masqueradeAddress;
  if (announced === null || announced === topology.dial) return [];
  const remedy = `Name ${topology.dial}, which clients dial.`;
  // Made-up clients have addresses of networks that nobody told.
  const owner = topology.nodes.find(
    ({ id, kind }) => kind !== "client" && attachmentsOf(topology, id).some(({ address }) => address === announced),
  );
  if (owner === undefined) {
    const text = `No machine of this network has ${announced}: whoever believes the server's 227 dials nobody.`;
    return [warning(lines.address, text, remedy)];
  }
  if (isThere(premises, walkTo(premises, server.passivePorts, announced))) return [];
  // What keeps the range from coming to the server at all is told of the range.
  if (stoppedRange(premises) !== null && owner.id !== server.id) return [];
  const text = `Connections from ${clientOf(topology).id} to ${announced} do not come to the server, and its 227 names that address.`;
  return [warning(lines.address, text, remedy)];
}

function rulesTextOf({ userRules }: Pick<ServerNode | RouterNode, "userRules">): string {
  return userRules === undefined
    ? ""
    : rulesFilesOf(userRules)
        .map(({ text }) => text)
        .join("\n");
}

function helpersOf(rules: string, { family }: Topology): Way["helpers"] {
  const { helpers } = parsedOnce(rules, family);
  // What a machine dials itself is no session of these.
  return helpers.flatMap(({ ports, attaches, chain }) => (attaches === "ftp" && chain !== "OUTPUT" ? [ports] : []));
}

function wayOf(router: RouterNode, topology: Topology): Way {
  const { userRules, helperPorts, portForwards } = router;
  if (userRules === undefined) {
    return {
      helpers: helperPorts.map((port) => [single(port)]),
      forwards: portForwards.map(({ ports, to, toFirstPort }) => ({
        ports,
        to,
        shifted: shiftedTo(ports, toFirstPort),
      })),
    };
  }
  const text = rulesTextOf(router);
  return {
    helpers: helpersOf(text, topology),
    forwards: parsedOnce(text, topology.family).destinationNats.flatMap(({ ports, toAddress, toPorts }) =>
      toAddress === null ? [] : [{ ports, to: toAddress, shifted: toPorts }],
    ),
  };
}

function shiftedTo([range]: readonly PortRange[], first: number | undefined): PortRange | null {
  return first === undefined || range === undefined ? null : { first, last: first + range.last - range.first };
}

function single(port: number): PortRange {
  return { first: port, last: port };
}

function reaches({ ports, shifted }: Forward, wanted: PortRange): boolean {
  return shifted === null ? coversPorts(ports, wanted) : coversPorts([shifted], wanted);
}

function portsText(ranges: readonly PortRange[] | null): string {
  if (ranges === null) return "all ports";
  const one = ({ first, last }: PortRange): string => (first === last ? `port ${first}` : `${first}-${last}`);
  return ranges.map(one).join(", ");
}

/** The first line that a pattern finds; else the first of all. */
function lineOf(text: string, pattern: RegExp): number {
  return Math.max(1, text.split("\n").findIndex((line) => pattern.test(line)) + 1);
}
