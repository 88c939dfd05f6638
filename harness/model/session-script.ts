/** What one session does, where that is more than a cell says. */
import type { Operation } from "./axes";

/** A step of a session. */
export type SessionStep =
  | {
      readonly kind: "transfer";
      readonly operation: Operation;
      /** Bytes of each file; none for a listing. */ readonly sizes: readonly number[];
    }
  /** Nothing is sent, and both connections stay open. */
  | { readonly kind: "pause"; readonly ms: number };

/** A command line instead of the one that a client's definition makes; no shell is in between. */
export type LiteralCommand = {
  /** Program and arguments, with placeholders (`commandPlaceholders`) for what only the lab knows. */
  readonly argv: readonly string[];
  /** Files of the reporter's in the program's working directory: scripts, settings. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** What it reads from its standard input. */
  readonly input: string | null;
};

/** What a literal command, its files and its input may name in braces: `{host}`. */
export const commandPlaceholders = [
  "host",
  "port",
  "user",
  "password",
  "ca",
  "folder",
  "file",
  "size",
  "mode",
  "data",
  "operation",
] as const;
export type CommandPlaceholder = (typeof commandPlaceholders)[number];

export type SessionScript = {
  /** None is a login alone; of pauses alone, one in which nothing is transferred. */
  readonly steps: readonly SessionStep[];
  readonly command: LiteralCommand | null;
  /** The control port that is dialled; `null` for the mode's own. */
  readonly port: number | null;
  /** Whether the server's disk is asked for what was sent even where the session failed. */
  readonly asksServer: boolean;
};
