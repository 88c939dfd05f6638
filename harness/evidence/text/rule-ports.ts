import type { PortRange } from "../../model/topology";

/** `--dport 21`, `--sports 21,990`, `tcp dport { 21, 990 }`, `sport 50000-50999`; not `! --dport 21`, which names all others. */
const named = /(?<!! |! --)(?:--([sd])ports?|\b([sd])port) (?:\{ ([^}]*)\}|([\d:,-]+))/g;

/** Ports that a rule names, in iptables' words or in nft's; empty where it names none. `which`: `s` or `d` alone. */
export function portsNamedIn(rule: string, which: "s" | "d" | null = null): readonly PortRange[] {
  return [...rule.matchAll(named)]
    .filter(([, long, short]) => which === null || (long ?? short) === which)
    .flatMap(([, , , set, list]) => (set ?? list ?? "").split(","))
    .flatMap((part): PortRange[] => {
      const [first = NaN, last = first] = part.trim().split(/[:-]/).map(Number);
      return Number.isInteger(first) && Number.isInteger(last) ? [{ first, last }] : [];
    });
}

export function namesPort(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(({ first, last }) => first <= port && port <= last);
}
