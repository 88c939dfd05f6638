/** A packet that should have begun something and that no witness saw: the host's own rules held it back, or it was never sent. */
import { controlPortOf } from "../../model/axes";
import type { CellEvidence, TracedPacket } from "../../model/evidence";
import type { BrokenThing } from "../../model/first-break";
import { endpointOf } from "../../ftp/endpoint";
import { isPositive } from "../../ftp/dialogue";
import { isMissing } from "../../model/gaps";
import { handAt, isStopped, type FoundBreak } from "./hand";
import type { Session } from "./refusal";
import type { Travel } from "./travel";

/** A connection that was due and of which no packet left its host; `null` if that is not so, or not known. */
export function neverSent(evidence: CellEvidence, travel: Travel | null, session: Session): FoundBreak | null {
  return heldBack(evidence) ?? notDialled(evidence, travel, session);
}

/** The host's own rules stopped what it sent: no capture shows it, and its trace does. */
function heldBack(evidence: CellEvidence): FoundBreak | null {
  for (const host of evidence.hosts ?? []) {
    const stopped = [...host.packets, ...host.dropped].find((packet) => packet.inLink === null && isStopped(packet));
    if (stopped === undefined) continue;
    const packet = { flow: stopped.arrived, flags: stopped.flags, length: 0 };
    const known = handAt(evidence, host.host, packet);
    if (known === null) continue;
    const thing = thingOf(stopped, host.kind, evidence);
    return { what: "lost", thing, place: { kind: "node", node: host.host }, ...known, packet };
  }
  return null;
}

function thingOf({ flags, arrived }: TracedPacket, from: "client" | "server", { cell }: CellEvidence): BrokenThing {
  const control = controlPortOf(cell.mode);
  const connection = arrived.sourcePort === control || arrived.destinationPort === control ? "control" : "data";
  const isOpening = /\bSYN\b/.test(flags);
  const kind = isOpening ? (/\bACK\b/.test(flags) ? "syn-ack" : "syn") : connection === "data" ? "bytes" : "command";
  return { connection, kind, from, text: null };
}

/** The client was told where to connect, or the server was, and did not; known only where every packet was captured. */
function notDialled(
  { captures, missing }: CellEvidence,
  travel: Travel | null,
  { stage, dataExchange, passive, dialogue, message, replyCode }: Session,
): FoundBreak | null {
  const isWhole = captures.length > 0 && captures.every(({ cut }) => cut === null) && !isMissing(missing, "packets");
  if (!isWhole) return null;
  if (stage === "control-connect" && travel === null) {
    const thing: BrokenThing = { connection: "control", kind: "syn", from: "client", text: null };
    const proofs = [{ witness: "client", text: "no packet left its host" }];
    return {
      what: "never-sent",
      thing,
      place: null,
      hand: { kind: "client", words: message === "" ? null : message },
      proofs,
    };
  }
  if (travel === null || (stage !== "data-connect" && stage !== "data-command") || dataExchange === null) return null;
  if (!isPositive(dataExchange.code)) return null;
  const named = endpointOf(passive ? dataExchange.reply : dataExchange.command);
  if (named === null) return null;
  const began = travel.connections.some(
    ({ kind, views }) =>
      kind === "data" &&
      views.some(({ point, flow }) => point.kind === "client" && flow.destinationPort === named.port),
  );
  // A server that has refused what was asked for has nothing to connect for.
  if (began || (replyCode !== null && replyCode !== 425)) return null;
  const from = passive ? "client" : "server";
  // A server connects when it receives the transfer command.
  if (!passive && !dialogue.exchanges.slice(dialogue.exchanges.indexOf(dataExchange) + 1).length) return null;
  return {
    what: "never-sent",
    thing: { connection: "data", kind: "syn", from, text: null },
    place: null,
    hand: { kind: from, words: from === "client" && message !== "" ? message : null },
    proofs: [
      { witness: "client", text: `> ${dataExchange.command} < ${dataExchange.reply}` },
      { witness: from, text: "no SYN of a data connection left its host" },
    ],
  };
}
