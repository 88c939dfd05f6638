import { diagnose } from "../../../../harness/diagnose/diagnose";
import type { Finding } from "../../../../harness/model/diagnosis";
import type { CellEvidence } from "../../../../harness/model/evidence";
import { faultRecording, type FaultRecording } from "../../../support/fault-recordings";
import { topologyNamed } from "../../../support/inputs";
import { withFilters, withRouters } from "../../../support/variations";
import { line, simulate, withAttempt, withRouterEvidence } from "../../../support/simulated-evidence";

const root = (evidence: CellEvidence): Finding | undefined => diagnose(evidence).findings[0];
const causes = (evidence: CellEvidence): string[] => diagnose(evidence).findings.map(({ cause }) => cause);
const remedyLines = (evidence: CellEvidence): readonly string[] =>
  root(evidence)?.remedies.flatMap(({ lines }) => lines) ?? [];
/** Evidence recorded before packets were, or on a machine that cannot capture them. */
const withoutPackets = (evidence: CellEvidence): CellEvidence => ({ ...evidence, captures: [] });

test.each<[FaultRecording, string, string?]>([
  ["227-eaten", "control-line-blocked"],
  ["auth-reset", "control-line-blocked"],
  ["227-in-parts", "helper-dropped-partial-line"],
  ["mtu-hole", "path-mtu-black-hole"],
  // A server that stays silent may have a firewall of its own as well.
  ["no-route-back", "return-route-missing", "likely"],
  ["answers-past-router", "return-route-missing"],
])("a recording of %s has one cause: %s", (name, cause, sure = "shown") => {
  const { findings } = diagnose(faultRecording(name));
  expect(findings.map(({ cause: found, confidence }) => [found, confidence])).toEqual([[cause, sure]]);
});

describe("related-not-accepted", () => {
  const deaf = (topology: string) => withFilters(topologyNamed(topology), { related: false });
  const evidence = simulate({ mode: "ftp", data: "epsv" }, { topology: deaf("server-nat-helper") });

  it("is shown by an expected SYN that the filter ended, and is the only cause: no rule for new connections would see it", () => {
    expect(causes(evidence)).toEqual(["related-not-accepted"]);
    expect(root(evidence)).toMatchObject({ confidence: "shown" });
    expect(root(evidence)?.explanation).toMatch(/helper on router had read the 229 reply.*RELATED.*policy of FORWARD/);
  });

  it("is cured by one rule", () => {
    expect(remedyLines(evidence)).toEqual(["iptables -I FORWARD -m conntrack --ctstate RELATED -j ACCEPT"]);
  });

  it("is the cause on the client's side too, and of what the server opens", () => {
    expect(causes(simulate({ mode: "ftp", data: "port" }, { topology: deaf("client-nat-helper") }))).toEqual([
      "related-not-accepted",
    ]);
    expect(causes(simulate({ mode: "ftp", data: "epsv" }, { topology: deaf("client-egress-helper") }))).toEqual([
      "related-not-accepted",
    ]);
  });

  it("goes by the first SYN: what expected it is used up, and the second fares like any other", () => {
    const again = withRouterEvidence(evidence, ({ packets }) => {
      const syn = packets.at(-1)!;
      const steps = syn.steps.map((step) => ({ ...step, chain: "INPUT", outLink: null }));
      return { packets: [...packets, { ...syn, steps }] };
    });
    expect(causes(again)).toEqual(["related-not-accepted"]);
  });

  it("is not the cause where the router expected another connection", () => {
    const other = withRouterEvidence(evidence, ({ expectations }) => ({
      expectations: expectations.map((entry) => ({ ...entry, source: "203.0.113.99" })),
    }));
    expect(causes(other)).not.toContain("related-not-accepted");
  });
});

describe("return-route-missing", () => {
  const evidence = faultRecording("no-route-back");

  it("is shown by a SYN that came to a server which answered nothing", () => {
    expect(root(evidence)?.explanation).toMatch(/passed router, and it reached the server, which sent no answer/);
    expect(root(evidence)?.proofs).toContainEqual({
      witness: "router",
      text: "the connection from 203.0.113.33 stayed unreplied (conntrack)",
    });
  });

  it("is likely where conntrack alone tells that a connection went out and stayed unreplied", () => {
    expect(root(withoutPackets(evidence))).toMatchObject({ cause: "return-route-missing", confidence: "likely" });
  });

  it("is shown where the client is connected, and the router saw no answer", () => {
    expect(root(faultRecording("answers-past-router"))?.explanation).toMatch(/the answers go another way/);
  });

  it("is not the cause of what a router did not let through, or somebody refused", () => {
    const unseen = withRouterEvidence(evidence, () => ({ connections: [] }));
    const refused = withAttempt(evidence, { message: "connect ECONNREFUSED 198.51.100.10:21" });
    const answered = withRouterEvidence(evidence, ({ connections }) => ({
      connections: connections.map((event) => ({ ...event, replied: true })),
    }));
    for (const other of [unseen, refused, answered]) expect(causes(other)).toEqual(["port-unreachable"]);
  });

  it("is not the cause where the SYN left the router and did not reach the next node", () => {
    const captures = evidence.captures.map((capture) =>
      capture.node === "server" ? { ...capture, packets: [] } : capture,
    );
    expect(causes({ ...evidence, captures })).toEqual(["port-unreachable"]);
  });

  it("is what the prediction expects of a network whose server knows no way back", () => {
    const untranslated = withRouters(topologyNamed("client-nat"), () => ({ masquerade: [] }));
    expect(causes(simulate({ mode: "ftp" }, { topology: untranslated }))).toEqual(["return-route-missing"]);
  });
});

describe("control-line-blocked", () => {
  it("names the line, where it went missing, and who reset the connection", () => {
    expect(root(faultRecording("auth-reset"))?.explanation).toBe(
      'The line "AUTH TLS" of the client came to router and did not leave it, while others passed. router answered with a reset.',
    );
  });

  it("is likely without packets, where the server logged a reply that the client never got", () => {
    const finding = root(withoutPackets(faultRecording("227-eaten")));
    expect(finding).toMatchObject({ cause: "control-line-blocked", confidence: "likely" });
    expect(finding?.proofs).toContainEqual({
      witness: "server",
      text: "PASV: 227 Entering Passive Mode (203,0,113,1,195,107).",
    });
  });

  it("is not guessed without packets where the server's log has no such reply, or no router is in the way", () => {
    const evidence = withoutPackets(faultRecording("227-eaten"));
    const server = evidence.server!;
    const unheard = server.exchanges.filter(({ command }) => command !== "PASV");
    expect(causes({ ...evidence, server: { ...server, exchanges: unheard } })).toEqual(["unknown"]);
    expect(causes({ ...evidence, server: null })).toEqual(["unknown"]);
    expect(causes({ ...evidence, routers: [] })).toEqual(["unknown"]);
  });

  it("is not the cause where a reply refused the session, whatever was lost after that", () => {
    const evidence = faultRecording("227-eaten");
    expect(causes(evidence)).toContain("control-line-blocked");
    expect(causes(withAttempt(evidence, { replyCode: 500 }))).not.toContain("control-line-blocked");
  });

  it("is not the cause of a transfer that has begun", () => {
    const evidence = faultRecording("227-eaten");
    const begun = [
      ...evidence.attempt.transcript.filter(({ text }) => text !== "QUIT" && text !== "PASV"),
      line("> LIST"),
      line("< 150 Opening"),
    ];
    expect(causes(withAttempt(evidence, { stage: "transfer", transcript: begun }))).not.toContain(
      "control-line-blocked",
    );
  });
});

describe("helper-dropped-partial-line", () => {
  it("tells the part and offers to do without the helper", () => {
    const evidence = faultRecording("227-in-parts");
    expect(root(evidence)?.explanation).toMatch(/"227 Entering Passive Mode \(192,168,1" \(36 bytes, sent \d times\)/);
    expect(remedyLines(evidence)).toEqual(
      expect.arrayContaining([
        "iptables -t raw -D PREROUTING -p tcp --dport 21 -j CT --helper ftp",
        "MasqueradeAddress 203.0.113.1",
      ]),
    );
  });

  it("is told as a lost reply where no packets were captured", () => {
    expect(causes(withoutPackets(faultRecording("227-in-parts")))).toEqual(["control-line-blocked"]);
  });
});

describe("path-mtu-black-hole", () => {
  it("tells what passed and what did not", () => {
    const finding = root(faultRecording("mtu-hole"));
    expect(finding?.explanation).toMatch(
      /segment of 1448 bytes of the client on the control connection left client.*sent 16 times; the longest.*10 bytes/,
    );
  });

  it("is not guessed where no packets were captured", () => {
    expect(causes(withoutPackets(faultRecording("mtu-hole")))).toEqual(["unknown"]);
  });
});
