/** What a machine's rules tell of the network: what is forwarded, what is hidden, which interfaces there are. */
import { parseRules } from "../../evidence/text/rules";
import { originAt, type Piece } from "../pieces/piece";
import type { Forward, Hiding } from "../host";
import type { Origin } from "../place";

export type RuleFacts = {
  readonly forwards: readonly Forward[];
  readonly hidings: readonly Hiding[];
  readonly named: ReadonlyMap<string, Origin>;
};

/** @param text what of the piece is loaded */
export function ruleFacts(text: string, piece: Piece): RuleFacts {
  const { destinationNats, sourceNats } = parseRules(text);
  const lineWith = (...needles: readonly (string | RegExp)[]): Origin => {
    const index = piece.lines.findIndex((line) =>
      needles.every((needle) => (typeof needle === "string" ? line.includes(needle) : needle.test(line))),
    );
    return originAt(piece, Math.max(0, index));
  };
  const forwards = destinationNats.flatMap(({ inLink, destination, ports, toAddress, toPorts }): Forward[] => {
    if (toAddress === null || toAddress.includes(":")) return [];
    const first = ports?.[0]?.first;
    const isLine = /\bDNAT\b|\bdnat\b/;
    const word = new RegExp(`${toAddress.replaceAll(".", "\\.")}(?![\\d.])`);
    const port = first === undefined ? /./ : new RegExp(`\\b${first}\\b|ftp`);
    return [
      { inside: toAddress, ports, toPorts, on: inLink, dialled: destination, from: lineWith(word, isLine, port) },
    ];
  });
  const hidings = sourceNats.flatMap(({ kind, outLink, source, destination, toAddress }): Hiding[] => {
    // Clients inside are led back to their own side by it, which is no way out.
    if (forwards.some(({ inside }) => inside === destination)) return [];
    const word = kind === "SNAT" ? /\bSNAT\b|\bsnat\b/ : /MASQUERADE|masquerade/;
    // Chains of zones hold the target, and the interface stands where they are called.
    const exact =
      outLink === null ? undefined : piece.lines.findIndex((line) => word.test(line) && line.includes(outLink));
    const from = exact === undefined || exact < 0 ? lineWith(word, toAddress ?? /./) : originAt(piece, exact);
    return [{ out: outLink, to: toAddress, source, from }];
  });
  return { forwards, hidings, named: interfacesNamed(piece) };
}

const iptablesNames = /(?:^|\s)(?:-i|-o|--in-interface|--out-interface)\s+(?:!\s*)?"?([^\s"]+)/g;
const nftNames = /\b[io]if(?:name)?\s+(?:!=\s*)?(?:vmap\s*)?(?:\{([^}]*)\}|"?([\w.@:*+-]+)"?)/g;

function interfacesNamed(piece: Piece): ReadonlyMap<string, Origin> {
  const named = new Map<string, Origin>();
  for (const [index, line] of piece.lines.entries()) {
    const words =
      piece.kind === "nft"
        ? // `fib saddr . iif oif missing` asks the routes, and names nothing.
          [...line.replace(/\bfib [^;{}]*?\b(?:oif|oifname|type)\b/g, "").matchAll(nftNames)].flatMap(([, set, one]) =>
            set === undefined ? [one ?? ""] : set.split(",").map((word) => word.split(":")[0] ?? ""),
          )
        : [...line.matchAll(iptablesNames)].map(([, word]) => word ?? "");
    for (const word of words) {
      const name = word.trim().replaceAll('"', "");
      if (/^[\w.@:-]{1,15}$/.test(name) && name !== "lo" && !named.has(name)) named.set(name, originAt(piece, index));
    }
  }
  return named;
}
