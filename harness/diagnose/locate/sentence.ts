/** A first break in a sentence. */
import type { BreakHand, BreakPlace, BrokenThing, FirstBreak } from "../../model/first-break";
import { untracks } from "./hand";
import { flow as flowText, sentence } from "../words";

/** What broke, where and by which hand. */
export function sentenceOf({ what, thing, place, hand, packet }: Omit<FirstBreak, "sentence">): string {
  const which = `${thingWords(thing)}${packet === null || thing.kind === "command" || thing.kind === "reply" ? "" : ` (${flowText(packet)})`}`;
  switch (what) {
    case "lost":
      return `${sentence(which)} ${placeWords(place)}${handWords(hand)}.`;
    case "refused":
      return hand.kind === "server"
        ? `${sentence(which)} was refused by the server${hand.words === null ? "" : `: ${hand.words.replace(/\.$/, "")}`}.`
        : `${sentence(which)} was refused${placeWords(place) === "" ? "" : `: it ${placeWords(place)}`}${handWords(hand)}.`;
    case "altered":
      if (thing.kind === "syn-ack" && hand.kind === "conntrack") {
        return `${sentence(which)} came from another address than the ${thing.from === "server" ? "client" : "server"} had dialled, which took it for nobody's: it did not come back through ${hand.node}, which had translated the SYN.`;
      }
      return `${sentence(which)} was changed on its way${place?.kind === "node" ? ` by ${place.node}` : ""}${handWords(hand)}.`;
    case "never-sent":
      return `${sentence(which)} was never sent${place?.kind === "node" ? ` by ${place.node}` : ""}${handWords(hand)}.`;
    case "late":
      return `${sentence(which)} came too late${handWords(hand)}.`;
    case "malformed":
      return `${sentence(which)} is malformed${handWords(hand)}.`;
    case "ended":
      if (hand.kind === "server") return "The server ended the control connection while the client waited for it.";
      return `The ${thing.connection} connection was ended before ${which} could pass${handWords(hand)}.`;
  }
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
    case "end":
      return `the end (FIN) of the ${from}'s data`;
  }
}

function placeWords(place: BreakPlace | null): string {
  if (place === null) return "";
  return place.kind === "node"
    ? `came to ${place.node} and went no further`
    : `left ${place.from} and did not come to ${place.to ?? "the next node"}`;
}

function handWords(hand: BreakHand): string {
  switch (hand.kind) {
    case "rule":
      return `: the rule "${hand.rule}" in ${hand.table} ${hand.chain} ${effectOf(hand.rule)}`;
    case "policy":
      return `: the policy of ${hand.table} ${hand.chain} stopped it`;
    case "not-forwarded":
      return `: ${hand.node} took it as addressed to itself, since nothing forwards it`;
    case "no-route":
      return hand.neighbour === true
        ? `: on its link nobody answers for the next hop that ${hand.node} has for it`
        : `: ${hand.node} has no route for it`;
    case "reverse-path-filter":
      return `: the reverse path filter (rp_filter) of ${hand.node} dropped it`;
    case "ttl":
      return `: its TTL ended there${hand.rule === null ? "" : `, since the rule "${hand.rule}" had set it`}`;
    case "mtu":
      return `: it is longer than what passes there`;
    case "helper":
      return `: the FTP helper of ${hand.node} dropped it`;
    case "conntrack":
      return `: connection tracking or NAT of ${hand.node} stopped it, and no rule`;
    case "nothing-listens":
      return `: nothing listens there on ${hand.node}`;
    case "host":
      return `: ${hand.node} stayed silent`;
    case "server":
    case "client":
      return hand.words === null ? "" : `: ${hand.words}`;
    case "unknown":
      return "";
  }
}

/** What a rule did to it. */
function effectOf(rule: string): string {
  if (/-j (DNAT|REDIRECT)\b|\b(dnat|redirect)\b/.test(rule)) return "had sent it there";
  return untracks.test(rule) ? "had hidden the connection from connection tracking" : "stopped it";
}
