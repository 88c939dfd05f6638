import type { ServerProfile } from "../../../../harness/model/server-profile";
import { expectedFrom } from "../../../../harness/plan/expected";
import { serverOf } from "../../../../harness/model/network";
import { softwareNamed } from "../../../../harness/catalog/servers/registry";
import { makeCell } from "../../../support/cells";
import { profileNamed, topologyNamed } from "../../../support/inputs";

const software = softwareNamed("vsftpd");
const own = software.userConfig!;
const topology = topologyNamed("server-nat-range");
const profileWith = (text: string): ServerProfile => ({
  ...profileNamed("vsftpd"),
  userConfig: { file: "my.conf", text },
});
const compose = (text: string) => own.compose({ topology, server: serverOf(topology), profile: profileWith(text) });

describe("a vsftpd.conf of a user's own", () => {
  it("keeps its lines in their places, but for those that only the lab can know", () => {
    const { text, changed, linesBefore } = compose(
      "write_enable=YES\nlisten_address=10.0.0.1\npasv_address=192.0.2.7\n",
    );
    expect(linesBefore).toBe(0);
    expect(text.split("\n").slice(0, 3)).toEqual([
      "write_enable=YES",
      "# taken over by the lab: listen_address=10.0.0.1",
      "pasv_address=203.0.113.1",
    ]);
    expect(changed).toEqual([
      { line: 2, text: "listen_address=10.0.0.1", kind: "replaced" },
      { line: 3, text: "pasv_address=192.0.2.7", kind: "replaced" },
    ]);
    expect(text).toContain("\nlisten_address=192.168.10.10\n");
  });

  it("gets Debian's names for those of other distributions, and nothing that Debian's does not know", () => {
    const { text, changed } = compose("ssl_enable=YES\nssl_tlsv1_3=NO\nreverse_lookup_enable=NO\n");
    expect(text.split("\n").slice(1, 3)).toEqual([
      "ssl_tlsv13=NO",
      "# not known to the lab's vsftpd: reverse_lookup_enable=NO",
    ]);
    expect(changed).toEqual([
      { line: 2, text: "ssl_tlsv1_3=NO", kind: "replaced" },
      { line: 3, text: "reverse_lookup_enable=NO", kind: "unknown" },
    ]);
    const { tls } = own.effective({ topology, server: profileWith("ssl_enable=YES\nssl_tlsv1_3=NO") }).server;
    expect(tls).toMatchObject({ protocol: "TLSv1.2" });
  });

  it("says what is expected, with vsftpd's own values where it is silent", () => {
    const tls = (text: string) => own.effective({ topology, server: profileWith(text) }).server.tls;
    expect(tls("write_enable=YES")).toBeNull();
    expect(tls("ssl_enable=YES")).toMatchObject({ required: "on", options: [], protocol: "TLSv1.2 TLSv1.3" });
    expect(tls("ssl_enable=YES\nforce_local_data_ssl=NO\nrequire_ssl_reuse=NO\nssl_tlsv13=NO")).toMatchObject({
      required: "auth",
      options: ["NoSessionReuseRequired"],
      protocol: "TLSv1.2",
    });
    const { nodes } = own.effective({
      topology,
      server: profileWith("pasv_min_port=6000\npasv_max_port=6009"),
    }).topology;
    expect(nodes.find(({ kind }) => kind === "server")).toMatchObject({
      passivePorts: { first: 6000, last: 6009 },
      masqueradeAddress: null,
    });
  });

  it("keeps an address that leads nobody anywhere, which is what is wrong with it", () => {
    for (const address of ["127.0.0.1", "0.0.0.0", "192.168.1.10"]) {
      const text = `pasv_address=${address}`;
      expect(compose(text)).toMatchObject({ changed: [], text: expect.stringContaining(`${text}\n`) as string });
      const { nodes } = own.effective({ topology, server: profileWith(text) }).topology;
      expect(nodes.find(({ kind }) => kind === "server")).toMatchObject({ masqueradeAddress: address });
    }
  });

  it.each([
    ["quotes", "pasv_address='203.0.113.9'"],
    ["double quotes", 'pasv_address="203.0.113.9"'],
    ["a part of an address", "pasv_address=203.0.113"],
    ["a URL", "pasv_address=ftp://203.0.113.9"],
    ["a name that it does not look up", "pasv_address=ftp.example.org"],
    ["an IPv6 address", "pasv_address=2001:db8::1"],
  ])("keeps %s in pasv_address, and predicts nothing of PASV", (_, text) => {
    expect(compose(text)).toMatchObject({ changed: [], text: expect.stringContaining(`${text}\n`) as string });
    const server = profileWith(`${text}\npasv_min_port=50000\npasv_max_port=50999`);
    const expected = (data: "pasv" | "epsv") =>
      expectedFrom(makeCell({ topology: topology.id, data }), { topology, server });
    expect(expected("pasv")).toMatchObject({ unpredicted: true });
    expect(expected("epsv").result).toBe("worked");
  });

  it("puts the lab's address in the place of a name that it looks up", () => {
    const { text, changed } = compose("  pasv_address=ftp.example.org\npasv_addr_resolve=YES");
    expect(text.split("\n")).toContain("pasv_address=203.0.113.1");
    expect(changed.map(({ line }) => line)).toEqual([1, 2]);
  });

  it("gets no certificate where it asks for TLS and names none, and nothing is predicted", () => {
    const lacking = "ssl_enable=YES\nrequire_ssl_reuse=NO";
    expect(compose(lacking).text).not.toContain("rsa_cert_file");
    expect(compose(`${lacking}\nrsa_cert_file=/etc/a.pem`).text).toMatch(/^rsa_cert_file=/m);
    const cell = makeCell({ topology: topology.id, mode: "ftps" });
    expect(expectedFrom(cell, { topology, server: profileWith(lacking) })).toMatchObject({ unpredicted: true });
  });

  it.each([
    ["pasv_min_port=50999\npasv_max_port=50000", { first: 50_999, last: 65_535 }],
    ["pasv_min_port=6000", { first: 6_000, last: 65_535 }],
    ["pasv_max_port=6000", { first: 1_024, last: 6_000 }],
    ["pasv_min_port=80\npasv_max_port=6000", { first: 1_024, last: 6_000 }],
    ["pasv_min_port=6000\npasv_max_port=99999", { first: 6_000, last: 65_535 }],
    ["", { first: 1_024, last: 65_535 }],
  ])("takes the ports that vsftpd makes of %j", (text, range) => {
    const { nodes } = own.effective({ topology, server: profileWith(text) }).topology;
    expect(nodes.find(({ kind }) => kind === "server")).toMatchObject({ passivePorts: range });
  });

  it("replaces each line that its own would overrule, and says so", () => {
    const { text } = compose("ssl_enable=YES\nrsa_cert_file=a");
    const [, ours = ""] = text.split("# What the lab has to own.");
    for (const line of ours.split("\n").filter((one) => one.includes("=") && !one.startsWith("listen_port="))) {
      expect(compose(line).changed).toEqual([{ line: 1, text: line, kind: "replaced" }]);
    }
  });

  it("listens on one port, with implicit TLS or without", () => {
    expect(own.ports("listen_port=10021\npasv_min_port=6000\npasv_max_port=6009")).toEqual({
      ...{ control: 10_021, implicit: null, passive: { first: 6000, last: 6009 } },
    });
    expect(own.ports("ssl_enable=YES\nimplicit_ssl=YES\nlisten_port=990")).toEqual({
      ...{ control: null, implicit: 990, passive: null },
    });
    expect(own.ports("implicit_ssl=YES")).toMatchObject({ control: 21, implicit: null });
    const text = "listen_port=9990\nssl_enable=YES\nimplicit_ssl=YES";
    const [server, profile] = [{ ...serverOf(topology), implicitPort: 9990 }, profileWith(text)];
    expect(software.ports({ topology, server, profile })).toEqual([9990]);
    expect(software.traits(profile)).toMatchObject({ implicitTls: true, onlyImplicit: true });
    expect(own.compose({ topology, server, profile })).toMatchObject({ changed: [] });
    expect(own.lacks("ssl_enable=YES\nimplicit_ssl=YES")).toContain("port 21");
    expect(own.lacks("listen_port=2121")).toBeNull();
    expect(own.ports("listen_port=0021")).toMatchObject({ control: 17 });
    for (const port of ["0", "99999", "ftp", "21.5"])
      expect(own.lacks(`listen_port=${port}`)).toBe(`listen_port=${port} is no port`);
  });

  it("is refused in vsftpd's words, with the line of the setting that they name", () => {
    const text = "listen=YES\nfoo_bar=YES\n";
    const said = "\r\n500 OOPS: unrecognised variable in config file: foo_bar\r\n";
    expect(own.complaint(said, 0, text)).toEqual({
      message: "unrecognised variable in config file: foo_bar",
      line: 2,
    });
    expect(
      own.complaint("500 OOPS: vsftpd: not configured for standalone, must be started from inetd", 0, text),
    ).toBeNull();
  });
});
