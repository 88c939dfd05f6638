import { diagnose } from "../../../../harness/diagnose/diagnose";
import type { CellEvidence, TracedPacket } from "../../../../harness/model/evidence";
import type { FirstBreak } from "../../../../harness/model/first-break";
import { decisionRecording } from "../../../support/decision-recordings";
import { faultRecording } from "../../../support/fault-recordings";
import { withRouterEvidence } from "../../../support/simulated-evidence";

const eaten = faultRecording("227-eaten");

/** The segment with the 227, as it came to the router. */
function reply(): TracedPacket["arrived"] {
  const seen = eaten.captures
    .filter(({ node }) => node === "router")
    .flatMap(
      ({ packets }) =>
        packets.find(({ text, direction }) => direction === "in" && text?.startsWith("227") === true) ?? [],
    );
  const [packet] = seen;
  if (packet === undefined) throw new Error("the 227 came to the router");
  return packet.flow;
}

/** The router traced the reply, and this is all that it saw of it. */
function traced(trace: Omit<TracedPacket, "arrived" | "inLink" | "flags">, helper: string | null = null): CellEvidence {
  const packet = { arrived: reply(), inLink: "lan", flags: "ACK PSH", ...trace };
  return withRouterEvidence(eaten, ({ connections }) => ({
    dropped: [packet],
    connections: connections.map((event) => ({ ...event, helper })),
  }));
}

const step = (chain: string, rule: string | null): TracedPacket["steps"][number] => ({
  table: "filter",
  chain,
  rule,
  verdict: "DROP",
  packet: reply(),
  inLink: "lan",
  outLink: null,
});

function told(evidence: CellEvidence): { readonly hand: FirstBreak["hand"] | null; readonly cause: string | null } {
  const { firstBreak, findings } = diagnose(evidence);
  return { hand: firstBreak?.hand ?? null, cause: findings[0]?.cause ?? null };
}

describe("the hand that ended a line", () => {
  it("is not known where nobody traced it", () => {
    expect(told(eaten)).toEqual({ hand: { kind: "unknown" }, cause: "control-line-blocked" });
  });

  it("is the rule that the trace names, which is quoted", () => {
    const rule = '-A FORWARD -p tcp -m string --string "227" --algo bm -j DROP';
    const { hand, cause } = told(traced({ steps: [step("FORWARD", rule)] }));
    expect(hand).toEqual({ kind: "rule", node: "router", table: "filter", chain: "FORWARD", rule, isClosing: false });
    expect(cause).toBe("control-line-blocked");
    expect(diagnose(traced({ steps: [step("FORWARD", rule)] })).firstBreak?.sentence).toContain(`the rule "${rule}"`);
  });

  it("is the policy where no rule is named", () => {
    expect(told(traced({ steps: [step("FORWARD", null)] })).hand).toMatchObject({ kind: "policy", chain: "FORWARD" });
  });

  it("is the FTP helper's where it follows the connection, and the line ended behind all rules", () => {
    const { hand, cause } = told(traced({ steps: [], end: "postrouting" }, "ftp"));
    expect(hand).toEqual({ kind: "helper", node: "router" });
    expect(cause).toBe("helper-dropped-line");
  });

  it("is nobody's who answers for the next hop, where no helper follows", () => {
    expect(told(traced({ steps: [], end: "postrouting" })).hand).toMatchObject({ kind: "no-route", neighbour: true });
  });

  it("is the TTL's where it came with its last", () => {
    expect(told(traced({ steps: [], end: "routing", ttl: 1 }))).toMatchObject({
      hand: { kind: "ttl", node: "router", rule: null },
      cause: "ttl-expired",
    });
  });

  it("is the reverse path filter's where that is on, and the kernel has counted", () => {
    const facts = [
      {
        node: "router",
        routes: ["default via 203.0.113.1 dev internet"],
        sysctls: { "net.ipv4.conf.all.rp_filter": "1" },
        counters: { TcpExtIPReversePathFilter: 4 },
      },
    ];
    const evidence = { ...traced({ steps: [], end: "routing", ttl: 63 }), facts };
    expect(told(evidence)).toMatchObject({
      hand: { kind: "reverse-path-filter", link: "lan" },
      cause: "reverse-path-filtered",
    });
    // The kernel takes the greater value of `all` and the interface, so only where the packet came in is changed.
    expect(diagnose(evidence).findings[0]?.remedies).toMatchObject([
      { id: "loosen-reverse-path", lines: ["# on router", "echo 2 > /proc/sys/net/ipv4/conf/lan/rp_filter"] },
    ]);
    const quiet = { ...evidence, facts: facts.map((fact) => ({ ...fact, counters: {} })) };
    expect(told(quiet).hand).toMatchObject({ kind: "no-route" });
  });

  it("is the rule that had hidden it from connection tracking, whatever ended it then", () => {
    const rule = "-A PREROUTING -p tcp --sport 21 -j CT --notrack";
    const hidden = { ...step("PREROUTING", rule), table: "raw", verdict: "CONTINUE" };
    expect(told(traced({ steps: [hidden, step("FORWARD", null)] })).hand).toMatchObject({ kind: "rule", rule });
  });
});

describe("a session that the network let pass", () => {
  it("broke where the server ended it without a word", () => {
    expect(diagnose(decisionRecording("login-denied")).firstBreak).toMatchObject({
      what: "ended",
      side: "server",
      sentence: "The server closed the control connection (FIN) before its greeting.",
    });
  });

  it("broke at the command that the server refused, in its words", () => {
    expect(diagnose(decisionRecording("max-clients")).firstBreak?.sentence).toBe(
      'The client\'s command "PASS ###" was refused by the server: 530 Too many users, only 1 at a time.',
    );
  });
});
