import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { offerVersions } from "../remedies/server";
import { anyTlsVersion } from "../remedies/encryption";
import { lastExchange } from "../../ftp/dialogue";
import { logged } from "../observe/server";
import type { Observations } from "../observations";
import { dialogueProof, logProof, messageProof } from "../proofs";

/** OpenSSL (Node, curl, Python), GnuTLS, Go and Java; 70 is the number of the alert (RFC 8446 section 6). */
const versions =
  /alert (number )?70\b|alert protocol[ _]version|unsupported[ _](protocol|version)|protocol[ _]version( is)? not supported|error in protocol version|no[ _]protocols[ _]available|\bprotocol_version\b/i;

export const tlsVersionsDoNotMeet: CauseDefinition = {
  id: "tls-versions-do-not-meet",
  title: "Client and server have no version of TLS in common.",
  looksLike: "AUTH TLS is granted, and the handshake ends at once with alert protocol version or unsupported protocol.",
  why:
    "Each side allows some versions of TLS and refuses the rest with the alert protocol_version (RFC 8446 section 6.2). TLS " +
    "1.0 and 1.1 must not be used any more (RFC 8996), and current libraries have them switched off even where a server's " +
    "configuration names them. The network has no part in it.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => {
    const line = logged(seen.server.tlsLog, versions);
    if (!versionsDiffer(seen)) return null;
    const auth = lastExchange(seen.dialogue.exchanges, ["AUTH"]);
    const isNamed = isVersionNamed(seen);
    const granted = auth === null ? "" : "The server granted AUTH TLS. ";
    return {
      confidence: isNamed ? "shown" : "likely",
      explanation: isNamed
        ? `${granted}The handshake ended over the version of TLS: none is allowed on both sides.`
        : isBrokenOff(seen)
          ? `${granted}The handshake was broken off without a reason: often no version, or no cipher, is allowed on ` +
            `both sides.`
          : `${granted}The server ended the handshake with an alert that the client does not name, and its configuration allows ${seen.server.settings.tlsVersions.join(" ")} alone.`,
      proofs: [...dialogueProof(auth), ...messageProof(seen), ...logProof(line)],
    };
  },
  remedies: [anyTlsVersion, offerVersions],
};

/** The TLS handshake of the control connection ended over the version, and over nothing else. */
export function versionsDiffer(seen: Observations): boolean {
  return seen.stage === "auth-tls" && (isVersionNamed(seen) || isNamelessAlert(seen) || isBrokenOff(seen));
}

/** Nobody but the client is heard, and all it says is that the handshake ended. */
function isBrokenOff({ message, dialogue, server, packets }: Observations): boolean {
  const granted = dialogue.exchanges.some(({ verb, code }) => verb === "AUTH" && code === 234);
  return granted && !server.seen && packets === null && /handshake|unexpected (?:length|eof)/i.test(message);
}

/** lftp does not say which alert it received; a server that allows one version has one reason more than others to send one. */
function isNamelessAlert({ message, server }: Observations): boolean {
  return /TLS fatal alert has been received/i.test(message) && server.settings.tlsVersions.length === 1;
}

function isVersionNamed({ message, dialogue, server }: Observations): boolean {
  const alerted = dialogue.exchanges.some(({ reply }) => isVersionAlert(reply));
  return versions.test(message) || alerted || logged(server.tlsLog, versions) !== null;
}

/**
 * A server with no usable version at all sends the alert before it has heard the client, so that the client takes it for a reply,
 * to AUTH or to whatever it says next (ProFTPD's "421 TLS handshake failed" in clear right behind it makes TLS itself end with
 * "wrong version number"): record type 0x15, version, length, then fatal (2) and 70, which is the letter F (RFC 8446 sections 5.1 and 6).
 */
function isVersionAlert(reply: string): boolean {
  return reply.startsWith("\u0015\u0003") && reply.slice(5, 7) === "\u0002F";
}
