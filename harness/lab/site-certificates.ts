import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { siteName } from "../plan/site";

/** PEM texts of a certificate and of its private key (PKCS #8). */
export type IssuedCertificate = { readonly certificate: string; readonly privateKey: string };

/** PEM texts of the run's private CA and of the server certificate that it signed. */
export type SiteCertificates = IssuedCertificate & { readonly ca: string; readonly caPrivateKey: string };

/** From when and until when a certificate holds (RFC 5280 section 4.1.2.5). */
export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 24 * 3600 * 1000;

/** Makes a CA for this run and a certificate for the name that clients dial; both outlive any run by far. */
export async function makeSiteCertificates(): Promise<SiteCertificates> {
  const caKeys = await makeKeys();
  // A day back: the engine's machine may have another clock.
  const validity = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + 30 * dayMs) };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=ftp-nat-matrix lab CA",
    keys: caKeys,
    signingAlgorithm: algorithm,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      // RFC 5280 sections 4.2.1.1 and 4.2.1.2 want the key identifiers, and Python 3.13 insists.
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const authority = { ca: certificate.toString("pem"), caPrivateKey: await privateKeyOf(caKeys) };
  return { ...authority, ...(await issueCertificate(authority, siteName, validity)) };
}

/** Makes a server certificate for a host name, signed by a run's CA. */
export async function issueCertificate(
  { ca, caPrivateKey }: Pick<SiteCertificates, "ca" | "caPrivateKey">,
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
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
      await x509.AuthorityKeyIdentifierExtension.create(authority),
    ],
  });
  return { certificate: server.toString("pem"), privateKey: await privateKeyOf(keys) };
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function privateKeyOf({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", privateKey), "PRIVATE KEY");
}
