import type { LogFormat } from "../format";

/** The head of a session: its settings, which are no remarks on it. */
const setting =
  /^(?:WinSCP Version|Configuration|Log level|Local account|Working directory|Process ID|Ancestor processes|Command-line|Time zone|Login time|-{5,}|Session name|Host name|User name|Tunnel|Transfer Protocol|Code Page|Ping type|Disable Nagle|Proxy|Send buffer|UTF|FTP|Session reuse|TLS\/SSL versions|Local directory|Cache directory|Recycle bin|DST mode|Timezone offset|Compression|Bypass|Try agent|SSH|S3|WebDAV|HTTPS)\b[^.]*?:|^(?:-{5,}|\*{3,})/;

/** WinSCP's session log: `> 2026-01-01 10:00:00.000 PASV`. */
export const winscp: LogFormat = {
  id: "winscp",
  title: "WinSCP",
  client: null,
  signature: /^[<>.!*] \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/,
  read: (text) => {
    const [, kind = "", rest = ""] = /^([<>.!*]) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.?\d* (.*)$/.exec(text) ?? [];
    if (kind === "") return null;
    if (kind === ">" || kind === "<") return { direction: kind, text: rest };
    return setting.test(rest) ? null : { direction: "*", text: rest };
  },
  // The setting is of the word that its window has.
  complaint: /^(?!FTPS: ).*(?:timed? ?out|Could not|error|failed|refused|unreachable|wrong version number)/i,
  tells: { implicitTls: /^FTPS: Implicit/, explicitTls: /^FTPS: Explicit/ },
};
