import { lineByLine, remark, said } from "../speaker-form";

/** `[192.0.2.1] Client: stor a.bin`, `[192.0.2.1] Server: 150 ...`: who comes from where, and which side speaks. */
const line = /(?:^|\s)\[((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f:]*:[0-9a-f:]+)(?::\d{1,5})?\] (?:(Client|Server): )?(\S.*)$/i;

/** What it says of a whole connection, with the client behind it: `Connection closed (timeout) 192.0.2.1`, `Client 192.0.2.1 disconnected`. */
const ended =
  /^(?:\[?\d[\d:TZ./ -]{7,40}\]? )?((?:(?:control )?connection|client|session)\b.{0,40}\b(?:closed|disconnected|ended)\b.*)$/i;
const address = /(?:\d{1,3}\.){3}\d{1,3}/;

/** A server's log that names both sides, as ftp-srv (npm) writes it. */
export const twoSided = lineByLine({
  id: "two-sided-log",
  title: "the server's log",
  by: "server",
  software: null,
  read: (text) => {
    const [, session, side, words] = line.exec(text) ?? [];
    if (session === undefined || words === undefined) {
      const told = ended.exec(text)?.[1];
      const client = address.exec(told ?? "")?.[0];
      return told === undefined || client === undefined ? null : remark(told, client);
    }
    if (side === undefined)
      return /\b(?:control|data|passive|connection|socket)\b/i.test(words)
        ? remark(`[${session}] ${words}`, session)
        : null;
    if (side.toLowerCase() === "server") return /^\d{3}[ -]/.test(words) ? said("<", words, session) : null;
    // It logs verbs as they came.
    return /^[a-z]{3,4}\b/i.test(words)
      ? said(
          ">",
          words.replace(/^\w+/, (verb) => verb.toUpperCase()),
          session,
        )
      : null;
  },
});
