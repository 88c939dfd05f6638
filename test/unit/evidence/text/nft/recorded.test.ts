import { readFileSync } from "node:fs";
import { recordedRules } from "../../../../../harness/evidence/text/nft/recorded";
import { parseRules } from "../../../../../harness/evidence/text/rules";

const ruleset = (name: string): string => readFileSync(`test/fixtures/parse/nft/${name}.json.txt`, "utf8");
const saved = "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n";

test("what is recorded reads as what was told", () => {
  const text = recordedRules("", ruleset("maps-and-sets"), { family: "ipv4", hidden: [] });
  expect(parseRules(text)).toEqual(parseRules(ruleset("maps-and-sets")));
  expect(text.split("\n").every((line) => line.length < 1000)).toBe(true);
});

test("tables of iptables, of another family and of the harness are left out", () => {
  const kept = (family: "ipv4" | "ipv6", ...hidden: string[]): string =>
    [...recordedRules(saved, ruleset("families"), { family, hidden }).matchAll(/{"table":.*?"name":"(\w+)"/g)]
      .map(([, name]) => name)
      .join(" ");
  expect(kept("ipv4")).toBe("only4 both");
  expect(kept("ipv6")).toBe("only6 both");
  expect(kept("ipv4", "both")).toBe("only4");
  // `filter` is what iptables told already.
  expect(recordedRules(saved, ruleset("rejecting"), { family: "ipv4", hidden: [] })).toBe(saved);
});

test("what is no JSON is told by nobody", () => {
  expect(recordedRules(saved, "nft: command not found", { family: "ipv4", hidden: [] })).toBe(saved);
});
