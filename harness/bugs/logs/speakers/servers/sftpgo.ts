import { lineByLine, nothingSaid, remark, said, type Reading } from "../speaker-form";

/** `2026-02-03T10:00:00.123 DBG Sending answer | sender=ftpserverlib ... line=220 ready`, as it writes to a terminal. */
const plain = /\b(?:DBG|INF|WRN|ERR) (.*?) \| (?:[a-z_]+=.*? )?sender=(\S+) ?(.*)$/;

/** SFTPGo's log, as JSON or as it writes to a terminal; the dialogue is ftpserverlib's. */
export const sftpgo = lineByLine({
  id: "sftpgo-log",
  title: "SFTPGo's log",
  by: "server",
  software: "SFTPGo",
  read: (text) => {
    const start = text.indexOf("{");
    if (start >= 0 && text.includes('"sender"')) return readJson(text.slice(start));
    const [, message = "", sender, fields = ""] = plain.exec(text) ?? [];
    if (sender === undefined) return null;
    const [, client] = /\b(?:clientId|connection_id)=(?:FTP_)?(\S+)/.exec(fields) ?? [];
    const [, words] = /\bline=("?)(.*?)\1\s*$/.exec(fields)?.slice(1) ?? [];
    const [, error] = /\berr(?:or)?=(.*?)\s*$/.exec(fields) ?? [];
    return reading({ sender, message, words, error, client });
  },
});

type Entry = {
  readonly sender: string;
  readonly message: string;
  readonly words: string | undefined;
  readonly error: string | undefined;
  readonly client: string | undefined;
};

function readJson(text: string): Reading | null {
  let entry: unknown;
  try {
    entry = JSON.parse(text);
  } catch {
    return null;
  }
  const fields = new Map(Object.entries(Object(entry) as Record<string, unknown>));
  const textOf = (...keys: readonly string[]): string | undefined => {
    const value = keys
      .map((key) => fields.get(key))
      .find((found) => typeof found === "string" || typeof found === "number");
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  };
  const sender = textOf("sender");
  if (sender === undefined || !fields.has("level")) return null;
  return reading({
    sender,
    message: textOf("message", "msg") ?? "",
    words: textOf("line"),
    error: textOf("error", "err", "login_type"),
    client: textOf("clientId", "connection_id"),
  });
}

function reading({ sender, message, words, error, client }: Entry): Reading {
  if (!/^(?:ftp|FTP|connection_failed|Upload|Download)/.test(sender)) return nothingSaid;
  // A connection's id is that of its server and of its client: `FTP_0_3`.
  const session = client?.replace(/^(?:FTP_)?(?:\d+_)?/, "");
  if (words !== undefined && message === "Received line") return said(">", words, session);
  if (words !== undefined && message === "Sending answer") return said("<", words, session);
  return remark([message, error].filter((part) => part !== undefined && part !== "").join(": "), session);
}
