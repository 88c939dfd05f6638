import { lineByLine, remark, said } from "../speaker-form";

/** `[2026-02-03 10:00:00]:COMMAND [   12] - PASV`. */
const line =
  /^\[[\d\-/:. ]{10,30}\]: ?(CONNECT|COMMAND|REPLY|SYSTEM|ERROR|SECUR|WARNING|INFO|AUDIT) *\[ *(\d{1,10})\] - (.*)$/;

/** The log of Cerberus FTP Server. */
export const cerberus = lineByLine({
  id: "cerberus-log",
  title: "Cerberus' log",
  by: "server",
  software: "Cerberus",
  read: (text) => {
    const [, what, session, message = ""] = line.exec(text) ?? [];
    if (what === undefined) return null;
    if (what === "COMMAND") return said(">", message, session);
    return what === "REPLY" ? said("<", message, session) : remark(message, session);
  },
});
