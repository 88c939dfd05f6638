import { expectedFrom } from "../../../../harness/plan/expected";
import { serverOf } from "../../../../harness/model/network";
import { softwareNamed } from "../../../../harness/catalog/servers/registry";
import { makeCell } from "../../../support/cells";
import { profileNamed, topologyNamed } from "../../../support/inputs";

const file = [
  "Include /etc/proftpd/modules.conf",
  "PassivePorts 50000 50100",
  "MasqueradeAddress 198.51.100.7",
  "AuthUserFile \\",
  "  /etc/passwd",
  "<IfModule mod_tls.c>",
  "  TLSEngine on",
  "  TLSRSACertificateFile /etc/ssl/ftp.crt",
  "  TLSOptions NoSessionReuseRequired",
  "  TLSRequired auth+data",
  "</IfModule>",
].join("\n");

const own = softwareNamed("proftpd").userConfig!;

function profileWith(text: string) {
  return { ...profileNamed("tls-optional"), userConfig: { file: "my.conf", text } };
}

function composed(text: string, network = "server-nat") {
  const topology = topologyNamed(network);
  return own.compose({ topology, server: serverOf(topology), profile: profileWith(text) });
}

function expected(text: string, mode: "ftp" | "ftps" | "ftps-ccc" | "ftps-implicit", topology = "direct") {
  const cell = makeCell({ topology, mode });
  return expectedFrom(cell, { topology: topologyNamed(topology), server: profileWith(text) });
}

describe("a user's own proftpd.conf", () => {
  it("keeps each of its lines in its place, so that the server's messages lead to it", () => {
    const { text, linesBefore, changed } = composed(file);
    const lines = text.split("\n").slice(linesBefore, linesBefore + file.split("\n").length);
    expect(lines).toHaveLength(11);
    expect(lines[1]).toBe("PassivePorts 50000 50100");
    expect(lines[2]).toBe("MasqueradeAddress 203.0.113.1");
    expect(lines.slice(8)).toEqual(file.split("\n").slice(8));
    expect(changed.map(({ line }) => line)).toEqual([1, 3, 4, 5, 8]);
  });

  it("has what the lab must own behind it, and the certificate only where it has TLS", () => {
    expect(composed(file).text).toMatch(/AuthUserFile \/etc\/proftpd\/lab\.passwd[^]*TLSECCertificateFile /);
    expect(composed("PassivePorts 50000 50100").text).not.toContain("TLSECCertificateFile");
  });

  it("puts its virtual hosts where the lab's server is, and has implicit TLS where one of them has", () => {
    const host = "<VirtualHost ftp.example.org>\nPort 990\nTLSOptions UseImplicitSSL\n</VirtualHost>";
    expect(composed(host, "direct").text).toContain("<VirtualHost 203.0.113.10>");
    expect(expected(`${file}\n${host}`, "ftps-implicit").result).toBe("worked");
    expect(expected(file, "ftps-implicit")).toMatchObject({ stage: "control-connect", cause: "port-unreachable" });
  });

  it("is predicted from what it says, and not from the profile in whose place it stands", () => {
    expect(expected(file, "ftp")).toMatchObject({ stage: "login", cause: "tls-required" });
    expect(expected(file, "ftps-ccc").result).toBe("worked");
    expect(expected(file.replace("auth+data", "on"), "ftps-ccc")).toMatchObject({ stage: "ccc", cause: "ccc-refused" });
    expect(expected("ServerName x", "ftps")).toMatchObject({ stage: "auth-tls", cause: "tls-not-offered" });
    expect(expected(file, "ftps", "server-nat-range").result).toBe("worked");
    expect(expected(file.replace("50000 50100", "40000 40100"), "ftps", "server-nat-range").stage).toBe("data-connect");
  });

  it("keeps an address that leads nobody anywhere, which is what is wrong with it", () => {
    const wrong = file.replace("198.51.100.7", "127.0.0.1");
    expect(composed(wrong).changed.map(({ line }) => line)).toEqual([1, 4, 5, 8]);
    expect(expected(wrong, "ftps", "server-nat-range")).toMatchObject({ stage: "data-command" });
  });

  it.each([
    ["two addresses", "MasqueradeAddress 198.51.100.7 198.51.100.8"],
    ["a private address in quotes", 'MasqueradeAddress "192.168.1.5"'],
    ["a part of an address", "MasqueradeAddress 198.51.100"],
    ["a URL", "MasqueradeAddress ftp://198.51.100.7"],
  ])("keeps %s", (_, line) => {
    expect(composed(line)).toMatchObject({ changed: [], text: expect.stringContaining(`${line}\n`) as string });
  });

  it("reads quotes and comments as ProFTPD does", () => {
    const { text, changed } = composed('MasqueradeAddress "198.51.100.7" # the router');
    expect(text).toContain("\nMasqueradeAddress 203.0.113.1\n");
    expect(changed).toEqual([{ line: 1, text: 'MasqueradeAddress "198.51.100.7" # the router', kind: "replaced" }]);
  });

  it("gets no certificate where it asks for TLS and names none, and nothing is predicted of TLS", () => {
    expect(composed("TLSEngine on").text).not.toContain("TLSECCertificateFile");
    // A file that is lost may name one.
    expect(composed("Include /etc/proftpd/tls.conf\nTLSEngine on").text).toContain("TLSECCertificateFile");
    expect(expected("TLSEngine on", "ftps")).toMatchObject({ unpredicted: true });
    expect(expected("TLSEngine on", "ftp").result).toBe("worked");
  });

  it("replaces each directive that its own would meet, and says so", () => {
    const { text } = composed("TLSEngine on\nTLSRSACertificateFile a");
    const [, ours = ""] = text.split("# What the lab has to own.");
    const own = ours.split("\n").filter((line) => /^[A-Z]/.test(line) && !line.startsWith("LogFormat "));
    expect(own.length).toBeGreaterThan(20);
    for (const line of own) expect(composed(line).changed).toEqual([{ line: 1, text: line, kind: "replaced" }]);
  });

  it("loses what it includes, and says so", () => {
    expect(composed("Include /etc/proftpd/conf.d/").changed).toEqual([
      { line: 1, text: "Include /etc/proftpd/conf.d/", kind: "lost" },
    ]);
  });

  it("loses the lines of modules that the lab does not have, and keeps all others in their places", () => {
    const lines = ["SQLBackend mysql", "DelayEngine off", "<IfUser bob>", "  Umask 077", "</IfUser>", "Umask 022"];
    const { text, changed, linesBefore } = composed(lines.join("\n"));
    expect(changed.map(({ line, kind }) => `${line} ${kind}`)).toEqual(
      [1, 2, 3, 4, 5].map((line) => `${line} unknown`),
    );
    const there = text.split("\n").slice(linesBefore, linesBefore + 6);
    expect(there[0]).toBe("# the lab has no mod_sql: SQLBackend mysql");
    expect(there.slice(0, 5).every((line) => line.startsWith("# "))).toBe(true);
    expect(there[5]).toBe("Umask 022");
    // A line that goes on is left out whole, and a section with those that are in it.
    expect(composed("SQLNamedQuery x \\\n SELECT\nUmask 022").changed.map(({ line }) => line)).toEqual([1, 2]);
    expect(composed("<IfUser a>\n<IfUser b>\n</IfUser>\nUmask 0\n</IfUser>\nUmask 022").changed).toHaveLength(5);
  });

  it("is no FTP server where mod_sftp is switched on", () => {
    expect(own.lacks("SFTPEngine on\nPort 22")).toMatch(/SFTP \(SSH\)/);
    const host = "<VirtualHost a>\nSFTPEngine on\nPort 2222\nTLSOptions UseImplicitSSL\n</VirtualHost>";
    expect(own.lacks(`Port 2121\n${host}`)).toBeNull();
    expect(own.ports(`Port 2121\n${host}`)).toMatchObject({ control: 2121, implicit: null });
  });

  it("is predicted to refuse strangers' data connections where it says so", () => {
    const strict = `${file.replace("TLSRequired auth+data", "")}\nAllowForeignAddress off`;
    expect(expected(strict, "ftp", "client-two-addresses").cause).toBe("foreign-data-peer");
    expect(expected(strict.replace("off", "on"), "ftp", "client-two-addresses").result).toBe("worked");
  });

  it("says where it listens: the main server, and the virtual host with implicit TLS", () => {
    const host = "<VirtualHost a>\nPort 9900\nTLSOptions UseImplicitSSL\n</VirtualHost>";
    expect(own.ports("")).toEqual({ control: 21, implicit: null, passive: null });
    expect(own.ports(`Port 2819\n${host}\nPassivePorts 60000 60100`)).toEqual({
      ...{ control: 2819, implicit: 9900, passive: { first: 60_000, last: 60_100 } },
    });
    expect(own.ports(`Port 0\n${host}`)).toMatchObject({ control: null, implicit: 9900 });
    expect(own.ports("Port 990\nTLSOptions UseImplicitSSL")).toMatchObject({ control: null, implicit: 990 });
    expect(own.ports("<Global>\nTLSOptions UseImplicitSSL\n</Global>\nPort 990")).toMatchObject({ implicit: 990 });
    expect(own.ports("<VirtualHost a>\nPort 2121\n</VirtualHost>")).toMatchObject({ control: 21, implicit: null });
  });

  it("cannot be run where one port has to serve explicit and implicit TLS", () => {
    expect(own.lacks("Port 990")).toMatch(/port 990 without implicit TLS/);
    expect(own.lacks("TLSOptions UseImplicitSSL")).toMatch(/implicit TLS on port 21/);
    expect(own.lacks("Port 0")).toMatch(/no port/);
    expect(own.lacks("Port 2819")).toBeNull();
  });

  it("gives a virtual host nothing of what stands in the main server alone", () => {
    const topology = topologyNamed("direct");
    const effective = (text: string, isImplicit: boolean) =>
      own
        .effective({ topology, server: profileWith(text) }, isImplicit)
        .topology.nodes.find(({ kind }) => kind === "server");
    const main = "PassivePorts 60000 60100\nMasqueradeAddress 198.51.100.7";
    const host = "<VirtualHost a>\nPort 990\nTLSOptions UseImplicitSSL\n</VirtualHost>";
    const announced = { passivePorts: { first: 60_000, last: 60_100 }, masqueradeAddress: topology.dial };
    expect(effective(`${main}\n${host}`, false)).toMatchObject(announced);
    expect(effective(`${main}\n${host}`, true)).toMatchObject({ masqueradeAddress: null });
    expect(effective(`<Global>\n${main}\n</Global>\n${host}`, true)).toMatchObject(announced);
  });

  it("is told what ProFTPD complains of, with the line in the user's file", () => {
    const at = "2026-11-22 16:41:40,077 host proftpd[13]: ";
    const output = `${at}fatal: unknown configuration directive 'Foo' on line 5 of '/etc/proftpd/lab.conf'\n${at}fatal: Did you mean:\n`;
    expect(own.complaint(output, 4, "")).toEqual({ message: "unknown configuration directive 'Foo'", line: 1 });
    expect(own.complaint(output, 60, "")).toMatchObject({ line: null });
    expect(own.complaint(`${at}fatal: no valid servers configured`, 4, "")).toEqual({
      message: "no valid servers configured",
      line: null,
    });
    expect(own.complaint(`Checking syntax of configuration file\n${at}warning: x\n`, 4, "")).toBeNull();
  });
});
