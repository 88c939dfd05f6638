import type { RunEvent } from "../../../harness/model/events";
import { Progress } from "../../../reports/progress";
import { cellOf, controlOf, expectedOf, resultOf, runInfo } from "../../support/make-report";

const cell = cellOf("direct", "ftp", "pasv", "list");
const started: RunEvent = { kind: "run-started", run: runInfo, total: 10, labs: ["direct", "client-nat"] };
const finished: RunEvent = { kind: "cell-finished", result: resultOf(cell) };

function after(...events: readonly RunEvent[]): Progress {
  const progress = new Progress();
  for (const event of events) progress.apply(event, 0);
  return progress;
}

describe("Progress", () => {
  it("follows each lab from its announcement to its end", () => {
    const topology = "direct";
    const states = [
      after(started),
      after(started, { kind: "lab-starting", topology }),
      after(started, { kind: "lab-ready", topology, durationMs: 1 }),
      after(started, { kind: "lab-closed", topology, kept: false }),
    ].map((progress) => progress.labs.map((lab) => lab.state));
    expect(states).toEqual([
      ["waiting", "waiting"],
      ["starting", "waiting"],
      ["running", "waiting"],
      ["closed", "waiting"],
    ]);
  });

  it("remembers that a lab broke, also when it is closed thereafter", () => {
    const topology = "direct";
    const progress = after(
      { kind: "lab-failed", topology, message: "", hint: null },
      { kind: "lab-closed", topology, kept: false },
    );
    expect(progress.labOf(topology).state).toBe("failed");
  });

  it("counts cells under way and done, in all and by lab", () => {
    const start: RunEvent = { kind: "cell-started", planned: { cell, expected: expectedOf(cell) }, repeat: 1 };
    const lost: RunEvent = { kind: "cell-finished", result: resultOf(cell, { outcome: "lab-error" }) };
    const progress = after(started, start, start, start, finished, lost);
    expect(progress.labOf("direct")).toMatchObject({ started: 3, done: 2, outcomes: { expected: 1, "lab-error": 1 } });
    expect(progress).toMatchObject({ total: 10, done: 2, outcomes: { expected: 1, "lab-error": 1, unexpected: 0 } });
  });

  it("counts a cell as done once its session is over, and not again when its verdict comes", () => {
    const over: RunEvent = {
      kind: "session-finished",
      planned: { cell, expected: expectedOf(cell) },
      asExpected: true,
    };
    const waiting = after(started, over, over);
    expect(waiting).toMatchObject({ done: 2, outcomes: { expected: 0 } });
    expect(waiting.labOf("direct")).toMatchObject({ done: 2, outcomes: { expected: 0 } });
    const judged = after(started, over, over, finished, finished);
    expect(judged).toMatchObject({ done: 2, outcomes: { expected: 2 } });
    expect(judged.labOf("direct")).toMatchObject({ done: 2, outcomes: { expected: 2 } });
  });

  it("counts a cell that never had a session when its verdict comes", () => {
    const over: RunEvent = {
      kind: "session-finished",
      planned: { cell, expected: expectedOf(cell) },
      asExpected: false,
    };
    const skipped: RunEvent = { kind: "cell-finished", result: resultOf(cell, { outcome: "skipped" }) };
    const progress = after(started, over, finished, skipped, skipped);
    expect(progress).toMatchObject({ done: 3, outcomes: { expected: 1, skipped: 2 } });
  });

  it("counts each lab's cells by themselves", () => {
    const other = cellOf("client-nat", "ftp", "pasv", "list");
    const over = (which: typeof cell): RunEvent => ({
      kind: "session-finished",
      planned: { cell: which, expected: expectedOf(which) },
      asExpected: true,
    });
    const progress = after(started, over(cell), over(cell), over(other), {
      kind: "cell-finished",
      result: resultOf(other),
    });
    expect(progress.labs.map(({ done }) => done)).toEqual([2, 1]);
    expect(progress.done).toBe(3);
  });

  it("counts failed controls only", () => {
    const control = (outcome: "passed" | "failed"): RunEvent => ({
      kind: "control-finished",
      control: controlOf("direct", "a", { outcome }),
    });
    expect(after(control("passed"), control("failed")).failedControls).toBe(1);
  });

  it("estimates the time left from the pace so far, counted from the first event", () => {
    const progress = new Progress();
    progress.apply(started, 1000);
    progress.apply(finished, 5000);
    progress.apply(finished, 5000);
    expect(progress.elapsedMs(5000)).toBe(4000);
    expect(progress.remainingMs(5000)).toBe(16_000);
  });

  it("estimates from sessions that are over, though no verdict is known", () => {
    const progress = new Progress();
    progress.apply(started, 1000);
    const planned = { cell, expected: expectedOf(cell) };
    progress.apply({ kind: "session-finished", planned, asExpected: true }, 5000);
    progress.apply({ kind: "session-finished", planned, asExpected: true }, 5000);
    expect(progress.remainingMs(5000)).toBe(16_000);
  });

  it("does not guess while too little is done", () => {
    const progress = new Progress();
    progress.apply(started, 0);
    expect(progress.remainingMs(60_000)).toBeNull();
    progress.apply(finished, 100);
    expect(progress.remainingMs(1000)).toBeNull();
    progress.apply({ ...started, total: 1000 }, 0);
    expect(progress.remainingMs(60_000)).toBeNull();
  });
});
