import { lineByLine, remark, said } from "../speaker-form";

/** `pure-ftpd[57]: (lab2@203.0.113.40) [DEBUG] Command [port] [10,0,0,1,200,1]` (log.c, `-d`). */
const line = /(?:\bpure-ftpd(?:\[(\d{1,10})\])?: )?\(([^@()\s]{0,100})@([^()\s]{0,255})\) \[([A-Z]{4,9})\] (.*)$/;

/** What Pure-FTPd says to syslog. */
export const pureFtpd = lineByLine({
  id: "pure-ftpd-syslog",
  title: "Pure-FTPd's syslog",
  by: "server",
  software: "pure-ftpd",
  read: (text) => {
    const [, pid, , host = "", level, message = ""] = line.exec(text) ?? [];
    if (level === undefined) return null;
    const session = pid ?? host;
    const [, verb, argument = ""] = /^Command \[([^\]]*)\] \[(.*)\]$/.exec(message) ?? [];
    // It logs verbs in lower case, however they came.
    if (verb !== undefined) return said(">", `${verb.toUpperCase()} ${argument}`.trimEnd(), session);
    return level === "DEBUG" && /^\d{3}[ -]/.test(message) ? said("<", message, session) : remark(message, session);
  },
});
