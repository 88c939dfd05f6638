import { NetworkCatalog } from "../../../harness/catalog/conditions/network-catalog";
import { getEventListeners } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Link, Topology } from "../../../harness/model/topology";
import { attachmentsOf, clientOf } from "../../../harness/model/network";
import { renderPasswordFile } from "../../../harness/catalog/servers/proftpd-conf";
import { addressesOf } from "../../../harness/plan/wiring";
import { batchesOf, runBatch } from "../../../harness/run/batch";
import { EvidenceStore, type EvidencePolicy } from "../../../harness/evidence/recording/store";
import type { LabWitnesses } from "../../../harness/lab/lab-port";
import type { Attempt, CellResult } from "../../../harness/model/cell";
import type { RunEvent } from "../../../harness/model/events";
import { runsOf, type CellRun } from "../../../harness/plan/jobs";
import type { SessionContext } from "../../../harness/run/context";
import { SessionPlaces } from "../../../harness/run/session-places";
import { makeAttempt, makeFailure, makePlanned } from "../../support/attempts";
import { makeCell } from "../../support/cells";
import type { FakeLab } from "../../support/fake-lab";
import { FakeSite, type FakeOptions } from "../../support/fake-lab";
import { profileNamed, topologies, topologyNamed } from "../../support/inputs";
import { planCell } from "../../support/planned-cells";

type LinkEnd = Link["ends"][number];

const planned = makePlanned();
const networks = new NetworkCatalog(topologies);

function makeRuns(count: number): readonly CellRun[] {
  return Array.from({ length: count }, (_, index) => ({ planned, repeat: index + 1 }));
}

function clientAddresses(topology: Topology): readonly string[] {
  const client = clientOf(topology);
  return attachmentsOf(topology, client.id).flatMap(({ link }) => addressesOf(link, client.id));
}

/** `direct` with so many client addresses, from 10.9.0.1 on. */
function withClientAddresses(count: number): Topology {
  const topology = topologyNamed("direct");
  const last = `10.9.${Math.floor(count / 256)}.${count % 256}`;
  const client = clientOf(topology).id;
  const change = (end: LinkEnd): LinkEnd =>
    end.node === client ? { node: client, addresses: { first: "10.9.0.1", last } } : end;
  return {
    ...topology,
    links: topology.links.map((link) => ({
      ...link,
      subnet: "10.9.0.0/16",
      ends: link.ends.map(change),
    })),
  };
}

const runsPerBatch = (topology: Topology, count: number): readonly number[] =>
  batchesOf(topology, makeRuns(count)).map(({ length }) => length);

describe("the batches of a lab's runs", () => {
  it("have every run exactly once, in its order", () => {
    for (const count of [0, 1, 190, 191, 192, 500]) {
      const runs = makeRuns(count);
      const placed = batchesOf(topologyNamed("direct"), runs).flat();
      expect(placed.map(({ run }) => run)).toEqual(runs);
    }
  });

  it("have one run each where sessions share a slow line or lost packets, and take turns with addresses", () => {
    for (const id of ["firewall+rate-1mbit", "firewall+loss-2pct"]) {
      const topology = networks.get(id) ?? topologyNamed("direct");
      expect(runsPerBatch(topology, 3)).toEqual([1, 1, 1]);
      const places = batchesOf(topology, makeRuns(3)).flat();
      expect(new Set(places.map(({ localAddress }) => localAddress)).size).toBe(3);
      expect(new Set(places.map(({ user }) => user)).size).toBe(3);
    }
  });

  it("give each run an address of the client and a login name that no other run of the batch has", () => {
    for (const topology of topologies) {
      const addresses = clientAddresses(topology);
      for (const batch of batchesOf(topology, makeRuns(300))) {
        expect(new Set(batch.map(({ localAddress }) => localAddress)).size).toBe(batch.length);
        expect(new Set(batch.map(({ user }) => user)).size).toBe(batch.length);
        expect(batch.filter(({ localAddress }) => !addresses.includes(localAddress))).toEqual([]);
      }
    }
  });

  it("leave the first address and name to the harness's own probes", () => {
    const [first, ...others] = clientAddresses(topologyNamed("direct"));
    const [batch = []] = batchesOf(topologyNamed("direct"), makeRuns(1_000));
    expect(batch.map(({ localAddress }) => localAddress)).toEqual(others);
    expect(first).toBe("203.0.113.32");
    expect(batch.map(({ user }) => user)).toEqual(others.map((_, index) => `lab${index + 1}`));
  });

  it("are as many as it takes where there are more runs than places", () => {
    const topology = topologyNamed("direct");
    expect(clientAddresses(topology)).toHaveLength(192);
    expect(runsPerBatch(topology, 0)).toEqual([]);
    expect(runsPerBatch(topology, 191)).toEqual([191]);
    expect(runsPerBatch(topology, 192)).toEqual([191, 1]);
    expect(runsPerBatch(topology, 400)).toEqual([191, 191, 18]);
  });

  it("use the same places again", () => {
    const [first = [], second = []] = batchesOf(topologyNamed("direct"), makeRuns(200));
    const places = first.map(({ localAddress, user }) => ({ localAddress, user }));
    expect(second.map(({ localAddress, user }) => ({ localAddress, user }))).toEqual(places.slice(0, second.length));
  });

  it("are of one run each where the client has a single address", () => {
    const batches = batchesOf(withClientAddresses(1), makeRuns(3));
    expect(batches.map((batch) => batch.map(({ localAddress, user }) => [localAddress, user]))).toEqual(
      Array.from({ length: 3 }, () => [["10.9.0.1", "lab1"]]),
    );
  });

  it("are of one run each, past the first address, where the client has two", () => {
    const batches = batchesOf(withClientAddresses(2), makeRuns(2));
    expect(batches.map((batch) => batch.map(({ localAddress }) => localAddress))).toEqual([["10.9.0.2"], ["10.9.0.2"]]);
  });

  it("are never larger than there are login names, of which the server knows each", () => {
    const topology = withClientAddresses(600);
    expect(runsPerBatch(topology, 600)).toEqual([511, 89]);
    const known = renderPasswordFile()
      .split("\n")
      .map((line) => line.split(":")[0]);
    const users = batchesOf(topology, makeRuns(600)).flatMap((batch) => batch.map(({ user }) => user));
    expect(users.filter((user) => !known.includes(user))).toEqual([]);
    expect(users).not.toContain("lab0");
  });
});

describe("a batch that is run", () => {
  const folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-batch-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const modes = ["ftp", "ftps", "ftps-implicit", "ftps-ccc"] as const;
  const fourCells = modes.map((mode) => planCell({ mode }));

  type Trial = {
    readonly lab: FakeLab;
    readonly site: FakeSite;
    readonly events: readonly RunEvent[];
    readonly results: readonly CellResult[];
    readonly places: SessionPlaces;
    readonly stop: AbortController;
    readonly run: () => Promise<void>;
  };

  /** Four cells of `direct` that all work, with a lab that is ready for them. */
  async function prepare(
    options: {
      readonly retries?: number;
      readonly workers?: number;
      readonly evidence?: EvidencePolicy;
      readonly fake?: FakeOptions;
    } = {},
  ): Promise<Trial> {
    const site = new FakeSite(options.fake);
    const lab = await site.startLab(topologyNamed("direct"), { client: "client", server: "server" });
    await lab.server.serve(profileNamed("tls-optional"));
    const evidence = new EvidenceStore(folder, options.evidence ?? "retain-on-unexpected");
    const witnesses: LabWitnesses | null = evidence.isOff ? null : await lab.watch();
    const [batch = []] = batchesOf(lab.topology, runsOf(fourCells, 1));
    const events: RunEvent[] = [];
    const results: CellResult[] = [];
    const places = new SessionPlaces(options.workers ?? 4);
    const stop = new AbortController();
    const context: SessionContext = {
      places,
      evidence,
      examples: null,
      retries: options.retries ?? 0,
      stop: stop.signal,
      emit: (event) => events.push(event),
    };
    let sessions = 0;
    const nextSessionId = (): string => `s${(sessions += 1)}`;
    const run = () => runBatch({ lab, witnesses, nextSessionId, batch }, context, (_, result) => results.push(result));
    return { lab, site, events, results, places, stop, run };
  }

  /** Lets a lab answer sessions of some modes otherwise than its prediction. */
  function answer(lab: FakeLab, answers: Partial<Record<string, (attempt: number) => Promise<Attempt>>>): void {
    const usual = lab.runSession.bind(lab);
    const tries = new Map<string, number>();
    lab.runSession = (request, onWaiting) => {
      const attempt = (tries.get(request.mode) ?? 0) + 1;
      tries.set(request.mode, attempt);
      return answers[request.mode]?.(attempt) ?? usual(request, onWaiting);
    };
  }

  const verdicts = ({ results }: Trial): readonly string[] =>
    results.map(({ mode, outcome, attempts }) => `${mode}: ${outcome} ${attempts}`);
  const questions = ({ site }: Trial): readonly string[] => site.asked.map(({ question }) => question);
  const never = (): Promise<never> => new Promise(() => undefined);
  /** Resolves only if every place is free again. */
  const takeAll = ({ places }: Trial, workers: number): Promise<unknown> =>
    Promise.all(Array.from({ length: workers }, () => places.acquire(makeCell())));

  it("gives each cell its verdict, in the order of the plan and not of the sessions' ends", async () => {
    const trial = await prepare();
    let end = (): void => undefined;
    answer(trial.lab, {
      ftp: () =>
        new Promise(
          (resolve) =>
            (end = () => {
              resolve(makeAttempt());
            }),
        ),
      "ftps-ccc": () => {
        end();
        return Promise.resolve(makeAttempt());
      },
    });
    await trial.run();
    expect(verdicts(trial)).toEqual(modes.map((mode) => `${mode}: expected 1`));
    expect(trial.events.map(({ kind }) => kind).sort()).toEqual([
      ...modes.map(() => "cell-started"),
      ...modes.map(() => "session-finished"),
    ]);
    expect(questions(trial).slice(2)).toEqual(["watch", "clear", "session", "session", "collect"]);
  });

  it("listens to no signal once it is over, so that Node can forget them", async () => {
    const trial = await prepare();
    const combine = jest.spyOn(AbortSignal, "any");
    try {
      await trial.run();
      const [combined] = combine.mock.results;
      if (combined?.type !== "return") throw new Error("no signals were combined");
      expect(getEventListeners(combined.value, "abort")).toEqual([]);
    } finally {
      combine.mockRestore();
    }
  });

  it("hears no witness where evidence is off", async () => {
    const trial = await prepare({ evidence: "off" });
    await trial.run();
    expect(verdicts(trial)).toEqual(modes.map((mode) => `${mode}: expected 1`));
    expect(questions(trial)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/watch|clear|collect|key-log/)]),
    );
  });

  it("tries again what failed though it should work, and asks the lab first whether it is whole", async () => {
    const trial = await prepare({ retries: 2 });
    answer(trial.lab, {
      ftps: (attempt) => Promise.resolve(attempt === 1 ? makeFailure("login") : makeAttempt()),
      "ftps-implicit": () => Promise.resolve(makeFailure("login")),
    });
    await trial.run();
    expect(verdicts(trial)).toEqual([
      "ftp: expected 1",
      "ftps: flaky 2",
      "ftps-implicit: unexpected 3",
      "ftps-ccc: expected 1",
    ]);
    expect(questions(trial).filter((question) => question === "fault")).toHaveLength(1 + 3);
  });

  it("believes no failure while the lab itself is broken, and gives what had finished its verdict", async () => {
    const trial = await prepare({ workers: 1 });
    answer(trial.lab, { ftps: () => Promise.resolve(makeFailure("login")) });
    trial.lab.findFault = () => Promise.resolve("the client agent has ended");
    await expect(trial.run()).rejects.toThrow("direct: the client agent has ended.");
    expect(verdicts(trial)).toEqual(["ftp: expected 1"]);
  });

  it("starts nothing more in a lab that broke, gives its places back and tells why it broke", async () => {
    const fails: FakeOptions["fails"] = ({ question, time }) => question === "session" && time === 2;
    const trial = await prepare({ workers: 1, fake: { fails } });
    await expect(trial.run()).rejects.toThrow("direct broke when asked for session.");
    expect(verdicts(trial)).toEqual(["ftp: expected 1"]);
    expect(questions(trial).filter((question) => question === "session")).toHaveLength(2);
    await takeAll(trial, 1);
  });

  it("tells why the lab broke also where its witnesses fail for the same reason", async () => {
    const fails: FakeOptions["fails"] = ({ question, time }) =>
      question === "collect" || (question === "session" && time === 4);
    const trial = await prepare({ fake: { fails } });
    await expect(trial.run()).rejects.toThrow("direct broke when asked for session.");
  });

  it.each(["clear", "collect"] as const)("gives no verdict where the witnesses cannot %s", async (question) => {
    const trial = await prepare({ fake: { fails: (asked) => asked.question === question } });
    await expect(trial.run()).rejects.toThrow(`direct broke when asked for ${question}.`);
    expect(verdicts(trial)).toEqual([]);
  });

  it("keeps evidence and verdicts where the TLS secrets cannot be read, and says so", async () => {
    const trial = await prepare({ evidence: "on", fake: { fails: ({ question }) => question === "key-log" } });
    await trial.run();
    expect(verdicts(trial)).toEqual(modes.map((mode) => `${mode}: expected 1`));
    expect(trial.results.every(({ evidence }) => evidence.some((file) => file.endsWith("evidence.json")))).toBe(true);
    expect(trial.events.flatMap((event) => (event.kind === "notice" ? event.text : []))).toEqual([
      "direct: the TLS secrets are not in the evidence: direct broke when asked for key-log.",
    ]);
  });

  it("does not wait for blocked sessions once the run is stopped, and gives what had finished its verdict", async () => {
    const trial = await prepare();
    answer(trial.lab, { ftps: never, "ftps-ccc": never });
    const running = trial.run();
    const finished = (): number => trial.events.filter(({ kind }) => kind === "session-finished").length;
    while (finished() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    trial.stop.abort();
    await running;
    expect(verdicts(trial)).toEqual(["ftp: expected 1", "ftps-implicit: expected 1"]);
  });

  it("lets a session that only waits give its place to another", async () => {
    const trial = await prepare({ workers: 1 });
    const usual = trial.lab.runSession.bind(trial.lab);
    let end = (): void => undefined;
    trial.lab.runSession = (request, onWaiting) => {
      if (request.mode === "ftps-ccc") end();
      if (request.mode !== "ftp") return usual(request, onWaiting);
      onWaiting?.();
      return new Promise(
        (resolve) =>
          (end = () => {
            resolve(makeAttempt());
          }),
      );
    };
    await trial.run();
    expect(verdicts(trial)).toEqual(modes.map((mode) => `${mode}: expected 1`));
    await takeAll(trial, 1);
  });
});
