/** A control connection that the server ended, or on which it said no more, though all that was sent to it arrived. */
import type { Stage } from "../../model/axes";
import type { CellEvidence } from "../../model/evidence";
import type { BrokenThing } from "../../model/first-break";
import type { Connection } from "../../evidence/timeline/connections";
import type { Journey } from "../../evidence/timeline/journeys";
import { isReset, isSynAck } from "../../evidence/timeline/segment";
import { isMissing } from "../../model/gaps";
import type { FoundBreak } from "./hand";
import type { Session } from "./refusal";
import { endsOf, hasArrived, isOwnWord, senderOf, sentAt, type Travel } from "./travel";

/** Stages in which the client waits for the server on the control connection, and for nothing else. */
const waiting: ReadonlySet<Stage | null> = new Set<Stage | null>([
  "greeting",
  "auth-tls",
  "login",
  "protection",
  "ccc",
  "data-command",
]);

/** Stages of a transfer. */
const transferring: ReadonlySet<Stage | null> = new Set<Stage | null>(["data-connect", "transfer", "completion"]);

/** Who ended the control connection, or who stayed silent on it; `null` if neither is on record. */
export function serverSilence(
  { captures, missing }: CellEvidence,
  { connections, journeys }: Travel,
  { stage, dialogue }: Session,
): FoundBreak | null {
  const isWhole = captures.every(({ cut }) => cut === null) && !isMissing(missing, "packets");
  const control = connections.findLast(({ kind }) => kind === "control");
  if (!isWhole || control === undefined) return null;
  // With its data connection open, the client of a transfer waits for the control connection too.
  const isOpen = journeys.some(
    ({ connection, sightings: [{ packet }] }) => connection.kind === "data" && isSynAck(packet),
  );
  if (!waiting.has(stage) && !(transferring.has(stage) && isOpen)) return null;
  const own = journeys.filter((journey) => journey.connection === control);
  const [first] = endsOf(own);
  const isServers = first !== undefined && senderOf(control, first.way) === "server" && isOwnWord(first);
  const last = own.findLast(
    (journey) => journey.length > 0 && (first === undefined || sentAt(journey) <= sentAt(first)),
  );
  const command = dialogue.exchanges.findLast(({ verb }) => verb !== "QUIT")?.command ?? null;
  const thing: BrokenThing = {
    connection: "control",
    kind: dialogue.greeting.length === 0 && command === null ? "greeting" : "reply",
    from: "server",
    text: null,
  };
  const base = { thing, place: null, hand: { kind: "server", words: null } } as const;
  if (isServers) {
    const how = isReset(first.sightings[0].packet) ? "RST" : "FIN";
    const witness = first.sightings[0].view.point.capture.node;
    const proofs = [{ witness, text: `its ${how} was the first end of the control connection` }];
    const hand = { kind: "server", words: lastRefusal(own, control) } as const;
    return { ...base, what: "ended", thing: { ...thing, kind: "end", text: command }, how, hand, proofs };
  }
  // The server had been asked, or had to greet, and nothing more came from it.
  if (!waiting.has(stage)) return null;
  // What it has said may be its greeting, in clear or under TLS, though the client did not understand it.
  const hasSpoken = own.some((journey) => journey.length > 0 && senderOf(control, journey.way) === "server");
  if (thing.kind === "greeting" && hasSpoken) return null;
  const isAsked = last === undefined || (senderOf(control, last.way) === "client" && hasArrived(last));
  if (!isAsked) return null;
  const proofs = [{ witness: "server", text: "what the client had sent arrived, and no answer left" }];
  return { ...base, what: "never-sent", proofs };
}

/** The refusal in clear with which the server ended the session, however many segments it took; `null` if it gave none. */
function lastRefusal(journeys: readonly Journey[], control: Connection): string | null {
  const lines = journeys.filter((journey) => journey.length > 0);
  const from = lines.findLastIndex(({ sightings: [{ packet }] }) => /^[45]\d\d /.test(packet.text ?? ""));
  const after = from < 0 ? [] : lines.slice(from).filter(({ way }) => senderOf(control, way) === "server");
  const words = after
    .map(({ sightings: [{ packet }] }) => packet.text ?? "")
    .join("")
    .trim();
  return words === "" ? null : words;
}
