import { join } from "node:path";
import { placeIn } from "../../../harness/model/server-profile";
import { loadServerProfiles } from "../../../harness/inputs/load";
import { parseServerProfile } from "../../../harness/inputs/server-file";

const profiles = loadServerProfiles(join(__dirname, "../../../topologies/servers"));

describe("the server profiles of the contract", () => {
  it.each([
    ["tls-optional", "off", ["NoSessionReuseRequired"]],
    ["tls-required", "on", ["NoSessionReuseRequired"]],
    ["tls-required-reuse", "on", []],
    ["tls-auth-data", "auth+data", ["NoSessionReuseRequired"]],
  ])("%s sets TLSRequired %s and TLSOptions %j", (id, required, options) => {
    expect(profiles.find((profile) => profile.id === id)?.tls).toMatchObject({
      required,
      options,
      verifyClient: "off",
    });
  });

  it("are these and plain-only, which has no TLS, all of the ProFTPD that Debian 13 has", () => {
    const ours = profiles.filter(({ software, release }) => software === "proftpd" && release === "trixie");
    expect(ours.map(({ id }) => id)).toEqual([
      "plain-only",
      "tls-auth-data",
      "tls-optional",
      "tls-optional-own-peer",
      "tls-required",
      "tls-required-reuse",
    ]);
    expect(profiles[0]?.tls).toBeNull();
  });

  it("of the page take its TLSProtocol as it is written there", () => {
    expect(profiles.filter(({ id }) => id.startsWith("tls-required")).map(({ tls }) => tls?.protocol)).toEqual([
      "SSLv23",
      "SSLv23",
    ]);
  });
});

describe("a server profile", () => {
  it("reads off and on as the words that ProFTPD knows, not as booleans", () => {
    const text = "title: a\ndescription: b\ntls: { protocol: TLSv1.3, verify-client: on, required: on }\n";
    expect(parseServerProfile({ file: "x.yaml", text }).tls).toEqual({
      protocol: "TLSv1.3",
      options: [],
      verifyClient: "on",
      required: "on",
      certificate: "trusted",
    });
  });

  it("is of ProFTPD of Debian 13 unless it says otherwise", () => {
    const text = "title: a\ndescription: b\ntls: none\n";
    expect(parseServerProfile({ file: "x.yaml", text })).toMatchObject({ software: "proftpd", release: "trixie" });
    const other = parseServerProfile({ file: "x.yaml", text: `${text}software: vsftpd\n` });
    expect(other).toMatchObject({ software: "vsftpd", release: "trixie" });
  });

  const off = "verify-client: off, required: off";
  it.each([
    ["software: pure-ftpd\nrelease: forky\ntls: none", "4:10", "the lab has no Pure-FTPd of forky"],
    [`software: pure-ftpd\ntls: { protocol: TLSv1.3, ${off} }`, "4:6", "cannot be told which versions"],
    [`software: pyftpdlib\ntls: { protocol: TLSv1.3, ${off} }`, "4:6", "pyftpdlib never demands session reuse"],
    ["software: pyftpdlib\ntls: { protocol: SSLv23, required: auth }", "4:6", "with `required: off` only"],
    [
      `software: vsftpd\ntls: { protocol: TLSv1.3, options: [AllowPerUser], ${off} }`,
      "4:6",
      "nothing like AllowPerUser",
    ],
    ["software: proftp\ntls: none", "3:11", "proftpd"],
  ])("is told what its software lacks: %j", (lines, place, message) => {
    const read = () => parseServerProfile({ file: "x.yaml", text: `title: a\ndescription: b\n${lines}\n` });
    expect(read).toThrow(`x.yaml:${place}`);
    expect(read).toThrow(message);
  });

  it("shows a certificate of a known kind", () => {
    const text = (kind: string) =>
      `title: a\ndescription: b\ntls: { protocol: TLSv1.3, required: "on", certificate: ${kind} }\n`;
    const parse = (kind: string) => parseServerProfile({ file: "x.yaml", text: text(kind) });
    expect(parse("expired").tls?.certificate).toBe("expired");
    expect(() => parse("exprired")).toThrow("x.yaml:3:56: unknown value `exprired`; did you mean `expired`?");
  });
});

describe("a profile with configuration files", () => {
  const main = [
    "PassivePorts 50000 50100",
    "Include /etc/proftpd/tls.conf",
    "Include /etc/proftpd/conf.d/*.conf",
    "Port 21",
  ];
  const files: Readonly<Record<string, string>> = {
    "server/proftpd.conf": `${main.join("\r\n")}\r\n`,
    "server/tls.conf": "TLSEngine on\nTLSRequired on\n",
    "server/conf.d/b.conf": "UseIPv6 off",
    "server/conf.d/a.conf": "Umask 022\nDefaultRoot ~\n",
    "server/left.conf": "MaxClients 3\n",
    "server/other.conf": "Port 2121\n",
  };
  const beside = (path: string) => {
    const text = files[path];
    return text === undefined ? { problem: "cannot be read: it does not exist" } : Buffer.from(text);
  };
  const read = (keys: string) =>
    parseServerProfile({ file: "net/server.yaml", text: `title: t\ndescription: d\n${keys}\n` }, { beside });

  it("joins them where they are included, and knows the place of each line", () => {
    const names = ["proftpd", "left", "tls", "conf.d/b", "conf.d/a"].map((name) => `server/${name}.conf`);
    const { userConfig, tls } = read(`config-files: [${names.join(", ")}]`);
    expect(tls).not.toBeNull();
    expect(userConfig?.file).toBe("net/server/proftpd.conf");
    const lines = userConfig?.text.trimEnd().split("\n") ?? [];
    const places = lines.map((line, index) => [line, userConfig === undefined ? "" : placeIn(userConfig, index + 1)]);
    expect(places).toEqual([
      ["PassivePorts 50000 50100", "net/server/proftpd.conf:1"],
      ["TLSEngine on", "net/server/tls.conf:1"],
      ["TLSRequired on", "net/server/tls.conf:2"],
      ["Umask 022", "net/server/conf.d/a.conf:1"],
      ["DefaultRoot ~", "net/server/conf.d/a.conf:2"],
      ["UseIPv6 off", "net/server/conf.d/b.conf:1"],
      ["Port 21", "net/server/proftpd.conf:4"],
      ["MaxClients 3", "net/server/left.conf:1"],
    ]);
  });

  it.each([
    ["config-files: [server/none.conf]", "`server/none.conf` cannot be read: it does not exist"],
    ["config-files: [server/proftpd.conf, server/tls.conf]\nsoftware: vsftpd", "vsftpd has one configuration file"],
    ["config-files: [server/proftpd.conf]\nsoftware: pyftpdlib", "the lab takes no configuration of pyftpdlib"],
    ["config-files: [/etc/passwd]", "is not in the folder of this file"],
    ["release: trixie", "missing key `tls`"],
  ])("says what is wrong with %s", (keys, message) => {
    expect(() => read(keys)).toThrow(message);
  });
});
