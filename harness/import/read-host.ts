/** The pieces of one machine → what they tell. */
import { UsageError } from "../model/errors";
import type { Container, Host, Interface, RulesText } from "./host";
import { findLine, originAt, type Piece } from "./pieces/piece";
import { dockerRules, readCompose, withDockerRules, type ComposeReading } from "./read/compose";
import { loadableIptables, type LoadableRules } from "./read/iptables";
import { interfacesIn } from "./read/interfaces";
import { listingRules } from "./read/listing";
import { loadableNft } from "./read/nft";
import { gatewaysIn } from "./read/ifupdown";
import { routesIn } from "./read/routes";
import { ruleFacts } from "./read/rule-facts";
import { firewalldRules } from "./read/firewalld";
import { scriptRules, type ScriptRules } from "./read/script";
import { readServer } from "./read/server";
import { isUfwFile, joinUfwFiles, ufwPolicies, ufwStatusRules } from "./read/ufw";
import { uciInterfaces, uciRules, uciSections } from "./read/uci";
import { checkLines, checkUci } from "./read/check-lines";
import { addHelperOfOldKernels } from "./read/old-helper";
import { contains } from "../net/blocks";
import { nth, subnetAround } from "./numbers";
import { placeText, type Inference, type LeftOut, type Origin } from "./place";

/** @throws UsageError where the pieces contradict each other, or one of them is cut off */
export function readHost(name: string, pieces: readonly Piece[]): Host {
  const notes: string[] = [];
  const leftOut: LeftOut[] = [];
  const assumed: Inference[] = [];
  const of = (...kinds: readonly Piece["kind"][]): readonly Piece[] =>
    pieces.filter(({ kind }) => kinds.includes(kind));
  const sections = of("uci-show", "uci-config").flatMap(uciSections);
  const compose = onceEach(of("compose").map(readCompose));
  const told = merged([
    ...of("ip-addr", "ifconfig").flatMap(interfacesIn),
    ...of("ifupdown").flatMap(interfacesIn),
    ...uciInterfaces(sections),
  ]);
  const docker = published(of("compose")[0], compose, told, pieces, assumed);
  const interfaces = docker.interfaces;
  const tables = withDocker(rulePieces(name, pieces, interfaces, { leftOut, notes, assumed }), docker.rules);
  leftOut.push(...partial(pieces, tables), ...compose.flatMap((one) => one.leftOut));
  for (const piece of of("uci-config")) checkUci(piece);
  const loaded = tables.map((piece) => {
    checkLines(piece);
    const { text, leftOut: without } = load(piece, tables);
    leftOut.push(...without);
    return { piece, text };
  });
  leftOut.push(...of("ip-rule").flatMap(policyRouting));
  const withHelper = addHelperOfOldKernels(pieces, loaded, { notes, assumed, leftOut });
  const kept = withHelper.filter(({ text }) => /^\s*(-A|\[\d+:\d+\] -A|:\w+ DROP|table )/m.test(text));
  const facts = kept.map(({ piece, text }) => ruleFacts(text, piece));
  const server = readServer(pieces);
  leftOut.push(...(server?.leftOut ?? []));
  assumed.push(...(server?.inferences ?? []));
  notes.push(...compose.flatMap((one) => one.notes));
  return {
    name,
    pieces,
    interfaces,
    routes: [...of("ip-route").flatMap(routesIn), ...of("ifupdown").flatMap(gatewaysIn)],
    rules: kept.map(({ piece, text }): RulesText => ({
      format: piece.kind === "nft" ? "nftables" : "iptables",
      text,
      piece,
    })),
    forwards: facts.flatMap(({ forwards }) => forwards),
    hidings: facts.flatMap(({ hidings }) => hidings),
    named: new Map(facts.flatMap(({ named }) => [...named]).toReversed()),
    server: server?.server ?? compose.flatMap((one) => one.server ?? [])[0] ?? null,
    containers: compose.flatMap((one): readonly Container[] => one.containers),
    leftOut,
    notes,
    assumed,
  };
}

/** A port of the host is published once: of a container that several files tell, the one counts whose address is told. */
function onceEach(all: readonly ComposeReading[]): readonly ComposeReading[] {
  const isTold = ({ containers }: ComposeReading): boolean => containers.some(({ address }) => address !== null);
  const taken = new Set<number>();
  return [...all.filter(isTold), ...all.filter((one) => !isTold(one))].map((reading) => {
    const ports = ({ published }: Container): readonly number[] => published.map(({ outside }) => outside.first);
    const containers = reading.containers.filter((one) => !ports(one).some((port) => taken.has(port)));
    for (const port of containers.flatMap(ports)) taken.add(port);
    return { ...reading, containers };
  });
}

type Published = { readonly interfaces: readonly Interface[]; readonly rules: Piece | null };

/** What Docker makes of published ports, where the files have no rules of Docker's. */
function published(
  piece: Piece | undefined,
  compose: readonly ComposeReading[],
  interfaces: readonly Interface[],
  pieces: readonly Piece[],
  assumed: Inference[],
): Published {
  const containers = compose.flatMap((one) => one.containers);
  const hasRules = pieces.some(({ lines }) =>
    lines.some((line) => /^:DOCKER |chain DOCKER\b|^-N DOCKER\b|^Chain DOCKER /.test(line)),
  );
  const unknown = hasRules ? undefined : compose.flatMap((one) => one.unknownPorts ?? [])[0];
  if (unknown !== undefined) throw portsUnknown(unknown);
  if (piece === undefined || containers.length === 0 || hasRules) return { interfaces, rules: null };
  const given = containers.flatMap(({ address }) => address ?? [])[0];
  const holds = ({ addresses }: Interface): boolean =>
    given !== undefined && addresses.some(({ address, prefix }) => contains(subnetAround(address, prefix), given));
  const known =
    interfaces.find(holds) ??
    interfaces.find(({ name, addresses }) => /^br-[0-9a-f]{12}$/.test(name) && addresses.length > 0) ??
    interfaces.find(({ name }) => name === "docker0");
  const [own] = known?.addresses ?? [];
  const gateway = own?.address ?? (given === undefined ? "172.18.0.1" : nth(subnetAround(given, 16), 1));
  const subnet = subnetAround(gateway, own?.prefix ?? 16);
  const bridge = { name: known?.name ?? "br-compose", subnet };
  const placed = containers.map((container, at) => ({
    ...container,
    address: container.address ?? nth(subnet, at + 2),
  }));
  for (const { name, address } of placed) {
    if (!containers.some((one) => one.address === address))
      assumed.push({
        kind: "assumed",
        what: `the container ${name} has ${address} on ${bridge.name}`,
        why: "Docker chooses it, and no file shows it",
      });
  }
  assumed.push({
    kind: "assumed",
    what: "the rules of published ports are those that Docker writes",
    why: "no iptables-save was given",
  });
  const from = piece.from;
  const bridged =
    own === undefined
      ? [{ name: bridge.name, addresses: [{ address: gateway, prefix: 16, peer: null, from }], from }]
      : [];
  return { interfaces: [...interfaces, ...bridged], rules: dockerRules(piece, placed, bridge) };
}

function portsUnknown({ variable, from }: NonNullable<ComposeReading["unknownPorts"]>): UsageError {
  return new UsageError(
    `${from.file}:${from.line}: the published ports depend on ${variable}, and no file shows its value.`,
    {
      code: "import-no-network",
      hint: "Give what `docker compose config` prints, in which variables have their values, or the output of iptables-save.",
    },
  );
}

function withDocker(tables: readonly Piece[], docker: Piece | null): readonly Piece[] {
  if (docker === null) return tables;
  const own = tables.find(({ kind }) => kind === "iptables-save") ?? null;
  return [...tables.filter((piece) => piece !== own), withDockerRules(own, docker)];
}

function load(piece: Piece, all: readonly Piece[]): LoadableRules {
  return piece.kind === "nft"
    ? loadableNft(piece, all.find(({ kind }) => kind === "iptables-save") ?? null)
    : loadableIptables(piece);
}

type Told = { readonly leftOut: LeftOut[]; readonly notes: string[]; readonly assumed: Inference[] };

/** Rules that are no rules yet, from the most faithful to what is only a summary; the first that is there counts. */
const sources: readonly {
  readonly kinds: readonly Piece["kind"][];
  readonly read: (pieces: readonly Piece[], interfaces: readonly Interface[]) => readonly ScriptRules[];
  /** What is assumed of them. */
  readonly assumes: string | null;
}[] = [
  { kinds: ["iptables-rules"], read: (pieces) => pieces.map(scriptRules), assumes: null },
  {
    kinds: ["iptables-script"],
    read: (pieces) => joinedScripts(pieces).map(scriptRules),
    assumes: "the rules are those that the script makes on a machine without rules",
  },
  { kinds: ["iptables-listing"], read: (pieces) => pieces.map(listingRules), assumes: null },
  {
    kinds: ["ufw-status"],
    read: (pieces) => pieces.map(ufwStatusRules),
    assumes: "ufw has only the rules of `ufw status` and the usual ones of before.rules",
  },
  {
    kinds: ["firewalld"],
    read: ([first, ...others]) => (first === undefined ? [] : [firewalldRules([first, ...others])]),
    assumes: "firewalld has only the rules of these zones",
  },
  {
    kinds: ["uci-show", "uci-config"],
    read: (pieces, interfaces) => {
      const sections = pieces.flatMap(uciSections);
      const [first] = pieces;
      return first !== undefined && sections.some(({ type }) => type === "zone")
        ? [uciRules(first, sections, interfaces)]
        : [];
    },
    assumes: "the rules are those that OpenWrt makes of its configuration",
  },
];

/** The rules that the machine has, each told once. */
function rulePieces(
  name: string,
  pieces: readonly Piece[],
  interfaces: readonly Interface[],
  { leftOut, notes, assumed }: Told,
): readonly Piece[] {
  const of = (kind: Piece["kind"]): readonly Piece[] => pieces.filter((piece) => piece.kind === kind);
  const saved = of("iptables-save");
  const ufw = saved.filter(isUfwFile);
  const whole = latest(
    saved.filter((piece) => !isUfwFile(piece)),
    assumed,
  );
  const nft = latest(of("nft"), assumed);
  checkOnce(name, whole);
  checkOnce(name, nft);
  const isTold = whole.length + nft.length > 0;
  if (of("ip6tables-save").length > 0) {
    notes.push("ip6tables-save is not read: the network is IPv4.");
    if (!isTold && ufw.length === 0) throw onlyIpv6(of("ip6tables-save")[0]);
  }
  if (isTold) {
    for (const { from } of [...ufw, ...of("ufw-status"), ...of("firewalld"), ...of("iptables-script")])
      notes.push(`${from.file} is not read: what it makes is in the dump of the rules, or was not loaded.`);
    if (nft.length === 0 && whole.length > 0 && !whole.some(({ lines }) => lines.includes("*filter"))) {
      assumed.push({
        kind: "assumed",
        what: `${name || "the machine"} lets everything pass`,
        why: `${whole[0]?.from.file ?? ""} has no table filter`,
      });
    }
    return [...whole, ...nft];
  }
  if (ufw.length > 0) {
    const [defaults] = of("ufw-defaults");
    if (defaults === undefined)
      assumed.push({
        kind: "assumed",
        what: "ufw drops what comes in and what passes through, and lets everything out",
        why: "/etc/default/ufw was not given",
      });
    return [joinUfwFiles(ufw, ufwPolicies(defaults))];
  }
  for (const { kinds, read, assumes } of sources) {
    const own = pieces.filter(({ kind }) => kinds.includes(kind));
    const made = own.length === 0 ? [] : read(own, interfaces);
    const [from] = own;
    if (made.length === 0 || from === undefined) continue;
    for (const one of made) leftOut.push(...one.leftOut);
    if (assumes !== null)
      assumed.push({ kind: "assumed", what: assumes, why: `${from.from.file} does not hold the rules themselves` });
    return [joined(made.map(({ piece }) => piece))];
  }
  return [];
}

function onlyIpv6(piece: Piece | undefined): UsageError {
  return new UsageError(`${piece?.from.file ?? ""} has rules for IPv6 alone, and import makes IPv4 networks.`, {
    code: "import-unreadable",
    hint: "Give the output of iptables-save too.",
  });
}

/** Scripts that are run one after another. */
function joinedScripts(scripts: readonly Piece[]): readonly Piece[] {
  const [first] = scripts;
  if (first === undefined || scripts.length === 1) return scripts;
  const origins = scripts.flatMap((piece) => piece.lines.map((_, index) => originAt(piece, index)));
  return [{ ...first, lines: scripts.flatMap(({ lines }) => lines), origins }];
}

/** Joins the texts of several tables; a table of the same name occurs once. */
function joined(pieces: readonly Piece[]): Piece {
  const [first, ...others] = pieces;
  if (first === undefined) throw new Error("no rules");
  if (others.length === 0) return first;
  return {
    ...first,
    lines: pieces.flatMap(({ lines }) => lines),
    origins: pieces.flatMap((piece) => piece.lines.map((_, index) => originAt(piece, index))),
  };
}

/** The table that a line begins. */
function tableIn(line: string): string | undefined {
  return /^\*(\S+)/.exec(line)?.[1] ?? /^table \w+ \S+/.exec(line)?.[0];
}

/** Of several dumps in one file the latest: people show what they had, and what they have now. */
function latest(pieces: readonly Piece[], assumed: Inference[]): readonly Piece[] {
  return pieces.filter((piece, at) => {
    const tables = new Set(piece.lines.map(tableIn).filter((table) => table !== undefined));
    const later = pieces
      .slice(at + 1)
      .find(
        ({ from, lines }) => from.file === piece.from.file && lines.some((line) => tables.has(tableIn(line) ?? "")),
      );
    if (later === undefined) return true;
    const what = `the rules are those of ${placeText(later.from)}, and no longer those of ${placeText(piece.from)}`;
    assumed.push({ kind: "assumed", what, why: "the file holds several dumps, and the last is the latest" });
    return false;
  });
}

/** Two dumps of one kind are of two machines. */
function checkOnce(name: string, pieces: readonly Piece[]): void {
  const tables = new Map<string, Piece>();
  for (const piece of pieces) {
    for (const line of piece.lines) {
      const table = tableIn(line);
      const before = table === undefined ? undefined : tables.get(table);
      if (table !== undefined && before !== undefined && before !== piece) {
        const hint = "Say which machine each file belongs to: NAME=FILE, for example router=fw.txt server=host.txt.";
        throw new UsageError(
          `${before.from.file} and ${piece.from.file} both have ` +
            `${table.startsWith("table") ? table : `a table ${table}`}, so they belong to two machines, and nothing ` +
            `says to which (${name}).`,
          { code: "import-two-machines", hint },
        );
      }
      if (table !== undefined) tables.set(table, piece);
    }
  }
}

/** If an interface occurs twice, the one with addresses. */
function merged(all: readonly Interface[]): readonly Interface[] {
  const byName = new Map<string, Interface>();
  for (const one of all) {
    const known = byName.get(one.name);
    if (known === undefined || known.addresses.length === 0) byName.set(one.name, one);
  }
  byName.delete("lo");
  return [...byName.values()];
}

/** Rules of routing beside those that every kernel begins with (ip-rule(8)); the lab's routers have one table. */
function policyRouting(piece: Piece): readonly LeftOut[] {
  const own = findLine(piece, /^(?!0:)\d+:.* lookup (?!local\b|main\b|default\b)(\S+)/);
  if (own === null) return [];
  const why = "the lab's routers have one table of routes, so answers may take another way than they do for you";
  return [{ what: "policy routing (ip rule)", why, from: own.from, count: 1, decides: true }];
}

/** A command that prints one table says nothing of the others. @throws UsageError where all is in iptables-legacy's tables */
function partial(pieces: readonly Piece[], rules: readonly Piece[]): readonly LeftOut[] {
  const asked = pieces.find(({ kind }) => kind === "iptables-rules" || kind === "iptables-listing");
  const lines = rules.flatMap((piece) => piece.lines);
  const left: LeftOut[] = [];
  if (asked !== undefined && !lines.includes("*nat") && rules.some(({ kind }) => kind !== "nft")) {
    const passes = findLine(asked, /^-A FORWARD .*-d .*-j ACCEPT/);
    if (passes !== null) throw oneTable(passes.from);
    left.push({
      what: "the tables nat and raw",
      why: "this command prints only one table, without forwards and helpers; give the output of iptables-save",
      from: asked.from,
      count: 1,
      decides: true,
    });
  }
  const legacy = pieces.flatMap((piece) => findLine(piece, legacyTables) ?? [])[0];
  if (legacy === undefined) return left;
  if (lines.some((line) => /^(\[\d+:\d+\] )?-A /.test(line))) {
    const why = "they are not in this file; give the output of iptables-legacy-save";
    return [...left, { what: "the rules of iptables-legacy", why, from: legacy.from, count: 1, decides: true }];
  }
  const { file, line } = legacy.from;
  throw new UsageError(`${file}:${line}: this file has no rules, and the machine has those of iptables-legacy.`, {
    code: "import-unreadable",
    hint: "Give the output of iptables-legacy-save.",
  });
}

function oneTable({ file, line }: Origin): UsageError {
  return new UsageError(
    `${file}:${line}: this machine passes connections on, but the file has only the table filter, without forwards ` +
      `(nat) and helpers (raw).`,
    { code: "import-no-network", hint: "Give the output of iptables-save." },
  );
}

const legacyTables = /Warning: iptables-legacy tables present/;
