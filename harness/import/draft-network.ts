/** Machines → a network: who is who, what lies between, and what is made up. */
import { UsageError } from "../model/errors";
import type { PortRange } from "../model/topology";
import type { Forward, Host } from "./host";
import type { LinkDraft, MadeUp, NetworkDraft, NodeDraft, ServerDraft } from "./network";
import { freeAddress, freeSubnet, isInSubnet, nth, overlaps, reachOf, subnetAround } from "./numbers";
import { assume, inferenceOf, placeText, type Inference, type Known } from "./place";
import { rolesOf, type Roles } from "./roles";
import { insideOf, outsideOf, type Side } from "./sides";
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
  const drafting = new Drafting(roles, options);
  return drafting.draft();
}

type LinkParts = { readonly subnet: string; readonly addresses: Map<string, string>; readonly interfaces: Map<string, string> };

class Drafting {
  readonly #nodes = new Map<string, NodeDraft>();
  readonly #links = new Map<string, LinkParts>();
  readonly #inferences: Inference[] = [];
  readonly #notes: string[] = [];
  readonly #ids = new Map<Host, string>();
  readonly #roles: Roles;
  readonly #options: DraftOptions;

  constructor(roles: Roles, options: DraftOptions) {
    this.#roles = roles;
    this.#options = options;
    const names = new Set(["client", "isp", "front"]);
    for (const { host, role } of roles.machines) {
      const wanted = idOf(host.name) ?? role;
      let id = wanted;
      for (let count = 2; names.has(id); count += 1) id = `${wanted}-${count}`;
      names.add(id);
      this.#ids.set(host, id);
    }
  }

  draft(): NetworkDraft {
    const { routers, server, forward } = this.#roles;
    for (const { host, role, why } of this.#roles.machines) this.#learn(`\`${this.#idOf(host)}\` is the ${role}`, why);
    if (routers.length === 0 && server !== null) return this.#serverAlone(server);
    if (forward === null && server === null) return this.#clientAtHome();
    return this.#behindRouters();
  }

  /** A server, and nothing of what is before it. */
  #serverAlone(server: Host): NetworkDraft {
    const announced = announcedBy(server);
    const outside = outsideOf(server, null, announced);
    const id = this.#idOf(server);
    const dial = this.#attachOutside(server, id, outside, { port: controlPortOf(server), needed: controlPortOf(server) }, announced);
    return this.#finish(dial, id, server, outside.address.value);
  }

  #behindRouters(): NetworkDraft {
    const { routers, server, forward } = this.#roles;
    const target = this.#target();
    const serverId = server === null ? "server" : this.#idOf(server);
    const announced = this.#roles.configured === null ? null : announcedBy(this.#roles.configured);
    let inner: { readonly id: string; readonly address: string; readonly side: Side | null; readonly host: Host | null } = {
      id: serverId,
      address: target.value,
      side: server === null ? null : sideWith(server, target.value),
      host: server,
    };
    let outside: Side | null = null;
    for (const [place, router] of routers.entries()) {
      const id = this.#idOf(router);
      const own = forwardOf(router, this.#roles) ?? (place === 0 ? forward : null);
      outside = outsideOf(router, own, place === routers.length - 1 ? announced : null);
      const inside = insideOf(router, inner.address, target, outside.name?.value ?? null);
      if (inside === null) throw nowhere(router, id, inner.address, forward);
      if (overlaps(inside.subnet.value, outside.subnet.value)) throw sameNetwork(id, inside, outside);
      const link = this.#link(place === 0 ? "lan" : `wan-${place}`, inside.subnet.value);
      this.#end(link, id, inside.address.value, inside.name?.value ?? null);
      this.#end(link, inner.id, inner.address, inner.side?.name?.value ?? (router.named.has("docker0") && place === 0 ? "eth0" : null));
      this.#learnSide(id, inside, "inside");
      const gateway = this.#gatewayOf(inner, inside, id, link);
      this.#node(inner.id, place === 0 ? "server" : "router", gateway, inner.host, null);
      inner = { id, address: outside.address.value, side: outside, host: router };
    }
    const last = routers.at(-1);
    if (last === undefined || outside === null) throw new Error("no router");
    const ports = this.#ports();
    const dial = this.#attachOutside(last, this.#idOf(last), outside, ports, announced);
    return this.#finish(dial, serverId, server, target.value);
  }

  /** The router of somebody who is at home, and a server somewhere. */
  #clientAtHome(): NetworkDraft {
    const [router] = this.#roles.routers;
    if (router === undefined) throw noNetwork();
    const id = this.#idOf(router);
    const outside = outsideOf(router, null, null);
    const anchor = this.#insideAnchor(router, outside);
    const inside = insideOf(router, anchor.value, anchor, outside.name?.value ?? null);
    if (inside === null) throw noNetwork();
    const lan = this.#link("lan", inside.subnet.value);
    this.#end(lan, id, inside.address.value, inside.name?.value ?? null);
    this.#learnSide(id, inside, "inside");
    this.#learnSide(id, outside, "outside");
    lan.addresses.set("client", rangeIn(inside.subnet.value, [inside.address.value]));
    this.#node("client", "client", inside.address.value, null, null);
    const wan = this.#link("wan", outside.subnet.value);
    this.#end(wan, id, outside.address.value, outside.name?.value ?? null);
    const gateway = this.#neighbour(outside);
    this.#end(wan, "isp", gateway, null);
    this.#node(id, "router", gateway, router, null);
    const subnet = freeSubnet(this.#taken());
    const far = this.#link("internet", subnet);
    this.#end(far, "isp", nth(subnet, 1), null);
    this.#end(far, "server", nth(subnet, 10), null);
    this.#node("isp", "router", null, null, { why: "the Internet between; it passes everything" });
    this.#node("server", "server", nth(subnet, 1), null, null);
    this.#assumed("the client is at home, and the server somewhere on the Internet", "no rule forwards FTP, and no file is of a server");
    return this.#finish(nth(subnet, 10), "server", null, nth(subnet, 10));
  }

  #insideAnchor(router: Host, outside: Side): Known<string> {
    const inside = router.interfaces
      .filter(({ name }) => name !== outside.name?.value)
      .flatMap(({ addresses }) => addresses)
      .find(({ address, prefix }) => prefix < 31 && reachOf(address) === "private" && !isInSubnet(outside.subnet.value, address));
    if (inside !== undefined) return { value: freeAddress(subnetAround(inside.address, inside.prefix), [inside.address]), from: inside.from };
    const source = router.hidings.find(({ source: block }) => block !== null && block.includes("/"));
    if (source?.source != null) return { value: nth(source.source, 32), from: source.from };
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
      const near = own.find(({ address }) => router !== undefined && isInSubnet(subnetAround(forward.inside, 24), address)) ?? first;
      this.#notes.push(`${placeText(forward.from)} forwards to ${forward.inside}, and \`${this.#idOf(server)}\` has ${own.map(({ address }) => address).join(", ")} (${placeText(near.from)}).`);
      return { value: near.address, from: near.from };
    }
    if (first === undefined) throw noNetwork();
    return { value: first.address, from: first.from };
  }

  /** The port that clients dial here is the server's; the user's router may forward another one to it. */
  #ports(): { readonly port: number; readonly needed: number } {
    const { forward, configured } = this.#roles;
    const listens = configured?.server?.controlPort;
    const inside = forward?.toPorts?.first ?? forward?.ports?.[0]?.first ?? 21;
    const port = listens !== undefined && "from" in listens ? listens.value : forward?.ports === null ? 21 : firstFtp(forward, inside);
    if (forward?.ports == null) return { port, needed: port };
    const covers = forward.ports.some(({ first, last }) => first <= port && port <= last);
    return { port, needed: forward.toPorts === null && covers ? port : (forward.ports[0]?.first ?? port) };
  }

  /** Everything beyond a machine's outside address, up to the client. Gives back what clients dial. */
  #attachOutside(
    host: Host,
    id: string,
    outside: Side,
    { port, needed }: { readonly port: number; readonly needed: number },
    announced: Known<string> | null,
  ): string {
    this.#learnSide(id, outside, "outside");
    const address = outside.address.value;
    const reach = reachOf(address);
    const front = this.#options.front ?? (reach === "public" ? "none" : reach === "carrier" ? "nat" : "forward");
    const wan = this.#link("wan", outside.subnet.value);
    this.#end(wan, id, address, outside.name?.value ?? null);
    const gateway = this.#neighbour(outside);
    const role = this.#roles.routers.length === 0 ? "server" : "router";
    this.#node(id, role, gateway, host, null);
    if (outside.gateway !== null) this.#learn(`the way out of \`${id}\` is ${gateway}`, outside.gateway);
    const remap = port === needed ? null : { from: port, to: needed };
    if (front === "none") {
      this.#end(wan, "isp", gateway, null);
      this.#client("isp", remap === null ? { why: "the Internet between; it passes everything" } : remapping(address, remap));
      if (remap !== null) this.#notes.push(`Clients here dial port ${remap.from}, the server's own; \`isp\` turns it into ${remap.to}, which the rules forward.`);
      return address;
    }
    const isKnown = announced !== null && isAddress(announced.value) && reachOf(announced.value) === "public";
    const subnet = isKnown ? subnetAround(announced.value, 24) : freeSubnet(this.#taken());
    const own = isKnown ? announced.value : nth(subnet, 1);
    this.#end(wan, "front", gateway, null);
    const line = this.#link("line", subnet);
    this.#end(line, "front", own, null);
    const next = freeAddress(subnet, [own]);
    this.#end(line, "isp", next, null);
    const forwards = front === "forward" ? [{ on: "line", ports: "1-65535", to: address }] : [];
    this.#node("front", "router", next, null, {
      why: front === "forward" ? "the router in front, which passes every port on" : "the router in front, which passes nothing on",
      masquerade: ["line"],
      forwards,
    });
    this.#client("isp", remap === null ? { why: "the Internet between; it passes everything" } : remapping(own, remap));
    const why = reach === "carrier" ? `${address} is of a provider's own network (RFC 6598)` : `${address} is a private address`;
    const does = front === "forward" ? "passes every TCP port on to it, so that nothing but your files decides" : "passes nothing on to it";
    if (this.#options.front === null) this.#assumed(`one more router, \`front\`, lies before \`${id}\` and ${does} (--front none|nat|forward)`, why);
    if (isKnown) this.#learn(`\`front\` has ${own}`, announced);
    else this.#assumed(`\`front\` has ${own}`, "no file tells the address outside");
    return own;
  }

  #client(behind: string, made: MadeUp): void {
    const subnet = freeSubnet(this.#taken());
    const link = this.#link("internet", subnet);
    this.#end(link, behind, nth(subnet, 1), null);
    link.addresses.set("client", `${nth(subnet, 32)}-${nth(subnet, 223)}`);
    this.#node(behind, "router", null, null, made);
    this.#node("client", "client", nth(subnet, 1), null, null);
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
    if (route?.via == null) {
      this.#assumed(`the default route of \`${inner.id}\` is ${own}, \`${router}\``, "no file tells it");
      return own;
    }
    this.#learn(`the default route of \`${inner.id}\` is ${route.via}`, { value: route.via, from: route.from });
    if (route.via !== own && isInSubnet(inside.subnet.value, route.via)) {
      this.#end(link, "other-router", route.via, null);
      this.#node("other-router", "router", null, null, { why: `the default route of \`${inner.id}\`, of which there is no file` });
      this.#notes.push(`${placeText(route.from)}: the default route of \`${inner.id}\` is ${route.via}, and not \`${router}\` (${own}).`);
    }
    return route.via;
  }

  #finish(dial: string, serverId: string, server: Host | null, target: string): NetworkDraft {
    const all = this.#roles.machines.map(({ host }) => host);
    for (const host of all) this.#otherInterfaces(host);
    const nodes = [...this.#nodes.values()].toSorted((one, other) => order(one) - order(other));
    const draft = this.#serverDraft(dial, serverId, server, target);
    return {
      id: this.#options.id,
      title: titleOf(this.#roles),
      dial,
      nodes,
      links: [...this.#links].map(([id, parts]): LinkDraft => ({ id, ...parts })),
      server: draft,
      inferences: this.#inferences,
      notes: this.#notes,
    };
  }

  #serverDraft(dial: string, serverId: string, server: Host | null, target: string): ServerDraft {
    const files = this.#roles.configured?.server ?? null;
    if (this.#roles.forward?.inside === target) this.#learn(`\`${serverId}\` has ${target}`, { value: target, from: this.#roles.forward.from });
    if (files !== null) {
      this.#learn(`the server listens on port ${files.controlPort.value}`, files.controlPort);
      this.#learn(`it takes passive connections on ports ${rangeText(files.passivePorts.value)}`, files.passivePorts);
      this.#learn(files.announces.value === null ? "it announces its own address" : `it announces ${files.announces.value}`, files.announces);
      const announced = files.profile !== null && isAddress(files.announces.value) ? files.announces.value : null;
      return { passivePorts: files.passivePorts.value, controlPort: this.#roles.forward === null ? files.controlPort.value : this.#ports().port, masqueradeAddress: announced };
    }
    const port = this.#ports().port;
    const range = this.#roles.forwardedRange;
    if (range === null) {
      const open = { first: 32_768, last: 60_999 };
      this.#assumed(`the server takes passive connections on any port (${rangeText(open)})`, "no file is of an FTP server");
      return { passivePorts: open, controlPort: port, masqueradeAddress: null };
    }
    this.#learn(`the server's passive range is ${rangeText(range.value)}`, range);
    const announces = target === dial ? null : dial;
    if (announces !== null) this.#assumed(`the server announces ${announces}`, "its range is forwarded, and no file is of the server");
    return { passivePorts: range.value, controlPort: port, masqueradeAddress: announces };
  }

  /** Networks of the machine that are on nobody's way are there, so that rules find their interfaces. */
  #otherInterfaces(host: Host): void {
    const id = this.#idOf(host);
    const known = new Set([...this.#links.values()].flatMap(({ interfaces }) => interfaces.get(id) ?? []));
    for (const { name, addresses, from } of host.interfaces) {
      const [own] = addresses;
      if (own === undefined || known.has(name) || !/^[\w][\w.-]{0,14}$/.test(name)) continue;
      const subnet = subnetAround(own.address, Math.min(own.prefix, 30));
      const clash = [...this.#links.values()].some((link) => overlaps(link.subnet, subnet));
      if (clash) {
        this.#notes.push(`${placeText(from)}: ${name} (${own.address}/${own.prefix}) is left out: another link has that network.`);
        continue;
      }
      const host0 = subnetAround(own.address, own.prefix) === `${own.address}/${own.prefix}`;
      if (host0) continue;
      this.#end(this.#link(this.#freeLinkId(name), subnet), id, own.address, name);
    }
    this.#interfacesByNumber(host, id);
  }

  /** nftables' `iif` and `oif` load only where the interface is. */
  #interfacesByNumber(host: Host, id: string): void {
    const needed = host.rules
      .filter(({ format }) => format === "nftables")
      .flatMap(({ text }) => [...text.matchAll(/\b[io]if (?:!= )?"([^"]+)"/g)].map(([, name]) => name ?? ""));
    for (const name of new Set(needed)) {
      const has = [...this.#links].some(([link, { addresses, interfaces }]) => addresses.has(id) && (interfaces.get(id) ?? link) === name);
      if (name === "lo" || has) continue;
      const subnet = freeSubnet([...this.#taken(), "198.51.100.0/24", "203.0.113.0/24", "192.0.2.0/24"]);
      this.#end(this.#link(this.#freeLinkId(name), subnet), id, nth(subnet, 1), name);
      this.#assumed(`${name} of \`${id}\` has ${nth(subnet, 1)}`, "the rules need the interface, and no file tells its address");
    }
  }

  #freeLinkId(name: string): string {
    const base = (idOf(name) ?? "net").slice(0, 12);
    let id = base;
    for (let count = 2; this.#links.has(id) || ["lan", "wan", "internet", "line"].includes(id); count += 1) id = `${base}-${count}`;
    return id;
  }

  #link(id: string, subnet: string): LinkParts {
    const parts: LinkParts = { subnet, addresses: new Map(), interfaces: new Map() };
    this.#links.set(id, parts);
    return parts;
  }

  #end(link: LinkParts, node: string, address: string, name: string | null): void {
    link.addresses.set(node, address);
    if (name !== null) link.interfaces.set(node, name);
  }

  #node(id: string, role: NodeDraft["role"], gateway: string | null, host: Host | null, made: MadeUp | null): void {
    const known = this.#nodes.get(id);
    this.#nodes.set(id, known === undefined ? { id, role, gateway, host, made } : { ...known, gateway: gateway ?? known.gateway });
  }

  /** Blocks that a made-up network must not be in: those of links, and all that the files name. */
  #taken(): readonly string[] {
    const named = this.#roles.machines.flatMap(({ host }) =>
      host.pieces.flatMap(({ lines }) => lines.flatMap((line) => line.match(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d+)?(?![\d.])/g) ?? [])),
    );
    const blocks = named.filter((text) => !text.endsWith("/0") && !text.startsWith("0.")).map((text) => (text.includes("/") ? text : `${text}/32`));
    return [...[...this.#links.values()].map(({ subnet }) => subnet), ...new Set(blocks)];
  }

  #learn(what: string, known: Known<unknown>): void {
    this.#inferences.push(inferenceOf(what, known));
  }

  #assumed(what: string, why: string): void {
    this.#inferences.push({ kind: "assumed", what, why });
  }

  #learnSide(id: string, { name, address, subnet }: Side, where: string): void {
    if (name !== null) this.#learn(`\`${id}\`'s interface ${where} is ${name.value}`, name);
    this.#learn(`\`${id}\` has ${address.value} ${where}`, address);
    if ("assumed" in subnet) this.#learn(`the network ${where} of \`${id}\` is ${subnet.value}`, subnet);
  }

  #idOf(host: Host): string {
    return this.#ids.get(host) ?? host.name;
  }
}

function order({ role }: NodeDraft): number {
  return ["client", "router", "server"].indexOf(role);
}

function idOf(name: string): string | null {
  const id = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^[^a-z]+|-+$/g, "").slice(0, 40);
  return id === "" ? null : id;
}

function titleOf({ routers, server, forward }: Roles): string {
  const names = routers.map(({ name }) => name || "the router");
  if (routers.length === 0) return `Imported: the server ${server?.name ?? ""} with its own rules`.replace(/ {2,}/g, " ");
  return forward === null && server === null ? `Imported: a client behind ${names.join(" and ")}` : `Imported: a server behind ${names.join(" and ")}`;
}

function announcedBy({ server }: Host): Known<string> | null {
  const announced = server?.announces;
  return announced !== undefined && isAddress(announced.value) && "from" in announced ? { value: announced.value, from: announced.from } : null;
}

function controlPortOf({ server }: Host): number {
  return server?.controlPort.value ?? 21;
}

function firstFtp(forward: Forward | null, inside: number): number {
  const covers = forward?.toPorts === null && forward.ports?.some(({ first, last }) => first <= 21 && 21 <= last) === true;
  return covers ? 21 : inside;
}

function forwardOf(router: Host, roles: Roles): Forward | null {
  return roles.forwards.get(router) ?? null;
}

function sideWith(server: Host, address: string): Side | null {
  const one = server.interfaces.find(({ addresses }) => addresses.some((own) => own.address === address));
  if (one === undefined) {
    const [named] = [...server.named.keys()].filter((name) => !/^(docker|br-|virbr)/.test(name));
    return named === undefined ? null : { name: { value: named, from: server.named.get(named) ?? { file: "", line: 1 } }, address: assume(address, ""), subnet: assume("", ""), gateway: null };
  }
  return { name: { value: one.name, from: one.from }, address: { value: address, from: one.from }, subnet: assume("", ""), gateway: null };
}

/** The longest run of addresses that nobody has, within 32 to 223. */
function rangeIn(subnet: string, taken: readonly string[]): string {
  const free = Array.from({ length: 192 }, (_, at) => nth(subnet, 32 + at)).filter((address) => isInSubnet(subnet, address) && !taken.includes(address));
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
    rules: ["*nat", `-A PREROUTING -d ${dial}/32 -p tcp -m tcp --dport ${from} -j DNAT --to-destination ${dial}:${to}`, "COMMIT"].join("\n"),
  };
}

function rangeText({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}

function noNetwork(): UsageError {
  return new UsageError("The files do not tell where the server is: no rule forwards FTP to it, and no file is of a server.", {
    code: "import-no-network",
    hint: "Add the rules of the router in front of the server, or the server's own rules, ip addr or configuration.",
  });
}

function nowhere(router: Host, id: string, address: string, forward: Forward | null): UsageError {
  const has = router.interfaces.flatMap(({ name, addresses }) => addresses.map((own) => `${name} ${own.address}/${own.prefix}`));
  const place = forward === null ? "" : `${placeText(forward.from)}: `;
  return new UsageError(`${place}connections go to ${address}, which is in no network of ${id}: ${has.join(", ")}.`, {
    code: "import-no-network",
    hint: "Correct the address, or give the ip addr of the time when the rules were taken.",
  });
}

function sameNetwork(id: string, inside: Side, outside: Side): UsageError {
  const hint = "A router cannot tell such networks apart. Give one of them another range, or add the output of ip addr if it is otherwise.";
  return new UsageError(`${id} has the same network on both sides: ${inside.subnet.value} and ${outside.subnet.value}.`, { code: "import-no-network", hint });
}
