/** Machines → a network: who is who, what lies between, and what is made up. */
import type { Forward, Host } from "./host";
import type { NetworkDraft } from "./network";
import { contains } from "../net/blocks";
import { overlaps, reachOf, subnetAround } from "./numbers";
import { NetworkParts, type LinkParts } from "./parts";
import { assume, placeText, readFrom, type Known } from "./place";
import { rolesOf, type Roles } from "./roles";
import { insideOf, outsideOf, type Side } from "./sides";
import { elsewhere, noNetwork, nowhere, sameNetwork } from "./draft-errors";
import { draftClientAtHome } from "./draft-home";
import { draftKnown, isFullyKnown } from "./draft-known";
import { attachInside, type Inside } from "./draft-inside";
import { attachOutside, attachRouted } from "./draft-outside";
import { portsOf } from "./draft-server";
import { finished, type Drafting, type DraftOptions } from "./drafting";
import { isAddress } from "./read/server";

/** @throws UsageError where the files do not come to a network */
export function draftNetwork(hosts: readonly Host[], options: DraftOptions): NetworkDraft {
  const roles = rolesOf(hosts);
  if (isFullyKnown(roles)) return draftKnown(roles, options.id);
  const parts = new NetworkParts(roles);
  const drafting = { parts, roles, options };
  for (const { host, role, why } of roles.machines) parts.learn(`\`${parts.idOf(host)}\` is the ${role}`, why);
  if (roles.routers.length === 0 && roles.server !== null) return draftServerAlone(drafting, roles.server);
  if (roles.forward === null && roles.server === null) return draftClientAtHome(drafting);
  return draftBehindRouters(drafting);
}

/** A server, and nothing of what is before it. */
function draftServerAlone(drafting: Drafting, server: Host): NetworkDraft {
  const { parts } = drafting;
  const announced = announcedBy(server);
  const outside = outsideOf(server, null, drafting.options.told ?? announced);
  const id = parts.idOf(server);
  const dial = attachOutside(
    drafting,
    { host: server, id, outside },
    { port: controlPortOf(server), needed: controlPortOf(server) },
    announced,
  );
  return finished(drafting, dial, id, outside.address.value);
}

/** The server, and the routers before it. */
function draftBehindRouters(drafting: Drafting): NetworkDraft {
  const { parts, roles } = drafting;
  const { routers, server, forward } = roles;
  const target = targetOf(drafting);
  const serverId = server === null ? "server" : parts.idOf(server);
  const announced = roles.configured === null ? null : announcedBy(roles.configured);
  let inner: {
    readonly id: string;
    readonly address: string;
    readonly side: Side | null;
    readonly host: Host | null;
  } = {
    id: serverId,
    address: target.value,
    side: server === null ? null : sideWith(server, target.value),
    host: server,
  };
  let outside: Side | null = null;
  let innermost: Inside | null = null;
  for (const [place, router] of routers.entries()) {
    const id = parts.idOf(router);
    const own = forwardOf(router, roles) ?? (place === 0 ? forward : null);
    outside = outsideOf(router, own, place === routers.length - 1 ? (drafting.options.told ?? announced) : null);
    const inside = insideOf(router, inner.address, target, outside.name?.value ?? null);
    if (inside === null) throw nowhere(router, id, inner.address, forward);
    if (overlaps(inside.subnet.value, outside.subnet.value)) throw sameNetwork(id, inside, outside);
    const link = parts.link(place === 0 ? "lan" : `wan-${place}`, inside.subnet.value);
    parts.end(link, id, inside.address.value, inside.name?.value ?? null);
    parts.end(
      link,
      inner.id,
      inner.address,
      inner.side?.name?.value ?? (router.named.has("docker0") && place === 0 ? "eth0" : null),
    );
    parts.learnSide(id, inside, "inside");
    const gateway = gatewayOf(parts, inner, inside, id, link);
    parts.node(inner.id, place === 0 ? "server" : "router", gateway, inner.host, null);
    innermost ??= { router, link, side: inside, gateway };
    inner = { id, address: outside.address.value, side: outside, host: router };
  }
  const last = routers.at(-1);
  if (last === undefined || outside === null) throw new Error("no router");
  if (isRouted(drafting, target.value)) {
    attachRouted(parts, last, outside);
    parts.assume(
      `clients dial ${target.value}, the server's own address`,
      "no rule forwards connections, and nothing hides the server's network",
    );
    return finished(drafting, target.value, serverId, target.value);
  }
  const ports = portsOf(roles);
  const dial = attachOutside(drafting, { host: last, id: parts.idOf(last), outside }, ports, announced);
  if (innermost !== null) attachInside(parts, innermost, { outside, dial, isRemapped: ports.port !== ports.needed });
  return finished(drafting, dial, serverId, target.value);
}

/** Whether the routers pass connections to the server's own address: they only filter, or it is of the Internet. */
function isRouted({ roles, options }: Drafting, target: string): boolean {
  const { routers, server, forwards } = roles;
  if (server === null || forwards.size > 0 || (options.front ?? "none") !== "none") return false;
  return reachOf(target) === "public" || routers.every(({ hidings }) => hidings.length === 0);
}

/** Where the server is. */
function targetOf({ parts, roles }: Drafting): Known<string> {
  const { forward, server } = roles;
  const own = server === null ? [] : server.interfaces.flatMap(({ addresses }) => addresses);
  if (forward !== null && (own.length === 0 || own.some(({ address }) => address === forward.inside))) {
    return { value: forward.inside, from: forward.from };
  }
  const [first] = own;
  if (forward !== null && first !== undefined && server !== null) {
    const [router] = roles.routers;
    const near =
      own.find(({ address }) => router !== undefined && contains(subnetAround(forward.inside, 24), address)) ?? first;
    parts.notes.push(
      `${placeText(forward.from)} forwards to ${forward.inside}, and \`${parts.idOf(server)}\` has ${own.map(({ address }) => address).join(", ")} (${placeText(near.from)}).`,
    );
    return { value: near.address, from: near.from };
  }
  if (first === undefined) throw noNetwork(server !== null);
  return { value: first.address, from: first.from };
}

/** The server's default route leads to the router, unless its own files say otherwise. */
function gatewayOf(
  parts: NetworkParts,
  inner: { readonly id: string; readonly host: Host | null; readonly side: Side | null },
  inside: Side,
  router: string,
  link: LinkParts,
): string {
  const own = inside.address.value;
  const route = inner.host?.routes.find(({ to, via }) => to === "default" && via !== null);
  if (route === undefined || route.via === null) {
    parts.assume(`the default route of \`${inner.id}\` is ${own}, \`${router}\``, "no file shows it");
    return own;
  }
  const { via } = route;
  if (!contains(inside.subnet.value, via)) {
    const near = inner.host?.interfaces.flatMap(({ addresses }) => addresses) ?? [];
    if (near.some(({ address, prefix }) => prefix < 32 && contains(subnetAround(address, prefix), via)))
      throw elsewhere(inner.id, readFrom(via, route.from), inside.subnet.value);
    parts.assume(
      `the default route of \`${inner.id}\` is ${own}, \`${router}\``,
      `${placeText(route.from)} has ${via}, which is in no network of \`${inner.id}\``,
    );
    return own;
  }
  parts.learn(`the default route of \`${inner.id}\` is ${route.via}`, { value: route.via, from: route.from });
  if (route.via !== own) {
    parts.end(link, "other-router", route.via, null);
    parts.node("other-router", "router", null, null, {
      why: `the default route of \`${inner.id}\`, of which there is no file`,
    });
    parts.notes.push(
      `${placeText(route.from)}: the default route of \`${inner.id}\` is ${route.via}, and not \`${router}\` (${own}).`,
    );
  }
  return route.via;
}

function announcedBy({ server }: Host): Known<string> | null {
  const announced = server?.announces;
  return announced !== undefined && isAddress(announced.value) && "from" in announced
    ? { value: announced.value, from: announced.from }
    : null;
}

function controlPortOf({ server }: Host): number {
  return server?.controlPort.value ?? 21;
}

function forwardOf(router: Host, roles: Roles): Forward | null {
  return roles.forwards.get(router) ?? null;
}

function sideWith(server: Host, address: string): Side | null {
  const one = server.interfaces.find(({ addresses }) => addresses.some((own) => own.address === address));
  if (one === undefined) {
    const [named] = [...server.named.keys()].filter((name) => !/^(docker|br-|virbr)/.test(name));
    return named === undefined
      ? null
      : {
          name: { value: named, from: server.named.get(named) ?? { file: "", line: 1 } },
          address: assume(address, ""),
          subnet: assume("", ""),
          gateway: null,
        };
  }
  return {
    name: { value: one.name, from: one.from },
    address: { value: address, from: one.from },
    subnet: assume("", ""),
    gateway: null,
  };
}
