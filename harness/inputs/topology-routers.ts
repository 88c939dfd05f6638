/** What must hold of a topology's routers beyond their form. */
import type { PortRange } from "../model/topology";
import { areConsecutive, parseAddress } from "../net/address";
import { didYouMean, quote } from "../text/nearest";
import type { ProblemList } from "./problems";
import { expectedFamily, familyAt, linksOf, ownersOf } from "./topology-lookup";
import type { TopologyText } from "./topology-schema";
import type { ValuePath } from "./yaml-document";

type RouterText = Extract<TopologyText["nodes"][string], { readonly role: "router" }>;

/** Checks the links that a router names, its port forwards, and that it does not translate IPv6. */
export function checkRouter(id: string, router: RouterText, text: TopologyText, problems: ProblemList): void {
  const path = ["nodes", id];
  const own = linksOf(text, id);
  const checkLink = (name: string, at: ValuePath): void => {
    if (own.includes(name)) return;
    problems.add([...path, ...at], unknownLink(name, id, own, Object.keys(text.links)));
  };
  router.masquerade.forEach((link, index) => {
    checkLink(link, ["masquerade", index]);
  });
  router.filter.allow.forEach(({ from, to }, index) => {
    checkLink(from, ["filter", "allow", index, "from"]);
    checkLink(to, ["filter", "allow", index, "to"]);
  });
  router["port-forwards"].forEach(({ on }, index) => {
    checkLink(on, ["port-forwards", index, "on"]);
  });
  router["source-nat"].forEach(({ out }, index) => {
    checkLink(out, ["source-nat", index, "out"]);
  });
  checkForwards(id, router, text, problems);
  checkSourceNats(id, router, text, problems);
  checkHelper(id, router, problems);
  if (familyAt(text, id) === "ipv4") return;
  for (const key of ["port-forwards", "masquerade", "source-nat"] as const) {
    if (router[key].length > 0) problems.addAtKey([...path, key], "NAT is not supported in an ipv6 topology");
  }
}

function unknownLink(name: string, router: string, own: readonly string[], all: readonly string[]): string {
  const there = own.length > 0 ? `; ${quote(router)} is on ${own.join(" and ")}` : "";
  if (all.includes(name)) return `the link ${quote(name)} does not end at ${quote(router)}${there}`;
  return `there is no link ${quote(name)}${didYouMean(name, own) || there}`;
}

function checkForwards(id: string, router: RouterText, text: TopologyText, problems: ProblemList): void {
  const seen: { readonly on: string; readonly address: string | undefined; readonly range: PortRange }[] = [];
  router["port-forwards"].forEach(({ on, address, ports, to, balance, "to-ports": toPorts }, index) => {
    const path = ["nodes", id, "port-forwards", index];
    if (address !== undefined && !isOwn(id, address, text)) {
      problems.add([...path, "address"], `${address} is not an address of ${quote(id)}`);
    }
    const [range] = ports;
    if (toPorts !== undefined && (range === undefined || ports.length > 1 || sizeOf(range) !== sizeOf(toPorts))) {
      problems.add([...path, "to-ports"], "expected as many ports as the one range in `ports`");
    }
    if (typeof to === "string") checkTarget(id, to, [...path, "to"], text, problems);
    else {
      to.forEach((target, place) => {
        checkTarget(id, target, [...path, "to", place], text, problems);
      });
      if (balance === "source" && !areConsecutive(to)) {
        problems.add([...path, "to"], "`balance: source` needs consecutive addresses");
      }
    }
    ports.forEach((range, place) => {
      const twice = seen.some((other) => other.on === on && other.address === address && overlap(other.range, range));
      if (twice) problems.add([...path, "ports", place], `already forwarded on ${quote(on)} by an earlier entry`);
      seen.push({ on, address, range });
    });
  });
}

function checkTarget(id: string, to: string, path: ValuePath, text: TopologyText, problems: ProblemList): void {
  const owners = ownersOf(text, to);
  const family = familyAt(text, id);
  if (parseAddress(to)?.family !== family) {
    problems.add(path, expectedFamily(text, family));
  } else if (owners.length === 0) {
    problems.add(path, `no node of this topology has the address ${to}`);
  } else if (owners.some((owner) => owner.id === id)) {
    problems.add(path, `${to} is the router's own address`);
  }
}

function checkSourceNats(id: string, router: RouterText, text: TopologyText, problems: ProblemList): void {
  router["source-nat"].forEach(({ to }, index) => {
    // Answers to an address that no node has are lost.
    if (isOwn(id, to, text)) return;
    problems.add(["nodes", id, "source-nat", index, "to"], `${to} is not an address of ${quote(id)}`);
  });
}

function isOwn(id: string, address: string, text: TopologyText): boolean {
  return ownersOf(text, address).some((owner) => owner.id === id);
}

function sizeOf({ first, last }: PortRange): number {
  return last - first + 1;
}

function overlap(one: PortRange, other: PortRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** Every helper port becomes a rule of its own. */
const mostHelperPorts = 16;

function checkHelper(id: string, router: RouterText, problems: ProblemList): void {
  const count = (router.helper ?? []).reduce((sum, { first, last }) => sum + last - first + 1, 0);
  if (count > mostHelperPorts) {
    problems.add(["nodes", id, "helper"], `expected at most ${mostHelperPorts} control ports`);
  }
}
