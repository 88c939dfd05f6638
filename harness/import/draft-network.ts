/** Machines → a network: who is who, what lies between, and what is made up. */
import { UsageError } from "../model/errors";
import type { Forward, Host } from "./host";
import type { MadeUp, NetworkDraft } from "./network";
import { freeAddress, freeSubnet, isInSubnet, nth, overlaps, reachOf, subnetAround } from "./numbers";
import { NetworkParts, type LinkParts } from "./parts";
import { assume, placeText, type Known } from "./place";
import { rolesOf, type Roles } from "./roles";
import { insideOf, outsideOf, type Side } from "./sides";
import { draftKnown, isFullyKnown } from "./draft-known";
import { portsOf, serverDraft, titleOf } from "./draft-server";
import { isAddress } from "./read/server";

export const fronts = ["none", "nat", "forward"] as const;
/** What lies before a machine whose outside address is not of the Internet: nothing, a router that forwards nothing, or one that forwards all. */
export type Front = (typeof fronts)[number];

export type DraftOptions = {
  readonly id: string;
  readonly front: Front | null;
};

/** @throws UsageError where the files do not come to a network */
export function draftNetwork(hosts: readonly Host[], options: DraftOptions): NetworkDraft {
  const roles = rolesOf(hosts);
  if (isFullyKnown(roles)) return draftKnown(roles, options.id);
  const drafting = new Drafting(roles, options);
  return drafting.draft();
}

class Drafting {
  readonly #parts: NetworkParts;
  readonly #roles: Roles;
  readonly #options: DraftOptions;

  constructor(roles: Roles, options: DraftOptions) {
    this.#roles = roles;
    this.#options = options;
    this.#parts = new NetworkParts(roles);
  }

  draft(): NetworkDraft {
    const { routers, server, forward } = this.#roles;
    for (const { host, role, why } of this.#roles.machines)
      this.#parts.learn(`\`${this.#parts.idOf(host)}\` is the ${role}`, why);
    if (routers.length === 0 && server !== null) return this.#serverAlone(server);
    if (forward === null && server === null) return this.#clientAtHome();
    return this.#behindRouters();
  }

  /** A server, and nothing of what is before it. */
  #serverAlone(server: Host): NetworkDraft {
    const announced = announcedBy(server);
    const outside = outsideOf(server, null, announced);
    const id = this.#parts.idOf(server);
    const dial = this.#attachOutside(
      server,
      id,
      outside,
      { port: controlPortOf(server), needed: controlPortOf(server) },
      announced,
    );
    return this.#finish(dial, id, outside.address.value);
  }

  #behindRouters(): NetworkDraft {
    const { routers, server, forward } = this.#roles;
    const target = this.#target();
    const serverId = server === null ? "server" : this.#parts.idOf(server);
    const announced = this.#roles.configured === null ? null : announcedBy(this.#roles.configured);
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
    for (const [place, router] of routers.entries()) {
      const id = this.#parts.idOf(router);
      const own = forwardOf(router, this.#roles) ?? (place === 0 ? forward : null);
      outside = outsideOf(router, own, place === routers.length - 1 ? announced : null);
      const inside = insideOf(router, inner.address, target, outside.name?.value ?? null);
      if (inside === null) throw nowhere(router, id, inner.address, forward);
      if (overlaps(inside.subnet.value, outside.subnet.value)) throw sameNetwork(id, inside, outside);
      const link = this.#parts.link(place === 0 ? "lan" : `wan-${place}`, inside.subnet.value);
      this.#parts.end(link, id, inside.address.value, inside.name?.value ?? null);
      this.#parts.end(
        link,
        inner.id,
        inner.address,
        inner.side?.name?.value ?? (router.named.has("docker0") && place === 0 ? "eth0" : null),
      );
      this.#parts.learnSide(id, inside, "inside");
      const gateway = this.#gatewayOf(inner, inside, id, link);
      this.#parts.node(inner.id, place === 0 ? "server" : "router", gateway, inner.host, null);
      inner = { id, address: outside.address.value, side: outside, host: router };
    }
    const last = routers.at(-1);
    if (last === undefined || outside === null) throw new Error("no router");
    const ports = portsOf(this.#roles);
    if (this.#isRouted(target.value)) {
      this.#attachRouted(last, outside);
      this.#parts.assume(
        `clients dial ${target.value}, the server's own address`,
        "no rule forwards connections, and nothing hides the server's network",
      );
      return this.#finish(target.value, serverId, target.value);
    }
    const dial = this.#attachOutside(last, this.#parts.idOf(last), outside, ports, announced);
    return this.#finish(dial, serverId, target.value);
  }

  /** Whether the routers pass connections to the server's own address: they only filter, or it is of the Internet. */
  #isRouted(target: string): boolean {
    const { routers, server, forwards } = this.#roles;
    if (server === null || forwards.size > 0 || (this.#options.front ?? "none") !== "none") return false;
    return reachOf(target) === "public" || routers.every(({ hidings }) => hidings.length === 0);
  }

  /** The client beyond a router's outside address, with a route to what is behind it. */
  #attachRouted(router: Host, outside: Side): void {
    const id = this.#parts.idOf(router);
    this.#parts.learnSide(id, outside, "outside");
    const wan = this.#parts.link("wan", outside.subnet.value);
    const gateway = this.#neighbour(outside);
    this.#parts.end(wan, id, outside.address.value, outside.name?.value ?? null);
    this.#parts.end(wan, "isp", gateway, null);
    this.#parts.node(id, "router", gateway, router, null);
    if (outside.gateway !== null) this.#parts.learn(`the way out of \`${id}\` is ${gateway}`, outside.gateway);
    this.#client("isp", { why: "the Internet between; it passes everything" }, outside.address.value);
  }

  /** The router of somebody who is at home, and a server somewhere. */
  #clientAtHome(): NetworkDraft {
    const [router] = this.#roles.routers;
    if (router === undefined) throw noNetwork();
    const id = this.#parts.idOf(router);
    const outside = outsideOf(router, null, null);
    const anchor = this.#insideAnchor(router, outside);
    const inside = insideOf(router, anchor.value, anchor, outside.name?.value ?? null);
    if (inside === null) throw noNetwork();
    const lan = this.#parts.link("lan", inside.subnet.value);
    this.#parts.end(lan, id, inside.address.value, inside.name?.value ?? null);
    this.#parts.learnSide(id, inside, "inside");
    this.#parts.learnSide(id, outside, "outside");
    lan.addresses.set("client", rangeIn(inside.subnet.value, [inside.address.value]));
    this.#parts.node("client", "client", inside.address.value, null, null);
    const wan = this.#parts.link("wan", outside.subnet.value);
    this.#parts.end(wan, id, outside.address.value, outside.name?.value ?? null);
    const gateway = this.#neighbour(outside);
    this.#parts.end(wan, "isp", gateway, null);
    this.#parts.node(id, "router", gateway, router, null);
    const subnet = freeSubnet(this.#parts.taken());
    const far = this.#parts.link("internet", subnet);
    this.#parts.end(far, "isp", nth(subnet, 1), null);
    this.#parts.end(far, "server", nth(subnet, 10), null);
    this.#parts.node("isp", "router", null, null, { why: "the Internet between; it passes everything" });
    this.#parts.node("server", "server", nth(subnet, 1), null, null);
    this.#parts.assume(
      "the client is at home, and the server somewhere on the Internet",
      "no rule forwards FTP, and no file is of a server",
    );
    return this.#finish(nth(subnet, 10), "server", nth(subnet, 10));
  }

  #insideAnchor(router: Host, outside: Side): Known<string> {
    const inside = router.interfaces
      .filter(({ name }) => name !== outside.name?.value)
      .flatMap(({ addresses }) => addresses)
      .find(
        ({ address, prefix }) =>
          prefix < 31 && reachOf(address) === "private" && !isInSubnet(outside.subnet.value, address),
      );
    if (inside !== undefined)
      return { value: freeAddress(subnetAround(inside.address, inside.prefix), [inside.address]), from: inside.from };
    const source = router.hidings.find((hiding) => hiding.source?.includes("/") === true);
    if (source !== undefined && source.source !== null) return { value: nth(source.source, 32), from: source.from };
    return assume("192.168.1.32", "no file tells the network at home");
  }

  /** Where the server is. */
  #target(): Known<string> {
    const { forward, server } = this.#roles;
    const own = server === null ? [] : server.interfaces.flatMap(({ addresses }) => addresses);
    if (forward !== null && (own.length === 0 || own.some(({ address }) => address === forward.inside))) {
      return { value: forward.inside, from: forward.from };
    }
    const [first] = own;
    if (forward !== null && first !== undefined && server !== null) {
      const [router] = this.#roles.routers;
      const near =
        own.find(({ address }) => router !== undefined && isInSubnet(subnetAround(forward.inside, 24), address)) ??
        first;
      this.#parts.notes.push(
        `${placeText(forward.from)} forwards to ${forward.inside}, and \`${this.#parts.idOf(server)}\` has ${own.map(({ address }) => address).join(", ")} (${placeText(near.from)}).`,
      );
      return { value: near.address, from: near.from };
    }
    if (first === undefined) throw noNetwork();
    return { value: first.address, from: first.from };
  }

  /** Everything beyond a machine's outside address, up to the client. Gives back what clients dial. */
  #attachOutside(
    host: Host,
    id: string,
    outside: Side,
    { port, needed }: { readonly port: number; readonly needed: number },
    announced: Known<string> | null,
  ): string {
    this.#parts.learnSide(id, outside, "outside");
    const address = outside.address.value;
    const reach = reachOf(address);
    const front = this.#options.front ?? (reach === "public" ? "none" : reach === "carrier" ? "nat" : "forward");
    const wan = this.#parts.link("wan", outside.subnet.value);
    this.#parts.end(wan, id, address, outside.name?.value ?? null);
    const gateway = this.#neighbour(outside);
    const role = this.#roles.routers.length === 0 ? "server" : "router";
    this.#parts.node(id, role, gateway, host, null);
    if (outside.gateway !== null) this.#parts.learn(`the way out of \`${id}\` is ${gateway}`, outside.gateway);
    const remap = port === needed ? null : { from: port, to: needed };
    if (front === "none") {
      this.#parts.end(wan, "isp", gateway, null);
      this.#client(
        "isp",
        remap === null ? { why: "the Internet between; it passes everything" } : remapping(address, remap),
      );
      if (remap !== null)
        this.#parts.notes.push(
          `Clients here dial port ${remap.from}, the server's own; \`isp\` turns it into ${remap.to}, which the rules forward.`,
        );
      return address;
    }
    const isKnown = announced !== null && isAddress(announced.value) && reachOf(announced.value) === "public";
    const subnet = isKnown ? subnetAround(announced.value, 24) : freeSubnet(this.#parts.taken());
    const own = isKnown ? announced.value : nth(subnet, 1);
    this.#parts.end(wan, "front", gateway, null);
    const line = this.#parts.link("line", subnet);
    this.#parts.end(line, "front", own, null);
    const next = freeAddress(subnet, [own]);
    this.#parts.end(line, "isp", next, null);
    const forwards = front === "forward" ? [{ on: "line", ports: "1-65535", to: address }] : [];
    this.#parts.node("front", "router", next, null, {
      why:
        front === "forward"
          ? "the router in front, which passes every port on"
          : "the router in front, which passes nothing on",
      masquerade: ["line"],
      forwards,
    });
    this.#client("isp", remap === null ? { why: "the Internet between; it passes everything" } : remapping(own, remap));
    const why =
      reach === "carrier" ? `${address} is of a provider's own network (RFC 6598)` : `${address} is a private address`;
    const does =
      front === "forward"
        ? "passes every TCP port on to it, so that nothing but your files decides"
        : "passes nothing on to it";
    if (this.#options.front === null)
      this.#parts.assume(
        `one more router, \`front\`, lies before \`${id}\` and ${does} (--front none|nat|forward)`,
        why,
      );
    if (isKnown) this.#parts.learn(`\`front\` has ${own}`, announced);
    else this.#parts.assume(`\`front\` has ${own}`, "no file tells the address outside");
    return own;
  }

  #client(behind: string, made: MadeUp, gateway: string | null = null): void {
    const subnet = freeSubnet(this.#parts.taken());
    const link = this.#parts.link("internet", subnet);
    this.#parts.end(link, behind, nth(subnet, 1), null);
    link.addresses.set("client", `${nth(subnet, 32)}-${nth(subnet, 223)}`);
    this.#parts.node(behind, "router", gateway, null, made);
    this.#parts.node("client", "client", nth(subnet, 1), null, null);
  }

  #neighbour(outside: Side): string {
    return outside.gateway?.value ?? freeAddress(outside.subnet.value, [outside.address.value]);
  }

  /** The server's default route leads to the router, unless its own files say otherwise. */
  #gatewayOf(
    inner: { readonly id: string; readonly host: Host | null; readonly side: Side | null },
    inside: Side,
    router: string,
    link: LinkParts,
  ): string {
    const own = inside.address.value;
    const route = inner.host?.routes.find(({ to, via }) => to === "default" && via !== null);
    if (route === undefined || route.via === null) {
      this.#parts.assume(`the default route of \`${inner.id}\` is ${own}, \`${router}\``, "no file tells it");
      return own;
    }
    this.#parts.learn(`the default route of \`${inner.id}\` is ${route.via}`, { value: route.via, from: route.from });
    if (route.via !== own && isInSubnet(inside.subnet.value, route.via)) {
      this.#parts.end(link, "other-router", route.via, null);
      this.#parts.node("other-router", "router", null, null, {
        why: `the default route of \`${inner.id}\`, of which there is no file`,
      });
      this.#parts.notes.push(
        `${placeText(route.from)}: the default route of \`${inner.id}\` is ${route.via}, and not \`${router}\` (${own}).`,
      );
    }
    return route.via;
  }

  #finish(dial: string, serverId: string, target: string): NetworkDraft {
    const server = serverDraft(this.#parts, this.#roles, { dial, serverId, target });
    return this.#parts.finish({ id: this.#options.id, title: titleOf(this.#roles), dial }, server);
  }
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

/** The longest run of addresses that nobody has, within 32 to 223. */
function rangeIn(subnet: string, taken: readonly string[]): string {
  const free = Array.from({ length: 192 }, (_, at) => nth(subnet, 32 + at)).filter(
    (address) => isInSubnet(subnet, address) && !taken.includes(address),
  );
  let best: readonly string[] = [];
  let run: string[] = [];
  for (const address of free) {
    const isNext = run.length > 0 && nth(`${run.at(-1) ?? ""}/32`, 1) === address;
    run = isNext ? [...run, address] : [address];
    if (run.length > best.length) best = run;
  }
  const [first] = best;
  return first === undefined ? freeAddress(subnet, taken) : `${first}-${best.at(-1) ?? first}`;
}

function remapping(dial: string, { from, to }: { readonly from: number; readonly to: number }): MadeUp {
  return {
    why: `the Internet between; clients here dial port ${from}, and it turns that into ${to}, which is what the rules forward`,
    rules: [
      "*nat",
      `-A PREROUTING -d ${dial}/32 -p tcp -m tcp --dport ${from} -j DNAT --to-destination ${dial}:${to}`,
      "COMMIT",
    ].join("\n"),
  };
}

function noNetwork(): UsageError {
  return new UsageError(
    "The files do not tell where the server is: no rule forwards FTP to it, and no file is of a server.",
    {
      code: "import-no-network",
      hint: "Add the rules of the router in front of the server, or the server's own rules, ip addr or configuration.",
    },
  );
}

function nowhere(router: Host, id: string, address: string, forward: Forward | null): UsageError {
  const has = router.interfaces.flatMap(({ name, addresses }) =>
    addresses.map((own) => `${name} ${own.address}/${own.prefix}`),
  );
  const place = forward === null ? "" : `${placeText(forward.from)}: `;
  return new UsageError(`${place}connections go to ${address}, which is in no network of ${id}: ${has.join(", ")}.`, {
    code: "import-no-network",
    hint: `Correct the address, or give the ip addr of the time when the rules were taken. ${clientHint(id)}`,
  });
}

/** A router of the client's is taken for one of the server's where nothing is of the client. */
function clientHint(router: string): string {
  return `If ${router} stands before the client, add the output of \`ip addr\` and \`ip route\` of the client's host.`;
}

function sameNetwork(id: string, inside: Side, outside: Side): UsageError {
  const hint = `A router cannot tell such networks apart. Give one of them another range, or add the output of ip addr if it is otherwise. ${clientHint(id)}`;
  return new UsageError(
    `${id} has the same network on both sides: ${inside.subnet.value} and ${outside.subnet.value}.`,
    { code: "import-no-network", hint },
  );
}
