import type { Rule } from "../rule-words";
import { holdsSession, isBelow } from "../wide-limits";
import { anyConnection, type RuleMatch } from "../rule-match";
import { bothAlternatives, elementsOf, portsOf, readNftKey, readNftMatch, type Alternatives } from "./match";
import { fieldOf, listOf, numberOf, objectsOf, onlyPair, textOf } from "./json";
import type { MatchContext } from "./match";
import type { NftChain, NftRule, NftTable, RulePlace } from "./ruleset";

/** What rules of a table are read with. */
export type RuleContext = MatchContext & Pick<NftTable, "helpers">;

/** Chains may have the names of targets, so they are marked as what they are. */
export function chainTarget(name: string): string {
  return `chain ${name}`;
}

/** Statements that ask nothing and decide nothing about a TCP SYN. */
const passing: ReadonlySet<string> = new Set([
  ...[
    "continue",
    "counter",
    "log",
    "mangle",
    "flow",
    "comment",
    "ct timeout",
    "ct expectation",
    "secmark",
    "dup",
    "last",
    "tee",
  ],
]);

const verdicts: ReadonlyMap<string, string> = new Map([
  ["accept", "ACCEPT"],
  ["drop", "DROP"],
  ["reject", "REJECT"],
  ["return", "RETURN"],
  ["notrack", "NOTRACK"],
]);

/** A rule of nftables as rules of one match and one target, as iptables has them; what is not understood makes them conditional. */
export function readNftRule({ place }: NftChain, rule: NftRule, context: RuleContext): readonly Rule[] {
  const rules: Rule[] = [];
  const here: RulePlace = { ...place, handle: rule.handle };
  const text = rule.text === undefined ? {} : { text: rule.text };
  const add = (matches: Alternatives, target: Target): void => {
    rules.push(...matches.map((match) => ({ match, isGoto: false, options: none, ...target, place: here, ...text })));
  };
  let matches: Alternatives = [anyConnection];
  for (const [kind, body] of objectsOf(rule.statements)) {
    if (matches.length === 0) break;
    const target = verdictOf(kind, body);
    if (target !== null) add(matches, target);
    else if (kind === "match") matches = bothAlternatives(matches, readNftMatch(body, context));
    else if (kind === "vmap") {
      for (const { asked, value } of choices(fieldOf(body, "key"), fieldOf(body, "data"), context)) {
        const chosen = onlyPair(value);
        const verdict = chosen === null ? null : verdictOf(...chosen);
        if (verdict !== null) add(bothAlternatives(matches, asked), verdict);
        else if (chosen?.[0] !== "continue") add(bothAlternatives(matches, asked), unreadTarget);
      }
    } else if (kind === "ct helper") {
      for (const { asked, value } of values(body, context)) {
        const helper = typeof value === "string" ? context.helpers.get(value) : undefined;
        if (helper === undefined) continue;
        add(bothAlternatives(matches, asked), { target: "CT", options: new Map([["--helper", helper]]) });
      }
    } else if (natKinds.has(kind))
      addTranslations(
        kind,
        body,
        (asked, to) => {
          add(bothAlternatives(matches, asked), to);
        },
        context,
      );
    else if (kind === "queue" || kind === "tproxy" || kind === "synproxy" || kind === "fwd") add(matches, unreadTarget);
    else if (kind === "xt") {
      // What iptables-nft put in a table of nftables: its extensions are named, not told.
      if (textOf(body, "type") === "target") add(matches, unreadTarget);
      else matches = matches.map(asConditional);
    } else if (context.which !== "later" && isWide(kind, body)) {
      if (fieldOf(body, "inv") === true) break;
    } else if (!passes(kind, body)) matches = matches.map(asConditional);
  }
  return rules;
}

type Target = Pick<Rule, "target"> & Partial<Pick<Rule, "isGoto" | "options">>;

const none: Rule["options"] = new Map();

/** One that may or may not let packets go on. */
const unreadTarget: Target = { target: "(not read)" };

function asConditional(match: RuleMatch): RuleMatch {
  return { ...match, conditional: true, isUnread: true };
}

function verdictOf(kind: string, body: unknown): Target | null {
  const verdict = verdicts.get(kind);
  if (verdict !== undefined) return { target: verdict };
  if (kind !== "jump" && kind !== "goto") return null;
  return { target: chainTarget(textOf(body, "target") ?? ""), isGoto: kind === "goto" };
}

/** A set that is written to lets all packets go on, but for those that the statements of its elements keep. */
function passes(kind: string, body: unknown): boolean {
  if (kind === "set" || kind === "map")
    return objectsOf(listOf(fieldOf(body, "stmt"))).every(([inner]) => passing.has(inner));
  return passing.has(kind);
}

/** A limit that no session reaches; of bytes it is none, since the first packet has few. */
function isWide(kind: string, body: unknown): boolean {
  if (kind === "limit") return textOf(body, "burst_unit") === null && holdsSession(numberOf(body, "burst"));
  const connections = kind === "ct count" ? numberOf(body, "val") : null;
  return connections !== null && isBelow(connections);
}

type Choice = { readonly asked: Alternatives; readonly value: unknown };

/** Each entry of a map, with what chooses it; the one for all the rest comes last. */
function choices(key: unknown, data: unknown, context: RuleContext): readonly Choice[] {
  const elements = elementsOf(data, context.sets);
  const read = elements?.values.flatMap((pair): Choice[] => {
    const [asked, value] = listOf(pair);
    return asked === undefined ? [] : [{ asked: readNftKey(key, asked, context), value }];
  });
  if (read === undefined || elements?.isDynamic === true || read.length > 128) {
    return [{ asked: [asConditional(anyConnection)], value: undefined }];
  }
  const isRest = ({ asked }: Choice): boolean => asked.length === 1 && asked[0] === anyConnection;
  return [...read.filter((choice) => !isRest(choice)), ...read.filter(isRest)];
}

/** What an expression may be: itself, or what a map says. */
function values(expression: unknown, context: RuleContext): readonly Choice[] {
  const map = fieldOf(expression, "map");
  if (map === undefined) return [{ asked: [anyConnection], value: expression }];
  return choices(fieldOf(map, "key"), fieldOf(map, "data"), context);
}

const natKinds: ReadonlySet<string> = new Set(["dnat", "snat", "masquerade", "redirect"]);

/** `dnat to`, `snat to`, `masquerade` and `redirect to`, in the options of iptables' targets. */
function addTranslations(
  kind: string,
  body: unknown,
  add: (asked: Alternatives, target: Target) => void,
  context: RuleContext,
): void {
  const family = textOf(body, "family");
  if (family !== null && family !== (context.family === "ipv4" ? "ip" : "ip6")) return;
  const port = fieldOf(body, "port");
  if (kind === "masquerade") add([anyConnection], { target: "MASQUERADE" });
  else if (kind === "redirect") {
    for (const { asked, value } of values(port, context)) {
      const to = value === undefined ? [] : [["--to-ports", portWords(value)] as const];
      add(port === undefined || value !== undefined ? asked : asked.map(asConditional), {
        target: "REDIRECT",
        options: new Map(to),
      });
    }
  } else {
    const [target, option] = kind === "dnat" ? ["DNAT", "--to-destination"] : ["SNAT", "--to-source"];
    for (const { asked, value } of values(fieldOf(body, "addr"), context)) {
      const [address, named] = pairOf(value);
      const words = targetWords(address, named ?? port);
      add(words === null ? asked.map(asConditional) : asked, {
        target,
        options: words === null ? none : new Map([[option, words]]),
      });
    }
  }
}

/** Address and port of `ADDRESS . PORT`, as a map may hold them. */
function pairOf(value: unknown): readonly [address: unknown, port: unknown] {
  const parts = fieldOf(value, "concat");
  const [address, port] = parts === undefined ? [value] : listOf(parts);
  return [address, port];
}

/** `192.0.2.1:50000-50999` and the like, as iptables writes it; `null` if it cannot be read. */
function targetWords(address: unknown, port: unknown): string | null {
  const ports = port === undefined ? "" : portWords(port);
  const host = address === undefined ? "" : hostWords(address);
  if (host === null) return null;
  if (ports === "") return port === undefined ? host : null;
  return `${host.includes(":") ? `[${host}]` : host}:${ports}`;
}

function hostWords(address: unknown): string | null {
  if (typeof address === "string") return address;
  const prefix = fieldOf(address, "prefix");
  if (prefix !== undefined) {
    const isHost = [32, 128].includes(numberOf(prefix, "len") ?? 0);
    return isHost ? textOf(prefix, "addr") : null;
  }
  const ends = listOf(fieldOf(address, "range")).filter((end) => typeof end === "string");
  return ends.length === 2 ? ends.join("-") : null;
}

function portWords(port: unknown): string {
  const range = portsOf(port);
  if (range === null) return "";
  return range.first === range.last ? String(range.first) : `${range.first}-${range.last}`;
}
