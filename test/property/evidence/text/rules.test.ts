import { readFileSync } from "node:fs";
import fc from "fast-check";
import { coversPorts, parseRules } from "../../../../harness/evidence/text/rules";

const samples = ["administrator", "own-chain-reject", "server-nat-helper"].map((name) =>
  readFileSync(`test/fixtures/parse/${name}.rules.txt`, "utf8"),
);
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
