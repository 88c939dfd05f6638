/** Words about certificates. Every pattern asks for a word that is said of certificates alone. */
import { wordsClue } from "./clue";

const expired =
  /certificate.{0,40}(?:expired|not yet (?:valid|activated)|no longer valid)|expired certificate|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|CERT_EXPIRED|certificate has expired|NotTimeValid|CertificateExpired|NotAfter:|certificat.{0,30}expir|Zertifikat.{0,40}abgelaufen|certificado.{0,30}(?:caducad|expirad|vencid)|CertificateNotYetValid|-9814\b|certificate.{0,40}not (?:yet )?(?:activated|time valid)|errSSLCert(?:Expired|NotYetValid)|validity (?:has expired|starts in the future)|peer certificate: (?:Expired|NotValidYet)|ASN date error|TlsFatalAlert: certificate_expired/i;
const otherName =
  /altname|host in the SSL certificate .{0,80}does not match|certificate's owner does not match|Certificate was not issued for this server|Hostname doesn't match certificate|subject ?alt|certificate.{0,60}(?:hostname|host name|common name|name).{0,40}(?:match|mismatch)|(?:hostname|host name|common name|name).{0,40}(?:not match|mismatch).{0,60}certificate|hostname mismatch|no alternative certificate subject name|certificate is (?:valid for|not valid for)|not valid for|doesn't contain any IP SANs|SEC_E_WRONG_PRINCIPAL|0x80090322|RemoteCertificateNameMismatch|No (?:name matching|subject alternative)|certificate subject name|does not match target host name|certificate.{0,40}different (?:host|name)|doesn't match requested host|relies on legacy Common Name|NotValidForName|-9843\b|errSSLHostNameMismatch|did not match expected CN|peer subject name mismatch|hostname verification failed|certificate did not match|match connection hostname|owner does not match hostname/i;
const untrusted =
  /self[- ]signed|doesn't have a known issuer|locally verify the issuer|server's certificate is not known|public key does not match|certificate was not accepted|remote certificate (?:not trusted|is invalid)|failed to verify peer certificate|unable to get (?:local )?issuer|unable to verify the (?:first|leaf)|UNABLE_TO_VERIFY|SELF_SIGNED|certificate[_ ]verify[_ ]failed|certificate verif\w*:? (?:error|failed|not trusted)|Not trusted|alert unknown ca|unknown[_ ](?:ca|authority)|PKIX path|valid certification path|SEC_E_UNTRUSTED_ROOT|0x80090325|RemoteCertificateChainErrors|UntrustedRoot|PartialChain|certificate (?:is |was )?(?:not trusted|untrusted|rejected|unknown|invalid)|untrusted certificate|issuer (?:certificate )?is (?:unknown|not)|SSLXCertChainInvalid|-98(?:07|12|13)\b|SSL certificate problem|verification failed.{0,40}certificate|certificate.{0,40}verification failed|certificat.{0,40}(?:non approuvé|invalide)|Zertifikat.{0,60}nicht (?:vertrau|gültig|geprüft)|bad certificate|remote certificate is invalid|trustAnchors parameter must be non-empty|trust ?store .{0,30}(?:empty|not found|missing)|no trusted certificates? found|: Error in the certificate\.|Key usage violation in certificate|incompatible key usage|certificate.{0,40}(?:insecure algorithm|revoked)|doesn't have a known issuer|cannot verify \S+ certificate|CRYPT_E_(?:NO_REVOCATION|REVOCATION_OFFLINE|REVOKED)|check revocation|revocation status is unknown|SEC_E_CERT_UNKNOWN|0x80090327|untrusted[_ ]root|certificate chain is incomplete|signed by the trusted CA|no signer error|invalid peer certificate|errSSL(?:UnknownRootCert|NoRootCert|BadCert)\b|does not match pinned public key|No OCSP response received|TlsFatalAlert: (?:certificate_unknown|bad_certificate)/i;

/** Who signed it is why it is not trusted, and not its name. */
const ofIssuer =
  /self[- _]signed|issuer|unknown[_ ](?:ca|authority)|PKIX path|certification path|UNTRUSTED_?ROOT|ChainErrors/i;

/** IBM i's FTP client has a number alone (qsossl.h: SSL_ERROR_SELF_SIGNED, _NOT_TRUSTED_ROOT, _CERT_EXPIRED, _BAD_DATE). */
const ibm = (codes: string): RegExp =>
  new RegExp(String.raw`Secure connection error, return code -(?:${codes})\b`, "i");

/** An alert is the word of the other end (RFC 8446 section 6): at the client it is the server's, about the client's own certificate. */
const alerted =
  /(?<!TlsFatal)alert:?[ _'"]{1,3}(?:unknown[_ ]?ca|bad[_ ]?certificate|certificate[_ ]?unknown|certificate[_ ]?expired)|ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+)|remote error: tls: (?:bad certificate|unknown certificate|expired certificate)|TLS alert from the server|errSSLPeer/i;

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
    says: alerted,
    unless: /certificate[_ ]?expired|expired certificate/i,
    by: "server",
    means: "the client has sent the alert of one that does not trust the certificate",
    votes: { "certificate-untrusted": "names" },
  },
  {
    says: /alert:?[ _'"]{1,3}certificate[_ ]?expired|remote error: tls: expired certificate/i,
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
