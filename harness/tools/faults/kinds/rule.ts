import { placesOf, sessionAddressOf, serverAddressOf, type Place } from "../place";
import type { Random } from "../../random";
import { drawCriteria, type Vantage } from "../rules/criteria";
import { iptablesCriteria } from "../rules/iptables-words";
import { truthOfRule, type Effect } from "../rules/targets";
import { hitGroup, type Base, type FaultKind } from "./definition";

/** A rule of iptables, on a router or a host. */
export const rule: FaultKind = {
  id: "rule",
  weight: 40,
  draw: (base, random) => {
    const place = random.weighted(
      placesOf(base).map((item) => ({ weight: item.role === "router" ? 4 : item.role === "server" ? 2 : 1, item })),
    );
    const spot = random.weighted(spotsOf(place).map((item) => ({ weight: item.weight, item })));
    const target = random.weighted(targetsOf(spot, place, base, random).map((item) => ({ weight: item.weight, item })));
    const criteria = iptablesCriteria(drawCriteria(base, vantageOf(spot, place), random), place.family);
    const position = random.weighted([
      { weight: 7, item: 1 },
      { weight: 2, item: 2 },
      { weight: 1, item: null },
    ]);
    const tables = `${place.family === "ipv6" ? "ip6tables" : "iptables"} -w -t ${spot.table}`;
    const added = `${spot.chain} ${criteria} -j ${target.words}`;
    return {
      what: `${place.node}: -t ${spot.table} ${position === null ? "-A" : `-I ${position}`} ${added}`,
      node: place.node,
      changes: [
        { kind: "network", node: place.node, lines: insertion(tables, spot.chain, position, criteria, target.words) },
      ],
      rule: { table: spot.table, chains: [spot.chain], show: shown(tables, spot.chain, position) },
      stops: target.effect.kind === "stops",
      truth: truthOfRule(target.effect, place, base),
    };
  },
};

/** The rule, and before it one that logs what it meets. A chain may be shorter than the position says. */
function insertion(
  tables: string,
  chain: string,
  position: number | null,
  criteria: string,
  target: string,
): readonly string[] {
  // A limit by the same name would be one that both use up.
  const log = `${criteria.replace("-name faults", "-name faults-log")} -j NFLOG --nflog-group ${hitGroup} --nflog-threshold 1`;
  if (position === null) return [`${tables} -A ${chain} ${log}`, `${tables} -A ${chain} ${criteria} -j ${target}`];
  return [
    `have=$(${tables} -S ${chain} | grep -c '^-A' || true); at=$((have < ${position - 1} ? have + 1 : ${position}))`,
    `${tables} -I ${chain} $at ${log}`,
    `${tables} -I ${chain} $((at + 1)) ${criteria} -j ${target}`,
  ];
}

/** Prints the rule: it follows the one that logs. */
function shown(tables: string, chain: string, position: number | null): string {
  return position === null
    ? `${tables} -S ${chain} | tail -n 1`
    : `${tables} -S ${chain} | grep -A 1 'nflog-group ${hitGroup}' | tail -n 1`;
}

type Spot = { readonly weight: number; readonly table: "raw" | "mangle" | "nat" | "filter"; readonly chain: string };

function spotsOf({ role, family }: Place): readonly Spot[] {
  if (role === "router") {
    return [
      { weight: 12, table: "filter", chain: "FORWARD" },
      { weight: 2, table: "mangle", chain: "FORWARD" },
      { weight: 1, table: "mangle", chain: "PREROUTING" },
      { weight: 1, table: "mangle", chain: "POSTROUTING" },
      { weight: 3, table: "raw", chain: "PREROUTING" },
      ...(family === "ipv6" ? [] : [{ weight: 2, table: "nat", chain: "PREROUTING" } as const]),
    ];
  }
  return [
    { weight: 6, table: "filter", chain: "INPUT" },
    { weight: 4, table: "filter", chain: "OUTPUT" },
    { weight: 1, table: "mangle", chain: "OUTPUT" },
    { weight: 1, table: "mangle", chain: "INPUT" },
    { weight: 1, table: "raw", chain: "PREROUTING" },
  ];
}

function vantageOf({ table, chain }: Spot, place: Place): Vantage {
  const hook = chain.toLowerCase() as Vantage["hook"];
  return { place, hook, isTracked: table !== "raw", isNat: table === "nat" };
}

type Target = { readonly weight: number; readonly words: string; readonly effect: Effect };

function targetsOf({ table, chain }: Spot, { role, family }: Place, base: Base, random: Random): readonly Target[] {
  const drop: Target = { weight: 6, words: "DROP", effect: { kind: "stops" } };
  const outward = role === "router" || chain === "OUTPUT";
  switch (table) {
    case "filter":
      return [
        drop,
        ...rejections[family].map((how): Target => ({
          weight: 2,
          words: `REJECT --reject-with ${how}`,
          effect: { kind: "stops" },
        })),
      ];
    case "mangle":
      return [
        drop,
        ...(outward
          ? [
              {
                weight: 4,
                words: family === "ipv6" ? "HL --hl-set 1" : "TTL --ttl-set 1",
                effect: { kind: "ends-ttl" },
              } as const,
            ]
          : []),
      ];
    case "raw":
      return [
        { ...drop, weight: 2 },
        ...(role === "router"
          ? ([
              { weight: 3, words: "CT --notrack", effect: { kind: "untracks" } },
              { weight: 3, words: `CT --zone ${random.whole(1, 99)}`, effect: { kind: "untracks" } },
            ] satisfies Target[])
          : []),
      ];
    case "nat": {
      const elsewhere = random.pick([serverAddressOf(base).replace(/\d+$/, "250"), sessionAddressOf(base)]);
      return [
        { weight: 1, words: "REDIRECT --to-ports 8080", effect: { kind: "redirects" } },
        { weight: 2, words: `DNAT --to-destination ${elsewhere}`, effect: { kind: "redirects" } },
      ];
    }
  }
}

const rejections = {
  ipv4: ["tcp-reset", "icmp-port-unreachable", "icmp-admin-prohibited", "icmp-host-unreachable"],
  ipv6: ["tcp-reset", "icmp6-port-unreachable", "icmp6-adm-prohibited"],
} as const;
