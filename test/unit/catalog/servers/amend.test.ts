import { softwares } from "../../../../harness/catalog/servers/registry";
import type { ServerSoftware } from "../../../../harness/catalog/servers/definition";
import { serverOf } from "../../../../harness/model/network";
import { profiles, topologyNamed } from "../../../support/inputs";

const topology = topologyNamed("server-nat-range");
const named = (id: string): ServerSoftware => softwares.find((software) => software.id === id)!;

/** The configuration of a software's first profile in `topologies/servers`, with these amendments. */
function configurationOf({ id, files }: ServerSoftware, amendments: readonly string[] = []): string {
  const profile = profiles.find(({ software, tls }) => software === id && tls !== null)!;
  return files({ topology, server: serverOf(topology), profile: { ...profile, amendments } })[0].text;
}

describe("amendments of a profile", () => {
  it.each(softwares)("stand in the configuration of $id as they are", (software) => {
    const lines = software.directives.passivePorts({ first: 51_000, last: 51_009 });
    const text = configurationOf(software, lines);
    for (const line of lines) expect(text).toContain(JSON.stringify(line).slice(1, -1));
    expect(software.readSettings(text)).toEqual({
      ...software.readSettings(configurationOf(software)),
      passivePorts: { first: 51_000, last: 51_009 },
      ...software.fixed,
    });
  });

  it.each(softwares)("leave the configuration of $id alone where they say nothing", (software) => {
    const text = configurationOf(software);
    expect(software.amend(text, [])).toBe(text);
  });
});

describe("a line of ProFTPD's", () => {
  const { amend } = named("proftpd");

  it("comes into one <Global> where it is told in one", () => {
    expect(amend("Port 21\n", ["LoadModule mod_tls.c", "<Global>", "  TLSEngine on", "</Global>"])).toBe(
      "Port 21\nLoadModule mod_tls.c\n<Global>\n  TLSEngine on\n</Global>\n",
    );
  });

  it("takes the place of all that set the same, in <Global> too, and of none in a virtual host", () => {
    const text =
      "TLSRequired on\n<Global>\n  TLSRequired auth\n</Global>\n<VirtualHost 192.0.2.1>\n  TLSRequired on\n</VirtualHost>\n";
    expect(amend(text, ["TLSRequired off"])).toBe(
      "TLSRequired off\n<Global>\n</Global>\n<VirtualHost 192.0.2.1>\n  TLSRequired on\n</VirtualHost>\n",
    );
  });

  it("reaches the virtual hosts where nothing has set the same", () => {
    expect(amend("Port 21\n", ["AllowForeignAddress on", "# then: systemctl reload proftpd"])).toBe(
      "Port 21\n<Global>\nAllowForeignAddress on\n</Global>\n",
    );
  });

  it("takes a block's place as a whole, and leaves other blocks", () => {
    const denied = ["<Limit EPSV>", "  DenyAll", "</Limit>", "<Limit PASV>", "  DenyAll", "</Limit>", ""].join("\n");
    expect(amend(denied, named("proftpd").directives.allowCommand("EPSV", denied)!)).toBe(
      "<Limit EPSV>\n  AllowAll\n</Limit>\n<Limit PASV>\n  DenyAll\n</Limit>\n",
    );
  });
});

describe("a line of Pure-FTPd's", () => {
  it("takes the place of its opposite, which a later line would not undo", () => {
    const { amend, directives } = named("pure-ftpd");
    const text = "BrokenClientsCompatibility yes\nTLS 1\n";
    expect(amend(text, directives.allowCommand("EPSV", text)!)).toBe("BrokenClientsCompatibility no\nTLS 1\n");
  });
});

describe("a command that vsftpd denies", () => {
  const { allowCommand } = named("vsftpd").directives;

  it.each([
    ["cmds_denied=DELE,EPSV", ["cmds_denied=DELE"]],
    ["cmds_allowed=USER,PASS,PASV", ["cmds_allowed=USER,PASS,PASV,EPSV"]],
    ["pasv_enable=NO\ncmds_denied=EPSV", ["pasv_enable=YES", "cmds_denied="]],
    // Nobody has seen the file, or nothing in it denies the command.
    ["", ["pasv_enable=YES", "cmds_denied=", "cmds_allowed="]],
  ])("is let in by a change of what denies it: %j", (configuration, lines) => {
    expect(allowCommand("EPSV", configuration)).toEqual(lines);
  });
});

describe("a command that a script refuses", () => {
  const { amend, deniedBy, directives, files } = named("scripted");
  const profile = profiles.find(({ software }) => software === "scripted")!;
  const [{ text }] = files({ topology, server: serverOf(topology), profile });

  it("is told by the script's line, until another line lets it in", () => {
    const denied = amend(text, directives.denyCommand("EPSV")!);
    expect(deniedBy("EPSV", text)).toBeNull();
    expect(deniedBy("EPSV", denied)).toBe("EPSV: 502 Command not implemented.");
    expect(deniedBy("EPSV", amend(denied, directives.allowCommand("EPSV", denied)!))).toBeNull();
    expect(deniedBy("EPSV", "no JSON")).toBeNull();
  });
});
