import { lintProftpd } from "../../../../../harness/catalog/servers/lint/proftpd";
import { refusedByProftpd, takenByProftpd } from "../../../../support/refused-configurations";

const told = (text: string, given: readonly string[] = []) =>
  lintProftpd(text, given).map(({ line, severity, text: words, other, remedy }) => {
    return `${line} ${severity}: ${words.replace("{other}", `line ${other}`)} ${remedy}`;
  });

describe("lint of a proftpd.conf", () => {
  it("says nothing of what is in order", () => {
    expect(told(takenByProftpd)).toEqual([]);
    expect(
      told("LoadModule mod_tls.c\nTLSEngine on\nTLSRSACertificateFile /c.pem\nTLSOptions NoSessionReuseRequired"),
    ).toEqual([]);
  });

  it.each(refusedByProftpd)("is an error: %j", (text, line, words) => {
    const [found] = lintProftpd(text).filter(({ severity }) => severity === "error");
    expect(found).toMatchObject({ line, text: expect.stringMatching(/does not start/) as string });
    expect(`${found?.text} ${found?.remedy}`).toMatch(words);
  });

  it.each([
    ["MasqueradeAddress 0.0.0.0", /^1 error: .*own host/],
    ["MasqueradeAddress 127.0.0.1", /^1 error: .*own host/],
    ['MasqueradeAddress "192.168.1.5"', /^1 warning: .*192\.168\.1\.5 leads clients on the Internet nowhere/],
    ["MasqueradeAddress 2001:db8::1", /^1 error: .*IPv4 alone/],
    ["MasqueradeAddress ftp.example.org", /^1 note: .*looks the name ftp\.example\.org up when it starts/],
    ["PassivePorts 50000 51000\nPassivePorts 40000 41000", /^2 warning: .*line 1 sets the same/],
    ["Port 50021\nPassivePorts 50000 51000", /^2 warning: .*control port 50021 lies in the passive range/],
    ["TLSProtocol TLSv1 TLSv1.1", /^1 warning: .*switched off/],
    ["PassivePorts 5000 \\\n 4000", /^1 error: .*upside down/],
  ])("tells of %j", (text, words) => {
    expect(told(text)).toEqual(expect.arrayContaining([expect.stringMatching(words)]));
  });

  it("tells that a virtual host takes nothing over from the main server, unless it stands in <Global>", () => {
    const host = "<VirtualHost 192.0.2.1>\nPort 990\n</VirtualHost>";
    expect(told(`PassivePorts 50000 51000\n${host}`)).toEqual([
      expect.stringMatching(/^1 warning: PassivePorts 50000 51000 does not hold for the <VirtualHost> of line 2/),
    ]);
    expect(told(`<Global>\nPassivePorts 50000 51000\n</Global>\n${host}`)).toEqual([]);
    expect(told(`PassivePorts 50000 51000\n${host.replace("Port", "PassivePorts 50000 51000\nPort")}`)).toEqual([]);
  });

  it("tells what keeps TLS from being offered", () => {
    expect(told("TLSRequired on")).toEqual([expect.stringMatching(/^1 warning: TLSEngine is not on/)]);
    expect(told("TLSEngine on\nTLSOptions NoSessionReuseRequired")).toEqual([expect.stringMatching(/^1 error: .*431/)]);
    const modules = "#LoadModule mod_tls.c\nLoadModule mod_ls.c\n";
    const tls = "TLSEngine on\nTLSRSACertificateFile /c\nTLSOptions NoSessionReuseRequired";
    expect(told(`${modules}<IfModule mod_tls.c>\n${tls}\n</IfModule>`)).toEqual([
      expect.stringMatching(/^1 warning: mod_tls is not loaded: .*passed over/),
    ]);
    expect(told(`${modules}${tls}`)).toEqual([expect.stringMatching(/^1 warning: .*directive of line 3/)]);
    expect(told(`ServerName x\n${tls}`)).toEqual([expect.stringMatching(/^2 warning: mod_tls is not loaded/)]);
    // What is included is here, or lies in a folder of settings.
    const including = "ServerName x\nInclude /etc/proftpd/modules.conf\nInclude /etc/proftpd/conf.d/\n";
    expect(told(`${including}#LoadModule mod_tls.c\n${tls}`, ["proftpd.conf", "server/modules.conf"])).toEqual([
      expect.stringMatching(/^4 warning: mod_tls is not loaded/),
    ]);
    // A file alone says nothing of the others.
    expect(told(tls)).toEqual([]);
    // A file that is not here may load it, or name a certificate.
    expect(
      told(`Include /etc/proftpd/modules.conf\n${modules}TLSEngine on\nTLSOptions NoSessionReuseRequired`),
    ).toEqual([]);
  });

  it("tells what a wish for CCC and clients without session reuse meet", () => {
    const tls = "TLSEngine on\nTLSRSACertificateFile /c\n";
    expect(told(`${tls}TLSRequired on\nTLSOptions NoSessionReuseRequired`)).toEqual([
      expect.stringMatching(/^3 note: .*CCC is refused with 534/),
    ]);
    expect(told(`${tls}TLSRequired auth+data\nTLSOptions StdEnvVars`)).toEqual([
      expect.stringMatching(/^4 note: .*425/),
    ]);
  });

  it("tells which lines the lab leaves out, a module at a time", () => {
    expect(
      told("<IfModule mod_sftp.c>\nSFTPEngine off\n# a comment\n</IfModule>\nBanEngine on\nBanLog /x\nUmask 022"),
    ).toEqual([
      "1 note: The lab has no mod_sftp, and leaves out this line and 2 more. SFTP is SSH, and no FTP. Nothing is to do.",
      expect.stringMatching(/^5 warning: The lab has no mod_ban, and leaves out this line and 1 more\. It turns away/),
    ]);
    expect(told("<IfModule !mod_sftp.c>\nUmask 022\n</IfModule>")).toEqual([]);
  });
});
