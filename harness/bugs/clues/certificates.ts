/** Words about certificates. Every pattern asks for a word that is said of certificates alone. */
import { wordsClue } from "./clue";

const expired =
  /certificate.{0,40}(?:expired|not yet valid|no longer valid)|expired certificate|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|CERT_EXPIRED|certificate has expired|NotTimeValid|CertificateExpired|NotAfter:|certificat.{0,30}expir|Zertifikat.{0,40}abgelaufen|certificado.{0,30}(?:caducad|expirad|vencid)|CertificateNotYetValid|-9814\b/i;
const otherName =
  /altname|subject ?alt|certificate.{0,60}(?:hostname|host name|common name|name).{0,40}(?:match|mismatch)|(?:hostname|host name|common name|name).{0,40}(?:not match|mismatch).{0,60}certificate|hostname mismatch|no alternative certificate subject name|certificate is (?:valid for|not valid for)|not valid for|doesn't contain any IP SANs|SEC_E_WRONG_PRINCIPAL|0x80090322|RemoteCertificateNameMismatch|No (?:name matching|subject alternative)|certificate subject name|does not match target host name|certificate.{0,40}different (?:host|name)|doesn't match requested host/i;
const untrusted =
  /self[- ]signed|unable to get (?:local )?issuer|unable to verify the (?:first|leaf)|UNABLE_TO_VERIFY|SELF_SIGNED|certificate[_ ]verify[_ ]failed|certificate verif\w*:? (?:error|failed|not trusted)|Not trusted|alert unknown ca|unknown[_ ](?:ca|authority)|PKIX path|valid certification path|SEC_E_UNTRUSTED_ROOT|0x80090325|RemoteCertificateChainErrors|UntrustedRoot|PartialChain|certificate (?:is |was )?(?:not trusted|untrusted|rejected|unknown|invalid)|untrusted certificate|issuer (?:certificate )?is (?:unknown|not)|SSLXCertChainInvalid|-98(?:07|12|13)\b|SSL certificate problem|verification failed.{0,40}certificate|certificate.{0,40}verification failed|certificat.{0,40}(?:non approuvé|invalide)|Zertifikat.{0,60}nicht (?:vertrau|gültig|geprüft)|bad certificate|remote certificate is invalid|trustAnchors parameter must be non-empty|trust ?store .{0,30}(?:empty|not found|missing)|no trusted certificates? found/i;

/** Who signed it is why it is not trusted, and not its name. */
const ofIssuer =
  /self[- _]signed|issuer|unknown[_ ](?:ca|authority)|PKIX path|certification path|UNTRUSTED_?ROOT|ChainErrors/i;

/** IBM i's FTP client has a number alone (qsossl.h: SSL_ERROR_SELF_SIGNED, _NOT_TRUSTED_ROOT, _CERT_EXPIRED, _BAD_DATE). */
const ibm = (codes: string): RegExp =>
  new RegExp(String.raw`Secure connection error, return code -(?:${codes})\b`, "i");

/** The client does not mind. */
const goneOn = /^WARNING|continuing anyway|\bignor|accepted anyway|verify=0|insecure/i;

export const certificateWords = wordsClue([
  {
    says: expired,
    unless: goneOn,
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
    unless: new RegExp(`${expired.source}|${otherName.source}|${goneOn.source}`, "i"),
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
