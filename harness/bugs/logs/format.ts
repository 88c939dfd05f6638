import type { LogLine, Speaker } from "../../model/symptom";

/** What a line of a log says of the dialogue; `null` for a line that is no part of it. */
export type ReadLine = SaidLine | readonly SaidLine[] | null;
export type SaidLine = Pick<LogLine, "direction" | "text" | "implied">;

/** A way in which a program logs its sessions. One file each in `formats/`. */
export type LogFormat = {
  readonly id: string;
  /** As a person would call it. */
  readonly title: string;
  /** The client id whose log it is; `null` where many programs write so. */
  readonly client: string | null;
  /** A command that this client never sends: who sends it writes in the same form. */
  readonly never?: RegExp;
  /** Who writes so; left out: a client. */
  readonly by?: Speaker;
  /** Lines that this format has and no other. */
  readonly signature: RegExp;
  /** The format whose lines this one has too: one line of its own decides between them. */
  readonly extends?: LogFormat;
  readonly read: (line: string) => ReadLine;
  /** The same format with what only a whole text tells, such as which label stands before commands; `null` where it tells nothing. */
  readonly forText?: (lines: readonly string[]) => LogFormat | null;
  /** Remarks by which the client tells its user of a failure. */
  readonly complaint: RegExp;
  /** A remark by which the client goes on in another way: what failed before it is part of the same session. */
  readonly goesOn?: RegExp;
  /** A remark with which each session begins, where greeting and login may be hidden. */
  readonly begins?: RegExp;
  /** The last line of a run: what follows is of another one. */
  readonly ends?: RegExp;
  /** Remarks that say what the dialogue, as it is logged, leaves out. */
  readonly tells?: {
    /** TLS was started with AUTH. */
    readonly explicitTls?: RegExp;
    /** TLS was there before the greeting. */
    readonly implicitTls?: RegExp;
    /** TLS, at whatever time: before the greeting it is implicit. */
    readonly tls?: RegExp;
    /** There is no TLS. */
    readonly noTls?: RegExp;
    /** 227 named an address that the client took for private, and did not use. */
    readonly privateAddress?: RegExp;
  };
};
