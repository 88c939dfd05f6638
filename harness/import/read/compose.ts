/** docker-compose.yml, `docker inspect` or `docker run` → containers with published ports; and the rules that Docker makes of them. */
import { softwares } from "../../catalog/servers/registry";
import { UsageError } from "../../model/errors";
import type { PortRange } from "../../model/topology";
import type { Container, ServerFiles } from "../host";
import { originAt, type Piece } from "../pieces/piece";
import { addLeftOut, assume, readFrom, type LeftOut, type Origin } from "../place";
import { RulesBuilder } from "./build-rules";
import { mapOf, servicesIn, type Services } from "./containers";

export type ComposeReading = {
  readonly containers: readonly Container[];
  /** What the FTP container's variables say of its server; `null` if none does. */
  readonly server: ServerFiles | null;
  readonly notes: readonly string[];
  /** Variables, and files of variables, without known values. */
  readonly leftOut: readonly LeftOut[];
  /** A variable without a value that the ports of the FTP server's container depend on. */
  readonly unknownPorts: { readonly variable: string; readonly from: Origin } | null;
};

/** @throws UsageError where it is no YAML, has aliases without end, or needs a file that is not here */
export function readCompose(piece: Piece): ComposeReading {
  const services = servicesIn(piece);
  const notes: string[] = [];
  const leftOut: LeftOut[] = [];
  const servers: ServerFiles[] = [];
  let unknownPorts: ComposeReading["unknownPorts"] = null;
  const containers = Object.entries(services).flatMap(([name, service]): Container[] => {
    const own = extended(mapOf(service), services);
    const first = piece.lines.findIndex((line) => new RegExp(`^\\s+${name.replace(/[^\w-]/g, ".")}:`).test(line));
    const from = originAt(piece, Math.max(0, first));
    const image = typeof own["image"] === "string" ? own["image"] : "";
    const isFtp = /ftp/i.test(`${name} ${image}`);
    checkService(piece, name, own, from);
    for (const file of [own["env_file"]].flat().flatMap((one) => pathOf(one) ?? [])) {
      const why = `${name} reads its variables there, and it was not given; give it or the output of iptables-save`;
      addLeftOut(leftOut, { what: file, why, from: lineOf(piece, file), decides: isFtp });
    }
    for (const variable of unsetIn([own["ports"], own["environment"]])) {
      const why = `no file shows the variable's value, so ${name} lacks what depends on it; write the value instead`;
      addLeftOut(leftOut, { what: variable, why, from: lineOf(piece, variable), decides: isFtp });
    }
    const [variable] = isFtp ? unsetIn(own["ports"]) : [];
    if (variable !== undefined) unknownPorts ??= { variable, from: lineOf(piece, variable) };
    const published = [own["ports"]].flat().flatMap((port) => publishedPorts(port) ?? []);
    if (own["network_mode"] === "host") notes.push(`${from.file}: ${name} has the host's own network.`);
    const networks = Object.values(mapOf(own["networks"])).map((network) => mapOf(network)["ipv4_address"]);
    const address = networks.find((one): one is string => typeof one === "string") ?? null;
    const server = isFtp ? serverOf(piece, Math.max(0, first), image, variablesOf(own["environment"])) : null;
    if (server !== null) servers.push(server);
    return published.length === 0 ? [] : [{ name, address, published, from }];
  });
  return { containers, server: servers[0] ?? null, notes, leftOut, unknownPorts };
}

type Service = Readonly<Record<string, unknown>>;

/** With what it takes over from another service of the file. */
function extended(own: Service, services: Services): Service {
  const base = own["extends"];
  const { file, service = base } = mapOf(base);
  return file !== undefined || typeof service !== "string" ? own : { ...mapOf(services[service]), ...own };
}

/** @throws UsageError where a service lacks what another file has, or its ports are none */
function checkService(piece: Piece, name: string, own: Service, from: Origin): void {
  const refuse = (needle: string, what: string): UsageError => {
    const { file, line } = piece.lines.some((one) => one.includes(needle)) ? lineOf(piece, needle) : from;
    const hint = "Give what `docker compose config` prints: it joins all files, and checks them.";
    return new UsageError(`${file}:${line}: ${what}.`, { code: "import-unreadable", hint });
  };
  const { file } = mapOf(own["extends"]);
  if (typeof file === "string") throw refuse(file, `${name} takes over what ${file} says, and that file is not here`);
  const ports = own["ports"] ?? [];
  if (!Array.isArray(ports)) throw refuse("ports:", `the ports of ${name} are no list`);
  for (const port of ports.filter((one) => typeof one === "string" || typeof one === "number").map(String)) {
    const numbers = port.replace(/^.*\d+\.\d+\.\d+\.\d+:/, "").match(/\d+/g) ?? [];
    if (numbers.some((number) => Number(number) > 65_535)) throw refuse(port, `${port} is no port`);
  }
}

/** `env_file: ftp.env`, or its long form. */
function pathOf(written: unknown): string | null {
  const path = typeof written === "string" ? written : mapOf(written)["path"];
  return typeof path === "string" ? path : null;
}

/** `${NAME}` and `$NAME` without a value of their own, anywhere in these. */
function unsetIn(values: unknown): ReadonlySet<string> {
  const text = JSON.stringify(values ?? "").replaceAll("$$", "");
  return new Set([...text.matchAll(/\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*(?::?\?[^}]*)?\})/g)].map(([word]) => word));
}

function lineOf(piece: Piece, text: string): Origin {
  return originAt(
    piece,
    Math.max(
      0,
      piece.lines.findIndex((line) => line.includes(text)),
    ),
  );
}

/** A mapping, or a list of `NAME=VALUE`. */
function variablesOf(written: unknown): ReadonlyMap<string, string> {
  const entries = Array.isArray(written)
    ? written.map((one) => /^([^=]+)=(.*)$/.exec(String(one))?.slice(1) ?? [])
    : Object.entries(mapOf(written)).map(([name, value]) => [name, String(value)]);
  return new Map(
    entries.flatMap(([name, value]) =>
      name === undefined || value === undefined ? [] : [[name, value.replace(/\$\{\w+:?-([^}]*)\}/g, "$1")] as const],
    ),
  );
}

/** The names that well-known images of FTP servers give to the range and the address. */
const names = {
  least: /^(\w+_)?(MIN_PORT|PORT_MIN|PASV_MIN|PORT_RANGE_START)$/i,
  most: /^(\w+_)?(MAX_PORT|PORT_MAX|PASV_MAX|PORT_RANGE_END)$/i,
  range: /^(\w+_)?(PASSIVE_PORTS?|PASSIVE_PORT_RANGE|PASV_PORTS?)$/i,
  address: /^(\w+_)?(PASV_ADDRESS|ADDRESS|PUBLICHOST|PUBLIC_IP|EXTERNAL_IP|MASQUERADE_ADDRESS|PASSIVE_ADDRESS)$/i,
} as const;

/** What an image is made of is not in the file, so that all but ports and address is assumed. */
function serverOf(
  piece: Piece,
  first: number,
  image: string,
  variables: ReadonlyMap<string, string>,
): ServerFiles | null {
  const software = softwares.find(({ userFiles }) => userFiles?.images.test(image))?.id ?? null;
  if (software === null) return null;
  const find = (pattern: RegExp): { readonly value: string; readonly from: Origin } | null => {
    const [name, value] = [...variables].find(([one]) => pattern.test(one)) ?? [];
    if (name === undefined || value === undefined) return null;
    const at = piece.lines.findIndex((line, index) => index > first && line.includes(name));
    return { value, from: originAt(piece, Math.max(first, at)) };
  };
  const [least, most, range, address] = [find(names.least), find(names.most), find(names.range), find(names.address)];
  const [from = least?.value, to = most?.value] = range?.value.split(/[:-]/) ?? [];
  const ports = { first: Number(from), last: Number(to) };
  const place = range?.from ?? least?.from;
  const isRange = place !== undefined && ports.first >= 1024 && ports.first <= ports.last && ports.last <= 65_535;
  return {
    software,
    files: [],
    controlPort: assume(21, `the image ${image} listens there`),
    passivePorts: isRange
      ? readFrom(ports, place)
      : assume({ first: 32_768, last: 60_999 }, `no variable of ${image} gives a range`),
    announces:
      address === null
        ? assume(null, `no variable of ${image} gives an address`)
        : readFrom(address.value, address.from),
    profile: { tls: tlsOf(variables), directives: [] },
  };
}

/** Images are told of TLS by a flag of Pure-FTPd's (`--tls=2`, `-Y 2`), or by a variable. Gives what `TLSRequired` of a profile is. */
function tlsOf(variables: ReadonlyMap<string, string>): string {
  for (const [name, value] of variables) {
    const level = /(?:--tls[= ]|-Y ?)([0-3])/.exec(value)?.[1];
    if (level !== undefined) return { "2": "auth", "3": "on" }[level] ?? "off";
    if (/^(\w+_)?(FORCE_?(SSL|TLS)|(SSL|TLS)_?(FORCE|REQUIRED))$/i.test(name) && isOn(value)) return "on";
  }
  return "off";
}

function isOn(value: string): boolean {
  return /^(1|yes|true|on)$/i.test(value);
}

/** Docker's rules and those that were there before; it puts its own in front of what others have in FORWARD. */
export function withDockerRules(own: Piece | null, docker: Piece): Piece {
  if (own === null) return docker;
  const tables = [tablesOf(docker), tablesOf(own)];
  const lines: string[] = [];
  const origins: Origin[] = [];
  const put = ({ line, from }: Placed): void => {
    lines.push(line);
    origins.push(from);
  };
  for (const name of new Set(tables.flatMap((one) => [...one.keys()]))) {
    put({ line: `*${name}`, from: own.from });
    const both = tables.flatMap((one) => one.get(name) ?? []);
    const chains = new Map(
      both.filter(({ line }) => line.startsWith(":")).map((one) => [one.line.split(" ")[0], one] as const),
    );
    for (const chain of chains.values()) put(chain);
    for (const rule of both.filter(({ line }) => !line.startsWith(":"))) put(rule);
    put({ line: "COMMIT", from: own.from });
  }
  return { ...own, lines, origins };
}

type Placed = { readonly line: string; readonly from: Origin };

function tablesOf(piece: Piece): ReadonlyMap<string, readonly Placed[]> {
  const tables = new Map<string, Placed[]>();
  let table: Placed[] = [];
  for (const [index, line] of piece.lines.entries()) {
    const name = /^\*(\S+)/.exec(line)?.[1];
    if (name !== undefined) {
      table = tables.get(name) ?? [];
      tables.set(name, table);
    } else if (/^(:|-|\[)/.test(line)) table.push({ line, from: originAt(piece, index) });
  }
  return tables;
}

/** `21:21`, `50000-50100:50000-50100/tcp`, `127.0.0.1:21:21`, `${PORT:-21}:21`, or the long form. */
export function publishedPorts(written: unknown): Container["published"][number] | null {
  if (typeof written === "object" && written !== null) {
    const { published, target, protocol } = written as Readonly<Record<string, unknown>>;
    if (protocol === "udp") return null;
    return rangesOf(withDefaults(String(published)), withDefaults(String(target)));
  }
  if (typeof written !== "string" && typeof written !== "number") return null;
  const text = withDefaults(String(written));
  if (text.endsWith("/udp")) return null;
  const parts = text.replace(/\/tcp$/, "").split(":");
  const inside = parts.at(-1) ?? "";
  // Published on the host's loopback it is no way in from outside.
  if (parts.length === 3 && parts[0]?.startsWith("127.") === true) return null;
  return parts.length < 2 ? null : rangesOf(parts.at(-2) ?? "", inside);
}

/** `${PORT:-21}` → `21`. */
function withDefaults(text: string): string {
  return text.replace(/\$\{\w+:?-([^}]*)\}/g, "$1");
}

function rangesOf(outside: string, inside: string): Container["published"][number] | null {
  const [from, to] = [rangeOf(outside), rangeOf(inside)];
  return from === null || to === null ? null : { outside: from, inside: to };
}

function rangeOf(text: string): PortRange | null {
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim()) ?? [];
  if (first === undefined) return null;
  const range = { first: Number(first), last: Number(last ?? first) };
  return range.first <= range.last && range.last <= 65_535 ? range : null;
}

/** The rules that Docker 20 to 28 writes for a container on its default bridge, as `iptables-save` shows them. */
export function dockerRules(
  piece: Piece,
  containers: readonly (Container & { readonly address: string })[],
  bridge: { readonly name: string; readonly subnet: string },
): Piece {
  const rules = new RulesBuilder();
  const { name, subnet } = bridge;
  const from = piece.from;
  const add = (table: string, chain: string, words: string): void => {
    rules.add(table, chain, words.split(" "), from);
  };
  rules.chain("nat", "DOCKER", from);
  for (const chain of ["DOCKER", "DOCKER-USER"]) rules.chain("filter", chain, from);
  add("nat", "PREROUTING", "-m addrtype --dst-type LOCAL -j DOCKER");
  add("nat", "OUTPUT", "! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER");
  add("nat", "POSTROUTING", `-s ${subnet} ! -o ${name} -j MASQUERADE`);
  add("nat", "DOCKER", `-i ${name} -j RETURN`);
  rules.setPolicy("filter", "FORWARD", "DROP", from);
  add("filter", "FORWARD", "-j DOCKER-USER");
  add("filter", "FORWARD", `-o ${name} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`);
  add("filter", "FORWARD", `-o ${name} -j DOCKER`);
  add("filter", "FORWARD", `-i ${name} ! -o ${name} -j ACCEPT`);
  add("filter", "FORWARD", `-i ${name} -o ${name} -j ACCEPT`);
  add("filter", "DOCKER-USER", "-j RETURN");
  for (const { address, published } of containers) {
    for (const { outside, inside } of published) {
      const [dialled, own] = [words(outside, ":"), words(inside, ":")];
      add("nat", "POSTROUTING", `-s ${address}/32 -d ${address}/32 -p tcp -m tcp --dport ${own} -j MASQUERADE`);
      add(
        "nat",
        "DOCKER",
        `! -i ${name} -p tcp -m tcp --dport ${dialled} -j DNAT --to-destination ${address}:${words(inside, "-")}`,
      );
      add("filter", "DOCKER", `-d ${address}/32 ! -i ${name} -o ${name} -p tcp -m tcp --dport ${own} -j ACCEPT`);
    }
  }
  return rules.toPiece(piece);
}

function words({ first, last }: PortRange, between: string): string {
  return first === last ? String(first) : `${first}${between}${last}`;
}
