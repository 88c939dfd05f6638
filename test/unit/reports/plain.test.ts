import type { RunEvent } from "../../../harness/model/events";
import { PlainReporter } from "../../../reports/plain";
import { allExpected, cellOf, controlOf, coreCells, resultOf, runInfo } from "../../support/make-report";
import { ManualClock } from "../../support/screen";

function begin(unicode = true): { plain: PlainReporter; clock: ManualClock; lines: () => string[] } {
  let text = "";
  const clock = new ManualClock();
  const stream = { write: (piece: string) => (text += piece) };
  return { plain: new PlainReporter({ stream, clock, unicode }), clock, lines: () => text.split("\n").slice(0, -1) };
}

const start: RunEvent = { kind: "run-started", run: runInfo, total: 1000, labs: ["direct"] };
const finished: RunEvent = { kind: "cell-finished", result: resultOf(cellOf("direct", "ftp", "pasv", "list")) };

describe("PlainReporter", () => {
  it("writes a line as each lab is ready and closed, and none for cells as expected", () => {
    const { plain, clock, lines } = begin();
    plain.onEvent(start);
    plain.onEvent({ kind: "lab-starting", topology: "direct" });
    clock.advance(1100);
    plain.onEvent({ kind: "lab-ready", topology: "direct", durationMs: 1100 });
    plain.onEvent(finished);
    plain.onEvent({
      kind: "cell-finished",
      result: resultOf(coreCells()[1] ?? cellOf("direct", "ftp", "epsv", "list"), { outcome: "flaky" }),
    });
    clock.advance(3000);
    plain.onEvent({ kind: "lab-closed", topology: "direct", kept: false });
    expect(lines()).toEqual([
      "[0 s] run 20260301-101500-ab12: 1,000 cells in 1 lab",
      "[1 s] lab direct ready after 1.1 s",
      "[4 s] lab direct closed: 2 cells, 1 expected, 1 flaky",
    ]);
  });

  it("writes a line for what goes wrong, each with all that it needs", () => {
    const { plain, lines } = begin();
    const result = resultOf(cellOf("direct", "ftp", "pasv", "list"), {
      result: "failed",
      stage: "login",
      outcome: "unexpected",
      message: "530\r\n::error::no\x1b[2J",
    });
    plain.onEvent({ kind: "cell-finished", result });
    plain.onEvent({ kind: "control-finished", control: controlOf("direct", "a", { outcome: "failed" }) });
    plain.onEvent({ kind: "control-finished", control: controlOf("direct", "b") });
    plain.onEvent({ kind: "lab-failed", topology: "direct", message: "no engine", hint: "start Docker" });
    plain.onEvent({ kind: "lab-closed", topology: "direct", kept: true });
    plain.onEvent({ kind: "notice", text: "swept" });
    expect(lines()).toEqual([
      "[0 s] unexpected direct/tls-optional/basic-ftp/ftp/pasv/list: expected worked, got failed at login: " +
        "530\\r\\n::error::no\\x1b[2J",
      "[0 s] control direct/control/a failed: No answer to an unsolicited connection.",
      "[0 s] lab direct broke: no engine (start Docker)",
      "[0 s] lab direct kept: 1 cell, 1 unexpected",
      "[0 s] notice: swept",
    ]);
  });

  it("writes how far it is at most every ten seconds", () => {
    const { plain, clock, lines } = begin();
    plain.onEvent(start);
    for (let second = 0; second < 25; second += 1) {
      for (let count = 0; count < 20; count += 1) plain.onEvent(finished);
      clock.advance(1000);
    }
    plain.onEvent({ kind: "run-finished", report: allExpected(), folder: null });
    expect(lines().slice(1)).toEqual([
      "[10 s] 201 of 1,000 cells done: 0 unexpected, 0 lab errors, about 40 s left",
      "[20 s] 401 of 1,000 cells done: 0 unexpected, 0 lab errors, about 30 s left",
    ]);
  });

  it("keeps to ASCII for a log that is not UTF-8", () => {
    const { plain, lines } = begin(false);
    plain.onEvent({ kind: "notice", text: "déjà" });
    expect(lines()).toEqual(["[0 s] notice: d\\u{e9}j\\u{e0}"]);
  });
});
