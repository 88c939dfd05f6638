import { renderPasswordFile, renderProftpdConf } from "../../../../harness/catalog/servers/proftpd-conf";
import { serverOf } from "../../../../harness/model/network";
import { proftpdPaths } from "../../../../harness/catalog/servers/proftpd-paths";
import { account, siteRoot } from "../../../../harness/model/ftp-site";
import { dialogueLogFormat } from "../../../../harness/evidence/text/server-log";
import type { ServerProfile } from "../../../../harness/model/server-profile";
import { profileNamed, topologyNamed } from "../../../support/inputs";
import { profileRequiring } from "../../../support/variations";

function confOf(topologyId: string, profile: ServerProfile): readonly string[] {
  const topology = topologyNamed(topologyId);
  return renderProftpdConf(topology, serverOf(topology), profile)
    .split("\n")
    .map((line) => line.trim());
}

describe("proftpd.conf", () => {
  it("names MasqueradeAddress only where the topology has one", () => {
    const profile = profileNamed("tls-optional");
    expect(confOf("server-nat-range", profile)).toContain("MasqueradeAddress 203.0.113.1");
    expect(confOf("server-nat", profile).join("\n")).not.toContain("MasqueradeAddress");
  });

  it("never writes AllowForeignAddress, which would switch on a check of data peers that is off without it", () => {
    expect(confOf("server-nat", profileNamed("tls-optional")).join("\n")).not.toContain("AllowForeignAddress");
  });

  it("says nothing of TLS without mod_tls, and does not listen on 990", () => {
    const lines = confOf("direct", profileNamed("plain-only"));
    expect(lines.filter((line) => /TLS|tls|VirtualHost|990/.test(line))).toEqual([]);
  });

  it("gives implicit TLS a virtual host on 990, with the profile's options and UseImplicitSSL", () => {
    const lines = confOf("direct", profileNamed("tls-optional"));
    const host = lines.slice(lines.indexOf("<VirtualHost 203.0.113.10>"));
    expect(host).toContain("Port 990");
    expect(host).toContain("TLSOptions NoSessionReuseRequired UseImplicitSSL");
  });

  it("says how long sessions last where the profile does, outside of what hosts have", () => {
    const lines = confOf("direct", profileNamed("tls-optional+short-sessions"));
    const at = lines.indexOf("TLSSessionCache internal: 5");
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(lines.indexOf("<Global>"));
    expect(confOf("direct", profileNamed("tls-optional")).join("\n")).not.toContain("TLSSessionCache");
  });

  it("has no TLSOptions line where the profile has no options, but for the implicit host", () => {
    const lines = confOf("direct", profileRequiring("off", { reuse: true }));
    expect(lines.filter((line) => line.startsWith("TLSOptions"))).toEqual(["TLSOptions UseImplicitSSL"]);
  });

  it.each([
    ["ipv6-firewall", "on"],
    ["firewall", "off"],
  ])("uses IPv6 where the topology is IPv6: %s", (id, expected) => {
    expect(confOf(id, profileNamed("plain-only"))).toContain(`UseIPv6 ${expected}`);
  });

  it("logs every command with its reply, on both hosts, in the format that the harness reads", () => {
    const lines = confOf("direct", profileNamed("tls-optional"));
    expect(lines).toContain(`LogFormat dialogue "${dialogueLogFormat}"`);
    const log = lines.indexOf(`ExtendedLog ${proftpdPaths.dialogueLog} ALL dialogue`);
    // <Global> is for the implicit host as well; a format must be named before it is used.
    expect(lines.indexOf("<Global>")).toBeLessThan(log);
    expect(log).toBeLessThan(lines.indexOf("</Global>"));
    expect(lines.findIndex((line) => line.startsWith("LogFormat"))).toBeLessThan(log);
  });
});

describe("the password file", () => {
  const lines = renderPasswordFile().split("\n");
  const entries = lines.slice(0, -1).map((line) => line.split(":"));

  it("has a login name for each session that may be in flight, and ends in a line feed", () => {
    const names = Array.from({ length: 512 }, (_, slot) => `lab${slot}`);
    expect(entries.map(([name]) => name)).toEqual(names);
    expect(lines.at(-1)).toBe("");
  });

  it("is one account under all of them", () => {
    const accounts = new Set(entries.map(([, ...fields]) => fields.join(":")));
    expect([...accounts]).toEqual([`${account.passwordHash}:${account.uid}:${account.gid}::${siteRoot}:/bin/false`]);
  });
});
