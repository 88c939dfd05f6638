import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EvidenceStore } from "../../../harness/evidence/recording/store";
import type { CellResult, PlannedCell } from "../../../harness/model/cell";
import { UsageError } from "../../../harness/model/errors";
import type { RunEvent } from "../../../harness/model/events";
import { jobsOf, runsOf } from "../../../harness/plan/jobs";
import type { RunContext } from "../../../harness/run/context";
import { runLab } from "../../../harness/run/lab-runner";
import { SessionPlaces } from "../../../harness/run/session-places";
import { makeFailure } from "../../support/attempts";
import { makeCell } from "../../support/cells";
import { diesAt, FakeSite, type FakeOptions, type Question } from "../../support/fake-lab";
import { profiles, topologies } from "../../support/inputs";
import { planCell } from "../../support/planned-cells";

const topology = "server-nat-helper";
/** Two servers, so that one is exchanged for the other between them. */
const cells: readonly PlannedCell[] = [
  planCell({ topology, data: "pasv" }),
  planCell({ topology, data: "epsv", operation: "download" }),
  planCell({ topology, mode: "ftps", data: "port", operation: "upload" }),
  planCell({ topology, server: "tls-required", mode: "ftps", data: "port" }),
  planCell({ topology, server: "tls-required", mode: "ftps-implicit", data: "eprt" }),
];
const catalog = {
  topologies: new Map(topologies.map((each) => [each.id, each])),
  profiles: new Map(profiles.map((each) => [each.id, each])),
};

const folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-lab-runner-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Trial = {
  readonly site: FakeSite;
  readonly events: readonly RunEvent[];
  readonly results: readonly CellResult[];
  readonly places: SessionPlaces;
  readonly versions: Readonly<Record<string, string>>;
};

/** Runs the one lab that these cells need. */
async function tryLab(
  fake: FakeOptions = {},
  change: Partial<RunContext> & { readonly planned?: readonly PlannedCell[] } = {},
): Promise<Trial> {
  const { planned = cells, ...changed } = change;
  const [job] = jobsOf(runsOf(planned, 1), catalog);
  if (job === undefined) throw new Error("no job");
  const site = new FakeSite(fake);
  const events: RunEvent[] = [];
  const places = new SessionPlaces(1);
  const versions = await runLab(job, {
    site,
    profiles: catalog.profiles,
    places,
    evidence: new EvidenceStore(folder, "on"),
    examples: null,
    retries: 0,
    keepLab: false,
    tracesAll: false,
    stop: new AbortController().signal,
    checked: Promise.resolve(),
    emit: (event) => events.push(event),
    beforeCells: () => Promise.resolve(),
    ...changed,
  });
  const results = events.flatMap((event) => (event.kind === "cell-finished" ? event.result : []));
  return { site, events, results, places, versions };
}

const kinds = ({ events }: Trial): readonly string[] => events.map(({ kind }) => kind);
const notices = ({ events }: Trial): readonly string[] =>
  events.flatMap((event) => (event.kind === "notice" ? event.text : []));
const outcomes = ({ results }: Trial): readonly string[] => results.map(({ outcome }) => outcome);
const count = ({ site }: Trial, wanted: Question): number =>
  site.asked.filter(({ question }) => question === wanted).length;

/** Each cell has one result and no more, and every place is free. */
async function expectOneResultEach(trial: Trial, planned = cells): Promise<void> {
  expect(trial.results.map(({ id }) => id).sort()).toEqual(planned.map(({ cell }) => cell.id).sort());
  await trial.places.acquire(makeCell());
}

test("a lab is started, checked, used for all its cells and closed, in this order", async () => {
  const trial = await tryLab();
  await expectOneResultEach(trial);
  expect(outcomes(trial)).toEqual(cells.map(() => "expected"));
  const told = kinds(trial).filter((kind) => kind.startsWith("lab-"));
  expect(told).toEqual(["lab-starting", "lab-ready", "lab-closed"]);
  expect(kinds(trial).indexOf("cell-started")).toBeGreaterThan(kinds(trial).lastIndexOf("control-finished"));
  expect(trial.site.asked.at(-1)).toMatchObject({ lab: topology, question: "close" });
  expect(count(trial, "serve")).toBe(2);
  expect(trial.versions).toEqual({ proftpd: "1.3.8" });
});

describe("a lab that dies", () => {
  type Death = readonly [
    when: string,
    question: Question,
    time: number,
    /** How many cells had their verdict by then. */
    verdicts: number,
  ];
  const deaths: readonly Death[] = [
    ["when it is started", "start", 1, 0],
    ["when its server is started", "serve", 1, 0],
    ["when its wires are looked at", "interfaces", 1, 0],
    ["in a control's session", "session", 1, 0],
    ["in a control's probe", "probe", 1, 0],
    ["when forwarding is switched off", "forwarding", 1, 0],
    ["when forwarding is switched on again", "forwarding", 2, 0],
    ["when a control changes its rules", "rules", 1, 0],
    ["when the rules are put back", "rules", 2, 0],
    ["when the decoy is opened", "decoy", 1, 0],
    ["when its witnesses are started", "watch", 1, 0],
    ["when its witnesses are to forget", "clear", 1, 0],
    ["in its first session", "session", 3, 0],
    ["in its second session", "session", 4, 0],
    ["when what was sent is looked for on the server", "hashes", 1, 0],
    ["when its witnesses are heard", "collect", 1, 0],
    ["when its TLS secrets are read, and with them the server", "key-log", 1, 3],
    ["when its server is exchanged", "serve", 2, 3],
    ["when the witnesses of the second server are to forget", "clear", 2, 3],
    ["in the second server's last session", "session", 7, 3],
    ["when the second server's witnesses are heard", "collect", 2, 3],
    ["when it is closed", "close", 1, 5],
  ];

  test.each(deaths)("%s still gives each cell one result", async (_, question, time, verdicts) => {
    const fails = diesAt(topology, question, time);
    const trial = await tryLab({ fails });
    await expectOneResultEach(trial);
    expect(outcomes(trial).filter((outcome) => outcome === "expected").length).toBe(verdicts);
    expect(outcomes(trial).filter((outcome) => outcome === "lab-error").length).toBe(cells.length - verdicts);
    // What was started is ended, and that is told.
    expect(count(trial, "close")).toBe(question === "start" ? 0 : 1);
    expect(kinds(trial).filter((kind) => kind === "lab-closed")).toHaveLength(question === "start" ? 0 : 1);
    expect(kinds(trial).filter((kind) => kind === "lab-failed")).toHaveLength(verdicts === cells.length ? 0 : 1);
  });
});

test("failures of a lab that turns out to be dead are lab errors, and no FTP failure", async () => {
  const trial = await tryLab({
    fails: diesAt(topology, "fault"),
    onStart: (lab) => {
      const usual = lab.runSession.bind(lab);
      // Controls have names, cells have numbers.
      lab.runSession = (request) =>
        /^s\d/.test(request.id) ? Promise.resolve(makeFailure("control-connect")) : usual(request);
    },
  });
  await expectOneResultEach(trial);
  expect(outcomes(trial)).toEqual(cells.map(() => "lab-error"));
});

test("a lab whose controls fail runs no cell, and says why", async () => {
  const trial = await tryLab({ onStart: (lab) => (lab.setForwarding = () => Promise.resolve()) });
  await expectOneResultEach(trial);
  expect(outcomes(trial)).toEqual(cells.map(() => "lab-error"));
  expect(trial.results[0]?.message).toContain("A negative control failed");
  expect(kinds(trial)).not.toContain("cell-started");
  expect(count(trial, "close")).toBe(1);
});

test("a lab whose change before the cells fails runs none of them", async () => {
  const trial = await tryLab({}, { beforeCells: () => Promise.reject(new Error("no such rule")) });
  await expectOneResultEach(trial);
  expect(trial.results.map(({ outcome, message }) => `${outcome}: ${message ?? ""}`)).toEqual(
    cells.map(() => "lab-error: no such rule"),
  );
});

test("a lab that cannot be ended is a notice, takes no verdict back and is told how to be rid of", async () => {
  const trial = await tryLab({ fails: ({ question }) => question === "close" });
  expect(outcomes(trial)).toEqual(cells.map(() => "expected"));
  expect(notices(trial)).toEqual([
    "server-nat-helper could not be ended: server-nat-helper broke when asked for close. `npm run matrix -- clean` removes what is left of it.",
  ]);
});

test("a network for which the kernel lacks something is skipped, and no lab is started", async () => {
  const planned = [planCell({ topology: "load-balanced" }), planCell({ topology: "load-balanced", data: "port" })];
  const trial = await tryLab({ lacks: "xt_statistic" }, { planned });
  await expectOneResultEach(trial, planned);
  expect(trial.results.map(({ outcome, message }) => `${outcome}: ${message ?? ""}`)).toEqual(
    planned.map(() => "skipped: needs: xt_statistic"),
  );
  expect(count(trial, "start")).toBe(0);
});

test("cells of a release that cannot be had are skipped with the reason, and no lab is started", async () => {
  const trial = await tryLab({ lacksImage: "curl@sid, which cannot be had here: no answer" });
  await expectOneResultEach(trial);
  expect(new Set(trial.results.map(({ outcome, message }) => `${outcome}: ${message ?? ""}`))).toEqual(
    new Set(["skipped: needs: curl@sid, which cannot be had here: no answer"]),
  );
  expect(notices(trial)).toEqual([
    "server-nat-helper is left out: it needs curl@sid, which cannot be had here: no answer",
  ]);
  expect(count(trial, "start")).toBe(0);
});

test("a kernel that cannot be asked is a lab error", async () => {
  const trial = await tryLab({ fails: ({ question }) => question === "lacking-feature" });
  await expectOneResultEach(trial);
  expect(outcomes(trial)).toEqual(cells.map(() => "lab-error"));
});

test.each<[string, Question, number]>([
  ["starts", "start", 1],
  ["is checked", "interfaces", 1],
  ["runs its second cell", "session", 4],
  ["exchanges its server", "serve", 2],
])("a run that is stopped while the lab %s skips what is left, and closes the lab", async (_, question, time) => {
  const stop = new AbortController();
  const trial = await tryLab(
    {
      fails: (asked) => {
        if (asked.question === question && asked.time === time) stop.abort();
        return false;
      },
    },
    { stop: stop.signal },
  );
  await expectOneResultEach(trial);
  expect(new Set(outcomes(trial))).toEqual(
    new Set(question === "serve" || time === 4 ? ["expected", "skipped"] : ["skipped"]),
  );
  expect(trial.results.find(({ outcome }) => outcome === "skipped")?.message).toBe("the run was stopped");
  expect(count(trial, "close")).toBe(1);
});

test("a user's file that is refused lets no cell run; the run tells why, and not the lab", async () => {
  const stop = new AbortController();
  const refused = Promise.reject(new UsageError("my.rules:3: no such table", { code: "rules-refused" }));
  refused.catch((error: unknown) => {
    stop.abort(error);
  });
  const trial = await tryLab({}, { checked: refused, stop: stop.signal });
  await expectOneResultEach(trial);
  expect(outcomes(trial)).toEqual(cells.map(() => "skipped"));
  expect(kinds(trial)).not.toEqual(expect.arrayContaining(["cell-started"]));
  expect(count(trial, "close")).toBe(1);
});

test("a lab that is kept is left to the user with a shell for each node", async () => {
  const trial = await tryLab({}, { keepLab: true });
  expect(count(trial, "keep")).toBe(1);
  expect(count(trial, "close")).toBe(0);
  expect(trial.events.at(-2)).toEqual({ kind: "lab-closed", topology, kept: true });
  expect(notices(trial).join()).toContain("router: docker exec -it container-router bash");
});
