import type { BreakHand, FirstBreak } from "../../../../harness/model/first-break";
import { grade, type RuleText, type Said } from "../../../../harness/tools/faults/verdict";
import type { Truth } from "../../../../harness/tools/faults/kinds/definition";

const rule: RuleText = {
  table: "filter",
  chains: ["FORWARD"],
  show: "",
  text: "-A FORWARD -p tcp -m tcp --dport 50000:50999 -j DROP",
};
const truth: Truth = { causes: ["rule-blocks-data-connection"], nodes: ["router"], quotesRule: true };

function brokenBy(hand: BreakHand, node = "router"): FirstBreak {
  return {
    what: "lost",
    thing: { connection: "data", kind: "syn", from: "client", text: null },
    place: { kind: "node", node },
    hand,
    side: "router",
    packet: null,
    sentence: "It was lost.",
    proofs: [],
  };
}

function said(firstBreak: FirstBreak | null, cause = "rule-blocks-data-connection"): Said {
  return { cause, confidence: "shown", firstBreak };
}

const quoted = (text: string, chain = "FORWARD"): BreakHand => ({
  kind: "rule",
  node: "router",
  table: "filter",
  chain,
  rule: text,
  isClosing: false,
});

describe("a verdict", () => {
  test("is right where the cause, the node and the rule are", () => {
    expect(grade(said(brokenBy(quoted(rule.text))), truth, rule)).toEqual({ grade: "right", why: null });
    expect(grade(said(null), truth, rule).grade).toBe("right");
  });

  test("is wrong where the cause is another", () => {
    expect(grade(said(null, "no-helper"), truth, rule)).toEqual({ grade: "wrong", why: "another cause" });
  });

  test("is wrong where the break is placed at another node", () => {
    const elsewhere: BreakHand = { kind: "host", node: "server" };
    expect(grade(said(brokenBy(elsewhere, "server")), truth, rule).why).toBe("the break is placed at server, server");
  });

  test("is wrong where another rule is quoted, or none", () => {
    const other = quoted("-A FORWARD -m conntrack --ctstate INVALID -j REJECT --reject-with tcp-reset");
    expect(grade(said(brokenBy(other)), truth, rule).grade).toBe("wrong");
    expect(grade(said(brokenBy(quoted(rule.text, "INPUT"))), truth, rule).grade).toBe("wrong");
    const policy: BreakHand = { kind: "policy", node: "router", table: "filter", chain: "FORWARD" };
    expect(grade(said(brokenBy(policy)), truth, rule).grade).toBe("wrong");
    expect(grade(said(brokenBy(policy)), { ...truth, quotesRule: false }, rule).grade).toBe("right");
  });

  test.each(["unknown", "lab-error"])("that says %s is neither", (cause) => {
    expect(grade(said(null, cause), truth, rule)).toEqual({ grade: "unknown", why: null });
  });
});
