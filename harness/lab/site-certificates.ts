import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";
import type { CertificateKind } from "../model/certificate-kind";
import { siteName } from "../model/ftp-site";

/** PEM texts of a certificate and of its private key (PKCS #8). */
export type IssuedCertificate = { readonly certificate: string; readonly privateKey: string };

/** PEM texts of the run's private CA and of the server certificate that it signed. */
export type SiteCertificates = IssuedCertificate & { readonly ca: string; readonly caPrivateKey: string };

/** From when and until when a certificate holds (RFC 5280 section 4.1.2.5). */
export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

type Authority = Pick<SiteCertificates, "ca" | "caPrivateKey">;

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 24 * 3600 * 1000;

/** A name that no client dials (RFC 2606). */
const otherName = "other.example.org";

/** Makes a CA for this run and a certificate for the name that clients dial; both outlive any run by far. */
export async function makeSiteCertificates(): Promise<SiteCertificates> {
  const authority = await makeAuthority("ftp-nat-matrix lab CA");
  return { ...authority, ...(await issueCertificate(authority, siteName, currentValidity())) };
}

/** Makes the certificate of a kind that a server shows whose clients dial `siteName` or this address. */
export async function certificateOf(
  kind: CertificateKind,
  site: SiteCertificates,
  address: string,
): Promise<IssuedCertificate> {
  switch (kind) {
    case "trusted":
      return site;
    case "unknown-ca":
      return issueCertificate(await makeAuthority("somebody else's CA"), siteName, currentValidity());
    case "self-signed":
      return selfSigned(siteName, currentValidity());
    case "other-name":
      return issueCertificate(site, otherName, currentValidity());
    case "expired": {
      const now = Date.now();
      return issueCertificate(site, siteName, {
        notBefore: new Date(now - 30 * dayMs),
        notAfter: new Date(now - dayMs),
      });
    }
    case "ip-address":
      return issueCertificate(site, address, currentValidity());
  }
}

/** Makes a server certificate for a host name or an address, signed by a run's CA. */
export async function issueCertificate(
  { ca, caPrivateKey }: Authority,
  name: string,
  validity: Validity,
): Promise<IssuedCertificate> {
  const der = x509.PemConverter.decodeFirst(caPrivateKey);
  const [signingKey, keys] = await Promise.all([
    webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]),
    makeKeys(),
  ]);
  const authority = new x509.X509Certificate(ca);
  const server = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      subjectAltName(name),
      await x509.AuthorityKeyIdentifierExtension.create(authority),
    ],
  });
  return { certificate: server.toString("pem"), privateKey: await privateKeyOf(keys) };
}

/** As `openssl req -x509` makes it, and most guides to FTP servers with it: a CA of its own. */
async function selfSigned(name: string, validity: Validity): Promise<IssuedCertificate> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
      new x509.BasicConstraintsExtension(true, undefined, true),
      subjectAltName(name),
    ],
  });
  return { certificate: certificate.toString("pem"), privateKey: await privateKeyOf(keys) };
}

async function makeAuthority(name: string): Promise<Authority> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    ...currentValidity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      // RFC 5280 sections 4.2.1.1 and 4.2.1.2 want the key identifiers, and Python 3.13 insists.
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { ca: certificate.toString("pem"), caPrivateKey: await privateKeyOf(keys) };
}

function currentValidity(): Validity {
  // A day back: the engine's machine may have another clock.
  return { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + 30 * dayMs) };
}

function subjectAltName(name: string): x509.SubjectAlternativeNameExtension {
  return new x509.SubjectAlternativeNameExtension([{ type: isIP(name) === 0 ? "dns" : "ip", value: name }]);
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function privateKeyOf({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", privateKey), "PRIVATE KEY");
}
