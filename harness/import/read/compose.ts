/** docker-compose.yml → containers with published ports; and the rules that Docker makes of them. */
import { LineCounter, parseDocument } from "yaml";
import { UsageError } from "../../model/errors";
import type { PortRange } from "../../model/topology";
import type { Container } from "../host";
import { originAt, type Piece } from "../pieces/piece";
import { RulesBuilder } from "./build-rules";

export type ComposeReading = { readonly containers: readonly Container[]; readonly notes: readonly string[] };

/** @throws UsageError where it is no YAML, or has aliases without end */
export function readCompose(piece: Piece): ComposeReading {
  const lineCounter = new LineCounter();
  const document = parseDocument(piece.lines.join("\n"), { merge: true, lineCounter, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lineCounter.linePos(error.pos[0]);
    const place = originAt(piece, line - 1);
    const hint = "Give the file that `docker compose config` takes.";
    throw new UsageError(`${place.file}:${place.line}: ${error.message}`, { code: "import-unreadable", hint });
  }
  const value = plain(document.toJS({ maxAliasCount: 1000 }) as unknown);
  const services = plain(value["services"]);
  const notes: string[] = [];
  const containers = Object.entries(services).flatMap(([name, service]): Container[] => {
    const own = plain(service);
    const first = piece.lines.findIndex((line) => new RegExp(`^\\s+${name.replace(/[^\w-]/g, ".")}:`).test(line));
    const from = originAt(piece, Math.max(0, first));
    for (const file of [own["env_file"]].flat()) {
      if (typeof file === "string") notes.push(`${from.file}: ${name} reads ${file}, which was not given; variables of it are not known.`);
    }
    const published = [own["ports"]].flat().flatMap((port) => publishedPorts(port) ?? []);
    if (own["network_mode"] === "host") notes.push(`${from.file}: ${name} has the host's own network.`);
    const networks = Object.values(plain(own["networks"])).map((network) => plain(network)["ipv4_address"]);
    const address = networks.find((one): one is string => typeof one === "string") ?? null;
    return published.length === 0 ? [] : [{ name, address, published, from }];
  });
  return { containers, notes };
}

function plain(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** `21:21`, `50000-50100:50000-50100/tcp`, `127.0.0.1:21:21`, `${PORT:-21}:21`, or the long form. */
export function publishedPorts(written: unknown): Container["published"][number] | null {
  if (typeof written === "object" && written !== null) {
    const { published, target, protocol } = written as Readonly<Record<string, unknown>>;
    if (protocol === "udp") return null;
    return rangesOf(String(published), String(target));
  }
  if (typeof written !== "string" && typeof written !== "number") return null;
  const text = String(written).replace(/\$\{\w+:?-([^}]*)\}/g, "$1");
  if (text.endsWith("/udp")) return null;
  const parts = text.replace(/\/tcp$/, "").split(":");
  const inside = parts.at(-1) ?? "";
  // Published on the host's loopback it is no way in from outside.
  if (parts.length === 3 && parts[0]?.startsWith("127.") === true) return null;
  return parts.length < 2 ? null : rangesOf(parts.at(-2) ?? "", inside);
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
export function dockerRules(piece: Piece, containers: readonly (Container & { readonly address: string })[], bridge: { readonly name: string; readonly subnet: string }): Piece {
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
      add("nat", "DOCKER", `! -i ${name} -p tcp -m tcp --dport ${dialled} -j DNAT --to-destination ${address}:${words(inside, "-")}`);
      add("filter", "DOCKER", `-d ${address}/32 ! -i ${name} -o ${name} -p tcp -m tcp --dport ${own} -j ACCEPT`);
    }
  }
  return rules.toPiece(piece);
}

function words({ first, last }: PortRange, between: string): string {
  return first === last ? String(first) : `${first}${between}${last}`;
}
