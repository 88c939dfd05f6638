/** Words about certificates. */
import { certificateAlerts, certificateFaultWords } from "../../ftp/certificate-words";
import { wordsClue } from "./clue";

const { expired, otherName, untrusted } = certificateFaultWords;

/** Words about who signed it: then its name is not the reason. */
const ofIssuer =
  /self[- _]signed|issuer|unknown[_ ](?:ca|authority)|PKIX path|certification path|UNTRUSTED_?ROOT|ChainErrors/i;

/** IBM i's FTP client has a number alone (qsossl.h: SSL_ERROR_SELF_SIGNED, _NOT_TRUSTED_ROOT, _CERT_EXPIRED, _BAD_DATE). */
const ibm = (codes: string): RegExp =>
  new RegExp(String.raw`Secure connection error, return code -(?:${codes})\b`, "i");

/** An alert, which at the client is the server's, and what only a client says of one. */
const alerted = new RegExp(
  `${certificateAlerts.untrusted.source}|${certificateAlerts.expired.source}|TLS alert from the server|errSSLPeer`,
  "i",
);

/** The client does not mind. */
const goneOn = /^WARNING|continuing anyway|\bignor|accepted anyway|verify=0|insecure(?! algorithm)/i;

export const certificateWords = wordsClue([
  {
    says: expired,
    unless: new RegExp(`${goneOn.source}|${alerted.source}`, "i"),
    means: "the certificate is not valid at this time",
    votes: { "certificate-expired": "names" },
  },
  {
    says: otherName,
    unless: new RegExp(`${expired.source}|${goneOn.source}`, "i"),
    means: "the certificate is for another name",
    votes: { "certificate-name-mismatch": "names" },
  },
  {
    says: untrusted,
    unless: new RegExp(`${expired.source}|${otherName.source}|${goneOn.source}|${alerted.source}`, "i"),
    means: "the certificate was not trusted",
    // One error is told in several lines, and one of them says what it is about.
    votes: ({ lines, unread }) => {
      const said = [...lines, ...unread].filter(({ text }) => !goneOn.test(text));
      const isDated = said.some(({ text }) => expired.test(text));
      const isNamed = said.some(({ text }) => otherName.test(text)) && !said.some(({ text }) => ofIssuer.test(text));
      return { "certificate-untrusted": isDated || isNamed ? "allows" : "names" };
    },
  },
  {
    says: certificateAlerts.untrusted,
    by: "server",
    means: "the client has sent the alert of one that does not trust the certificate",
    votes: { "certificate-untrusted": "names" },
  },
  {
    says: certificateAlerts.expired,
    by: "server",
    means: "the client has sent the alert of one for whom the certificate is not valid at this time",
    votes: { "certificate-expired": "names" },
  },
  {
    says: ibm("18|23"),
    means: "this code of IBM i stands for a certificate that no trusted authority has signed",
    votes: { "certificate-untrusted": "names" },
  },
  {
    says: ibm("24|25"),
    means: "this code of IBM i stands for a certificate that is not valid at this time",
    votes: { "certificate-expired": "names" },
  },
]);
