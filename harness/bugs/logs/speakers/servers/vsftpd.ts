import { nothingSaid, remark, said, type LineReader, type SpeakerForm } from "../speaker-form";

/** `[pid 63] [lab1] FTP command: Client "203.0.113.40", "PASV"`; the last quote may be lost at a terminal's edge (logging.c). */
const line =
  /(?:\[pid (\d{1,10})\] |vsftpd\[(\d{1,10})\]: )?(?:\[([^\]]*)\] )?\b((?:FTP (?:command|response)|DEBUG|CONNECT|(?:OK|FAIL) [A-Z]{3,9}))[:.] Client "([^"]*)"(?:, (.*))?/;

/** vsftpd's own log, with `log_ftp_protocol` or without. */
export const vsftpd: SpeakerForm = {
  id: "vsftpd-log",
  title: "vsftpd's log",
  by: "server",
  software: "vsftpd",
  begin: readVsftpd,
};

/** A process serves a session before the login, another one after it; the login's name joins them. */
function readVsftpd(): LineReader {
  const ofProcess = new Map<string, string>();
  const ofUser = new Map<string, string>();
  return (text) => {
    if (!text.includes('Client "')) return null;
    const [, pid, logged, user, what, host = "", rest = ""] = line.exec(text) ?? [];
    if (what === undefined) return null;
    const id = pid ?? logged ?? host;
    const session = ofProcess.get(id) ?? (user === undefined ? id : (ofUser.get(user) ?? id));
    ofProcess.set(id, session);
    const words = unquoted(rest);
    if (what === "FTP command") {
      const [, name] = /^USER (\S+)/i.exec(words) ?? [];
      if (name !== undefined) ofUser.set(name, session);
      return said(">", words, session);
    }
    if (what === "FTP response") return said("<", words, session);
    if (what === "CONNECT" && words === "") return nothingSaid;
    return remark(words === "" ? what : `${what}: ${words}`, session);
  };
}

/** A terminal's edge may have taken the last quote. */
function unquoted(text: string): string {
  return (/^"(.*?)["$]?$/.exec(text)?.[1] ?? text).replace(/"(?=,|$)/g, "");
}
