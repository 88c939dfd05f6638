import { lineByLine, remark, said, verbs } from "../speaker-form";

/** `[ INFO] 2026-02-03 10:00:00,123 [web] [192.0.2.1] RECEIVED: PASV`. */
const line = /\[([^[\]\s]{0,100})\] \[\/?([0-9a-fA-F.:]{3,48})(?::\d{1,5})?\] (?:(RECEIVED|SENT): )?(.*)$/;
const events =
  /^(?:CREATED|OPENED|CLOSED|IDLE|EXCEPTION\b.*|Login failure - .*|User exceeded the number of allowed failed logins\b.*|Passive IP Check failed\b.*|Failed to open passive data connection\b.*|Session idle, closing)$/;

/** The same in a pattern that somebody else chose. */
const plain = /\b(RECEIVED|SENT): (.*)$/;

/** Apache's FtpServer, and what is built on MINA (LoggingFilter). */
export const apacheFtpServer = lineByLine({
  id: "apache-ftpserver-log",
  title: "Apache FtpServer's log",
  by: "server",
  software: "Apache FtpServer",
  read: (text) => {
    const [, way, words] = plain.exec(text) ?? [];
    if (words !== undefined) {
      const isCommand = way === "RECEIVED";
      if (isCommand ? verbs.test(words) : /^\d{3}[ -]/.test(words)) return said(isCommand ? ">" : "<", words);
    }
    const [, , session, direction, message = ""] = line.exec(text) ?? [];
    if (session === undefined) return null;
    if (direction !== undefined) return said(direction === "RECEIVED" ? ">" : "<", message, session);
    return events.test(message) ? remark(message, session) : null;
  },
});
