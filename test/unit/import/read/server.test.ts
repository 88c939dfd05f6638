import { importTexts } from "../../../support/import-files";

const configuration = "listen=YES\nlocal_enable=YES\nssl_tlsv1_2=YES\nreverse_lookup_enable=NO\n";
const addresses = "2: eth0: <UP>\n    inet 203.0.113.9/24 scope global eth0\n";

function told(more: string) {
  const { draft, leftOut } = importTexts({ "vsftpd.conf": configuration + more, "ip-addr.txt": addresses });
  return { leftOut, renamed: draft.inferences.find(({ what }) => what.includes("ssl_tlsv12")) };
}

describe("a vsftpd.conf with names of a distribution's own", () => {
  it("has Debian's in the lab, with the line where the files show that distribution", () => {
    const from = { file: "vsftpd.conf", line: 3 };
    expect(told("rsa_cert_file=/etc/pki/tls/certs/vsftpd.pem\n").renamed).toMatchObject({ kind: "read", from });
  });

  it("has them as an assumption where nothing shows it, and says what Debian's does with them", () => {
    expect(told("").renamed).toMatchObject({
      kind: "assumed",
      why: expect.stringContaining("no file shows") as string,
    });
    expect(told("rsa_cert_file=/etc/ssl/certs/ssl-cert-snakeoil.pem\n").renamed).toMatchObject({
      kind: "assumed",
      why: expect.stringContaining("vsftpd.conf:5 shows Debian or Ubuntu, whose vsftpd does not start") as string,
    });
  });

  it("is without those that Debian's does not know", () => {
    expect(told("").leftOut).toMatchObject([{ what: "reverse_lookup_enable", decides: false, from: { line: 4 } }]);
  });
});
