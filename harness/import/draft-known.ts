/** The client is one of the machines, and all their addresses are known: the network is taken as it is. */
import { UsageError } from "../model/errors";
import type { Forward, Host, Interface } from "./host";
import type { NetworkDraft } from "./network";
import { contains } from "../net/blocks";
import { freeAddress, next, subnetAround } from "./numbers";
import { NetworkParts, type LinkParts } from "./parts";
import { placeText, readFrom } from "./place";
import type { Roles } from "./roles";
import { serverDraft, titleOf } from "./draft-server";

/** Whether the network can be drawn from addresses alone. */
export function isFullyKnown({ client, machines }: Roles): boolean {
  return client !== null && machines.every(({ host }) => addressed(host).length > 0);
}

function addressed({ interfaces }: Host): readonly Interface[] {
  return interfaces.filter(
    ({ name, addresses }) => addresses.length > 0 && !/^(docker|virbr|br-[0-9a-f]{12})/.test(name),
  );
}

/** @throws UsageError where nothing connects the client and the server */
export function draftKnown(roles: Roles, id: string): NetworkDraft {
  const parts = new NetworkParts(roles);
  const links = new Map<string, LinkParts>();
  for (const { host, role, why } of roles.machines) {
    const node = parts.idOf(host);
    parts.learn(`\`${node}\` is the ${role}`, why);
    for (const one of addressed(host)) {
      const [first] = one.addresses;
      if (first === undefined) continue;
      const subnet =
        [...links.keys()].find((known) => contains(known, first.address)) ??
        subnetAround(first.address, first.prefix > 30 ? 24 : first.prefix);
      const link = links.get(subnet) ?? parts.link(parts.freeLinkId(one.name), subnet);
      links.set(subnet, link);
      if (link.addresses.has(node)) continue;
      parts.end(link, node, spanOf(one, subnet), one.name);
      parts.learn(`\`${node}\`'s ${one.name} has ${first.address}`, readFrom(first.address, first.from));
    }
  }
  for (const { host, role } of roles.machines) {
    const gateway = gatewayOf(host, parts, links);
    parts.node(parts.idOf(host), role, gateway, host, null);
  }
  widenClient(roles, parts);
  checkWay(roles, parts);
  const dial = dialOf(roles, parts);
  const [server] = roles.servers;
  const target = server === undefined ? dial : (ownAddresses(server)[0] ?? dial);
  return parts.finish(
    { id, title: titleOf(roles), dial },
    serverDraft(parts, roles, { dial, serverId: server === undefined ? "server" : parts.idOf(server), target }),
  );
}

function ownAddresses(host: Host): readonly string[] {
  return addressed(host).flatMap(({ addresses }) => addresses.map(({ address }) => address));
}

/** An interface's address, or its addresses where they follow each other. */
function spanOf({ addresses }: Interface, subnet: string): string {
  const own = addresses.map(({ address }) => address).filter((address) => contains(subnet, address));
  const [first = ""] = own;
  let last = first;
  while (own.includes(next(last))) last = next(last);
  return last === first ? first : `${first}-${last}`;
}

/** The default route's next hop; one that no machine is belongs to the Internet. */
function gatewayOf(host: Host, parts: NetworkParts, links: ReadonlyMap<string, LinkParts>): string | null {
  const route = host.routes.find(({ to, via }) => to === "default" && via !== null);
  if (route === undefined || route.via === null) return null;
  const { via } = route;
  const node = parts.idOf(host);
  const found = [...links].find(([subnet, { addresses }]) => addresses.has(node) && contains(subnet, via));
  if (found === undefined) return null;
  const [, link] = found;
  const isOwned = [...link.addresses.values()].some((span) => spanHas(span, via));
  if (!isOwned && !link.addresses.has("isp")) {
    parts.end(link, "isp", route.via, null);
    parts.node("isp", "router", null, null, { why: "the Internet between; it passes everything" });
    parts.assume(`${route.via} is the Internet`, `${placeText(route.from)} leads there, and there is no file of it`);
  }
  parts.learn(`the default route of \`${node}\` is ${route.via}`, { value: route.via, from: route.from });
  return route.via;
}

function spanHas(span: string, address: string): boolean {
  const [first = "", last = first] = span.split("-");
  for (let one = first, count = 0; count < 1024; one = next(one), count += 1) {
    if (one === address) return true;
    if (one === last) return false;
  }
  return false;
}

/** Each session of a run has an address of its own, so the client gets those behind its own too. */
function widenClient({ client }: Roles, parts: NetworkParts): void {
  if (client === null) return;
  const id = parts.idOf(client);
  // A client has one link; the one with its default route counts.
  const own = [...parts.links].filter(([, { addresses }]) => addresses.has(id));
  const gateway = parts.nodes.get(id)?.gateway ?? "";
  const [kept] = own.toSorted(
    ([, one], [, other]) => Number(contains(other.subnet, gateway)) - Number(contains(one.subnet, gateway)),
  );
  for (const [name, link] of own) {
    if (name === kept?.[0]) continue;
    link.addresses.delete(id);
    if (link.addresses.size === 0) parts.links.delete(name);
  }
  const link = kept?.[1];
  const [first = "", last = first] = link?.addresses.get(id)?.split("-") ?? [];
  if (link === undefined || last !== first) return;
  const others = [...link.addresses].filter(([node]) => node !== id).map(([, span]) => span);
  let end = first;
  for (let count = 0; count < 95; count += 1) {
    const candidate = next(end);
    const after = next(candidate);
    if (!contains(link.subnet, after) || others.some((span) => spanHas(span, candidate))) break;
    end = candidate;
  }
  if (end === first) return;
  link.addresses.set(id, `${first}-${end}`);
  parts.assume(`\`${id}\` has the addresses up to ${end} too`, "each session of a run has an address of its own");
}

/** @throws UsageError where the client's network and the server's are apart */
function checkWay({ client, servers }: Roles, parts: NetworkParts): void {
  const from = client === null ? "" : parts.idOf(client);
  const reached = new Set([from]);
  for (let size = 0; size !== reached.size;) {
    size = reached.size;
    for (const { addresses } of parts.links.values()) {
      if ([...addresses.keys()].some((node) => reached.has(node)))
        for (const node of addresses.keys()) reached.add(node);
    }
  }
  const [server] = servers;
  if (server === undefined || reached.has(parts.idOf(server))) return;
  throw new UsageError(`No network leads from ${from} to ${parts.idOf(server)}.`, {
    code: "import-no-network",
    hint: "Add the files of the router between them, or leave the client's out.",
  });
}

/** What clients dial: an address of the outermost router that forwards FTP, else the server's own. */
function dialOf(roles: Roles, parts: NetworkParts): string {
  const { forwards, servers, client } = roles;
  const isForwardedTo = (router: Host): boolean =>
    [...forwards.values()].some(({ inside }) => ownAddresses(router).includes(inside));
  const outermost = [...forwards].find(([router]) => !isForwardedTo(router));
  const [server] = servers;
  if (outermost === undefined) return server === undefined ? "" : (ownAddresses(server)[0] ?? "");
  const [router, forward] = outermost;
  return dialledAt(router, forward, client, parts);
}

function dialledAt(router: Host, { dialled, inside, on }: Forward, client: Host | null, parts: NetworkParts): string {
  const own = ownAddresses(router);
  if (dialled !== null && own.includes(dialled)) return dialled;
  const byName = addressed(router).find(({ name }) => name === on)?.addresses[0]?.address;
  if (byName !== undefined) return byName;
  const apart = addressed(router).filter(
    ({ addresses: [first] }) => first !== undefined && !contains(subnetAround(first.address, first.prefix), inside),
  );
  const clientId = client === null ? "" : parts.idOf(client);
  const near = apart.find(({ addresses: [first] }) =>
    [...parts.links.values()].some(
      (link) => link.addresses.has(clientId) && contains(link.subnet, first?.address ?? ""),
    ),
  );
  return (near ?? apart[0])?.addresses[0]?.address ?? freeAddress("203.0.113.0/24", []);
}
