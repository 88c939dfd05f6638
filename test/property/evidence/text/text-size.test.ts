import { parseConnections, parseExpectations } from "../../../../harness/evidence/text/conntrack";
import { parseTrace } from "../../../../harness/evidence/text/router-trace";
import { parseRules } from "../../../../harness/evidence/text/rules";
import { parseDialogue, parseSessionLines } from "../../../../harness/evidence/text/server-log";
import { least } from "../../../support/least";
import { processorMs } from "../../../support/processor-time";

const parsers: readonly ((text: string) => unknown)[] = [
  parseTrace,
  parseConnections,
  parseExpectations,
  parseDialogue,
  parseSessionLines,
  parseRules,
];
jest.setTimeout(240_000);

const size = 500_000;
const fill = (text: string): string => text.repeat(Math.ceil(size / text.length));

/** Texts that make a careless expression look back over all that it has read, for each character anew. */
const floods: readonly (readonly [name: string, text: string])[] = [
  ["zeros", fill("\0")],
  ["spaces", fill(" ")],
  ["tabs", fill("\t")],
  ["lines without anything", fill("\n")],
  ["a packet without end", `PACKET: 2 7f2ed70e ${fill("SRC=")}`],
  ["flags without end", `PACKET: 2 7f2ed70e SRC=::1 DST=::1 SPORT=1 DPORT=1 ${fill("SYN ")}`],
  ["a chain without end", ` TRACE: 2 7f2ed70e raw:${fill("rule:0xa:rule")}`],
  ["a rule without end", ` TRACE: 2 7f2ed70e raw:PREROUTING:rule:0x4:CONTINUE ${fill(" ")}x`],
  ["an event without end", `[1795345900.000001]\t[NEW] tcp ${fill("src=::1 ")}`],
  ["expectations in one line", `[1795345900.000001]\t[NEW] proto=6 ${fill("mask-src=::1 master-src=::1 ")}`],
  ["a reply without end", `1795345565.119\t1\t::1\t1\t200\tX\t${fill("\t")}`],
  ["a log line without end", `2026-11-22 10:58:39,713 host proftpd[1] ${fill("a ")}`],
  ["brackets without end", `2026-11-22 10:58:39,713 ${fill("a[")}`],
  ["a quote without end", `*filter\n-A FORWARD "${fill('\\"')}`],
  ["many quotes", `*filter\n${fill(`-A FORWARD ${'" '.repeat(3000)}\n`)}`],
  [
    "many rules",
    `*filter\n${fill("-A FORWARD -s 10.0.0.0/8 -i a -j DROP\n-A FORWARD -i b -s 11.0.0.0/8 -j ACCEPT\n")}`,
  ],
  ["many jumps", `*filter\n${fill("-A FORWARD -j FORWARD\n")}`],
  ["many tables of nftables", fill("table ip a {\n")],
  ["braces without end", `table ip a {\n${fill("{")}`],
  ["quotes of nftables", `table ip a {\nchain b {\n${fill('"')}`],
  ["elements of a set", `table ip a {\nset b {\nelements = { ${fill("10.0.0.1, ")}`],
  ["statements of a rule", `table ip a {\nchain b {\ntype filter hook forward priority 0\n${fill("tcp dport 21 ")}`],
  ["definitions of definitions", `table ip a {\n}\n${fill("define a = $a $a\n")}`],
  [
    "chains of nftables that a packet has to pass all",
    ["a", "b"]
      .map(
        (name) =>
          `table ip ${name} {\nchain c {\ntype filter hook forward priority 0; policy drop;\n` +
          `${fill("ip saddr 10.0.0.0/8 accept\niifname b drop\n").slice(0, size / 2)}\n}\n}\n`,
      )
      .join(""),
  ],
  [
    "maps of maps",
    `table ip a {\nchain c {\ntype filter hook forward priority 0\n${fill(
      "iifname vmap { a : accept, b : drop, c : jump c } tcp dport vmap { 1 : accept, 2 : jump c }\n",
    )}`,
  ],
  ["JSON without end", `{"nftables": ${fill("[")}`],
  ["objects of nothing", `{"nftables": [\n${fill('{"rule": {"family": "ip"}},\n')}`],
  ["many ports", `*filter\n${fill(`-A FORWARD -p tcp --dports ${"1,".repeat(2000)}1 --dports 2:3,1 -j ACCEPT\n`)}`],
];

test.each(floods)("%s: read in the time of one look", (_, text) => {
  for (const parse of parsers) {
    expect(least(() => processorMs(() => parse(text)), 2_500)).toBeLessThan(2_500);
  }
});

test("nobody's text is too long", () => {
  const long = fill("\0=").repeat(4);
  for (const parse of parsers) {
    for (const head of [
      "PACKET: 2 7f ",
      " TRACE: 2 7f a:b:policy:",
      "[1.000001]\t[NEW] ",
      "2026-11-22 10:58:39 a[1]: ",
    ])
      expect(() => parse(head + long)).not.toThrow();
  }
});
