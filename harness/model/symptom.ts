/** What a report from outside says of a session: read from a pasted log, or told on the command line. */
import type { DataCommand, Mode, Operation, Stage } from "./axes";
import type { TranscriptLine } from "./cell";

/** A line of a pasted log that is part of the dialogue, or a remark of the client; `line` counts from 1. */
export type LogLine = Pick<TranscriptLine, "direction" | "text"> & { readonly line: number };

/** What is known of a session in which something was reported to fail; `null` where the report does not say. */
export type Symptom = {
  /** Which program's log it is, by the format's id; `null` where nothing was pasted. */
  readonly format: string | null;
  readonly client: string | null;
  /** The server's software and version, as its greeting names them. */
  readonly server: string | null;
  readonly mode: Mode | null;
  readonly data: DataCommand | null;
  readonly operation: Operation | null;
  readonly result: "failed" | "worked";
  readonly stage: Stage | null;
  readonly replyCode: number | null;
  /** What the client told its user about the failure, in its own words. */
  readonly message: string | null;
  /** The address that the client dialled for the control connection. */
  readonly dialled: string | null;
  /** What the data command, or the reply to it, named as the client saw it; no address where it is blotted out. */
  readonly announced: { readonly address: string | null; readonly port: number } | null;
  /** The client says that 227 named a private address, without showing it. */
  readonly hidesPrivateAddress: boolean;
  /** The other sessions of the same log, in its order. */
  readonly beside: readonly SessionBeside[];
  readonly lines: readonly LogLine[];
};

/** Another session of the log than the one that is told. */
export type SessionBeside = Pick<Symptom, "mode" | "data" | "result"> & { readonly line: number };

/** A session that failed, and no more. */
export const nothingKnown: Symptom = {
  format: null,
  client: null,
  server: null,
  mode: null,
  data: null,
  operation: null,
  result: "failed",
  stage: null,
  replyCode: null,
  message: null,
  dialled: null,
  announced: null,
  hidesPrivateAddress: false,
  beside: [],
  lines: [],
};
