/** A session that broke at what one of its ends decided: a reply that refuses. */
import type { DataCommand, Stage } from "../../model/axes";
import type { FoundBreak } from "./hand";
import type { Dialogue, DialogueExchange } from "../../ftp/dialogue";

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
};

/** The reply that ended the session; `null` where none refuses. */
export function refusalBreak({ dialogue, replyCode, stage }: Session): FoundBreak | null {
  // A server that reports that no data connection came about does not decide: that was lost on the way.
  if (replyCode === null || replyCode < 400) return null;
  if (stage === "data-connect" && (replyCode === 425 || replyCode === 426 || replyCode === 421)) return null;
  const refused = dialogue.exchanges.find(({ code }) => code === replyCode) ?? null;
  const words = refused?.reply ?? String(replyCode);
  return {
    what: "refused",
    thing: { connection: "control", kind: "command", from: "client", text: refused?.command ?? null },
    place: null,
    hand: { kind: "server", words },
    proofs: [
      { witness: "client", text: refused === null ? `< ${replyCode}` : `> ${refused.command} < ${refused.reply}` },
    ],
  };
}
