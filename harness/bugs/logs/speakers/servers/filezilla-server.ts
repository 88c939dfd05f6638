import { lineByLine, nothingSaid, remark, said, saidOrRemarked } from "../speaker-form";

/** `<03/02/2026 10:00:00> FTP Session 12 192.0.2.1 web [Response] 425 ...`, since 1.0. */
const session =
  /\bFTP (?:Session (\d{1,10})|Server)\b[^[]{0,300}\[(Response|Command|Status|Error|Warning|Trace|Info|Debug \w+)\] ?(.*)$/;

/** `(000012)2/3/2026 10:00:00 AM - (not logged in) (192.0.2.1)> 220 ...`, then with the user's name without brackets; until 0.9.60. */
const older = /\((\d{6})\).{0,50}?- (?:\([^()]{0,100}\)|[^()>]{1,100}) \(([^()\s]{0,60})\)> ?(.*)$/;

/** FileZilla Server's log, of both lines of releases. */
export const fileZillaServer = lineByLine({
  id: "filezilla-server-log",
  title: "FileZilla Server's log",
  by: "server",
  software: "FileZilla Server",
  read: (text) => {
    if (text.startsWith("<Date/Time> Info [Type] Message")) return nothingSaid;
    const [, id, what, message = ""] = session.exec(text) ?? [];
    if (what !== undefined) {
      if (what === "Response") return said("<", message, id);
      return what === "Command" ? said(">", message, id) : remark(message, id);
    }
    const [, number, , words] = older.exec(text) ?? [];
    return words === undefined ? null : saidOrRemarked(words, number);
  },
});
