import { describeEnd, describeOpening } from "../../../../harness/plan/predict/describe";
import type { Passage, WalkEnd } from "../../../../harness/plan/predict/packet-walk";
import { makeRouter } from "../../../support/networks";

const blockedAt = (where: "input" | "forward", silent: boolean): WalkEnd => ({
  kind: "blocked",
  node: "box",
  where,
  silent,
  in: where === "input" ? null : "other",
  out: where === "input" ? null : "wire",
});

it.each<readonly [string, WalkEnd]>([
  ["box treats it as addressed to itself and drops it (INPUT)", blockedAt("input", true)],
  ["box treats it as addressed to itself and rejects it (INPUT)", blockedAt("input", false)],
  ["box drops it (FORWARD)", blockedAt("forward", true)],
  ["box rejects it (FORWARD)", blockedAt("forward", false)],
  ["box treats it as addressed to itself, and nothing listens there", { kind: "closed", node: "box" }],
  ["host has no route to 10.0.0.1", { kind: "unreachable", node: "host", destination: "10.0.0.1" }],
  ["it arrives, but host has no route back to 10.0.0.2", { kind: "no-way-back", node: "host", source: "10.0.0.2" }],
  ["it reaches host, where nothing listens", { kind: "delivered", node: "host", source: "10.0.0.2" }],
])("says that %s", (words, end) => {
  expect(describeEnd(end)).toBe(words);
});

it("says router by router what opened the way", () => {
  const sides = { source: "10.0.0.1", destination: "10.0.0.2" };
  const passages = (["expectation", "rule", "policy"] as const).map((by, index): Passage => ({
    router: makeRouter(`r${index + 1}`),
    before: sides,
    after: sides,
    ports: { first: 21, last: 21 },
    by,
  }));
  expect(describeOpening(passages)).toBe(
    "r1 expects it, since its FTP helper read the control connection, r2 allows it by a rule, r3 lets everything through",
  );
});

it("says that no router is in the way where none is", () => {
  expect(describeOpening([])).toBe("no router is in the way");
});
