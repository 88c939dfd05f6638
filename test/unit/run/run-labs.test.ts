import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { CellResult, PlannedCell } from "../../../harness/model/cell";
import { LabError, UsageError } from "../../../harness/model/errors";
import type { RunEvent } from "../../../harness/model/events";
import type { MatrixReport } from "../../../harness/model/report";
import { onceEach, type MatrixRun } from "../../../harness/run/matrix-run";
import { runLabs } from "../../../harness/run/run-labs";
import { makeFailure } from "../../support/attempts";
import { diesAt, FakeSite, type FakeOptions, type Question } from "../../support/fake-lab";
import { profiles, topologies } from "../../support/inputs";
import { planCell } from "../../support/planned-cells";

/** More than are up at the same time, and several with the helper, whose controls ask for everything. */
const networks = [
  "server-nat-helper",
  "direct",
  "server-nat",
  "server-nat-range",
  "client-nat",
  "firewall",
  "firewall-range",
  "firewall-helper",
  "double-nat-helper",
];
/** All of them work: plain FTP in active mode, and login with TLS kept to itself. */
const cells: readonly PlannedCell[] = networks.flatMap((topology) => [
  planCell({ topology, data: topology.startsWith("client-nat") ? "pasv" : "port" }),
  planCell({ topology, data: topology.startsWith("client-nat") ? "epsv" : "eprt", operation: "download" }),
]);

const folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-run-labs-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Trial = {
  readonly site: FakeSite;
  readonly events: readonly RunEvent[];
  readonly results: readonly CellResult[];
  /** The report, or what was thrown. */
  readonly ended: MatrixReport | Error;
};

async function tryRun(
  fake: FakeOptions = {},
  change: Partial<MatrixRun> = {},
  { onEvent = () => undefined, signal }: { onEvent?: (event: RunEvent) => void; signal?: AbortSignal } = {},
): Promise<Trial> {
  const site = new FakeSite(fake);
  const events: RunEvent[] = [];
  const run: MatrixRun = {
    id: "run",
    argv: ["run"],
    cells: {
      planned: cells,
      topologies: new Map(topologies.map((each) => [each.id, each])),
      profiles: new Map(profiles.map((each) => [each.id, each])),
    },
    settings: onceEach(2),
    output: { folder, evidence: "retain-on-unexpected", tellsExamples: true },
    ...change,
  };
  const listen = (event: RunEvent): void => {
    events.push(event);
    onEvent(event);
  };
  const ended = await runLabs(run, site.open, listen, signal ?? new AbortController().signal).catch(
    (error: unknown) => {
      if (error instanceof Error) return error;
      throw error;
    },
  );
  const results = events.flatMap((event) => (event.kind === "cell-finished" ? event.result : []));
  return { site, events, results, ended };
}

function reportOf({ ended }: Trial): MatrixReport {
  if (ended instanceof Error) throw ended;
  return ended;
}

/** Each cell has one result, each lab that was started is ended, and the site is closed after all of them. */
function expectOrder({ site, results }: Trial): void {
  expect(results.map(({ id }) => id).sort()).toEqual(cells.map(({ cell }) => cell.id).sort());
  const closed = site.asked.flatMap(({ lab, question }) => (lab === null || question !== "close" ? [] : lab));
  expect(closed.toSorted()).toEqual(site.started.toSorted());
  expect(site.asked.filter(({ lab, question }) => lab === null && question === "close")).toHaveLength(1);
  expect(site.asked.at(-1)).toMatchObject({ lab: null, question: "close" });
}

const notices = ({ events }: Trial): readonly string[] =>
  events.flatMap((event) => (event.kind === "notice" ? event.text : []));

test("all labs are run, and reported in the order of the plan", async () => {
  const trial = await tryRun();
  expectOrder(trial);
  const report = reportOf(trial);
  expect(report.cells.map(({ id }) => id)).toEqual(cells.map(({ cell }) => cell.id));
  expect(report.summary.outcomes).toMatchObject({ expected: cells.length });
  expect(report.summary.controls).toMatchObject({ failed: 0 });
  expect(Object.keys(report.run.labs ?? {})).toEqual(networks);
  expect(report.run.versions).toEqual({ engine: "27.0", kernel: "6.12", proftpd: "1.3.8" });
  expect(report.networks.map(({ id }) => id)).toEqual(networks);
  expect(report.run.interrupted).toBe(false);
  expect(trial.events[0]).toMatchObject({ kind: "run-started", total: cells.length, labs: networks });
});

describe("where one of several labs dies, the others go on, each cell has one result, and the site is closed last", () => {
  const deaths: readonly (readonly [Question, number])[] = [
    ["start", 1],
    ["serve", 1],
    ["interfaces", 1],
    ["session", 1],
    ["probe", 1],
    ["forwarding", 1],
    ["rules", 1],
    ["rules", 2],
    ["decoy", 1],
    ["watch", 1],
    ["clear", 1],
    ["session", 3],
    ["session", 4],
    ["collect", 1],
    ["close", 1],
  ];

  test.each(deaths)("at %s (%d)", async (question, time) => {
    const [dying] = networks;
    const trial = await tryRun({ fails: diesAt(dying ?? "", question, time) });
    expectOrder(trial);
    const outcomes = (isDying: boolean): readonly string[] =>
      reportOf(trial).cells.flatMap(({ topology, outcome }) => ((topology === dying) === isDying ? outcome : []));
    expect(new Set(outcomes(false))).toEqual(new Set(["expected"]));
    expect(outcomes(true)).toEqual(question === "close" ? ["expected", "expected"] : ["lab-error", "lab-error"]);
  });
});

test("where all labs die, none keeps its place from the next", async () => {
  for (const question of ["start", "session", "close"] as const) {
    const trial = await tryRun({ fails: (asked) => asked.lab !== null && asked.question === question });
    expect(trial.results).toHaveLength(cells.length);
    expect(Object.keys(reportOf(trial).run.labs ?? {})).toEqual(networks);
  }
});

test("an error of our own in one lab is thrown, once the others have ended and the site is closed", async () => {
  const onEvent = (event: RunEvent): void => {
    if (event.kind === "lab-closed" && event.topology === "direct") throw new TypeError("a bug");
  };
  const trial = await tryRun({}, {}, { onEvent });
  expect(trial.ended).toEqual(new TypeError("a bug"));
  expectOrder(trial);
});

test("a site that cannot be opened is told, and nothing is started", async () => {
  const trial = await tryRun({ fails: ({ question }) => question === "open" });
  expect(trial.ended).toBeInstanceOf(LabError);
  expect(trial.site.asked).toHaveLength(1);
});

test("a site that cannot be closed is a notice, and the report is given", async () => {
  const trial = await tryRun({ fails: ({ lab, question }) => lab === null && question === "close" });
  expectOrder(trial);
  expect(reportOf(trial).summary.outcomes).toMatchObject({ expected: cells.length });
  expect(notices(trial)).toEqual([
    "The patch panel could not be ended: the site broke when asked for close. `npm run matrix -- clean` removes what is left of it.",
  ]);
});

test("a user's file that is refused ends the run with that error, and no cell has begun", async () => {
  const check = () => Promise.reject(new UsageError("my.conf:3: unknown directive", { code: "server-config" }));
  const trial = await tryRun({}, { hooks: { check } });
  expect(trial.ended).toEqual(expect.objectContaining({ message: "my.conf:3: unknown directive" }));
  expectOrder(trial);
  expect(trial.events.map(({ kind }) => kind)).not.toContain("cell-started");
  expect(new Set(trial.results.map(({ outcome }) => outcome))).toEqual(new Set(["skipped"]));
});

test("no cell begins before the user's files have been checked, however long that takes", async () => {
  const begun: string[] = [];
  let begunBefore = -1;
  const check = async (): Promise<void> => {
    await delay(100);
    begunBefore = begun.length;
  };
  const onEvent = ({ kind }: RunEvent): void => {
    if (kind === "cell-started") begun.push(kind);
  };
  const trial = await tryRun({}, { hooks: { check } }, { onEvent });
  expectOrder(trial);
  expect(begunBefore).toBe(0);
  expect(begun).toHaveLength(cells.length);
});

test("an interrupt skips what is left, ends all labs and is told", async () => {
  const interrupt = new AbortController();
  const onEvent = ({ kind }: RunEvent): void => {
    if (kind === "session-finished") interrupt.abort();
  };
  const trial = await tryRun({}, {}, { onEvent, signal: interrupt.signal });
  expectOrder(trial);
  const { run, summary } = reportOf(trial);
  expect(run.interrupted).toBe(true);
  expect(summary.outcomes.skipped).toBeGreaterThan(0);
  expect(summary.outcomes.skipped + summary.outcomes.expected).toBe(cells.length);
});

test("with fail-fast the first unexpected cell stops all labs", async () => {
  const fake: FakeOptions = {
    onStart: (lab) => {
      const usual = lab.runSession.bind(lab);
      lab.runSession = (request) =>
        lab.id === "direct" && /^s\d/.test(request.id) ? Promise.resolve(makeFailure("login")) : usual(request);
    },
  };
  const trial = await tryRun(fake, { settings: { ...onceEach(1), failFast: true } });
  expectOrder(trial);
  const { run, summary } = reportOf(trial);
  expect(run.interrupted).toBe(false);
  expect(summary.outcomes.unexpected).toBe(1);
  expect(summary.outcomes.skipped).toBeGreaterThan(0);
});

test("what is changed in a lab before its cells is what they meet", async () => {
  const changed: string[] = [];
  const beforeCells = async (lab: { readonly id: string }): Promise<void> => {
    changed.push(lab.id);
    await Promise.resolve();
  };
  const trial = await tryRun({}, { hooks: { beforeCells } });
  expectOrder(trial);
  expect(changed.toSorted()).toEqual(networks.toSorted());
});

test("cells that are repeated have a result for each time", async () => {
  const trial = await tryRun({}, { settings: { ...onceEach(4), repeatEach: 3 } });
  expect(reportOf(trial).cells.map(({ id, repeat }) => `${id}#${repeat}`)).toEqual(
    cells.flatMap(({ cell }) => [1, 2, 3].map((repeat) => `${cell.id}#${repeat}`)),
  );
});
