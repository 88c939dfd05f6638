import { certificateAlerts, certificateFaultWords } from "../../ftp/certificate-words";
import type { Observations } from "../observations";
import type { Recognition } from "../cause";
import { logged } from "../observe/server";
import { logProof, messageProof } from "../proofs";

type CertificateFault = "expired" | "name" | "untrusted";

const faults: readonly (readonly [CertificateFault, RegExp])[] = [
  ["expired", certificateFaultWords.expired],
  ["name", certificateFaultWords.otherName],
  ["untrusted", certificateFaultWords.untrusted],
];

const alerts: readonly (readonly [CertificateFault, RegExp])[] = [
  ["expired", certificateAlerts.expired],
  ["untrusted", certificateAlerts.untrusted],
];

/** Stages in which a certificate is looked at, on the control connection or the data connection. */
const stages = ["auth-tls", "certificate", "data-connect", "data-tls", "transfer"];

/** What is wrong with the certificate, in the client's words or its alert; at the certificate stage anything else is distrust. */
function faultOf(seen: Observations): CertificateFault | null {
  const { stage, message } = seen;
  if (stage === null || !stages.includes(stage)) return null;
  const said = faults.find(([, pattern]) => pattern.test(message))?.[0] ?? alertOf(seen);
  return said ?? (stage === "certificate" ? "untrusted" : null);
}

/** The client's alert to the server, if the client itself shows only the reply to it. */
function alertOf({ stage, server }: Observations): CertificateFault | null {
  if (stage !== "data-tls") return null;
  return alerts.find(([, pattern]) => logged(server.tlsLog, pattern) !== null)?.[0] ?? null;
}

/** Recognises one kind of certificate error; `words` completes "The server's certificate ...". */
export function recogniseFault(seen: Observations, fault: CertificateFault, words: string): Recognition | null {
  if (faultOf(seen) !== fault) return null;
  const where = seen.stage === "auth-tls" || seen.stage === "certificate" ? "control" : "data";
  // A client that has forgotten the name asks for another one there, and the certificate is not to blame.
  const asked = where === "data" ? (/\bHost: (\S+?)\.? is not in/i.exec(seen.message)?.[1] ?? null) : null;
  const other =
    asked === null ? "" : ` (it asked for ${asked} there, after it had accepted the certificate for the name dialled)`;
  const alert = logged(seen.server.tlsLog, /alert.*(certificate|unknown ca)/i);
  const isSaid = faults.some(([, pattern]) => pattern.test(seen.message)) || seen.stage === "certificate";
  return {
    confidence: "shown",
    explanation:
      `The server's certificate ${words}: the client said so about the ${where} ` +
      `connection${isSaid ? "" : ", in an alert to the server"}${other}.`,
    proofs: [...messageProof(seen), ...logProof(alert)],
  };
}
