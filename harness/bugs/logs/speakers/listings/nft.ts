import { nftObjects } from "../../../../evidence/text/nft/read-text";
import { readNftRule } from "../../../../evidence/text/nft/rule";
import { nftTables } from "../../../../evidence/text/nft/ruleset";
import { nothingSaid, type FactBody, type LineReader, type SpeakerForm } from "../speaker-form";
import { policyFact, ruleFacts } from "./rule-fact";

/** `nft list ruleset`, or a part of it. */
export const nft: SpeakerForm = {
  id: "nft-ruleset",
  title: "nft's ruleset",
  by: "listing",
  software: null,
  begin: readRuleset,
};

const tableLine = /^\s*table (?:(ip|ip6|inet|arp|bridge|netdev) )?([\w.-]{1,60}) \{/;
const chainLine = /^\s*chain ([\w.-]{1,60}) \{/;
const helperLine = /^\s*ct helper ([\w.-]{1,60}) \{/;
const hookLine = /^\s*type (\w+) hook (\w+)\b.*?(?:\bpolicy (accept|drop))?;?\s*$/;

type Place = { readonly family: string; readonly table: string; chain: string | null; helper: string | null };

/** Rules stand a line each, so each is read by itself, in its table and chain. */
function readRuleset(): LineReader {
  let place: Place | null = null;
  const helpers = new Map<string, string>();
  return (text) => {
    const [, family = "ip", table] = tableLine.exec(text) ?? [];
    if (table !== undefined) {
      place = { family, table, chain: null, helper: null };
      return nothingSaid;
    }
    if (place === null) return null;
    const line = text.trim();
    const [, chain] = chainLine.exec(text) ?? [];
    const [, helper] = helperLine.exec(text) ?? [];
    if (chain !== undefined) place.chain = chain;
    else if (helper !== undefined) place.helper = helper;
    else if (line.startsWith("}")) {
      if (place.chain === null && place.helper === null) place = null;
      else Object.assign(place, { chain: null, helper: null });
    } else if (place.helper !== null) {
      const [, type] = /^type "([^"]+)"/.exec(line) ?? [];
      if (type !== undefined) helpers.set(place.helper, type);
    } else if (place.chain !== null) return { facts: factsIn(line, { ...place, chain: place.chain }, helpers) };
    else if (line === "") return null;
    return nothingSaid;
  };
}

function factsIn(
  line: string,
  { family, table, chain }: { readonly family: string; readonly table: string; readonly chain: string },
  helpers: ReadonlyMap<string, string>,
): readonly FactBody[] {
  const spot = { chain, table };
  const [hook, , , policy] = hookLine.exec(line) ?? [];
  if (hook !== undefined) {
    const fact = policy === undefined ? null : policyFact(spot, policy);
    return fact === null ? [] : [fact];
  }
  const protocol = /\b(?:tcp|th) (?:dport|sport|flags)\b|\b(?:l4proto|protocol) tcp\b/.test(line) ? "tcp" : null;
  const [parsed] = nftTables(nftObjects(`table ${family} ${table} {\nchain ${chain} {\n${line}\n}\n}`));
  return [...(parsed?.chains.values() ?? [])].flatMap((read) =>
    read.rules.flatMap((rule) =>
      (["ipv4", "ipv6"] as const)
        .map((version) => readNftRule(read, rule, { family: version, sets: new Map(), helpers }))
        .map((rules) => rules.flatMap((one) => ruleFacts(one, spot, protocol)))
        .reduce((four, six) => (four.length > 0 ? four : six)),
    ),
  );
}
