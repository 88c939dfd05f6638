import { observe } from "../../../../harness/diagnose/observe/observe";
import { readProftpdSettings as readSettings } from "../../../../harness/catalog/servers/proftpd-settings";
import { line, simulate, withAttempt, withRouterEvidence } from "../../../support/simulated-evidence";

describe("what is observed of a session", () => {
  it("is what client and server have of the same command, the last of its name", () => {
    const evidence = simulate({ topology: "server-nat-helper", mode: "ftp", data: "pasv" });
    const transcript = [
      "> PASV",
      "< 227 Entering Passive Mode (203,0,113,1,195,81).",
      "> RETR a",
      "< 226 done",
      "> PASV",
      "< 227 Entering Passive Mode (203,0,113,1,195,82).",
    ].map(line);
    const logged = (low: number): { at: number; command: string; replyCode: number; reply: string } => ({
      at: 1,
      command: "PASV",
      replyCode: 227,
      reply: `Entering Passive Mode (192,168,10,10,195,${low}).`,
    });
    const server = { ...evidence.server!, exchanges: [logged(81), logged(82)] };
    const seen = observe({ ...withAttempt(evidence, { transcript }), server });
    expect(seen.advertised).toEqual({ address: "203.0.113.1", port: 50_002 });
    expect(seen.logged).toEqual({ address: "192.168.10.10", port: 50_002 });
    expect(seen.rewritten).toBe(true);
  });

  it("follows TLS through the dialogue: on with AUTH, off with CCC, on all along when implicit", () => {
    const covered = (...lines: string[]): readonly boolean[] =>
      observe(withAttempt(simulate({ mode: "ftps" }), { transcript: lines.map(line) })).dialogue.exchanges.map(
        ({ encrypted }) => encrypted,
      );
    expect(covered("> AUTH TLS", "< 234 OK", "> CCC", "< 200 OK", "> NOOP")).toEqual([false, true, false]);
    expect(covered("> AUTH TLS", "< 500 no", "> USER a")).toEqual([false, false]);
    expect(covered("> AUTH TLS", "< 234 OK", "> CCC", "< 534 no", "> NOOP")).toEqual([false, true, true]);
    const implicit = observe(simulate({ topology: "direct", mode: "ftps-implicit" }));
    expect(implicit.dialogue.exchanges.every(({ encrypted }) => encrypted)).toBe(true);
  });

  it("takes the last line of a reply for its code (RFC 959 section 4.2)", () => {
    const transcript = ["> FEAT", "< 211-Features:", "<  EPSV", "< 500 is no code here, but this line ends it"].map(
      line,
    );
    const [feat] = observe(withAttempt(simulate({ mode: "ftp" }), { transcript })).dialogue.exchanges;
    expect(feat?.code).toBe(500);
    const open = withAttempt(simulate({ mode: "ftp" }), { transcript: transcript.slice(0, 3) });
    expect(observe(open).dialogue.exchanges[0]?.code).toBeNull();
  });

  it("holds no names of links and no settings that could not be pasted", () => {
    const evil = withRouterEvidence(simulate({ topology: "server-nat" }), ({ packets }) => ({
      packets: packets.map((packet) => ({ ...packet, inLink: "lan; reboot" })),
    }));
    expect(observe(evil).routers[0]?.inLink).toBeNull();
    const settings = readSettings(
      "TLSRequired $(reboot)\nMasqueradeAddress `reboot`\nPassivePorts 5 x\nTLSOptions a;b Fine",
    );
    expect(settings).toMatchObject({
      tlsRequired: null,
      tlsVersions: [],
      masqueradeAddress: null,
      passivePorts: null,
      tlsOptions: ["Fine"],
    });
  });

  it("knows the server's software from its logs, else from its greeting, and else not at all", () => {
    const evidence = simulate({ topology: "server-nat" });
    const greeted = (...lines: readonly string[]): string | null =>
      observe({ ...withAttempt(evidence, { transcript: lines.map(line) }), server: null }).server.software;
    expect(observe(evidence).server.software).toBe("proftpd");
    expect(greeted("< 220-Hello", "< 220 (vsFTPd 3.0.5)", "> QUIT")).toBe("vsftpd");
    expect(greeted("< 220 Hello", "> HELP", "< 214 vsFTPd")).toBeNull();
    expect(greeted()).toBeNull();
  });

  it("knows on which ports the server starts TLS by itself", () => {
    const { server } = simulate({ topology: "direct" });
    expect(readSettings(server!.configuration)).toMatchObject({
      implicitPorts: [990],
      tlsOptions: ["NoSessionReuseRequired"],
      tlsRequired: "off",
      tlsVersions: ["TLSv1.2", "TLSv1.3"],
      passivePorts: { first: 50_000, last: 50_999 },
    });
  });
});
