/** What a random rule looks at, in words of its own, so that one drawing gives a rule of iptables and one of nft. */
import { traitsOf } from "../../../model/axes";
import type { PortRange } from "../../../model/topology";
import {
  controlPortOf,
  isPassiveCell,
  passivePortsOf,
  serverAddressOf,
  sessionAddressOf,
  openerOf,
  type Place,
} from "../place";
import type { Base } from "../kinds/definition";
import type { Random } from "../../random";

export type Criterion =
  | { readonly kind: "to-ports" | "from-ports"; readonly ports: PortRange; readonly not?: true }
  /** TCP flags: `syn` alone, `syn` and `ack`, or `fin` whatever else. */
  | { readonly kind: "flags"; readonly flags: "syn" | "syn-ack" | "fin" | "push" }
  | { readonly kind: "state"; readonly states: readonly ("new" | "related" | "established" | "invalid")[] }
  /** The payload begins with four characters of a line. */
  | { readonly kind: "begins"; readonly text: string }
  /** Bytes of the whole packet, at least. */
  | { readonly kind: "longer"; readonly bytes: number }
  | { readonly kind: "every"; readonly nth: number; readonly from: number }
  | { readonly kind: "helper" }
  /** Packets of the connection so far, at least. */
  | { readonly kind: "packets"; readonly count: number }
  /** More than so many a minute. */
  | { readonly kind: "over"; readonly aMinute: number; readonly burst: number }
  | { readonly kind: "ttl-below"; readonly ttl: number }
  | { readonly kind: "in" | "out"; readonly link: string }
  | { readonly kind: "source"; readonly address: string };

/** Where a rule stands, by what it can see there. */
export type Vantage = {
  readonly place: Place;
  readonly hook: "prerouting" | "input" | "forward" | "output" | "postrouting";
  /** Whether connection tracking has looked at the packet. */
  readonly isTracked: boolean;
  /** Whether it sees the first packet of each connection alone. */
  readonly isNat: boolean;
};

/** Criteria that a packet of the session is likely to meet, and not all of its packets. */
export function drawCriteria(base: Base, vantage: Vantage, random: Random): readonly Criterion[] {
  const aims = aimsOf(base, vantage);
  const aim = random.weighted(aims.map((item) => ({ weight: item.weight, item })));
  const more = extras(base, vantage, aim.from).filter(() => random.chance(0.2));
  return [...aim.draw(random), ...more];
}

/** A part of the session, and a drawing of criteria that find it. */
type Aim = {
  readonly weight: number;
  readonly from: "client" | "server";
  readonly draw: (random: Random) => readonly Criterion[];
};

function aimsOf(base: Base, vantage: Vantage): readonly Aim[] {
  const { hook, place } = vantage;
  const port = controlPortOf(base);
  const control = { first: port, last: port };
  const toServer: Criterion = { kind: "to-ports", ports: control };
  const fromServer: Criterion = { kind: "from-ports", ports: control };
  const all: readonly Aim[] = [
    { weight: 1, from: "client", draw: (random) => [toServer, ...random.pick(openings(vantage))] },
    ...(vantage.isNat
      ? []
      : ([
          { weight: 1, from: "server", draw: () => [fromServer, { kind: "flags", flags: "syn-ack" }] },
          { weight: 3, from: "client", draw: (random) => [toServer, drawPart(base, "client", vantage, random)] },
          { weight: 3, from: "server", draw: (random) => [fromServer, drawPart(base, "server", vantage, random)] },
          { weight: 3, from: answererOf(base), draw: (random) => drawAnswer(base, random) },
          { weight: 2, from: openerOf(base), draw: (random) => drawDataBytes(base, vantage, random) },
        ] satisfies Aim[])),
    { weight: 6, from: openerOf(base), draw: (random) => drawOpening(base, vantage, random) },
  ];
  // A host's own hooks see one direction.
  const outward = place.role === "client" ? "client" : "server";
  if (place.role === "router") return all;
  const isOutward = hook === "output" || hook === "postrouting";
  return all.filter(({ from }) => (from === outward) === isOutward);
}

function answererOf(base: Base): "client" | "server" {
  return openerOf(base) === "client" ? "server" : "client";
}

/** What singles out the first packet of a connection. */
function openings({ isTracked, isNat }: Vantage): readonly (readonly Criterion[])[] {
  if (isNat) return [[]];
  return [[{ kind: "flags", flags: "syn" }], ...(isTracked ? [[{ kind: "state", states: ["new"] } as const]] : [])];
}

const verbs = ["USER", "PASS", "TYPE", "LIST", "RETR", "STOR", "AUTH", "PBSZ", "PROT", "FEAT", "CWD "];
const codes = ["220 ", "331 ", "230 ", "150 ", "226 ", "234 ", "200 ", "250 "];

/** A part of the control connection: a line in clear, long packets, later ones, or every nth. */
function drawPart(base: Base, from: "client" | "server", { isTracked }: Vantage, random: Random): Criterion {
  const { data, mode } = base.planned.cell;
  const isClear = traitsOf(mode).tls === "none";
  const line = from === "client" ? data.toUpperCase() : data === "pasv" ? "227 " : data === "epsv" ? "229 " : "200 ";
  const kind = random.weighted([
    { weight: isClear ? 5 : 1, item: "line" as const },
    { weight: 2, item: "long" as const },
    { weight: 1, item: "every" as const },
    { weight: isTracked ? 2 : 0, item: "late" as const },
    { weight: 1, item: "push" as const },
  ]);
  switch (kind) {
    case "line":
      return { kind: "begins", text: random.chance(0.5) ? line : random.pick(from === "client" ? verbs : codes) };
    case "long":
      return { kind: "longer", bytes: random.pick([58, 70, 90, 120, 300, 600]) };
    case "every":
      return { kind: "every", nth: random.whole(1, 2), from: 0 };
    case "late":
      return { kind: "packets", count: random.whole(4, 25) };
    case "push":
      return { kind: "flags", flags: "push" };
  }
}

/** The data connection's first packet. */
function drawOpening(base: Base, vantage: Vantage, random: Random): readonly Criterion[] {
  const port = controlPortOf(base);
  const byState: readonly Criterion[] = vantage.isTracked && !vantage.isNat ? [random.pick(dataStates)] : [];
  if (byState.length > 0 && random.chance(0.3)) return byState;
  const opening = random.pick(openings(vantage));
  if (!vantage.isNat && random.chance(0.12)) {
    // The control connection is the first one.
    return [
      { kind: "flags", flags: "syn" },
      { kind: "over", aMinute: 1, burst: 1 },
    ];
  }
  if (!isPassiveCell(base)) return [{ kind: "to-ports", ports: { first: port, last: port }, not: true }, ...opening];
  const { first, last } = passivePortsOf(base);
  const ports = random.pick([
    { first, last },
    { first: 1024, last: 65535 },
    { first: first - random.whole(1, 9000), last: last + random.whole(1, 9000) },
    { first: 22, last: 65535 },
  ]);
  return [{ kind: "to-ports", ports }, ...(random.chance(0.5) ? opening : [])];
}

const dataStates: readonly Criterion[] = [{ kind: "state", states: ["related"] }, { kind: "helper" }];

function drawAnswer(base: Base, random: Random): readonly Criterion[] {
  const port = controlPortOf(base);
  const answer: Criterion = { kind: "flags", flags: "syn-ack" };
  if (!isPassiveCell(base)) return [{ kind: "from-ports", ports: { first: 1024, last: 65535 } }, answer];
  const { first, last } = passivePortsOf(base);
  return random.pick<readonly Criterion[]>([
    [{ kind: "from-ports", ports: { first, last } }],
    [{ kind: "from-ports", ports: { first, last } }, answer],
    [{ kind: "from-ports", ports: { first: port, last: port }, not: true }, answer],
  ]);
}

/** What the data connection carries once it stands. */
function drawDataBytes(base: Base, { isTracked }: Vantage, random: Random): readonly Criterion[] {
  const { first, last } = passivePortsOf(base);
  const kind = isPassiveCell(base) ? "to-ports" : "from-ports";
  const ports = isPassiveCell(base) ? { first, last } : { first: 1024, last: 65535 };
  const part = random.pick<Criterion>([
    { kind: "longer", bytes: random.pick([60, 100, 300, 1000]) },
    { kind: "flags", flags: "fin" },
    ...(isTracked ? [{ kind: "packets", count: random.whole(3, 8) } as const] : []),
  ]);
  return [{ kind, ports }, part];
}

/** What such a rule often says besides, and what changes little. */
function extras(base: Base, { place, hook }: Vantage, from: "client" | "server"): readonly Criterion[] {
  const [back, onward] =
    from === "client" ? [place.towardClient, place.towardServer] : [place.towardServer, place.towardClient];
  const seesIn = hook === "prerouting" || hook === "input" || hook === "forward";
  const seesOut = hook === "postrouting" || hook === "output" || hook === "forward";
  const source = from === "client" ? sessionAddressOf(base) : serverAddressOf(base);
  return [
    ...(seesIn && back !== null ? [{ kind: "in" as const, link: back }] : []),
    ...(seesOut && onward !== null ? [{ kind: "out" as const, link: onward }] : []),
    ...(source.includes(":") === (place.family === "ipv6") ? [{ kind: "source" as const, address: source }] : []),
    { kind: "ttl-below", ttl: 65 },
  ];
}
