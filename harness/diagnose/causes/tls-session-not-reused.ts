import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { rememberSessions, acceptNewSessions } from "../remedies/server";
import { resumeSession } from "../remedies/encryption";
import { resolveClient } from "../../catalog/clients/registry";
import { logged } from "../observe/server";
import type { Observations } from "../observations";
import { dialogueProof, logProof, messageProof } from "../proofs";

/** ProFTPD's TLSLog, before and after 1.3.9; vsftpd's debug_ssl. */
const notReused = /did not reuse (the )?(TLS|SSL)( control)? session|No SSL session reuse on data channel/i;

/** A reply, or what a client repeats of it: vsftpd, FileZilla Server. */
const says = /reuse|not resumed/i;

export const tlsSessionNotReused: CauseDefinition = {
  id: "tls-session-not-reused",
  title: "The server demands TLS session reuse, and the data connection has a new session.",
  looksLike:
    "Login over TLS works; every listing and transfer ends with 425 Unable to build data connection: Operation not " +
    "permitted (ProFTPD) or 522 session reuse required (vsftpd), on any network.",
  why:
    "Servers demand that a data connection resumes the control connection's TLS session, so that nobody else can take it. " +
    "RFC 4217 does not ask for it, and many clients do not do it. After CCC ProFTPD does not demand it either, so if CCC " +
    "cures a failure, NAT need not be the reason.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => {
    const line = logged([...seen.server.tlsLog, ...seen.server.systemLog], notReused);
    if (!refusedOverTls(seen, line !== null)) return null;
    const text = `${seen.message} ${seen.transferExchange?.reply ?? ""}`;
    const told = line !== null || says.test(text);
    // Every failure of TLS on the data connection ends with the same 425: only the log tells them apart, if it is there.
    if (!told && (seen.server.tlsLog.length > 0 || !/operation not permitted/i.test(text))) return null;
    return {
      confidence: told ? "shown" : "likely",
      explanation: `The data connection got through the network, and the server refused it${seen.replyCode === null ? "" : ` with ${seen.replyCode}`} since its TLS session was a new one: ${reasonOf(seen, line)}${told ? "" : ", as the reply suggests (the server's TLS log is missing)"}.`,
      proofs: [...dialogueProof(seen.transferExchange), ...messageProof(seen), ...logProof(line)],
    };
  },
  remedies: [resumeSession, rememberSessions, acceptNewSessions],
};

/** ProFTPD's TLSLog of a session that is not the control connection's (mod_tls.c, tls_data_connect); vsftpd's ssl.c. */
const anothers = /session from control channel|not the one from the control|session (?:ID|id) mismatch/i;

/** Why the session is a new one, as far as client, server and configuration tell. */
function reasonOf({ server, cell, message, transferExchange }: Observations, line: string | null): string {
  const { sessionSeconds } = server.settings;
  const said = `${line ?? ""} ${message} ${transferExchange?.reply ?? ""}`;
  if (anothers.test(said)) return "it resumed the session of another connection";
  const client = resolveClient(cell.client);
  if (client === null) return "the client offered none, or the server did not take it";
  if (!client.options.resumeSession) return "this client offers none";
  if (sessionSeconds !== null) return `it had expired; sessions end after ${sessionSeconds} s there (TLSSessionCache)`;
  return "the client knows how to resume, and the server did not take what it had";
}

/** vsftpd says 522, which the client takes for a matter of protection. */
function refusedOverTls({ stage, replyCode, traits, message, transferExchange }: Observations, told: boolean): boolean {
  // A client whose upload breaks before it has read the reply has none to tell; the server's log still has.
  if (replyCode === null && stage === "transfer" && traits.protection === "P") return told;
  if (traits.protection !== "P" || (replyCode !== 425 && replyCode !== 522)) return false;
  if (stage === "data-tls") return true;
  const later = stage === "transfer" || stage === "data-connect" || stage === "protection";
  return later && (told || says.test(`${message} ${transferExchange?.reply ?? ""}`));
}
