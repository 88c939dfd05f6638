import { lineByLine, remark, said } from "../speaker-form";

/** `[I 2026-02-03 10:00:00] 198.51.100.7:40000-[web] -> 227 ...`; releases before 1.4 draw the arrow as `==>`. */
const line = /(?:^|\s)([0-9a-fA-F.:[\]]{3,48}:\d{1,5})-\[([^\]]{0,100})\] (.*)$/;
const arrowed = /^(->|<-|==>|<==) (.*)$/;

/** pyftpdlib's log (`FTPHandler.log`, `logline`). */
export const pyftpdlib = lineByLine({
  id: "pyftpdlib-log",
  title: "pyftpdlib's log",
  by: "server",
  software: "pyftpdlib",
  read: (text) => {
    const [, peer, , message = ""] = line.exec(text) ?? [];
    if (peer === undefined) return null;
    const [, arrow, words = ""] = arrowed.exec(message) ?? [];
    if (arrow === undefined) return remark(message, peer);
    return said(arrow.startsWith("<") ? ">" : "<", words, peer);
  },
});
