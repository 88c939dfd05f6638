import type { PortRange } from "../../model/topology";

/** `--dport 21`, `! --sports 21,990`, `tcp dport { 21, 990 }`, `sport != 50000-50999`. */
const named = /(! )?(?:--([sd])ports?|\b([sd])port) (!= )?(?:\{ ([^}]*)\}|([\d:,-]+))/g;

/** Ports that a rule names, in iptables' words or in nft's; empty if it names none. `which`: `s` or `d` alone. */
export function portsNamedIn(rule: string, which: "s" | "d" | null = null): readonly PortRange[] {
  return [...rule.matchAll(named)]
    .filter(([, , long, short]) => which === null || (long ?? short) === which)
    .flatMap(([, before, , , behind, set, list]) => {
      const ranges = (set ?? list ?? "").split(",").flatMap(readRange);
      return (before ?? behind) === undefined ? ranges : ranges.flatMap(allBut);
    });
}

function readRange(part: string): readonly PortRange[] {
  const [first = NaN, last = first] = part.trim().split(/[:-]/).map(Number);
  return Number.isInteger(first) && Number.isInteger(last) ? [{ first, last }] : [];
}

function allBut({ first, last }: PortRange): readonly PortRange[] {
  return [
    { first: 0, last: first - 1 },
    { first: last + 1, last: 65_535 },
  ];
}

export function namesPort(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(({ first, last }) => first <= port && port <= last);
}
