import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { separateImplicitTls } from "../remedies/server";
import { otherKindOfTls } from "../remedies/encryption";
import type { Observations } from "../observations";
import { messageProof } from "../proofs";
import { versionsDiffer } from "./tls-versions-do-not-meet";

/** OpenSSL, GnuTLS and Node, when what comes is no TLS. */
const noTls =
  /wrong version number|packet length too long|unexpected (TLS )?packet|unknown protocol|http request|record layer|EPROTO/i;

export const implicitExplicitMismatch: CauseDefinition = {
  id: "implicit-explicit-mismatch",
  title: "Client and server do not agree on when TLS starts.",
  looksLike: "The connection is made and nothing follows, or TLS ends with wrong version number.",
  why:
    "With explicit TLS the server greets in clear and AUTH TLS starts TLS (RFC 4217, port 21); with implicit TLS it starts " +
    "at once (port 990, no RFC). If the two ends differ, each waits for the other to speak first, or one reads clear " +
    "text as TLS.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => {
    if (versionsDiffer(seen)) return null;
    const silent = waitsForGreeting(seen);
    const garbled = (seen.stage === "auth-tls" || seen.stage === "greeting") && noTls.test(seen.message);
    if ((!silent && !garbled) || saysNoInClear(seen)) return null;
    const port = String(seen.control.port);
    const expected = { none: "plain FTP", explicit: "explicit TLS", implicit: "implicit TLS" }[seen.traits.tls];
    return {
      confidence: "likely",
      explanation: garbled
        ? `The client expected ${expected} on port ${port}, but received something other than TLS.`
        : `The client expected ${expected} on port ${port} and got no byte: the server there waits for the other kind.`,
      proofs: messageProof(seen),
    };
  },
  remedies: [otherKindOfTls, separateImplicitTls],
};

/** Where TLS should begin at once, a refusal came in clear, which no TLS can read: vsftpd's OOPS, a limit's 421. */
function saysNoInClear({ wire, traits }: Observations): boolean {
  if (traits.tls !== "implicit") return false;
  const first = wire?.control?.segments.find(({ from }) => from === "server")?.text ?? "";
  return /^[45]\d\d[ -]/.test(first);
}

/** Nothing came from a server that does not start TLS when the client does. */
function waitsForGreeting({ stage, dialogue, traits, control, server, replyCode }: Observations): boolean {
  if (stage !== "greeting" && stage !== "auth-tls") return false;
  const heard = dialogue.greeting.length > 0 || dialogue.exchanges.some(({ reply }) => reply !== "");
  if (heard || replyCode !== null) return false;
  const implicit = traits.tls === "implicit";
  const { implicitPorts } = server.settings;
  if (implicitPorts.length > 0) return implicitPorts.includes(control.port) !== implicit;
  // The ports that IANA gives to each: 21 for explicit TLS, 990 for implicit.
  return control.portSeen && (implicit ? control.port === 21 : control.port === 990);
}
