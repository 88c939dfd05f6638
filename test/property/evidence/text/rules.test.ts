import { readFileSync } from "node:fs";
import fc from "fast-check";
import { coversPorts, parseRules } from "../../../../harness/evidence/text/rules";

const samples = ["administrator", "own-chain-reject", "server-nat-helper"].map((name) =>
  readFileSync(`test/fixtures/parse/${name}.rules.txt`, "utf8"),
);
const nftNames = ["openwrt-fw4", "maps-and-sets", "helper-map", "gotos-and-returns", "raw-drops", "accounting"];
const nftSamples = nftNames.flatMap((name) =>
  ["list.txt", "json.txt", "nft"].map((as) => readFileSync(`test/fixtures/parse/nft/${name}.${as}`, "utf8")),
);
const nftLines = nftSamples.flatMap((text) => text.split("\n"));
const nftWords = [...new Set(nftSamples.flatMap((text) => text.split(/\s+/)))];
const words = [...new Set(samples.flatMap((text) => text.split(/\s+/)))];
const lines = samples.flatMap((text) => text.split("\n"));

test("any text, and any mixture of real lines and words, gives rules without a complaint", () => {
  const wordLine = fc
    .array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: "binary" })))
    .map((mixed) => `-A FORWARD ${mixed.join(" ")}`);
  const line = fc.oneof(fc.constantFrom(...lines), fc.string({ unit: "binary" }), wordLine);
  fc.assert(
    fc.property(fc.array(line), (mixed) => {
      const { forward } = parseRules(["*filter", ...mixed].join("\n"));
      expect(forward.accepted.length).toBeLessThanOrEqual(forward.rules.length);
    }),
  );
});

test("a match that is not understood never leaves a rule unconditional", () => {
  const known = fc.shuffledSubarray(["-i lan", "-o wan", "-p tcp", "-m tcp --dport 21", "-s 192.0.2.0/24"]);
  const odd = fc.constantFrom(
    "-m mark --mark 7",
    "-m set --match-set a src",
    "! -s 192.0.2.9",
    "--sport 20",
    "-m time",
  );
  fc.assert(
    fc.property(known, odd, fc.nat(4), (asked, unknown, at) => {
      const words = asked.toSpliced(at, 0, unknown).join(" ");
      const { forward } = parseRules(`*filter\n:FORWARD DROP [0:0]\n-A FORWARD ${words} -j ACCEPT\n`);
      expect(forward.rules).toMatchObject([{ conditional: true, verdict: "ACCEPT" }]);
      expect(forward.rest).toBe("DROP");
    }),
  );
});

test("any mixture of what nft prints, and of its words, gives rules without a complaint", () => {
  const wordLine = fc.array(fc.oneof(fc.constantFrom(...nftWords), fc.string())).map((mixed) => mixed.join(" "));
  const line = fc.oneof(fc.constantFrom(...nftLines), fc.string({ unit: "binary" }), wordLine);
  const head = fc.constantFrom("table inet a {\nchain b {\ntype filter hook forward priority 0;", '{"nftables": [', "");
  fc.assert(
    fc.property(head, fc.array(line), fc.constantFrom("ipv4", "ipv6"), (first, mixed, family) => {
      const { forward } = parseRules([first, ...mixed].join("\n"), family);
      expect(forward.accepted.length).toBeLessThanOrEqual(forward.rules.length);
    }),
  );
});

test("any JSON in the place of any part of a rule gives rules without a complaint", () => {
  const rule = { family: "inet", table: "a", chain: "b" };
  const chain = { ...rule, name: "b", type: "filter", hook: "forward", prio: 0 };
  const kinds = ["match", "vmap", "dnat", "ct helper", "set", "jump", "reject", "xt", "limit"];
  const statement = fc.tuple(fc.constantFrom(...kinds), fc.jsonValue()).map(([kind, body]) => ({ [kind]: body }));
  fc.assert(
    fc.property(fc.array(fc.oneof(statement, fc.jsonValue())), (expr) => {
      const text = JSON.stringify({ nftables: [{ chain }, { rule: { ...rule, expr: [...expr, { drop: null }] } }] });
      expect(parseRules(text).nftChains).toHaveLength(1);
    }),
  );
});

test("a match of nft that is not understood never leaves a rule unconditional", () => {
  const known = fc.shuffledSubarray([
    ...['iifname "lan"', 'oifname "wan"', "meta l4proto tcp", "tcp dport 21", "ip saddr 192.0.2.0/24", "ct state new"],
  ]);
  const odd = fc.constantFrom(
    ...["meta mark 0x7", "ip saddr @nobody", "ip saddr != 192.0.2.9", "tcp sport 20", "meta hour 8", 'xt match "time"'],
    ...[
      "limit rate 3/second",
      "ct original proto-dst 21",
      "tcp option maxseg size 1-500",
      "never heard of",
      "ip ttl 7",
    ],
  );
  fc.assert(
    fc.property(known, odd, fc.nat(6), (asked, unknown, at) => {
      const rule = asked.toSpliced(at, 0, unknown).join(" ");
      const { forward } = parseRules(
        `table inet a {\n\tchain b {\n\t\ttype filter hook forward priority filter; policy drop;\n\t\t${rule} counter accept\n\t}\n}\n`,
      );
      expect(forward.rules).toMatchObject([{ conditional: true, verdict: "ACCEPT" }]);
      expect(forward.rest).toBe("DROP");
    }),
  );
});

test("ranges cover what each of its ports is in", () => {
  const port = fc.integer({ min: 0, max: 12 });
  const range = fc
    .tuple(port, port)
    .map(([one, other]) => ({ first: Math.min(one, other), last: Math.max(one, other) }));
  fc.assert(
    fc.property(fc.array(range), range, (ranges, wanted) => {
      const ports = Array.from({ length: wanted.last - wanted.first + 1 }, (_, at) => wanted.first + at);
      const covered = ports.every((one) => ranges.some(({ first, last }) => first <= one && one <= last));
      expect(coversPorts(ranges, wanted)).toBe(covered);
    }),
  );
});
