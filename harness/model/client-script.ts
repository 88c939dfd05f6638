/** Typed form of a scripted client: what it sends, and how it is other than an ordinary client. */
import type { CommandPlaceholder } from "./session-script";
import type { cccManners, DataManners } from "./server-script";

/** The words that stand for a step by themselves. */
export const clientStepWords = ["reply", "tls", "close", "reset"] as const;

/**
 * What a client does next. `command`: a line without its end, with all that an ordinary client does for it; `send`: characters as
 * they are; `reply` waits for one; `tls` begins the handshake; `close` is a FIN.
 */
export type ClientStep =
  | { readonly kind: (typeof clientStepWords)[number] }
  | { readonly kind: "command" | "send"; readonly text: string }
  | { readonly kind: "wait"; readonly ms: number };

/** What is filled into steps beside `commandPlaceholders`: the client's address, and the port of a new listener. */
export const listenerPlaceholders = ["address", "comma-address", "data-port", "p1", "p2"] as const;
export type ClientPlaceholder = CommandPlaceholder | (typeof listenerPlaceholders)[number];

export type ClientDataManners = Pick<DataManners, "listens" | "silent" | "breaks" | "closeNotify"> & {
  /** Whether data connections resume the control connection's TLS session. */
  readonly resumes: boolean;
};

export type ClientScript = {
  readonly steps: readonly ClientStep[];
  readonly data: ClientDataManners;
  readonly tls: { readonly ccc: (typeof cccManners)[number] };
  /** How long it waits for anything, in ms. */
  readonly patienceMs: number;
};
