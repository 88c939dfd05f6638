/** `ip route` → routes. */
import { originAt, type Piece } from "../pieces/piece";
import type { Route } from "../host";

export function routesIn(piece: Piece): readonly Route[] {
  return piece.lines.flatMap((line, index): Route[] => {
    const to = /^(default|\d[\d.]*(?:\/\d+)?)\s/.exec(line)?.[1];
    if (to === undefined) return [];
    // The first of several next hops stands for all.
    const rest = `${line} ${piece.lines[index + 1]?.startsWith("\t") === true ? (piece.lines[index + 1] ?? "") : ""}`;
    const word = (name: string): string | null => new RegExp(`\\b${name} (\\S+)`).exec(rest)?.[1] ?? null;
    const block = to === "default" || to.includes("/") ? to : `${to}/32`;
    return [{ to: block, via: word("via"), device: word("dev"), source: word("src"), from: originAt(piece, index) }];
  });
}
