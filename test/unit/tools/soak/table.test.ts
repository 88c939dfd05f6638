import { ofEachKind } from "../../../../harness/tools/soak/leaks";
import type { SoakResult, SoakRun } from "../../../../harness/tools/soak/run-soak";
import { isSound, runLine, summaryText, tableHead } from "../../../../harness/tools/soak/table";

const memory = { used: 60 * 1024 ** 2, resident: 150 * 1024 ** 2 };
const run: SoakRun = {
  run: 1,
  id: "20260101-000000-abcd",
  durationMs: 94_000,
  cells: 1344,
  unexpected: 0,
  labErrors: 0,
  skipped: 0,
  flips: 0,
  left: ofEachKind(() => 0),
  memory,
  machineLoad: 2.5,
};
const sound: SoakResult = {
  seed: 7,
  load: "none",
  interrupted: false,
  broke: null,
  memoryBefore: memory,
  runs: [run],
  flips: [],
  deviations: [],
  leaks: [],
  memory: { eachRun: 0, verdict: "flat" },
  undecided: [],
  loadLost: 0,
};
const cell = "direct/tls-optional/basic-ftp/ftp/pasv/list";
const labError = { run: 1, cell, outcome: "lab-error", told: "not-run · too slow" } as const;
const unexpected = { run: 2, cell, outcome: "unexpected", told: "failed · data-connect" } as const;

test("a soak is sound where everything is zero that has to be", () => {
  expect(isSound(sound)).toBe(true);
  const wrong: readonly Partial<SoakResult>[] = [
    { runs: [] },
    { flips: [{ cell, verdicts: [] }] },
    { deviations: [unexpected] },
    { deviations: [labError] },
    { leaks: [{ run: 1, kind: "containers", name: "lab" }] },
    { undecided: [cell] },
    { memory: { eachRun: 1e6, verdict: "grows" } },
  ];
  for (const changes of wrong) expect([changes, isSound({ ...sound, ...changes })]).toEqual([changes, false]);
});

test("under load a machine may be too slow for a verdict, and no verdict may be wrong", () => {
  expect(isSound({ ...sound, load: "heavy", deviations: [labError] })).toBe(true);
  expect(isSound({ ...sound, load: "heavy", deviations: [unexpected] })).toBe(false);
});

test("a run's figures stand below their heads", () => {
  const line = runLine({ ...run, unexpected: 3, left: { ...run.left, files: 3, containers: 1 } });
  expect(line).toHaveLength(tableHead.length);
  expect(tableHead.length).toBeLessThanOrEqual(80);
  for (const [head, figure] of [
    ["unexpected", "3"],
    ["left", "4"],
    ["cells", "1344"],
    ["memory MB", "60.0"],
  ] as const) {
    const end = tableHead.indexOf(head) + head.length;
    expect(line.slice(0, end).endsWith(` ${figure}`)).toBe(true);
  }
});

test("the summary says what flipped and where, what was left by which run, and bounds each list", () => {
  const text = summaryText({
    ...sound,
    flips: [
      {
        cell,
        verdicts: [
          { verdict: "worked", runs: [1, 3] },
          { verdict: "failed at login", runs: [2] },
        ],
      },
    ],
    deviations: Array.from({ length: 25 }, () => unexpected),
    leaks: [{ run: 2, kind: "files", name: "left-behind" }],
    loadLost: 3,
  });
  expect(text).toContain("3 parts of the load ended early");
  expect(text).toContain(`flipped: 1\n  ${cell}\n    worked: runs 1, 3\n    failed at login: run 2\n`);
  expect(text).toContain("unexpected: 25\n");
  expect(text).toContain("  and 5 more\nlab-errors: 0\n");
  expect(text).toContain("left behind: 1\n  run 2: files: left-behind\n");
});
