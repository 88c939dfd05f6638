import type { LogFormat } from "../format";

/** lftp with `debug`. */
export const lftp: LogFormat = {
  id: "lftp",
  title: "lftp (debug)",
  client: "lftp",
  // The arrow of what is sent is also that of `ftp -d`.
  signature: /^<--- |^(----|\*{4}) \S/,
  read: (text) => {
    const [, arrow, rest = ""] = /^(--->|<---|----|\*{4}) (.*)$/.exec(text) ?? [];
    if (arrow === "--->") return { direction: ">", text: rest };
    if (arrow === "<---") return { direction: "<", text: rest };
    if (arrow !== undefined) return { direction: "*", text: arrow === "****" ? `Error: ${rest}` : rest };
    return /Fatal error|Access failed|Login failed|Delaying before reconnect/.test(text)
      ? { direction: "*", text: `Error: ${text}` }
      : null;
  },
  complaint: /^Error: /,
};
