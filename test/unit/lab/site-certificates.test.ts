import "reflect-metadata";
import { X509Certificate } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { makeSiteCertificates } from "../../../harness/lab/site-certificates";

describe("the lab's certificates", () => {
  it("name their issuer's key, as RFC 5280 wants and strict clients demand", async () => {
    const { ca, certificate } = await makeSiteCertificates();
    const own = new x509.X509Certificate(ca).getExtension(x509.SubjectKeyIdentifierExtension);
    const issuer = new x509.X509Certificate(certificate).getExtension(x509.AuthorityKeyIdentifierExtension);
    expect(own?.keyId).toMatch(/^[0-9a-f]{40}$/);
    expect(issuer?.keyId).toBe(own?.keyId);
    expect(new X509Certificate(certificate).checkIssued(new X509Certificate(ca))).toBe(true);
  });
});
