import { createHash } from "node:crypto";
import type { Shows } from "../../../../harness/model/bug";
import type { CellResult } from "../../../../harness/model/cell";
import { judgeVariant, sideEffects } from "../../../../harness/bugs/reproduce/judge-variant";
import { makeAttempt } from "../../../support/attempts";
import { makeCell } from "../../../support/cells";

const anything: Shows = {
  result: "failed",
  stage: null,
  cause: null,
  reply: null,
  says: [],
  stored: null,
  lasts: null,
  rate: null,
};

function resultOf(change: Partial<CellResult> = {}): CellResult {
  return {
    ...makeCell(),
    result: "failed",
    stage: "data-tls",
    cause: "tls-session-not-reused",
    outcome: "expected",
    expected: { result: "failed", stage: null, cause: null, reason: "It is so." },
    durationMs: 1500,
    message: "425 Unable to build\n data connection",
    replyCode: 425,
    attempts: 1,
    repeat: 1,
    evidence: [],
    ...change,
  };
}

const session = (change: Partial<CellResult> = {}, attempt = makeAttempt()) => ({ result: resultOf(change), attempt });

const emptySha256 = createHash("sha256").digest("hex");
const sent = { name: "a", size: 1, clientSha256: "aa" };

describe("one session", () => {
  it.each<[string, Partial<Shows>, string | null]>([
    ["the result", {}, null],
    ["another result", { result: "worked" }, "failed at data-tls in place of worked"],
    ["the stage", { stage: "data-tls" }, null],
    ["another stage", { stage: "login" }, "failed at data-tls in place of login"],
    ["the reply", { reply: 425 }, null],
    ["another reply", { reply: 550 }, "reply 425 in place of 550"],
    ["the message, however broken into lines", { says: ["unable to build data connection"] }, null],
    ["another message", { says: ["425", "timeout"] }, "the client never said “timeout”"],
    ["the cause", { cause: "tls-session-not-reused" }, null],
    ["another cause", { cause: "no-helper" }, "the cause is tls-session-not-reused in place of no-helper"],
    ["the time", { lasts: { least: 1, most: 2 } }, null],
    ["a longer time", { lasts: { least: 3, most: null } }, "it lasted 1.5 s in place of at least 3 s"],
    ["nothing stored", { stored: "nothing" }, null],
    ["something stored", { stored: "complete" }, "the server has nothing of the files in place of complete"],
  ])("is compared by %s", (_, shows, difference) => {
    expect(judgeVariant({ ...anything, ...shows }, [session()]).difference).toBe(difference);
  });

  it.each([
    ["complete", "aa"],
    ["partial", "bb"],
    ["nothing", null],
    ["empty", emptySha256],
  ] as const)("has stored %s where the server's hash is %s", (stored, serverSha256) => {
    const attempt = makeAttempt({ transfers: [{ ...sent, serverSha256 }] });
    expect(judgeVariant({ ...anything, stored }, [session({}, attempt)]).difference).toBeNull();
  });

  it("has stored all of a file that was sent empty", () => {
    const attempt = makeAttempt({ transfers: [{ ...sent, clientSha256: emptySha256, serverSha256: emptySha256 }] });
    expect(judgeVariant({ ...anything, stored: "complete" }, [session({}, attempt)]).difference).toBeNull();
  });

  it("is searched for words in what the program printed and in the dialogue", () => {
    const attempt = makeAttempt({
      output: ["curl: (28)"],
      transcript: [{ atMs: 1, direction: "<", text: "227 Entering" }],
    });
    expect(judgeVariant({ ...anything, says: ["(28)", "227 entering"] }, [session({}, attempt)]).difference).toBeNull();
  });
});

describe("several sessions", () => {
  const worked = session({ result: "worked", stage: null });

  it("must all be alike where no rate is said, and the one that differs is told of", () => {
    const verdict = judgeVariant(anything, [session(), worked, session()]);
    expect(verdict).toMatchObject({ difference: "worked in place of failed", shown: 2, runs: 3, told: worked });
  });

  it.each([
    [20, 80, null],
    [50, null, null],
    [60, null, "seen in 50 % of the runs in place of at least 60 %"],
    [null, 40, "seen in 50 % of the runs in place of at most 40 %"],
  ])("are counted: two of four between %s and %s percent", (least, most, difference) => {
    const sessions = [worked, session(), worked, session()];
    expect(judgeVariant({ ...anything, rate: { least, most } }, sessions)).toMatchObject({
      difference,
      shown: 2,
      runs: 4,
    });
  });
});

test("a change breaks what worked before it, and cures what failed", () => {
  const before = [
    resultOf({ mode: "ftp", result: "worked" }),
    resultOf({ mode: "ftps", result: "failed" }),
    resultOf({ mode: "ftps-ccc", result: "worked" }),
  ];
  const after = [
    resultOf({ mode: "ftp", result: "failed" }),
    resultOf({ mode: "ftps", result: "worked" }),
    resultOf({ mode: "ftps-ccc", result: "worked" }),
    resultOf({ mode: "ftps-implicit", result: "worked" }),
  ];
  const { breaks, cures, compared } = sideEffects(before, after);
  expect(breaks.map(({ after: cell }) => cell.mode)).toEqual(["ftp"]);
  expect(cures.map(({ after: cell }) => cell.mode)).toEqual(["ftps"]);
  expect(compared).toBe(3);
});
