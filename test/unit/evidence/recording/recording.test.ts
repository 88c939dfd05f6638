import fc from "fast-check";
import { parseRecording } from "../../../../harness/evidence/recording/parse-recording";
import { renderRecording } from "../../../../harness/evidence/recording/recording";
import type { CellEvidence } from "../../../../harness/model/evidence";
import { clientNatPort, ftpPasv, ftpsEpsv, ftpsPasv } from "../../../fixtures/recordings/cells";

function files(evidence: CellEvidence): ReadonlyMap<string, string> {
  return new Map(renderRecording(evidence).map(({ path, text }) => [path, text]));
}

describe("a recording", () => {
  it("is the evidence and a text for each witness", () => {
    expect([...files(ftpsPasv).keys()]).toEqual([
      "evidence.json",
      "timeline.txt",
      "client.txt",
      "server.txt",
      "router-router.txt",
    ]);
    expect([...files({ ...ftpsPasv, server: null, routers: [] }).keys()]).toEqual([
      "evidence.json",
      "timeline.txt",
      "client.txt",
    ]);
  });

  it.each([ftpsPasv, ftpsEpsv, ftpPasv, clientNatPort])("reads back as it was", (evidence) => {
    expect(parseRecording(files(evidence).get("evidence.json") ?? "")).toEqual({ evidence, problems: [] });
  });

  it("has what hosts saw by their own rules, and how nodes route and count", () => {
    const [packet] = ftpPasv.routers[0]?.packets ?? [];
    if (packet === undefined) throw new Error("no packet");
    const evidence: CellEvidence = {
      ...ftpPasv,
      hosts: [
        {
          host: "server",
          kind: "server",
          packets: [{ ...packet, size: 60, ttl: 63, end: "delivered" }],
          dropped: [{ ...packet, end: "input" }],
          rules: "*filter\n",
        },
      ],
      facts: [
        {
          node: "server",
          routes: ["default via 192.0.2.1"],
          sysctls: { "net.ipv4.ip_forward": "0" },
          counters: { IpInReceives: 3 },
        },
      ],
    };
    expect(parseRecording(files(evidence).get("evidence.json") ?? "")).toEqual({ evidence, problems: [] });
    expect(files(evidence).get("host-server.txt")).toContain("  ended: input\n");
  });

  it("has the control dialogue as the server saw it", () => {
    const text = files(ftpPasv).get("server.txt");
    expect(text).toContain("# control dialogue with 203.0.113.40\n\n");
    expect(text).toContain(
      "07:47:44.460000 > PASV\n07:47:44.460000 < 227 Entering Passive Mode (192,168,10,10,196,197).\n".replaceAll(
        "07:47",
        new Date(1795344464000).toISOString().slice(11, 16),
      ),
    );
    expect(text).toContain("# TLS log\n\n(none)\n");
    expect(text).toContain("  TLSRequired off\n");
  });

  it("has each SYN with the rules that it met, and where its addresses and its way changed", () => {
    const text = files(ftpPasv).get("router-router.txt");
    expect(text).toContain(
      [
        "SYN 203.0.113.40:45875 -> 203.0.113.1:50373 from internet",
        "  raw:PREROUTING       CONTINUE -A PREROUTING -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TRACE",
        "  raw:PREROUTING       ACCEPT   (policy)",
        "  now 203.0.113.40:45875 -> 192.168.10.10:50373, to lan",
        "  filter:FORWARD       ACCEPT   -A FORWARD -m conntrack --ctstate RELATED -j ACCEPT",
        "",
      ].join("\n"),
    );
    expect(text).toMatch(
      /\.473209 new {5}203\.0\.113\.40 -> 203\.0\.113\.1:50373 for 203\.0\.113\.40:33421 -> 203\.0\.113\.1:21 helper ftp/,
    );
    expect(text).toMatch(/new {5}SYN_SENT {4}203.* \(answers 192\.168\.10\.10:21 -> .*\) unreplied helper ftp/);
    expect(text).toContain("[114:13915] -A PREROUTING");
  });

  it("names a router's file so that it stays in its folder", () => {
    const router = { ...ftpsPasv.routers[0]!, router: "../../etc/x" };
    expect([...files({ ...ftpsPasv, routers: [router] }).keys()]).toContain("router-.._.._etc_x.txt");
  });

  it("shows what is foreign in the texts, and keeps it in the evidence", () => {
    const reply = "227 \x1b[2J\u202e";
    const transcript = [{ atMs: 1, direction: "<", text: reply }] as const;
    const exchanges = [{ at: 1, command: "PASV", replyCode: 227, reply }];
    const evidence: CellEvidence = {
      ...ftpsPasv,
      attempt: { ...ftpsPasv.attempt, message: reply, transcript },
      server: { ...ftpsPasv.server!, exchanges, tlsLog: [reply], configuration: `Port 21\n${reply}` },
    };
    const { "evidence.json": json, ...texts } = Object.fromEntries(files(evidence));
    for (const text of Object.values(texts)) expect(text).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}/u);
    expect(parseRecording(json ?? "").evidence).toEqual(evidence);
  });

  it("has a text for any time", () => {
    fc.assert(
      fc.property(fc.double(), (at) => {
        const exchanges = [{ at, command: "NOOP", replyCode: null, reply: "" }];
        expect(files({ ...ftpsPasv, server: { ...ftpsPasv.server!, exchanges } }).get("server.txt")).toContain("NOOP");
      }),
    );
  });
});
