/** Which interface of a machine leads where, and what address it has there. */
import type { Forward, Host, Interface } from "./host";
import { contains } from "../net/blocks";
import { freeAddress, nth, reachOf, subnetAround } from "./numbers";
import { findLine } from "./pieces/piece";
import { assume, readFrom, type Known } from "./place";

/** An end of a link. */
export type Side = {
  /** `null` if no file names it: rules cannot ask for it then. */
  readonly name: Known<string> | null;
  readonly address: Known<string>;
  readonly subnet: Known<string>;
  /** The neighbour that has the rest of the world behind it; `null` for none that the files name. */
  readonly gateway: Known<string> | null;
};

const outsideNames =
  /^(pppoe-wan|ppp\d+|pppoe\d*|wan\d*|wan[._-].*|internet|inet|external|ext\d*|outside|red\d*|wwan\d*|usb\d+|dsl\d*|adsl|vdsl|eth0\.2|eth1\.2)$/;
const insideNames =
  /^(br-lan|lan\d*|br\d+|br-[\w-]+|internal|int\d*|inside|green\d*|docker\d+|virbr\d+|dmz|wlan\d+|eth0\.1)$/;

/** The server's side of a router: the interface in whose network the target is. */
export function insideOf(host: Host, target: string, targetFrom: Known<string>, outside: string | null): Side | null {
  for (const one of host.interfaces) {
    const own = one.addresses.find(
      ({ address, prefix }) => prefix < 32 && contains(subnetAround(address, prefix), target),
    );
    if (own === undefined) continue;
    const subnet = subnetAround(own.address, own.prefix);
    return {
      name: readFrom(one.name, one.from),
      address: readFrom(own.address, own.from),
      subnet: readFrom(subnet, own.from),
      gateway: null,
    };
  }
  const route = host.routes.find(({ to, via }) => to !== "default" && via === null && contains(to, target));
  if (route?.device !== null && route !== undefined) {
    const address = route.source === null ? ownAddress(host, route.to, target) : readFrom(route.source, route.from);
    return { name: readFrom(route.device, route.from), address, subnet: readFrom(route.to, route.from), gateway: null };
  }
  // The files tell all networks, and the target is in none of them.
  if (host.interfaces.some(({ addresses }) => addresses.some(({ address }) => reachOf(address) === "private"))) {
    if (host.interfaces.some(({ addresses }) => addresses.length > 0) && addressedInterfaces(host).length > 1)
      return null;
  }
  const prefix = /^172\.(1[7-9]|2\d|3[01])\./.test(target) && namesDocker(host) ? 16 : 24;
  const subnet = subnetAround(target, prefix);
  return {
    name: insideName(host, target, outside),
    address: ownAddress(host, subnet, target),
    subnet: assume(subnet, `no file shows the network of ${target}`),
    gateway: null,
  };
}

function addressedInterfaces({ interfaces }: Host): readonly Interface[] {
  return interfaces.filter(({ addresses }) => addresses.length > 0);
}

function namesDocker({ named }: Host): boolean {
  return [...named.keys()].some((name) => /^(docker\d|br-[0-9a-f]{12})/.test(name));
}

/** The address of a machine in a network of which no file shows it. */
function ownAddress(host: Host, subnet: string, other: string): Known<string> {
  const told = [
    ...host.hidings.flatMap(({ to, from }) => (to === null ? [] : [{ address: to, from }])),
    ...host.interfaces.flatMap(({ addresses }) => addresses),
  ].find(({ address }) => address !== other && contains(subnet, address));
  if (told !== undefined) return readFrom(told.address, told.from);
  const first = nth(subnet, 1);
  return assume(
    first === other ? freeAddress(subnet, [other, first]) : first,
    `no file shows the address of ${host.name || "the router"} there`,
  );
}

function insideName(host: Host, target: string, outside: string | null): Known<string> | null {
  const lines = host.pieces.flatMap((piece) => piece.lines.map((line, index) => ({ line, piece, index })));
  const word = new RegExp(`(?<![\\d.])${target.replaceAll(".", "\\.")}(?![\\d.])`);
  // `-d 172.17.0.2/32 ! -i docker0 -o docker0`, `-o eth1 -d 192.168.1.10`.
  for (const { line, piece, index } of lines) {
    const named = word.test(line) ? /(?:^|\s)(?:-o|oifname)\s+"?([\w.@-]+)/.exec(line)?.[1] : undefined;
    if (named !== undefined && named !== outside && !line.includes("POSTROUTING")) {
      return readFrom(named, piece.origins?.[index] ?? { file: piece.from.file, line: piece.from.line + index });
    }
  }
  const others = [...host.named].filter(([name]) => name !== outside && !outsideNames.test(name));
  const docker = /^172\.(1[7-9]|2\d|3[01])\./.test(target)
    ? others.find(([name]) => /^(docker\d|br-[0-9a-f]{12})/.test(name))
    : undefined;
  const found =
    docker ??
    others.find(([name]) => insideNames.test(name) && !/^(docker|virbr)/.test(name)) ??
    (others.length === 1 ? others[0] : undefined);
  return found === undefined ? null : readFrom(found[0], found[1]);
}

/** The side of a machine that has the Internet behind it. `inside` is the name of the other one, where it is known. */
export function outsideOf(host: Host, forward: Forward | null, announced: Known<string> | null): Side {
  const name = outsideName(host, forward);
  const defaults = host.routes.filter(({ to }) => to === "default");
  const route = defaults.find(({ device }) => device === name?.value) ?? defaults[0];
  const known = host.interfaces.find((one) => one.name === name?.value);
  const dialled = forward?.dialled ?? null;
  const own = known?.addresses.find(({ address }) => address === dialled) ?? known?.addresses[0];
  const gateway = route?.via === null || route?.via === undefined ? null : readFrom(route.via, route.from);
  const address = outsideAddress(host, {
    own,
    forward,
    announced,
    name: name?.value ?? null,
    gateway: gateway?.value ?? null,
  });
  const prefix = own === undefined || own.prefix > 30 ? 24 : own.prefix;
  const peer = own?.peer ?? null;
  const value = subnetAround(address.value, prefix);
  const subnet =
    own === undefined || own.prefix > 30
      ? assume(
          value,
          own === undefined
            ? `no file shows the network of ${address.value}`
            : "its address has no network, and the lab's links need one",
        )
      : readFrom(value, own.from);
  const neighbour = gateway ?? (peer === null || own === undefined ? null : readFrom(peer, own.from));
  // One that is not in the network cannot be a neighbour in the lab; its address decides nothing.
  const near =
    neighbour !== null && contains(subnet.value, neighbour.value) && neighbour.value !== address.value
      ? neighbour
      : null;
  return { name, address, subnet, gateway: near };
}

function outsideName(host: Host, forward: Forward | null): Known<string> | null {
  // Of several uplinks, the one whose address FTP's forward asks for is the one that clients dial.
  const dialled = host.interfaces.find(({ addresses }) =>
    addresses.some(({ address }) => address === forward?.dialled),
  );
  const route = host.routes.find(({ to, device }) => to === "default" && device !== null);
  if (dialled !== undefined && forward !== null && dialled.name !== route?.device)
    return readFrom(dialled.name, forward.from);
  if (route?.device !== null && route !== undefined) return readFrom(route.device, route.from);
  const hidings = host.hidings.filter(({ out }) => out !== null && !/^(docker|br-|lan|virbr|lo$)/.test(out));
  // Reflected connections are hidden inside too.
  const hiding = hidings.find(({ out }) => out !== null && !insideNames.test(out)) ?? hidings[0];
  if (hiding?.out !== null && hiding !== undefined) return readFrom(hiding.out, hiding.from);
  if (forward?.on !== null && forward !== null) return readFrom(forward.on, forward.from);
  const named = [...host.named].find(([one]) => outsideNames.test(one));
  if (named !== undefined) return readFrom(named[0], named[1]);
  const open = addressedInterfaces(host).find(
    ({ name, addresses }) => !insideNames.test(name) && addresses.some(({ address }) => reachOf(address) !== "private"),
  );
  const only = open ?? addressedInterfaces(host).find(({ name }) => !insideNames.test(name));
  if (only !== undefined) return readFrom(only.name, only.from);
  const rest = [...host.named].filter(([one]) => !insideNames.test(one));
  return rest[0] === undefined ? null : readFrom(rest[0][0], rest[0][1]);
}

type Told = {
  readonly own: Interface["addresses"][number] | undefined;
  readonly forward: Forward | null;
  readonly announced: Known<string> | null;
  readonly name: string | null;
  readonly gateway: string | null;
};

function outsideAddress(host: Host, { own, forward, announced, name, gateway }: Told): Known<string> {
  if (own !== undefined) return readFrom(own.address, own.from);
  const route = host.routes.find((one) => one.device === name && one.source !== null);
  if (route?.source !== null && route !== undefined) return readFrom(route.source, route.from);
  if (forward?.dialled !== null && forward !== null && !forward.dialled.includes("/"))
    return readFrom(forward.dialled, forward.from);
  // What is reflected for those inside names the address too.
  const reflected = host.forwards.find(
    (other) => other.inside === forward?.inside && other.dialled !== null && !other.dialled.includes("/"),
  );
  if (reflected?.dialled !== null && reflected !== undefined) return readFrom(reflected.dialled, reflected.from);
  const hiding = host.hidings.find(({ to, out }) => to !== null && (out === null || out === name));
  if (hiding?.to !== null && hiding !== undefined && reachOf(hiding.to) !== "private")
    return readFrom(hiding.to, hiding.from);
  const taken = inputAddress(host);
  if (taken !== null) return taken;
  if (announced !== null && reachOf(announced.value) === "public") return announced;
  if (gateway !== null)
    return assume(
      freeAddress(subnetAround(gateway, 24), [gateway, nth(subnetAround(gateway, 24), 1)]),
      "no file shows the address outside",
    );
  return assume("203.0.113.10", "no file shows the address outside");
}

/** The address that rules for packets to the machine itself ask for. */
function inputAddress({ rules }: Host): Known<string> | null {
  for (const { piece } of rules) {
    const found =
      findLine(piece, /-A \S*(?:INPUT|input|IN_)\S* .*?(?<!! )-d (\d+\.\d+\.\d+\.\d+)(?:\/32)?(?= )/) ??
      findLine(piece, /^\s*ip daddr (\d+\.\d+\.\d+\.\d+) tcp dport\b.*\baccept/);
    const address = found?.groups[1];
    if (found !== null && address !== undefined && !/^(22[4-9]|23\d|255|127|0)\./.test(address))
      return readFrom(address, found.from);
  }
  return null;
}
