import type { LogFormat } from "../format";

/** WinSCP's session log: `> 2026-01-01 10:00:00.000 PASV`. */
export const winscp: LogFormat = {
  id: "winscp",
  title: "WinSCP",
  client: null,
  signature: /^[<>.!*] \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/,
  read: (text) => {
    const [, kind = "", rest = ""] = /^([<>.!*]) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.?\d* (.*)$/.exec(text) ?? [];
    if (kind === "") return null;
    return { direction: kind === ">" || kind === "<" ? kind : "*", text: rest };
  },
  complaint: /timed? ?out|Could not|error|failed|refused|unreachable/i,
};
