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

/** What stands in a table beside its blocks, and grep's mark for lines left out. */
const ofTable = /^(?:comment "|flags |#|--$)|\{.*\}\s*$/;

/** The block in a table that is being read: a chain, a helper, or something else, such as a set. */
type Block = { readonly kind: "chain" | "helper" | "other"; readonly name: string };
type Table = { readonly family: string; readonly name: string };

/** Rules stand a line each, so each is read by itself, in its table and chain. */
function readRuleset(): LineReader {
  let table: Table | null = null;
  let block: Block | null = null;
  const helpers = new Map<string, string>();
  return (text) => {
    const [, family = "ip", name] = tableLine.exec(text) ?? [];
    if (name !== undefined) {
      table = { family, name };
      block = null;
      return nothingSaid;
    }
    if (table === null) return null;
    const line = text.trim();
    if (line.startsWith("}")) {
      if (block === null) table = null;
      block = null;
    } else if (block === null) {
      if (line === "") return null;
      block = blockIn(line);
      // The end of the table may be cut off: what opens nothing in it is somebody else's.
      if (block === null && !ofTable.test(line)) {
        table = null;
        return null;
      }
    } else if (block.kind === "helper") {
      const [, type] = /^type "([^"]+)"/.exec(line) ?? [];
      if (type !== undefined) helpers.set(block.name, type);
    } else if (block.kind === "chain") return { facts: factsIn(line, table, block.name, helpers) };
    return nothingSaid;
  };
}

/** What a line opens; `null` where it opens nothing, or closes what it opens. */
function blockIn(line: string): Block | null {
  const [, chain] = chainLine.exec(line) ?? [];
  if (chain !== undefined) return { kind: "chain", name: chain };
  const [, helper] = helperLine.exec(line) ?? [];
  if (helper !== undefined) return { kind: "helper", name: helper };
  return /\{\s*(?:#.*)?$/.test(line) ? { kind: "other", name: "" } : null;
}

function factsIn(
  line: string,
  { family, name: table }: Table,
  chain: string,
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
