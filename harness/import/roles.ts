/** Who is router and who is server. */
import { UsageError } from "../model/errors";
import type { PortRange } from "../model/topology";
import type { Forward, Host, ServerFiles } from "./host";
import { contains } from "../net/blocks";
import { subnetAround } from "./numbers";
import { assume, placeText, readFrom, type Known } from "./place";
import { takesFtp } from "./server-place";

export type Machine = {
  readonly host: Host;
  readonly role: "client" | "router" | "server";
  readonly why: Known<string>;
};

export type Roles = {
  readonly machines: readonly Machine[];
  /** From the server's to the outermost. */
  readonly routers: readonly Host[];
  /** `null` if none of the machines is it. */
  readonly server: Host | null;
  /** Several where they are alike. */
  readonly servers: readonly Host[];
  readonly client: Host | null;
  /** The machine whose files hold the server's configuration; it may be the router, whose container the server is. */
  readonly configured: Host | null;
  /** What brings FTP to the server. */
  readonly forward: Forward | null;
  readonly forwards: ReadonlyMap<Host, Forward>;
  /** Ports beside the control port that are forwarded to the server, where they are a range. */
  readonly forwardedRange: Known<PortRange> | null;
};

/** Ports that people give to FTP's control connection. */
const likelyPorts = [21, 2121, 990, 2100, 2021, 8021, 10_021, 2221, 20_021];

/** @throws UsageError where several machines could be the server, or nothing tells how routers are connected */
export function rolesOf(hosts: readonly Host[]): Roles {
  const listening = hosts.flatMap(({ server }) => (server === null ? [] : [server.controlPort.value]));
  const ports = [...new Set([...listening, ...likelyPorts])];
  const forwards = new Map(
    hosts.flatMap((host) => {
      const forward = ftpForward(host, ports);
      return forward === null ? [] : [[host, forward] as const];
    }),
  );
  const configured = onlyOne(hosts.filter(({ server }) => server !== null));
  const server = serverAmong(hosts, forwards, configured);
  const servers = hosts.filter((host) => host === server || (host.server !== null && isAlike(host, server)));
  const between = hosts.filter((host) => !servers.includes(host) && isRouter(host, forwards));
  const lost = hosts.filter((host) => !servers.includes(host) && !between.includes(host));
  const [client = null, second] = lost;
  if (client !== null && (second !== undefined || server === null)) throw unplaced(second ?? client);
  const isKnown =
    client !== null && hosts.every(({ interfaces }) => interfaces.some(({ addresses }) => addresses.length > 0));
  if (client !== null && !isKnown) throw unplaced(client);
  const routers = isKnown ? between : inOrder(between, forwards, server);
  const [innermost] = routers;
  const any = isKnown ? [...forwards.values()][0] : undefined;
  const forward = (innermost === undefined ? undefined : forwards.get(innermost)) ?? any ?? null;
  return {
    machines: hosts.map((host): Machine => {
      if (servers.includes(host)) return { host, role: "server", why: whyServer(host, forward) };
      if (host === client)
        return { host, role: "client", why: assume("", "it forwards and hides nothing, and no rule leads to it") };
      return { host, role: "router", why: whyRouter(host, forwards.get(host) ?? null) };
    }),
    routers,
    server,
    servers,
    client,
    configured,
    forward,
    forwards,
    forwardedRange: forward === null ? null : rangeAmong(routers, forward),
  };
}

/** The forward that brings FTP in: to the server's port, else to a likely one, else one of all ports. */
function ftpForward(host: Host, ports: readonly number[]): Forward | null {
  const own = new Set(host.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)));
  // A reflection for clients inside says the same with another interface.
  const foreign = host.forwards.filter(({ inside }) => !own.has(inside));
  for (const port of ports) {
    const holds = ({ first, last }: PortRange): boolean => first <= port && port <= last;
    const found = foreign.find(
      (forward) => forward.ports?.some(holds) === true || (forward.toPorts !== null && holds(forward.toPorts)),
    );
    if (found !== undefined) return found;
  }
  return foreign.find(({ ports: all }) => all === null) ?? null;
}

function rangeAmong(routers: readonly Host[], forward: Forward): Known<PortRange> | null {
  return routers.map((router) => rangeTo(router, forward)).find((range) => range !== null) ?? null;
}

function unplaced(host: Host): UsageError {
  const name = host.name || (host.pieces[0]?.from.file ?? "");
  const hint =
    "Leave its files out, say which machine they belong to (NAME=FILE), or add the output of `ip addr` and `ip " +
    "route` of every machine.";
  return new UsageError(`Nothing says what ${name} is: it forwards and hides nothing, and no rule leads to it.`, {
    code: "import-two-machines",
    hint,
  });
}

/** Whether two servers have the same configuration, except for addresses. */
function isAlike(one: Host, other: Host | null): boolean {
  if (one.server === null || other?.server === null || other?.server === undefined) return false;
  if (one.server.software !== other.server.software) return false;
  const textOf = ({ files }: ServerFiles): string =>
    files.map(({ text }) => text.replace(/^\s*#.*$/gm, "").replace(/\d+\.\d+\.\d+\.\d+/g, "")).join("\n");
  return textOf(one.server) === textOf(other.server);
}

function rangeTo(host: Host, { inside }: Forward): Known<PortRange> | null {
  for (const { inside: target, ports, from } of host.forwards) {
    if (target !== inside) continue;
    const range = ports?.find(({ first, last }) => last > first && first >= 1024);
    if (range !== undefined) return readFrom(range, from);
  }
  return null;
}

function onlyOne(configured: readonly Host[]): Host | null {
  const [first, second] = configured;
  if (first !== undefined && second !== undefined && !configured.every((host) => isAlike(host, first))) {
    const files = [first, second].map(({ server }) => server?.files[0]?.name ?? "");
    const hint = "Give the files of one server.";
    throw new UsageError(`Two machines have an FTP server's configuration: ${files.join(" and ")}.`, {
      code: "import-two-machines",
      hint,
    });
  }
  return first ?? null;
}

const serverName = /server|ftp|nas|vps|web|host/;
const routerName = /router|gateway|\bgw\b|openwrt|firewall|modem|fritz|dsl|edge|nat/;

function serverAmong(
  hosts: readonly Host[],
  forwards: ReadonlyMap<Host, Forward>,
  configured: Host | null,
): Host | null {
  const targets = new Set([...forwards.values()].map(({ inside }) => inside));
  const has = ({ interfaces }: Host): boolean =>
    interfaces.some(({ addresses }) => addresses.some(({ address }) => targets.has(address)));
  if (configured !== null && !forwards.has(configured)) return configured;
  const rest = hosts.filter((host) => !forwards.has(host));
  const target = rest.find((host) => has(host) && !routesOn(host, forwards));
  if (target !== undefined) return target;
  if (hosts.length > 1)
    return (
      rest.find(({ name, hidings }) => serverName.test(name) && !routerName.test(name) && hidings.length === 0) ??
      rest.find(({ hidings }) => hidings.length === 0) ??
      null
    );
  const [only] = rest;
  return only !== undefined && (takesFtp(only.pieces) !== null || !isRouter(only, forwards)) ? only : null;
}

/** A machine between two others has a forward of its own, or hides what is behind it. */
function routesOn(host: Host, forwards: ReadonlyMap<Host, Forward>): boolean {
  return forwards.has(host);
}

function isRouter(host: Host, forwards: ReadonlyMap<Host, Forward>): boolean {
  return (
    forwards.has(host) ||
    passesBetweenNetworks(host) ||
    host.hidings.length > 0 ||
    host.forwards.length > 0 ||
    (routerName.test(host.name) && host.rules.length > 0)
  );
}

/** A firewall without translation: two networks, and rules for what passes between. */
function passesBetweenNetworks({ interfaces, rules }: Host): boolean {
  const networks = interfaces.filter(
    ({ name, addresses }) => addresses.length > 0 && !/^(docker|virbr|br-[0-9a-f]{12})/.test(name),
  );
  return networks.length > 1 && rules.some(({ text }) => /-A FORWARD|:FORWARD DROP|hook forward/.test(text));
}

/** From the server's router outwards. @throws UsageError where nothing connects them */
function inOrder(between: readonly Host[], forwards: ReadonlyMap<Host, Forward>, server: Host | null): readonly Host[] {
  if (between.length < 2) return between;
  const own = (host: Host): readonly string[] =>
    host.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const routed = (host: Host): readonly string[] =>
    host.routes.flatMap(({ via, source }) => [via ?? [], source ?? []].flat());
  /** Whether the outer machine forwards to the inner, or the inner's way out leads to the outer. */
  const isBefore = (outer: Host, inner: Host): boolean => {
    const target = forwards.get(outer)?.inside;
    if (target !== undefined && own(inner).includes(target)) return true;
    if (own(outer).some((address) => inner.routes.some(({ to, via }) => to === "default" && via === address)))
      return true;
    const innerTarget = forwards.get(inner)?.inside;
    const isUnknown = own(inner).length === 0 && routed(inner).length === 0;
    return (
      isUnknown &&
      target !== undefined &&
      innerTarget !== undefined &&
      target !== innerTarget &&
      !contains(subnetAround(target, 24), innerTarget) &&
      !own(outer).includes(innerTarget) &&
      serverFits(inner, server)
    );
  };
  const sorted = between.toSorted((one, other) => (isBefore(one, other) ? 1 : isBefore(other, one) ? -1 : 0));
  for (const [place, inner] of sorted.entries()) {
    const outer = sorted[place + 1];
    if (outer !== undefined && !isBefore(outer, inner)) {
      const names = between.map(({ name, pieces }) => name || (pieces[0]?.from.file ?? ""));
      throw new UsageError(`Nothing says how ${names.join(" and ")} are connected.`, {
        code: "import-two-machines",
        hint: "Add the output of `ip addr` and `ip route` of both, and of the client's host if one of them stands before the client, or import one of them at a time.",
      });
    }
  }
  return sorted;
}

/** Of two routers without addresses, the inner one forwards to the server; where there is none, either may. */
function serverFits(inner: Host, server: Host | null): boolean {
  return (
    server !== null &&
    inner.forwards.some(({ inside }) =>
      server.interfaces.some(({ addresses }) => addresses.some(({ address }) => address === inside)),
    )
  );
}

function whyServer(host: Host, forward: Forward | null): Known<string> {
  const file = host.server?.files[0];
  if (file !== undefined) return readFrom("", file.from);
  if (forward !== null) return readFrom("", forward.from);
  const takes = takesFtp(host.pieces);
  return takes === null ? assume("", "it forwards and hides nothing") : readFrom("", takes);
}

function whyRouter(host: Host, forward: Forward | null): Known<string> {
  if (forward !== null) return readFrom(placeText(forward.from), forward.from);
  const [hiding] = host.hidings;
  return hiding === undefined ? assume("", "of its name") : readFrom("", hiding.from);
}
