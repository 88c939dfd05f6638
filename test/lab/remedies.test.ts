import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientImageOf } from "../../harness/catalog/clients/registry";
import { proftpdPaths } from "../../harness/catalog/servers/proftpd-paths";
import { imageOf, softwareNamed } from "../../harness/catalog/servers/registry";
import { diagnose } from "../../harness/diagnose/diagnose";
import { offersOf } from "../../harness/diagnose/offers";
import type { Offer } from "../../harness/diagnose/remedies/remedy";
import { readRecording } from "../../harness/evidence/recording/read-recording";
import type { Lab } from "../../harness/lab/lab";
import type { Cell, CellResult, ExpectedResult, PlannedCell } from "../../harness/model/cell";
import { fileSizes } from "../../harness/model/ftp-site";
import { cellId } from "../../harness/model/cells";
import { causeIds } from "../../harness/model/diagnosis";
import type { LiteralCommand } from "../../harness/model/session-script";
import type { ServerProfile } from "../../harness/model/server-profile";
import type { Topology } from "../../harness/model/topology";
import type { Setup } from "../../harness/plan/setup";
import { Slots } from "../../harness/run/slots";
import { catalog, choose, runCells } from "../support/lab-run";
import { onServer } from "../support/faults/staging";
import { layCertificate, partsOf, paste, pastedInto, reset, takesLines } from "../support/paste";
import { cases, notPasted, outOfReach, type RemedyCase } from "../support/remedy-cases";

jest.setTimeout(600_000);

/** Most of a lab's life is waiting. */
const labsAtOnce = 5;

/** What a lab serves, what is changed in it then, and the cell that meets that. */
type Stage = {
  readonly profile: ServerProfile;
  readonly change: (lab: Lab) => Promise<void>;
  /** Whether the change is one of a host, too. */
  readonly touchesHosts: boolean;
  readonly planned: PlannedCell;
};

const compared: ExpectedResult = {
  ...{ result: "not-run", stage: null, cause: null, unpredicted: true },
  reason: "Nothing is predicted: it is compared with what is printed.",
};

/** A cell with a server of its own. */
function stageOf(
  { cell }: Setup,
  { profile, change, touchesHosts }: Omit<Stage, "planned">,
  command: LiteralCommand | null = null,
): Stage {
  const axes = { ...cell, server: profile.id };
  const planned: PlannedCell = { cell: { ...axes, id: cellId(axes) }, expected: compared };
  const sizes = cell.operation === "download" ? [Math.max(...fileSizes)] : [];
  const steps = [{ kind: "transfer", operation: cell.operation, sizes }] as const;
  const script = { steps, command, port: null, asksServer: false };
  return { ...{ profile, change, touchesHosts }, planned: command === null ? planned : { ...planned, script } };
}

const known: string[] = [];

/** A server in a lab that is as its topology says: cells that want the same share it, and run side by side. */
function unchanged(setup: Setup): Stage {
  const text = JSON.stringify({ ...setup.server, id: "" });
  if (!known.includes(text)) known.push(text);
  const profile = { ...setup.server, id: `server-${known.indexOf(text)}` };
  return stageOf(setup, { profile, change: nothing, touchesHosts: false });
}

const nothing = (): Promise<void> => Promise.resolve();

const slots = new Slots(labsAtOnce);

/** Runs cells in one lab, and in another one where the first broke: that is no word about a remedy. The results in their order. */
async function runStages(topology: Topology, stages: readonly Stage[], folder: string): Promise<readonly CellResult[]> {
  const results = await runInLab(topology, stages, folder);
  const isBroken = results.some(({ outcome }) => outcome === "lab-error");
  return isBroken ? runInLab(topology, stages, folder) : results;
}

/** One after another, each after its own change of the lab. */
async function runInLab(topology: Topology, stages: readonly Stage[], folder: string): Promise<readonly CellResult[]> {
  const ofHosts = stages.some(({ touchesHosts }) => touchesHosts);
  const served = async (lab: Lab, profile: ServerProfile): Promise<void> => {
    await layCertificate(lab);
    await reset(lab, { ofHosts });
    await stages.find((stage) => stage.profile.id === profile.id)?.change(lab);
  };
  const first = stages.find(({ profile }) => takesPlainFtp(profile));
  const beforeCells = async (lab: Lab): Promise<void> => {
    await layCertificate(lab);
    const serve = lab.server.serve.bind(lab.server);
    lab.server.serve = async (profile) => {
      // What a planted fault or a pasted line made of them is that stage's own.
      for (const changed of ["runSession", "runProgram"]) Reflect.deleteProperty(lab, changed);
      await serve(profile);
      await served(lab, profile);
    };
    // The lab's controls have had it already.
    if (first === stages[0] && first !== undefined) await served(lab, first.profile);
  };
  const slot = await slots.acquire();
  try {
    const { cells } = await runCells([...new Map(stages.map(({ planned }) => [planned.cell.id, planned])).values()], {
      ...{ beforeCells, folder },
      topologies: new Map([[topology.id, topology]]),
      profiles: new Map([...catalog.profiles, ...stages.map(({ profile }) => [profile.id, profile] as const)]),
    });
    return stages.map(({ planned }) => {
      const found = cells.find(({ id }) => id === planned.cell.id);
      if (found === undefined) throw new Error(`no result of ${planned.cell.id}`);
      return found;
    });
  } finally {
    slot.release();
  }
}

function takesPlainFtp(profile: ServerProfile): boolean {
  const { refusesClearLogin, refusesClearTransfer } = softwareNamed(profile.software).traits(profile);
  return refusesClearLogin === null && refusesClearTransfer === null;
}

function setupOf({ cell: id, topology: change, server: other }: RemedyCase): Setup {
  const [planned] = choose([id]);
  const topology = catalog.topologies.get(planned?.cell.topology ?? "");
  const server = catalog.profiles.get(planned?.cell.server ?? "");
  if (planned === undefined || topology === undefined || server === undefined) throw new Error(`no cell ${id}`);
  return { cell: planned.cell, topology: change?.(topology) ?? topology, server: other ?? server };
}

/** Programs whose usage is a command line; of the others, a library's calls or settings, the lab has a cell. */
const commandLines = ["curl", "curl-7.88", "lftp"];

/** The line as it is printed, with what it leaves to the user: account, folder, and the CA, which the system would know. */
function literally({ client, operation }: Cell, lines: readonly string[]): LiteralCommand | null {
  const [program = ""] = client.split("+");
  if (!commandLines.includes(program)) return null;
  const isLftp = program === "lftp";
  const folder = isLftp ? "" : operation === "list" ? "/{folder}/" : "/{folder}/{file} --output {file}";
  const typed = lines.map((line) =>
    line
      .replace(/\bNAME\b/, isLftp ? "{user},{password}" : "{user}:{password}")
      .replace(/(ftps?:\/\/[^/ ]+)\/$/, `$1${folder}`),
  );
  return {
    argv: ["sh", "-c", typed.join("\n")],
    // The settings of the user's own file only make the program tell what it does, and give up in time.
    files: isLftp
      ? [{ path: ".lftprc", text: "debug 9\nset net:timeout 8\nset net:max-retries 1\nset ssl:ca-file {ca}\n" }]
      : [
          {
            path: ".curlrc",
            text: 'verbose\nno-progress-meter\nconnect-timeout = 5\nmax-time = 15\ncacert = "{ca}"\n',
          },
        ],
    input: isLftp ? "cd {folder}\nls\nexit\n" : null,
  };
}

/** What was done with what is printed, and how often. */
const told = { lines: new Map<string, number>(), applied: 0, left: new Map<string, number>() };

function count(table: Map<string, number>, name: string): void {
  table.set(name, (table.get(name) ?? 0) + 1);
}

/** The certificate that ProFTPD shows. */
function certificateOf({ serverShell }: Lab): Promise<string> {
  return serverShell.run("server", `cat ${proftpdPaths.certificate}`);
}

/** Gives a program's user a file. */
const handOver =
  (path: string, text: string) =>
  (lab: Lab): Promise<void> => {
    const run = lab.runProgram.bind(lab);
    lab.runProgram = ({ command, ...request }, onWaiting) =>
      run({ ...request, command: { ...command, files: [...(command.files ?? []), { path, text }] } }, onWaiting);
    return Promise.resolve();
  };

type Verdict = { readonly before: CellResult; readonly uncured: readonly string[] };
type Verdicts = ReadonlyMap<RemedyCase, Verdict>;
/** A case whose failure is on record. */
type Failed = {
  readonly one: RemedyCase;
  readonly setup: Setup;
  readonly before: CellResult;
  readonly offers: readonly Offer[];
};
/** A session that has to work now. */
type Trial = {
  readonly failed: Failed;
  readonly what: string;
  readonly topology: Topology;
  readonly stage: Stage;
  /** Whether something stands in the server's file that was pasted. */
  readonly isPasted: boolean;
};

/** Fails first, and then is cured in each way that is printed: cases of one network. */
async function tryNetwork(own: readonly RemedyCase[], folder: string): Promise<Verdicts> {
  const failed = await inLabs(own, labOf, (group, index) => failuresOf(group, join(folder, `before-${index}`)));
  const trials = failed.flatMap((one, index) =>
    one.offers.flatMap((offer, at) => trialsOf(one, offer, `${index}-${at}`)),
  );
  const uncured = await inLabs(trials, labOfTrial, (same, index) => uncuredOf(same, join(folder, `after-${index}`)));
  return new Map(
    failed.map((one) => {
      const mine = uncured.filter(({ trial }) => trial.failed === one);
      return [one.one, { before: one.before, uncured: mine.map(({ trial, text }) => `${trial.what}: ${text}`) }];
    }),
  );
}

/** What a lab is made of: cases for which it is the same can share one. What is planted by hand has a server, and so a turn, of its own. */
function labOf(one: RemedyCase): string {
  const { cell, topology, server } = setupOf(one);
  return JSON.stringify([topology, clientImageOf(cell.client), imageOf(server)]);
}

function labOfTrial({ topology, stage: { planned, profile } }: Trial): string {
  return JSON.stringify([topology, clientImageOf(planned.cell.client), imageOf(profile)]);
}

/** Labs work side by side, and what shares one has its turns one after another. */
const mostTurns = 6;

/** Does the work of items that can share a lab, all labs side by side; all results. */
async function inLabs<Item, Result>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  work: (group: readonly Item[], index: number) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const groups = alike(items, keyOf).flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / mostTurns) }, (_, at) =>
      group.slice(at * mostTurns, (at + 1) * mostTurns),
    ),
  );
  return (await Promise.all(groups.map(work))).flat();
}

/** Has the cases of one lab fail; what is printed for each. */
async function failuresOf(group: readonly RemedyCase[], folder: string): Promise<readonly Failed[]> {
  const setups = group.map((one, index) => ({ one, setup: setupOf(one), id: `case-${index}` }));
  const [head] = setups;
  if (head === undefined) return [];
  const stages = setups.map(({ one, setup, id }) =>
    one.plant === undefined
      ? unchanged(setup)
      : stageOf(setup, { profile: { ...setup.server, id }, change: one.plant, touchesHosts: true }),
  );
  const results = await runStages(head.setup.topology, stages, folder);
  return setups.map(({ one, setup }, index): Failed => {
    const before = results[index];
    if (before === undefined) throw new Error(`no result of ${one.cell}`);
    const { evidence } = readRecording(join(folder, "cells", ...before.id.split("/")));
    if (evidence === null) throw new Error(`no evidence of ${before.id}: ${describe(before)}`);
    const offers = offersOf(one.cause, evidence);
    // What is applied is what is printed, in the same order.
    const printed = diagnose(evidence).findings.find(({ cause }) => cause === one.cause)?.remedies ?? [];
    expect(offers.map((offer) => offer.printed)).toEqual(printed);
    return { one, setup, before, offers };
  });
}

type Uncured = { readonly trial: Trial; readonly text: string };

/** Has sessions of one network, and tells of those that do not work. */
async function uncuredOf(trials: readonly Trial[], folder: string): Promise<readonly Uncured[]> {
  const [first] = trials;
  if (first === undefined) return [];
  // The controls have the first server that takes plain FTP: nothing that is pasted may be in it.
  const served = trials.find(({ stage }) => takesPlainFtp(stage.profile));
  const harmless = served?.isPasted === true ? served.failed.setup : undefined;
  const controls = harmless === undefined ? [] : [unchanged(harmless)];
  const results = await runStages(first.topology, [...controls, ...trials.map(({ stage }) => stage)], folder);
  return results.slice(controls.length).flatMap((result, index) => {
    const trial = trials[index];
    return trial === undefined || result.result === "worked" ? [] : [{ trial, text: describe(result) }];
  });
}

function describe({ result, stage, cause, message }: CellResult): string {
  return [result, stage, cause, message].filter((word) => word !== null).join(" ");
}

/**
 * What a remedy makes of a set-up is predicted to cure every failing cell (`test/property/diagnose/diagnose-remedies.test.ts`).
 * A night applies all that is printed in a lab, too; other runs apply each remedy once.
 */
const isNight = process.env["REMEDIES"] === "all";
const appliedOnce = new Set<string>();

/** The printed lines, pasted; and what the lab applies. */
function trialsOf(failed: Failed, { remedy, printed }: Offer, id: string): readonly Trial[] {
  const { one, setup } = failed;
  if (Object.hasOwn(notPasted, printed.id)) {
    count(told.left, printed.id);
    return [];
  }
  const parts = partsOf(printed);
  const isServers = parts.some(({ place }) => place === "server configuration");
  if (isServers && !takesLines(setup.server))
    throw new Error(`${one.cell}: nothing can be pasted into this server's file`);
  const after = remedy.apply(setup);
  const typed = parts.filter(({ place }) => place === "client").flatMap(({ lines }) => lines);
  const cell = typed.length === 0 ? setup.cell : (after?.cell ?? setup.cell);
  const command = typed.length === 0 ? null : literally(cell, typed);
  for (const place of new Set(parts.map(({ place: where }) => where))) {
    count(
      told.lines,
      place === "client" ? (command === null ? "client, as the lab has it" : "client, as a command line") : place,
    );
  }
  const change = async (lab: Lab): Promise<void> => {
    await one.plant?.(lab);
    if (setup.cell.client.includes("+by-address")) {
      await layCertificate(lab, lab.topology.dial);
      await onServer()(lab);
    }
    if (printed.lines.some((line) => line.includes("ca.pem"))) await handOver("ca.pem", await certificateOf(lab))(lab);
    await paste(lab, parts);
  };
  const touchesHosts = one.plant !== undefined || parts.some(({ place }) => place.endsWith(" host"));
  const profile = pastedInto(setup.server, parts, `pasted-${id}`);
  const { topology } = setup;
  // Calls of a library are the cell that the lab applies.
  const isSame = command === null && parts.every(({ place }) => place === "client");
  const pasted: Trial = {
    ...{ failed, topology },
    what: `${one.cell}: ${printed.id}, pasted`,
    stage:
      isSame && one.plant === undefined
        ? unchanged({ ...setup, cell })
        : stageOf({ ...setup, cell }, { profile, change, touchesHosts }, command),
    isPasted: isServers,
  };
  // What is planted by hand is in no network, and may be what is taken away.
  if (after === null || isSame || (after.topology !== topology && one.plant !== undefined)) return [pasted];
  if (!isNight && appliedOnce.has(remedy.id)) return [pasted];
  appliedOnce.add(remedy.id);
  told.applied += 1;
  const applied: Trial = {
    ...{ failed, topology: after.topology },
    what: `${one.cell}: ${printed.id}, applied`,
    stage:
      one.plant === undefined
        ? unchanged(after)
        : stageOf(after, {
            ...{ profile: { ...after.server, id: `applied-${id}` }, change: one.plant, touchesHosts },
          }),
    isPasted: false,
  };
  return [pasted, applied];
}

/** Items with the same key, together. */
function alike<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly (readonly Item[])[] {
  const byKey = new Map<string, Item[]>();
  for (const item of items) byKey.set(keyOf(item), [...(byKey.get(keyOf(item)) ?? []), item]);
  return [...byKey.values()];
}

/** Cases of one network share its labs. */
const networks = alike(cases, (one) => JSON.stringify(setupOf(one).topology));
const started = new Map<readonly RemedyCase[], Promise<Verdicts>>();
const home = mkdtemp(join(tmpdir(), "ftp-nat-matrix-remedies-"));

async function verdictOf(one: RemedyCase): Promise<Verdict | undefined> {
  const own = networks.find((others) => others.includes(one)) ?? [];
  const folder = join(await home, String(networks.indexOf(own)));
  const verdicts = started.get(own) ?? tryNetwork(own, folder);
  started.set(own, verdicts);
  return (await verdicts).get(one);
}

afterAll(async () => {
  await rm(await home, { recursive: true, force: true });
});

test.concurrent.each(cases.map((one) => ({ ...one, one })))(
  "$cause in $cell is cured by all that is printed",
  async ({ one, cause }) => {
    const verdict = await verdictOf(one);
    expect(verdict?.before).toMatchObject({ result: "failed", cause });
    expect(verdict?.uncured).toEqual([]);
  },
);

test("every remedy of every cause was pasted, or cannot be", async () => {
  await Promise.allSettled(started.values());
  const reached = new Set(cases.map(({ cause }) => cause));
  expect(causeIds.filter((id) => reached.has(id) === Object.hasOwn(outOfReach, id))).toEqual([]);
  const sum = (table: ReadonlyMap<string, number>): number =>
    [...table.values()].reduce((total, number) => total + number, 0);
  const rows = (table: ReadonlyMap<string, number>): string =>
    [...table].map(([name, number]) => `${number} × ${name}`).join(", ");
  process.stdout.write(
    `remedies: ${sum(told.lines)} pasted as printed (${rows(told.lines)}), ${told.applied} applied, ` +
      `${sum(told.left)} left out (${rows(told.left)})\n`,
  );
  expect(sum(told.lines)).toBeGreaterThan(120);
});
