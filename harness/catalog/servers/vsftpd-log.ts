/** What vsftpd writes to its log with `log_ftp_protocol` and `debug_ssl`: a process before the login, another one after it. */
import { bySession, pairLines, type SaidLine } from "../../evidence/text/said-lines";
import { linesOf, readAddress } from "../../evidence/text/lines";
import type { ServerLogs } from "../../evidence/text/server-log";

/** `1795362843.032<tab>Sun Nov 22 15:54:03 2026 [pid 63] [lab1] FTP command: Client "203.0.113.40", "PASV"`. */
const line =
  /^(\d{1,12}\.\d{3})\t\w{3} \w{3} [ \d]\d [\d:]{8} \d{4} \[pid (\d{1,10})\] (?:\[([^\]]*)\] )?([A-Za-z ]+): Client "([^"]*)"(?:, "(.*)")?/s;

export function readVsftpdLogs(text: string): ServerLogs {
  const said: SaidLine[] = [];
  const tlsLog: { readonly session: string; readonly text: string }[] = [];
  const systemLog: { readonly session: string; readonly text: string }[] = [];
  const transfers: { readonly session: string; readonly text: string }[] = [];
  /** Session of each process, and the newest of each login name: a session is called by its first process. */
  const ofProcess = new Map<string, string>();
  const ofUser = new Map<string, string>();
  const peers = new Map<string, string>();
  for (const entry of linesOf(text)) {
    const [, time, process, user, what, host, words = ""] = line.exec(entry) ?? [];
    if (process === undefined || what === undefined) continue;
    const session = ofProcess.get(process) ?? ofUser.get(user ?? "") ?? process;
    ofProcess.set(process, session);
    const at = Number(time);
    const peer = readAddress(host) ?? host ?? "";
    peers.set(session, peer);
    if (what === "FTP command") {
      const [verb, name] = words.split(" ");
      if (verb?.toUpperCase() === "USER" && name !== undefined) ofUser.set(name, session);
      said.push({ kind: "command", at, session, peer, text: words });
    } else if (what === "FTP response") said.push({ kind: "reply", at, session, peer, text: words });
    else if (what === "DEBUG") tlsLog.push({ session, text: words });
    else if (what.endsWith("LOAD")) transfers.push({ session: user ?? "", text: `${what} ${words}` });
    else systemLog.push({ session, text: words === "" ? what : `${what}: ${words}` });
  }
  return {
    exchanges: pairLines(said),
    tlsLog: bySession(tlsLog),
    systemLog: bySession(systemLog),
    transferLog: bySession(transfers),
    peers,
  };
}
