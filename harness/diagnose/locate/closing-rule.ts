/** Whether a rule ends everything that reaches it, or only specific packets. */
import type { RouterEvidence, TraceStep } from "../../model/evidence";
import { bothMatches, type RuleMatch } from "../../evidence/text/rule-match";
import { reachedRules, savedRules, type ReachedRule } from "../../evidence/text/rule-chain";
import type { Rule } from "../../evidence/text/rule-words";
import { parseSavedTables } from "../../evidence/text/saved-rules";

/** Criteria that a last rule of a chain may have: they tell no connection from another. */
const general =
  /^(?:(?:-p|--protocol) (?:tcp|all|6)|(?:-i|-o|--in-interface|--out-interface) \S+|-m (?:tcp|comment|conntrack|state)|--comment (?:"[^"]*"|\S+)|--(?:ct)?state \S+|-j (?:DROP|REJECT)|--reject-with \S+|(?:tcp flags )?--syn|--tcp-flags (?:FIN,)?SYN,RST,ACK SYN)\s*/;

/** The same in nft's words. */
const generalNft =
  /^(?:(?:iifname|oifname|iif|oif) (?:!= )?(?:"[^"]*"|\S+)|meta (?:l4proto|nfproto) \S+|ip protocol \S+|ct state \S+|counter(?: packets \d+ bytes \d+)?|log(?: prefix "[^"]*")?|comment "[^"]*"|drop|reject(?: with .*)?)\s*/;

/**
 * * A rule of the filter table that matches only links, state and protocol, and after which no rule would accept the connection, expected
 * or not. It acts as the policy. Any other rule that ends a packet is itself the reason.
 */
export function isClosing(step: TraceStep, evidence: Pick<RouterEvidence, "rules"> | null): boolean {
  const { table, rule } = step;
  if (rule === null) return true;
  if (table !== "filter") return false;
  if (!asksForNothing(rule)) return false;
  const { destination, destinationPort } = step.packet;
  const wanted: RuleMatch = {
    ...{ inLink: step.inLink, outLink: step.outLink, source: null, destination },
    ports: [{ first: destinationPort, last: destinationPort }],
    states: ["NEW", "RELATED"],
    ...{ helper: null, conditional: false },
  };
  // A chain that several hooks jump to ends other packets elsewhere.
  const hook = step.outLink === null ? "INPUT" : step.inLink === null ? "OUTPUT" : "FORWARD";
  return !behind(rule, hook, evidence?.rules ?? "").some(
    ({ target, match }) => target === "ACCEPT" && bothMatches(wanted, { ...match, helper: null }) !== null,
  );
}

/** The rules of a hook that a packet would meet after a rule if it passed that: in its own chain, and in those that had jumped to it. */
function behind(rule: string, hook: "FORWARD" | "INPUT" | "OUTPUT", saved: string): readonly ReachedRule[] {
  const table = parseSavedTables(saved).get("filter");
  if (table === undefined) return [];
  const source = savedRules(table);
  const passed = (one: Rule): Rule => (one.text === rule ? { ...one, target: "LOG" } : one);
  const rulesOf = (chain: string): readonly Rule[] => source.rulesOf(chain).map(passed);
  const { rules } = reachedRules({ ...source, rulesOf }, hook, (target) => ends.has(target));
  const index = rules.findIndex(({ text }) => text === rule);
  return index < 0 ? [] : rules.slice(index + 1);
}

/** Targets behind which no rule of a table is asked. */
const ends: ReadonlySet<string> = new Set(["ACCEPT", "DROP", "REJECT"]);

/** Whether a rule matches every connection of a side except a few ports (`! --dport 21`). */
export function isBroad(rule: string): boolean {
  return asksForNothing(
    rule.replace(/-m (tcp|multiport) /g, "").replace(/! --dports? [\d:,]+ ?|tcp dport != \S+ ?/g, ""),
  );
}

/** Whether all of a rule's words are such as any last rule may have. */
function asksForNothing(rule: string): boolean {
  const isIptables = rule.startsWith("-A ");
  let rest = rule.replace(/^-A \S+ /, "").trim();
  const pattern = isIptables ? general : generalNft;
  while (rest !== "") {
    const [known] = pattern.exec(rest) ?? [];
    if (known === undefined || known === "") return false;
    rest = rest.slice(known.length);
  }
  return true;
}
