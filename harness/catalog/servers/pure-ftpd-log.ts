/** What Pure-FTPd says to syslog(3) with `VerboseLog` twice: commands and replies, one process a session. */
import { bySession, pairLines, type SaidLine } from "../../evidence/text/said-lines";
import { linesOf, readAddress } from "../../evidence/text/lines";
import type { ServerLogs } from "../../evidence/text/server-log";

/** `1795362642.137<tab><95>Nov 22 15:50:42 pure-ftpd[57]: (lab2@203.0.113.40) [DEBUG] Command [port] [10,0,0,1,200,1]`. */
const line =
  /^(\d{1,12}\.\d{3})\t<\d{1,3}>\w{3} [ \d]\d [\d:]{8} pure-ftpd\[(\d{1,10})\]: \([^@()]*@([^()]*)\) \[([A-Z]+)\] (.*)$/s;

/** What it says as it ends a session, behind the code of whatever it said last (ftpd.c, `die`). */
const farewell = /^(?!221)\d{3} Logout\.$/;

export function readPureFtpdLogs(text: string): ServerLogs {
  const said: SaidLine[] = [];
  const remarks: { readonly session: string; readonly text: string }[] = [];
  const peers = new Map<string, string>();
  for (const entry of linesOf(text)) {
    const [, time, session, host, level, message] = line.exec(entry) ?? [];
    if (session === undefined || message === undefined) continue;
    const at = Number(time);
    const peer = readAddress(host) ?? host ?? "";
    peers.set(session, peer);
    const [, verb, argument] = /^Command \[([^\]]*)\] \[(.*)\]$/s.exec(message) ?? [];
    if (level !== "DEBUG" || farewell.test(message)) remarks.push({ session, text: message });
    else if (verb === undefined) said.push({ kind: "reply", at, session, peer, text: message });
    // It logs verbs in lower case, however they came; the lab's clients send them in upper case.
    else said.push({ kind: "command", at, session, peer, text: [verb.toUpperCase(), argument].join(" ").trimEnd() });
  }
  const tls = /\bTLS\b/;
  return {
    exchanges: pairLines(said),
    tlsLog: bySession(remarks.filter((remark) => tls.test(remark.text))),
    systemLog: bySession(remarks.filter((remark) => !tls.test(remark.text))),
    transferLog: new Map(),
    peers,
  };
}
