/** The parts of a network while it is drafted. */
import type { Host } from "./host";
import type { LinkDraft, MadeUp, NetworkDraft, NodeDraft, ServerDraft } from "./network";
import { freeSubnet, nth, overlaps, subnetAround } from "./numbers";
import { inferenceOf, placeText, type Inference, type Known } from "./place";
import type { Roles } from "./roles";
import type { Side } from "./sides";

export type LinkParts = {
  readonly subnet: string;
  readonly addresses: Map<string, string>;
  readonly interfaces: Map<string, string>;
};

/** Ids that no machine takes, as made-up nodes have them. */
const madeUpIds = ["client", "lan-client", "isp", "front", "other-router"];
const madeUpLinks = ["lan", "wan", "internet", "line"];

export class NetworkParts {
  readonly nodes = new Map<string, NodeDraft>();
  readonly links = new Map<string, LinkParts>();
  readonly inferences: Inference[] = [];
  readonly notes: string[] = [];
  readonly #ids = new Map<Host, string>();
  readonly #hosts: readonly Host[];

  constructor({ machines }: Pick<Roles, "machines">) {
    this.#hosts = machines.map(({ host }) => host);
    const names = new Set(madeUpIds);
    for (const { host, role } of machines) {
      const wanted = idOf(host.name) ?? role;
      let id = wanted;
      if (role === "client") names.delete("client");
      for (let count = 2; names.has(id); count += 1) id = `${wanted}-${count}`;
      names.add(id);
      this.#ids.set(host, id);
    }
  }

  idOf(host: Host): string {
    return this.#ids.get(host) ?? host.name;
  }

  link(id: string, subnet: string): LinkParts {
    const parts: LinkParts = { subnet, addresses: new Map(), interfaces: new Map() };
    this.links.set(id, parts);
    return parts;
  }

  end(link: LinkParts, node: string, address: string, name: string | null): void {
    link.addresses.set(node, address);
    if (name !== null) link.interfaces.set(node, name);
  }

  node(id: string, role: NodeDraft["role"], gateway: string | null, host: Host | null, made: MadeUp | null): void {
    const known = this.nodes.get(id);
    this.nodes.set(
      id,
      known === undefined ? { id, role, gateway, host, made } : { ...known, gateway: gateway ?? known.gateway },
    );
  }

  /** Names the position of a client, of which there are several. */
  place(id: string, position: string): void {
    const known = this.nodes.get(id);
    if (known !== undefined) this.nodes.set(id, { ...known, position });
  }

  learn(what: string, known: Known<unknown>): void {
    this.inferences.push(inferenceOf(what, known));
  }

  assume(what: string, why: string): void {
    this.inferences.push({ kind: "assumed", what, why });
  }

  learnSide(id: string, { name, address, subnet }: Side, where: string): void {
    if (name !== null) this.learn(`\`${id}\`'s interface ${where} is ${name.value}`, name);
    this.learn(`\`${id}\` has ${address.value} ${where}`, address);
    if ("assumed" in subnet) this.learn(`the network ${where} of \`${id}\` is ${subnet.value}`, subnet);
  }

  /** Blocks that a made-up network must not be in: those of links, and all that the files name. */
  taken(): readonly string[] {
    const named = this.#hosts.flatMap(({ pieces }) =>
      pieces.flatMap(({ lines }) =>
        lines.flatMap((line) => line.match(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d+)?(?![\d.])/g) ?? []),
      ),
    );
    const blocks = named
      .filter((text) => !text.endsWith("/0") && !text.startsWith("0."))
      .map((text) => (text.includes("/") ? text : `${text}/32`));
    return [...[...this.links.values()].map(({ subnet }) => subnet), ...new Set(blocks)];
  }

  freeLinkId(name: string): string {
    const base = (idOf(name) ?? "net").slice(0, 12);
    let id = base;
    for (let count = 2; this.links.has(id) || madeUpLinks.includes(id); count += 1) id = `${base}-${count}`;
    return id;
  }

  /** Networks of the machine that are on no path are there too, so that rules find their interfaces. */
  addOtherInterfaces(host: Host): void {
    const id = this.idOf(host);
    const known = new Set(
      [...this.links].flatMap(([link, { addresses, interfaces }]) =>
        addresses.has(id) ? [interfaces.get(id) ?? link] : [],
      ),
    );
    for (const { name, addresses, from } of host.interfaces) {
      const [own] = addresses;
      if (own === undefined || known.has(name) || !/^\w[\w.-]{0,14}$/.test(name)) continue;
      const subnet = subnetAround(own.address, Math.min(own.prefix, 30));
      if ([...this.links.values()].some((link) => overlaps(link.subnet, subnet))) {
        this.notes.push(
          `${placeText(from)}: ${name} (${own.address}/${own.prefix}) is left out: another link has that network.`,
        );
      } else if (subnet.split("/")[0] !== own.address) {
        this.end(this.link(this.freeLinkId(name), subnet), id, own.address, name);
      }
    }
    this.#addInterfacesByNumber(host, id);
  }

  /** nftables' `iif` and `oif` load only where the interface is. */
  #addInterfacesByNumber(host: Host, id: string): void {
    const needed = host.rules
      .filter(({ format }) => format === "nftables")
      .flatMap(({ text }) => [...text.matchAll(/\b[io]if (?:!= )?"([^"]+)"/g)].map(([, name]) => name ?? ""));
    for (const name of new Set(needed)) {
      const has = [...this.links].some(
        ([link, { addresses, interfaces }]) => addresses.has(id) && (interfaces.get(id) ?? link) === name,
      );
      if (name === "lo" || has) continue;
      const subnet = freeSubnet([...this.taken(), "198.51.100.0/24", "203.0.113.0/24", "192.0.2.0/24"]);
      this.end(this.link(this.freeLinkId(name), subnet), id, nth(subnet, 1), name);
      this.assume(
        `${name} of \`${id}\` has ${nth(subnet, 1)}`,
        "the rules need the interface, and no file shows its address",
      );
    }
  }

  finish(about: Pick<NetworkDraft, "id" | "title" | "dial">, server: ServerDraft): NetworkDraft {
    for (const host of this.#hosts) this.addOtherInterfaces(host);
    return {
      ...about,
      nodes: [...this.nodes.values()].toSorted((one, other) => order(one) - order(other)),
      links: [...this.links].map(([id, parts]): LinkDraft => ({ id, ...parts })),
      server,
      inferences: this.inferences,
      notes: this.notes,
    };
  }
}

function order({ role }: NodeDraft): number {
  return ["client", "router", "server"].indexOf(role);
}

/** A name as an id; `null` if nothing of it can be one. */
function idOf(name: string): string | null {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 40);
  return id === "" ? null : id;
}
