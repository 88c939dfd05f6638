import { isAsExpected, judge, notRun, outcomeOf } from "../../../harness/run/judge";
import { makeAttempt, makeFailure, makePlanned } from "../../support/attempts";

const toWork = makePlanned().expected;
const toFail = makePlanned("data-connect").expected;

describe("a session", () => {
  it.each([
    ["works and should", makeAttempt(), toWork, true],
    ["works and should not", makeAttempt(), toFail, false],
    ["fails and should work", makeFailure("login"), toWork, false],
    ["fails at the stage at which it should", makeFailure("data-connect"), toFail, true],
    ["fails at another stage", makeFailure("data-command"), toFail, false],
    ["proves that the client lacks it", makeAttempt({ result: "unsupported" }), toWork, false],
  ])("that %s is as expected or not", (_, attempt, expected, asExpected) => {
    expect(isAsExpected(attempt, expected)).toBe(asExpected);
  });
});

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
    expect(outcomeOf(attempts, toFail)).toBe(outcome);
  });
});

describe("a cell's verdict", () => {
  const planned = makePlanned();
  const first = makeFailure("data-connect", { durationMs: 30, message: "time-out", replyCode: 425 });
  const second = makeFailure("data-tls", { durationMs: 12, message: "refused", replyCode: 522 });

  it("tells the last session's story and counts the time of all", () => {
    expect(judge(planned, [first, second], 2, ["cells/a.json"])).toEqual({
      ...planned.cell,
      result: "failed",
      stage: "data-tls",
      cause: null,
      outcome: "unexpected",
      expected: planned.expected,
      durationMs: 42,
      message: "refused",
      replyCode: 522,
      attempts: 2,
      repeat: 2,
      evidence: ["cells/a.json"],
    });
  });

  it("has no stage and no message where the session worked", () => {
    expect(judge(planned, [makeAttempt()], 1, [])).toMatchObject({
      result: "worked",
      stage: null,
      message: null,
      replyCode: null,
      outcome: "expected",
    });
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
