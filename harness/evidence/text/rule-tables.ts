import { linesOf } from "./lines";
import { fieldOf, listOf } from "./nft/json";
import { nftObjects } from "./nft/read-text";
import { nftTables, type NftTable } from "./nft/ruleset";
import { parseSavedTables, type SavedTable } from "./saved-rules";

/** A router's tables, by who holds them. */
export type RuleTables = { readonly saved: ReadonlyMap<string, SavedTable>; readonly nft: readonly NftTable[] };

/** Takes apart what iptables and nft print, in one text; the tables of iptables-nft that both tell are iptables'. */
export function ruleTables(text: string): RuleTables {
  const saved = parseSavedTables(text);
  const start = text.search(/^(?:\{|table \S|define \w)/m);
  if (start < 0) return { saved, nft: [] };
  const own = text.slice(start);
  const nft = nftTables(own.startsWith("{") ? readJson(own) : nftObjects(own));
  const isToldTwice = ({ family, name }: NftTable): boolean => family !== "inet" && saved.has(name);
  return { saved, nft: nft.filter((table) => !isToldTwice(table)) };
}

/** The objects of `{"nftables": [...]}`, of several of them one after another, or of what is left of one that was cut. */
function readJson(text: string): readonly unknown[] {
  const whole = parsed(text);
  if (whole !== undefined) return listOf(fieldOf(whole, "nftables"));
  return linesOf(text).flatMap((line) => {
    const object = parsed(line.trim().replace(/,$/, ""));
    if (object === undefined) return [];
    const listed = fieldOf(object, "nftables");
    return listed === undefined ? [object] : listOf(listed);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
