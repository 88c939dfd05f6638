import type { LoggedExchange } from "./server-log";

/** A command or a line of a reply, as a server logged it by itself. */
export type SaidLine = Pick<LoggedExchange, "at" | "session" | "peer"> & {
  readonly kind: "command" | "reply";
  readonly text: string;
};

/** The last line of a reply (RFC 959 section 4.2). */
const finalLine = /^(\d{3})(?: |$)/;

/**
 * Puts commands and replies together by session: each command with its last reply, since a transfer has two (150, 226). The time is
 * that of the reply, as in ProFTPD's ExtendedLog; a greeting answers nothing and is passed over.
 */
export function pairLines(lines: readonly SaidLine[]): readonly LoggedExchange[] {
  const exchanges: LoggedExchange[] = [];
  /** Index of each session's last command. */
  const last = new Map<string, number>();
  for (const { kind, at, session, peer, text } of lines) {
    if (kind === "command") {
      last.set(session, exchanges.length);
      exchanges.push({ at, session, peer, peerPort: null, command: text, replyCode: null, reply: "" });
      continue;
    }
    const index = last.get(session) ?? -1;
    const exchange = exchanges[index];
    const code = finalLine.exec(text)?.[1];
    if (exchange !== undefined && code !== undefined) {
      exchanges[index] = { ...exchange, at, replyCode: Number(code), reply: text };
    }
  }
  return exchanges;
}

/** Lines by session, in order. */
export function bySession(
  lines: readonly Pick<SaidLine, "session" | "text">[],
): ReadonlyMap<string, readonly string[]> {
  const sessions = new Map<string, string[]>();
  for (const { session, text } of lines) {
    const known = sessions.get(session);
    if (known === undefined) sessions.set(session, [text]);
    else known.push(text);
  }
  return sessions;
}
