/** What clients and TLS libraries say of a certificate that they do not accept. */

/** Words of every complaint about a certificate; other complaints about TLS at the same moment have none of them. */
export const aboutCertificates =
  /certificate|self.signed|issuer|verif(y|ication)|subject.?alt|host ?name (mismatch|does not match)/i;

/** The words of each fault. Every pattern asks for words that are said of certificates alone. */
export const certificateFaultWords = {
  /** Its time is over, or has not begun. */
  expired:
    /certificate.{0,40}(?:expired|not yet (?:valid|activated)|no longer valid)|expired certificate|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|CERT_EXPIRED|certificate has expired|NotTimeValid|CertificateExpired|NotAfter:|certificat.{0,30}expir|Zertifikat.{0,40}abgelaufen|certificado.{0,30}(?:caducad|expirad|vencid)|CertificateNotYetValid|-9814\b|certificate.{0,40}not (?:yet )?(?:activated|time valid)|errSSLCert(?:Expired|NotYetValid)|validity (?:has expired|starts in the future)|peer certificate: (?:Expired|NotValidYet)|ASN date error|TlsFatalAlert: certificate_expired/i,
  /** It is for another name. */
  otherName:
    /altname|host in the SSL certificate .{0,80}does not match|certificate's owner does not match|Certificate was not issued for this server|Hostname doesn't match certificate|subject ?alt|certificate.{0,60}(?:hostname|host name|common name|name).{0,40}(?:match|mismatch)|(?:hostname|host name|common name|name).{0,40}(?:not match|mismatch).{0,60}certificate|host ?name[ _]mismatch|no alternative certificate subject name|certificate is (?:valid for|not valid for)|not valid for|doesn't contain any IP SANs|SEC_E_WRONG_PRINCIPAL|0x80090322|RemoteCertificateNameMismatch|No (?:name matching|subject alternative)|certificate subject name|does not match target host name|certificate.{0,40}different (?:host|name)|doesn't match requested host|relies on legacy Common Name|NotValidForName|-9843\b|errSSLHostNameMismatch|did not match expected CN|peer subject name mismatch|hostname verification failed|certificate did not match|match connection hostname|owner does not match hostname/i,
  /** Nobody who is trusted has signed it, or it has a fault of another kind. */
  untrusted:
    /self[- ]signed|doesn't have a known issuer|locally verify the issuer|server's certificate is not known|public key does not match|certificate was not accepted|remote certificate (?:not trusted|is invalid)|failed to verify peer certificate|unable to get (?:local )?issuer|unable to verify the (?:first|leaf)|UNABLE_TO_VERIFY|SELF_SIGNED|certificate[_ ]verify[_ ]failed|certificate verif\w*:? (?:error|failed|not trusted)|Not trusted|alert unknown ca|unknown[_ ](?:ca|authority)|PKIX path|valid certification path|SEC_E_UNTRUSTED_ROOT|0x80090325|RemoteCertificateChainErrors|UntrustedRoot|PartialChain|certificate (?:is |was )?(?:not trusted|untrusted|rejected|unknown|invalid)|untrusted certificate|issuer (?:certificate )?is (?:unknown|not)|SSLXCertChainInvalid|-98(?:07|12|13)\b|SSL certificate problem|verification failed.{0,40}certificate|certificate.{0,40}verification failed|certificat.{0,40}(?:non approuvé|invalide)|Zertifikat.{0,60}nicht (?:vertrau|gültig|geprüft)|bad certificate|remote certificate is invalid|trustAnchors parameter must be non-empty|trust ?store .{0,30}(?:empty|not found|missing)|no trusted certificates? found|: Error in the certificate\.|Key usage violation in certificate|incompatible key usage|certificate.{0,40}(?:insecure algorithm|revoked)|doesn't have a known issuer|cannot verify \S+ certificate|CRYPT_E_(?:NO_REVOCATION|REVOCATION_OFFLINE|REVOKED)|check revocation|revocation status is unknown|SEC_E_CERT_UNKNOWN|0x80090327|untrusted[_ ]root|certificate chain is incomplete|signed by the trusted CA|no signer error|invalid peer certificate|errSSL(?:UnknownRootCert|NoRootCert|BadCert)\b|does not match pinned public key|No OCSP response received|TlsFatalAlert: (?:certificate_unknown|bad_certificate)|\bCERT_(?:UNTRUSTED|REJECTED|REVOKED|SIGNATURE_FAILURE|CHAIN_TOO_LONG)\b|\bUNABLE_TO_(?:GET|DECODE|DECRYPT)_\w+|DEPTH_ZERO_SELF|\bINVALID_CA\b|\bPATH_LENGTH_EXCEEDED\b|\bCRL_(?:SIGNATURE_FAILURE|NOT_YET_VALID|HAS_EXPIRED)\b|unable to (?:get|verify|find)[a-z ]{0,30}(?:issuer|certificate)/i,
} as const;

/**
 * An alert is the word of the other end (RFC 8446 section 6): at the client it is the server's, about the client's own certificate; in a
 * server's log it is the client's, about the server's certificate.
 */
export const certificateAlerts = {
  expired:
    /(?<!TlsFatal)alert:?[ _'"]{1,3}certificate(?:[_ ]?| has )expired|ALERT_CERTIFICATE_EXPIRED|remote error: tls: expired certificate/i,
  untrusted:
    /(?<!TlsFatal)alert:?[ _'"]{1,3}(?:unknown[_ ]?ca|bad[_ ]?certificate|certificate[_ ]?unknown)|ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)|remote error: tls: (?:bad certificate|unknown certificate)/i,
} as const;
