import "reflect-metadata";
import { X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { certificateKinds } from "../../../harness/model/certificate-kind";
import { certificateOf, makeSiteCertificates } from "../../../harness/lab/site-certificates";

describe("the lab's certificates", () => {
  it("name their issuer's key, as RFC 5280 wants and strict clients demand", async () => {
    const { ca, certificate } = await makeSiteCertificates();
    const own = new x509.X509Certificate(ca).getExtension(x509.SubjectKeyIdentifierExtension);
    const issuer = new x509.X509Certificate(certificate).getExtension(x509.AuthorityKeyIdentifierExtension);
    expect(own?.keyId).toMatch(/^[0-9a-f]{40}$/);
    expect(issuer?.keyId).toBe(own?.keyId);
    expect(new X509Certificate(certificate).checkIssued(new X509Certificate(ca))).toBe(true);
  });

  it("come in kinds that differ in one thing each", async () => {
    const site = await makeSiteCertificates();
    const ca = new X509Certificate(site.ca);
    const seen = await Promise.all(
      certificateKinds.map(async (kind) => {
        const certificate = new X509Certificate((await certificateOf(kind, site, "203.0.113.10")).certificate);
        const facts = {
          trusted: certificate.checkIssued(ca) && certificate.verify(ca.publicKey),
          selfSigned: certificate.verify(certificate.publicKey),
          current: new Date(certificate.validTo) > new Date() && new Date(certificate.validFrom) < new Date(),
          name: certificate.checkHost("ftp.example.net") !== undefined,
          address: certificate.checkIP("203.0.113.10") !== undefined,
        };
        return [kind, Object.entries(facts).flatMap(([fact, holds]) => (holds ? [fact] : []))];
      }),
    );
    expect(Object.fromEntries(seen)).toEqual({
      trusted: ["trusted", "current", "name"],
      "unknown-ca": ["current", "name"],
      "self-signed": ["selfSigned", "current", "name"],
      "other-name": ["trusted", "current"],
      expired: ["trusted", "name"],
      "ip-address": ["trusted", "current", "address"],
    });
  });
});
