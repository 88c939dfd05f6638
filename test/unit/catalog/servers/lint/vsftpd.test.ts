import { lintVsftpd } from "../../../../../harness/catalog/servers/lint/vsftpd";
import { patchedVsftpd, refusedByVsftpd, takenByVsftpd } from "../../../../support/refused-configurations";

const told = (text: string) =>
  lintVsftpd(text).map((found) => `${found.line} ${found.severity}: ${found.text} ${found.remedy}`);

describe("lint of a vsftpd.conf", () => {
  it("says nothing of what is in order", () => {
    expect(told(takenByVsftpd)).toEqual([]);
  });

  it.each(patchedVsftpd)("is a warning: %j", (text, line, words) => {
    const [found] = lintVsftpd(text);
    expect(found).toMatchObject({ line, severity: "warning", text: expect.stringMatching(words) as string });
  });

  it("reads a patched setting as the one that it is", () => {
    expect(lintVsftpd("ssl_tlsv1_2=maybe").map(({ severity }) => severity)).toEqual(["warning", "error"]);
  });

  it.each(refusedByVsftpd)("is an error: %j", (text, line, words) => {
    const [found] = lintVsftpd(text).filter(({ severity }) => severity === "error");
    expect(found).toMatchObject({ line, text: expect.stringMatching(/does not start/) as string });
    expect(`${found?.text} ${found?.remedy}`).toMatch(words);
  });

  it.each([
    ['pasv_address="203.0.113.1"', /^1 error: .*invalid pasv_address\. Write pasv_address=203\.0\.113\.1\./],
    ["pasv_address=ftp.example.org", /^1 error: .*pasv_addr_resolve/],
    ["pasv_address=ftp.example.org\npasv_addr_resolve=YES", /^1 note: .*when it starts/],
    ["pasv_address=0.0.0.0", /^1 error: .*own host/],
    ["pasv_address=10.0.0.5", /^1 warning: .*private/],
    ["pasv_min_port=60000\npasv_max_port=50000", /^2 error: .*from 60000 to 65535/],
    ["pasv_min_port=500\npasv_max_port=600", /^1 error: .*begin at 1024/],
    ["pasv_min_port=50000\npasv_max_port=50000", /^2 warning: .*second transfer/],
    ["pasv_min_port=50000", /^1 warning: .*up to 65535/],
    ["pasv_max_port=050000\npasv_min_port=40000", /^1 error: .*octal/],
    ["listen=YES\nlisten_ipv6=YES", /^2 error: .*run two copies/],
    ["ssl_enable=YES", /^1 error: .*cannot load RSA certificate/],
    ["ssl_enable=YES\nrsa_cert_file=/c", /^1 note: .*522/],
    ["ssl_enable=YES\nrsa_cert_file=/c\nimplicit_ssl=YES", /^3 warning: .*port 21/],
    ["implicit_ssl=YES", /^1 warning: .*no effect/],
    ["anonymous_enable=NO", /^1 error: .*both local and anonymous/],
    ["chroot_local_user=YES\nlocal_enable=YES", /^1 note: .*500 OOPS/],
    ["pasv_enable=NO", /^1 warning: .*refused/],
  ])("tells of %j", (text, words) => {
    expect(told(text)).toEqual(expect.arrayContaining([expect.stringMatching(words)]));
  });
});
