/** A session that broke at what one of its ends decided: a reply that refuses. */
import type { DataCommand, Stage } from "../../model/axes";
import type { FoundBreak } from "./hand";
import { refusedCcc, type Dialogue, type DialogueExchange } from "../../ftp/dialogue";

/** What the ends tell of a session. */
export type Session = {
  readonly stage: Stage | null;
  readonly replyCode: number | null;
  readonly message: string;
  readonly dialogue: Dialogue;
  readonly data: DataCommand;
  readonly passive: boolean;
  readonly dataExchange: DialogueExchange | null;
  /** PROT P was asked for or is a part of the mode. */
  readonly protectsData: boolean;
  /** A router on the way has an FTP helper. */
  readonly meetsHelper: boolean;
};

/**
 * The CCC that the server refused, of a client that went on under TLS: a helper on the way, which it was to let read, then expected no data
 * connection. `null` if none was refused or no helper is there.
 */
export function refusedCccBreak({ dialogue, stage, meetsHelper }: Session): FoundBreak | null {
  const refused = refusedCcc(dialogue);
  if (stage !== "data-connect" || !meetsHelper || refused === null) return null;
  return refusalOf(refused.command, refused.reply);
}

/** The reply that ended the session; `null` if none refuses. */
export function refusalBreak({ dialogue, replyCode, stage }: Session): FoundBreak | null {
  // A server that reports that no data connection came about does not decide: that was lost on the way.
  if (replyCode === null || replyCode < 400) return null;
  if (stage === "data-connect" && (replyCode === 425 || replyCode === 426 || replyCode === 421)) return null;
  const refused = dialogue.exchanges.find(({ code }) => code === replyCode) ?? null;
  return refusalOf(refused?.command ?? null, refused?.reply ?? String(replyCode));
}

function refusalOf(command: string | null, words: string): FoundBreak {
  return {
    what: "refused",
    thing: { connection: "control", kind: "command", from: "client", text: command },
    place: null,
    hand: { kind: "server", words },
    proofs: [{ witness: "client", text: command === null ? `< ${words}` : `> ${command} < ${words}` }],
  };
}
