/** A first break in a sentence. */
import type { BreakHand, BrokenThing, FirstBreak } from "../../model/first-break";
import { flow as flowText, sentence } from "../words";
import { destinationNat, rewrites, untracks } from "../../evidence/text/rule-words";

type Told = Omit<FirstBreak, "sentence">;

/** A sentence that says what broke, where, and what stopped it. */
export function sentenceOf(found: Told): string {
  const { what, thing, place, hand } = found;
  const which = sentence(named(found));
  switch (what) {
    case "lost":
      return `${which} ${way(found)}${hand.kind === "unknown" && place?.kind === "node" ? "; nothing on record tells what stopped it" : handWords(hand)}.`;
    case "refused":
      return refusal(which, found);
    case "altered":
      if (thing.kind === "syn-ack" && hand.kind === "conntrack") {
        const receiver = thing.from === "server" ? "client" : "server";
        return `${which} reached the ${receiver} from another address than it had dialled, and it ignored it: the answer had not come back through ${hand.node}, which had translated the SYN.`;
      }
      return `${which} was changed on its way${place?.kind === "node" ? ` by ${place.node}` : ""}${handWords(hand)}.`;
    case "never-sent":
      if (thing.kind === "names" && hand.kind === "server") return leftOutWords(hand.words);
      if (thing.kind === "syn" && hand.kind === thing.from) return notDialledWords(thing, hand.words);
      return `${which} was never sent${place?.kind === "node" ? ` by ${place.node}` : ""}${handWords(hand)}.`;
    case "late":
      return `${which} came too late${handWords(hand)}.`;
    case "malformed":
      return `${which} is malformed${handWords(hand)}.`;
    case "ended":
      if (hand.kind === "server") return closedWords(found, hand.words);
      return `The ${thing.connection} connection was ended before ${named(found)} could pass${handWords(hand)}.`;
  }
}

function leftOutWords(reply: string | null): string {
  return `The server's listing was sent whole and names no files${reply === null ? "" : `, though it ended with “${shortened(reply)}”`}; nothing on record tells why.`;
}

function notDialledWords({ connection, from }: BrokenThing, words: string | null): string {
  const said = words === null ? "" : `: it says “${shortened(words)}”`;
  return `The ${from} did not open the ${connection} connection${said}.`;
}

/** `thing.text`: the command that waited for its reply. */
function closedWords({ how, thing }: Told, words: string | null): string {
  const said = words === null ? "" : `said “${shortened(words)}” and `;
  const waiting = thing.text === null ? "before its greeting" : `while ${verbOf(thing.text)} waited for its reply`;
  return `The server ${said}closed the control connection${how === undefined ? "" : ` (${how})`}${words === null ? ` ${waiting}` : ""}.`;
}

function verbOf(command: string): string {
  return command.split(" ", 1)[0] ?? command;
}

/** The thing, with the packet's addresses as it was seen last. */
function named({ thing, packet }: Told): string {
  const isLine = thing.kind === "command" || thing.kind === "reply";
  return `${thingWords(thing)}${packet === null || isLine ? "" : ` (${flowText(packet)})`}`;
}

function refusal(which: string, found: Told): string {
  const { hand, place } = found;
  if (hand.kind === "server") {
    return `${which} was refused by the server${hand.words === null ? "" : `: ${shortened(hand.words)}`}.`;
  }
  if (hand.kind === "nothing-listens") return `${which} reached ${hand.node}, where nothing listens, and was refused.`;
  return place === null ? `${which} was refused${handWords(hand)}.` : `${which} ${way(found)}${handWords(hand)}.`;
}

/** How far it came. */
function way({ place, thing, side, hand }: Told): string {
  if (place === null) return "was lost";
  if (place.kind === "wire") return `left ${place.from} and did not come to ${place.to ?? "the next node"}`;
  if (side === thing.from && "node" in hand && hand.node === place.node) return `never left ${place.node}`;
  return `came to ${place.node} and went no further`;
}

function thingWords({ connection, kind, from, text }: BrokenThing): string {
  const line = text === null ? "" : ` "${text}"`;
  switch (kind) {
    case "syn":
      return `the ${from}'s SYN for the ${connection} connection`;
    case "syn-ack":
      return `the ${from}'s answer (SYN,ACK) on the ${connection} connection`;
    case "ack":
      return `the last packet (ACK) of the ${connection} connection's handshake`;
    case "acknowledgement":
      return `an acknowledgement of the ${from} on the ${connection} connection`;
    case "greeting":
      return `the server's greeting${line}`;
    case "command":
      return `the client's command${line}`;
    case "reply":
      return `the server's reply${line}`;
    case "tls":
      return `a TLS record of the ${from} on the ${connection} connection`;
    case "bytes":
      return `data of the ${from} on the data connection`;
    case "names":
      return `the listing with the files' names`;
    case "end":
      return `the end (FIN) of the ${from}'s data`;
  }
}

/** A route that is known is quoted: it is what has to be changed. */
function routeWords({ node, neighbour, route }: Extract<BreakHand, { kind: "no-route" }>): string {
  const by = route === undefined ? "" : ` by its route "${route}"`;
  if (neighbour === true) {
    return `the host that ${node} would hand it to${by} does not answer (ARP, neighbour discovery)`;
  }
  return route === undefined ? `${node} has no route for it` : `${node} refuses it${by}`;
}

function handWords(hand: BreakHand): string {
  const words = handClause(hand);
  return words === "" ? "" : `: ${words}`;
}

/** What came after it, behind a comma. */
function thenWords(then: BreakHand | undefined): string {
  const words = then === undefined ? "" : handClause(then);
  return words === "" ? "" : `, and ${words}`;
}

/** What the hand did; empty if unknown. */
function handClause(hand: BreakHand): string {
  switch (hand.kind) {
    case "rule":
      return `the rule "${hand.rule}" in ${hand.table} ${hand.chain} on ${hand.node} ${effectOf(hand.rule)}${thenWords(hand.then)}`;
    case "policy":
      return `the policy of ${hand.table} ${hand.chain} on ${hand.node} dropped it`;
    case "not-forwarded":
      return `it is addressed to ${hand.node} itself, nothing forwards it${thenWords(hand.then) || ", and nothing listens there"}`;
    case "no-route":
      return routeWords(hand);
    case "reverse-path-filter":
      return `the reverse path filter (rp_filter) of ${hand.node} dropped it`;
    case "ttl":
      return `its TTL ended there${hand.rule === null ? "" : `, since the rule "${hand.rule}" set it so low`}`;
    case "mtu":
      return `${hand.node} sends on shorter packets only, and nothing on record names the link or rule`;
    case "helper":
      return `the FTP helper of ${hand.node} dropped it`;
    case "conntrack":
      return `connection tracking or NAT of ${hand.node} stopped it, and no rule`;
    case "nothing-listens":
      return `nothing listens there on ${hand.node}`;
    case "host":
      return `${hand.node} stayed silent`;
    case "server":
    case "client":
      return hand.words === null ? "" : `the ${hand.kind} says “${shortened(hand.words)}”`;
    case "unknown":
      return "";
  }
}

/** What a rule did to it. */
function effectOf(rule: string): string {
  const [, to] = destination.exec(rule) ?? [];
  if (destinationNat.test(rule)) return `had given it another destination${to === undefined ? "" : ` (${to})`}`;
  if (rewrites.test(rule)) return "had changed its addresses or ports, so connection tracking did not know it";
  if (untracks.test(rule)) return "had hidden the connection from connection tracking";
  return /-j REJECT\b|\breject\b/.test(rule) ? "rejected it" : "dropped it";
}

/** Where a rule of NAT sends it. */
const destination = /--to-(?:destination|ports) (\S+)|\b(?:dnat|redirect)(?: ip6?)? to (\S+)/;

/** Characters of a program's own words that a sentence has room for. */
const roomForWords = 120;

/** A program's first sentence, cut between words where it is long. */
function shortened(words: string): string {
  const [first = ""] = words.trim().split(/(?<=[^\d\s]\.)\s+(?=[A-Z])/);
  const plain = first.replace(/\.$/, "");
  if (plain.length <= roomForWords) return plain;
  return `${plain.slice(0, plain.lastIndexOf(" ", roomForWords)).replace(/[\s,.;:]+$/, "")} …`;
}
