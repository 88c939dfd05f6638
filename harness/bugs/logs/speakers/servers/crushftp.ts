import { lineByLine, remark, said } from "../speaker-form";

/** `FTP|02/03/2026 10:00:00.123|[FTP:0012:web:192.0.2.1] READ: *PASV*`. */
const line = /\[(?:FTPE?S?|ftpe?s?):(\d[^\]:]{0,20}:[^\]]{1,200})\] (?:(READ|WROTE): )?(.*)$/;

/** CrushFTP's log. */
export const crushFtp = lineByLine({
  id: "crushftp-log",
  title: "CrushFTP's log",
  by: "server",
  software: "CrushFTP",
  read: (text) => {
    const [, session, direction, message = ""] = line.exec(text) ?? [];
    if (session === undefined) return null;
    const words = message.replace(/^\*(.*)\*$/, "$1");
    if (direction === undefined) return remark(words, session);
    return said(direction === "READ" ? ">" : "<", words, session);
  },
});
