import { isClosing } from "../../../../harness/diagnose/locate/closing-rule";

const packet = { source: "203.0.113.5", destination: "198.51.100.10", sourcePort: 40000, destinationPort: 50123 };
const step = (rule: string | null, table = "filter") => ({
  table,
  chain: "FORWARD",
  rule,
  verdict: "DROP",
  packet,
  inLink: "outside",
  outLink: "inside",
});
const saved = (...rules: readonly string[]) => ({
  rules: ["*filter", ":FORWARD ACCEPT [0:0]", ...rules, "COMMIT", ""].join("\n"),
});

describe("a rule that ends whatever is left of its chain", () => {
  it.each([
    "-A FORWARD -p tcp -j REJECT --reject-with tcp-reset",
    "-A FORWARD -i outside -j DROP",
    "-A FORWARD -m conntrack --ctstate NEW -j DROP",
    '-A FORWARD -m comment --comment "the rest" -j DROP',
    'iifname "outside" counter packets 3 bytes 180 drop',
    "reject with icmp type admin-prohibited",
  ])("stands for the policy: %s", (rule) => {
    expect(isClosing(step(rule), saved(rule))).toBe(true);
  });

  it.each([
    "-A FORWARD -p tcp -m tcp --dport 50000:50999 -j DROP",
    "-A FORWARD -s 203.0.113.5/32 -j DROP",
    "-A FORWARD -p tcp -m length --length 100:65535 -j DROP",
    "-A FORWARD -p tcp -m string --string 227 --algo bm -j DROP",
    "tcp dport 50000-50999 drop",
    "ct state new limit rate over 1/minute drop",
  ])("is not one that picks out what it ends: %s", (rule) => {
    expect(isClosing(step(rule), saved(rule))).toBe(false);
  });

  it("is not one before the rule that would have accepted the connection, expected or not", () => {
    const reject = "-A FORWARD -p tcp -j REJECT --reject-with tcp-reset";
    const range = "-A FORWARD -i outside -o inside -p tcp -m multiport --dports 21,50000:50999 -j ACCEPT";
    const related = "-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT";
    expect(isClosing(step(reject), saved(reject, range))).toBe(false);
    expect(isClosing(step(reject), saved(reject, related))).toBe(false);
    expect(isClosing(step(reject), saved(range, related, reject))).toBe(true);
  });

  it("is not one in a chain before whose caller goes on to accept the connection", () => {
    const jump = "-A FORWARD -j DOCKER-USER";
    const drop = "-A DOCKER-USER -i outside -j DROP";
    const published = "-A FORWARD -i outside -o inside -p tcp -m tcp --dport 50000:50999 -j ACCEPT";
    expect(isClosing(step(drop), saved(jump, drop, published))).toBe(false);
    expect(isClosing(step(drop), saved(jump, drop))).toBe(true);
    expect(isClosing(step(drop), saved(published, jump, drop))).toBe(true);
  });

  it("is judged by the hook in which it stopped the packet, where chains of several hooks jump to it", () => {
    const drop = "-A logdrop -j DROP";
    const rules = saved(
      "-A FORWARD ! -i inside -o outside -j logdrop",
      "-A FORWARD -i outside -o inside -j ACCEPT",
      "-A INPUT -j logdrop",
      drop,
    );
    const input = { ...step(drop), chain: "logdrop", outLink: null };
    expect(isClosing(input, rules)).toBe(true);
    expect(isClosing({ ...input, outLink: "inside" }, rules)).toBe(false);
  });

  it("stands in the filter table alone: elsewhere a rule is there to end something", () => {
    expect(isClosing(step("-A FORWARD -p tcp -j DROP", "mangle"), null)).toBe(false);
  });

  it("may be the policy itself", () => {
    expect(isClosing(step(null), null)).toBe(true);
  });
});
