import type { Attempt } from "../../../harness/model/cell";
import type { CauseId } from "../../../harness/model/diagnosis";
import type { Gap } from "../../../harness/model/evidence";
import { isAsExpected, judge, notRun, outcomeOf, type Grounds } from "../../../harness/run/judge";
import { makeAttempt, makeFailure, makePlanned } from "../../support/attempts";
import { gap, makeDiagnosis, makeEvidence } from "../../support/evidence";

const toWork = makePlanned().expected;
const toFail = makePlanned("data-connect").expected;

describe("a session", () => {
  it.each([
    ["works and should", makeAttempt(), toWork, true],
    ["works and should not", makeAttempt(), toFail, false],
    ["fails and should work", makeFailure("login"), toWork, false],
    ["fails at the stage at which it should", makeFailure("data-connect"), toFail, true],
    ["fails at another stage", makeFailure("data-command"), toFail, false],
    ["fails where nothing is predicted", makeFailure("login"), { ...toWork, unpredicted: true } as const, true],
    ["proves that the client lacks it", makeAttempt({ result: "unsupported" }), toWork, false],
  ])("that %s is as expected or not", (_, attempt, expected, asExpected) => {
    expect(isAsExpected(attempt, expected)).toBe(asExpected);
  });
});

/** Attempts with what was seen of the last one and what is made of it. */
function grounds(attempts: readonly Attempt[], causes: readonly CauseId[] = [], missing: readonly Gap[] = []): Grounds {
  return {
    attempts,
    evidence: makeEvidence({ missing }),
    diagnosis: makeDiagnosis(...causes),
    contradictions: [],
    overload: null,
  };
}

describe("the outcome of a cell", () => {
  const good = makeFailure("data-connect");
  const bad = makeFailure("login");

  it.each([
    ["skipped", "there was no session", []],
    ["expected", "the one session did what was expected", [good]],
    ["unexpected", "the one session did not", [bad]],
    ["flaky", "it did so only in the end", [bad, good]],
    ["flaky", "it did so only in the end, whatever happened first", [makeAttempt(), bad, good]],
    ["unexpected", "it did not do so in the end", [bad, bad]],
    ["unexpected", "it worked and should have failed", [makeAttempt()]],
  ] as const)("is %s when %s", (outcome, _, attempts) => {
    expect(outcomeOf(grounds(attempts), toFail)).toBe(outcome);
  });

  describe("that is expected to fail for a cause", () => {
    const { expected } = makePlanned("data-connect", "helper-blind-to-tls");
    const lost = [gap("router-events", "router")];

    it.each<readonly [string, string, readonly Attempt[], readonly CauseId[], readonly Gap[]]>([
      ["expected", "that cause was found", [good], ["helper-blind-to-tls"], []],
      ["unexpected", "another was found", [good], ["egress-blocked"], []],
      [
        "unexpected",
        "that cause was found, and another is the root",
        [good],
        ["egress-blocked", "helper-blind-to-tls"],
        [],
      ],
      ["expected", "that cause is the root, and others follow", [good], ["helper-blind-to-tls", "egress-blocked"], []],
      ["unexpected", "no cause was found", [good], [], []],
      ["expected", "another was found, but evidence is missing", [good], ["unknown"], lost],
      ["expected", "no cause was found, but evidence is missing", [good], [], lost],
      ["unexpected", "another stage failed, whatever is missing", [bad], ["helper-blind-to-tls"], lost],
      ["flaky", "that cause was found in the end", [bad, good], ["helper-blind-to-tls"], []],
      ["unexpected", "another was found in the end", [bad, good], ["egress-blocked"], []],
      ["flaky", "another was found in the end, but evidence is missing", [bad, good], ["egress-blocked"], lost],
      ["skipped", "there was no session", [], [], []],
    ])("is %s when %s", (outcome, _, attempts, causes, missing) => {
      expect(outcomeOf(grounds(attempts, causes, missing), expected)).toBe(outcome);
    });
  });

  it("is the stage's alone where no cause is expected", () => {
    expect(outcomeOf(grounds([good], ["egress-blocked"]), toFail)).toBe("expected");
  });
});

describe("a cell's verdict", () => {
  const planned = makePlanned();
  const first = makeFailure("data-connect", { durationMs: 30, message: "time-out", replyCode: 425 });
  const second = makeFailure("data-tls", { durationMs: 12, message: "refused", replyCode: 522 });

  it("tells the last session's story and the root of its failure, and counts the time of all", () => {
    const seen = grounds([first, second], ["tls-session-not-reused", "unknown"]);
    expect(judge(planned, seen, 2)).toEqual({
      ...planned.cell,
      result: "failed",
      stage: "data-tls",
      cause: "tls-session-not-reused",
      outcome: "unexpected",
      expected: planned.expected,
      durationMs: 42,
      message: "refused",
      replyCode: 522,
      attempts: 2,
      repeat: 2,
      evidence: [],
    });
  });

  it("has no stage, no cause and no message where the session worked", () => {
    expect(judge(planned, grounds([makeAttempt()]), 1)).toMatchObject({
      result: "worked",
      stage: null,
      cause: null,
      message: null,
      replyCode: null,
      outcome: "expected",
    });
  });

  it("names the cause that was found, and not the one expected", () => {
    const { cause, outcome } = judge(
      makePlanned("data-connect", "no-helper"),
      grounds([first], ["egress-blocked"], [gap("server-log")]),
      1,
    );
    expect({ cause, outcome }).toEqual({ cause: "egress-blocked", outcome: "expected" });
  });

  it("is a lab-error that names the contradiction where the witnesses disagree, whatever the session did", () => {
    const contradictions = ["The client says yes, and the packets say no.", "The router is silent."];
    for (const attempts of [[makeAttempt()], [first, second]]) {
      expect(judge(planned, { ...grounds(attempts), contradictions }, 1)).toMatchObject({
        result: "not-run",
        stage: null,
        cause: null,
        outcome: "lab-error",
        message: "The witnesses disagree: The client says yes, and the packets say no. (and 1 more)",
        attempts: attempts.length,
      });
    }
  });

  it.each(["lab-error", "skipped"] as const)("is not-run with its reason where nothing can be said: %s", (outcome) => {
    expect(notRun(planned, outcome, "the router is gone", 3)).toEqual({
      ...planned.cell,
      result: "not-run",
      stage: null,
      cause: null,
      outcome,
      expected: planned.expected,
      durationMs: 0,
      message: "the router is gone",
      replyCode: null,
      attempts: 0,
      repeat: 3,
      evidence: [],
    });
  });
});

test("where nothing is predicted, what happened is told as expected, with the reason why", () => {
  const planned = {
    ...makePlanned(),
    expected: { ...toWork, reason: "Nothing is predicted.", unpredicted: true } as const,
  };
  const { outcome, expected } = judge(planned, grounds([makeFailure("data-connect")], ["no-helper"]), 1);
  expect({ outcome, expected }).toEqual({
    outcome: "expected",
    expected: { result: "failed", stage: "data-connect", cause: "no-helper", reason: "Nothing is predicted." },
  });
});
