import { traitsOf } from "../../../model/axes";
import { controlPortOf, placesOf, serverAddressOf, type Place } from "../place";
import type { Random } from "../../random";
import { drawCriteria, type Vantage } from "../rules/criteria";
import { nftCriteria, payloadBecomes, payloadBegins } from "../rules/nft-words";
import { truthOfRule, type Effect } from "../rules/targets";
import { hitGroup, type Base, type FaultKind } from "./definition";

/** A table of nft's own beside the rules that are there. */
export const nftRule: FaultKind = {
  id: "nft-rule",
  weight: 20,
  draw: (base, random) => {
    const place = random.weighted(
      placesOf(base).map((item) => ({ weight: item.role === "router" ? 4 : item.role === "server" ? 2 : 1, item })),
    );
    const spot = random.weighted(spotsOf(place).map((item) => ({ weight: item.weight, item })));
    const vantage: Vantage = { place, hook: spot.hook, isTracked: spot.priority > -200, isNat: false };
    const action = random.weighted(actionsOf(spot, place, base, random).map((item) => ({ weight: item.weight, item })));
    const criteria = action.criteria ?? nftCriteria(drawCriteria(base, vantage, random), place.family);
    const family = place.family === "ipv6" ? "ip6" : "ip";
    const table = random.pick(["own", "firewall", "hardening"]);
    const chain = random.pick(["guard", spot.hook]);
    const head = `type filter hook ${spot.hook} priority ${spot.priority}; policy accept;`;
    const words = `${criteria} ${action.words}`;
    return {
      what: `${place.node}: nft table ${family} ${table}: chain ${chain} { ${head} ${words} }`,
      node: place.node,
      changes: [
        {
          kind: "network",
          node: place.node,
          lines: [
            "nft -f - <<'END_OF_TABLE'",
            `table ${family} ${table} {`,
            `  chain ${chain} {`,
            `    ${head}`,
            `    ${criteria} log group ${hitGroup} queue-threshold 1 ${action.words}`,
            "  }",
            "}",
            "END_OF_TABLE",
          ],
        },
      ],
      rule: {
        table,
        chains: [chain, spot.hook.toUpperCase()],
        show: `nft list chain ${family} ${table} ${chain} | grep 'log ' | tail -n 1`,
      },
      stops: action.effect.kind === "stops",
      truth: truthOfRule(action.effect, place, base),
    };
  },
};

type Spot = { readonly weight: number; readonly hook: Vantage["hook"]; readonly priority: number };

function spotsOf({ role }: Place): readonly Spot[] {
  if (role === "router") {
    return [
      { weight: 4, hook: "forward", priority: -5 },
      { weight: 2, hook: "forward", priority: 10 },
      { weight: 3, hook: "prerouting", priority: -310 },
      { weight: 2, hook: "prerouting", priority: -150 },
      { weight: 1, hook: "postrouting", priority: 50 },
    ];
  }
  return [
    { weight: 4, hook: "input", priority: 0 },
    { weight: 3, hook: "output", priority: 0 },
  ];
}

/** @param criteria in place of drawn ones, where the action needs certain ones */
type Action = { readonly weight: number; readonly words: string; readonly effect: Effect; readonly criteria?: string };

function actionsOf({ hook, priority }: Spot, { role, family }: Place, base: Base, random: Random): readonly Action[] {
  const rejects = hook === "forward" || hook === "input" || hook === "output";
  const admin = family === "ipv6" ? "icmpv6 type admin-prohibited" : "icmp type admin-prohibited";
  const isFirst = role === "router" && hook === "prerouting" && priority < -200;
  const elsewhere = serverAddressOf(base).replace(/\d+$/, "250");
  return [
    { weight: 5, words: "drop", effect: { kind: "stops" } },
    ...(rejects
      ? ([
          { weight: 2, words: "reject with tcp reset", effect: { kind: "stops" } },
          { weight: 2, words: `reject with ${admin}`, effect: { kind: "stops" } },
          { weight: 1, words: "reject", effect: { kind: "stops" } },
        ] satisfies Action[])
      : []),
    ...(isFirst
      ? ([
          { weight: 3, words: "notrack", effect: { kind: "untracks" } },
          { weight: 3, words: `ct zone set ${random.whole(1, 99)}`, effect: { kind: "untracks" } },
        ] satisfies Action[])
      : []),
    ...(isFirst && family === "ipv4"
      ? ([{ weight: 1, words: `ip daddr set ${elsewhere}`, effect: { kind: "redirects" } }] satisfies Action[])
      : []),
    ...(role === "router" && family === "ipv4" && hook !== "prerouting"
      ? ([{ weight: 1, words: "ip ttl set 1", effect: { kind: "ends-ttl" } }] satisfies Action[])
      : []),
    ...(role === "router" && traitsOf(base.planned.cell.mode).tls === "none" ? [rewriting(base, random)] : []),
  ];
}

/** A line that a middlebox makes another one. */
function rewriting(base: Base, random: Random): Action {
  const port = controlPortOf(base);
  const { data } = base.planned.cell;
  const [from, to, side] = random.pick<readonly [string, string, "sport" | "dport"]>([
    ...(data === "pasv" ? [["227 ", "550 ", "sport"] as const, ["227 ", "502 ", "sport"] as const] : []),
    ...(data === "epsv" ? [["229 ", "500 ", "sport"] as const] : []),
    [data.toUpperCase(), random.pick(["XXXX", "NOOP"]), "dport"],
    ["230 ", "530 ", "sport"],
    ["331 ", "530 ", "sport"],
    ["220 ", "421 ", "sport"],
    ["150 ", "425 ", "sport"],
    ["226 ", "426 ", "sport"],
    ["USER", "XXXX", "dport"],
  ]);
  return {
    weight: 4,
    criteria: `tcp ${side} ${port} ${payloadBegins(from)}`,
    words: payloadBecomes(to),
    effect: { kind: "alters" },
  };
}
