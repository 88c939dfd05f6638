import { availableParallelism, loadavg } from "node:os";
import { readServerLogs } from "../catalog/servers/registry";
import { contradictionsOf } from "../diagnose/contradictions/registry";
import { findingContradictions } from "../diagnose/contradictions/findings";
import { diagnose } from "../diagnose/diagnose";
import { assembleEvidence, type LabTexts } from "../evidence/recording/assemble";
import type { LabWitnesses, RunningLab } from "../lab/lab-port";
import type { Attempt, CellResult } from "../model/cell";
import { resolveClient } from "../catalog/clients/registry";
import { describeError, LabError } from "../model/errors";
import type { Topology } from "../model/topology";
import { dealsDataByTurns } from "../plan/balance";
import { routersOf } from "../model/network";
import { account } from "../model/ftp-site";
import { addressBehind } from "../plan/translator";
import { clientAddresses } from "../plan/wiring";
import type { CellRun } from "../plan/jobs";
import type { SessionContext } from "./context";
import { causeOf, isAsExpected, judge } from "./judge";
import { overloadOf } from "./overload";
import { asksTransfer, runProgramSession } from "./program-session";
import { sessionRequest } from "./session-request";
import { verifyTransfers } from "./verify";

/** A cell's run with what sets its packets and log lines apart from those of all others of its batch. */
export type Placed = {
  readonly run: CellRun;
  readonly localAddress: string;
  /** The address that represents it behind a translator. */
  readonly addressBehind: string;
  readonly user: string;
};

/** Runs that can share a lab at the same time: each has a client address and a login name of its own. */
export function batchesOf(topology: Topology, runs: readonly CellRun[]): readonly (readonly Placed[])[] {
  const addresses = clientAddresses(topology);
  // The first address is left to the harness's own probes, where there is more than one.
  const places = (addresses.length > 1 ? addresses.slice(1) : addresses).slice(0, account.users - 1);
  const most = takeTurns(topology) ? 1 : places.length;
  const batches: Placed[][] = [];
  for (let start = 0; start < runs.length; start += most) {
    const batch = runs.slice(start, start + most).map((run, index): Placed => {
      // Packets that a lost connection still sends long afterwards do not count as the next session's.
      const place = (start + index) % places.length;
      const localAddress = places[place] ?? "";
      const user = `${account.userPrefix}${place + 1}`;
      return { run, localAddress, addressBehind: addressBehind(topology, localAddress), user };
    });
    batches.push(batch);
  }
  return batches;
}

/**
 * A slow line is shared by all sessions on it, a loss of every nth packet falls on whom it falls, and so does a server that is chosen by
 * turns: there sessions take turns, so that what one meets does not depend on the others.
 */
function takeTurns(topology: Topology): boolean {
  const isSlow = topology.links.some(({ rateKbit }) => rateKbit !== null);
  return isSlow || dealsDataByTurns(topology) || routersOf(topology).some(({ make }) => make.losesOneIn !== null);
}

/** Runs that share a lab at the same time, and that lab. */
export type Batch = {
  readonly lab: RunningLab;
  /** `null` if only the client is heard. */
  readonly witnesses: LabWitnesses | null;
  /** Gives another id each time, for as long as the lab lives. */
  readonly nextSessionId: () => string;
  readonly batch: readonly Placed[];
};

/** Told each verdict. */
export type Finish = (run: CellRun, result: CellResult) => void;

type Finished = { readonly placed: Placed; readonly attempts: readonly Attempt[] };

/**
 * Runs a batch side by side, then reads the witnesses and gives the verdicts. Cells that had finished before the run was stopped or the lab broke get their verdicts too.
 * @throws LabError when the lab broke.
 */
export async function runBatch(shared: Batch, context: SessionContext, finish: Finish): Promise<void> {
  const { witnesses, batch } = shared;
  await witnesses?.clear();
  // Once the lab is broken nothing more is started in it; what is under way ends by itself.
  const broken = new AbortController();
  const inLab = { ...context, stop: AbortSignal.any([context.stop, broken.signal]) };
  const finished: Finished[] = [];
  const all = Promise.all(
    batch.map(async (placed) => {
      try {
        const attempts = await runAttempts(shared, placed, inLab);
        if (attempts !== null && !inLab.stop.aborted) {
          finished.push({ placed, attempts });
          tellFinished(placed, attempts, context);
        }
      } catch (error) {
        broken.abort(error);
      }
    }),
  );
  // A run that is stopped does not wait for its blocked sessions: they end with the lab.
  await orAborted(all, inLab.stop);
  try {
    for (const [run, result] of await giveVerdicts(shared, inOrder(batch, finished), context)) finish(run, result);
  } catch (error) {
    // Where the lab had broken before, its witnesses fail for that reason.
    broken.abort(error);
  }
  broken.signal.throwIfAborted();
}

/** In the planned order, not in the order in which they ended, so that among similar cells the same one is told in full each time. */
function inOrder(batch: readonly Placed[], finished: readonly Finished[]): readonly Finished[] {
  return finished.toSorted((one, other) => batch.indexOf(one.placed) - batch.indexOf(other.placed));
}

function tellFinished({ run }: Placed, attempts: readonly Attempt[], context: SessionContext): void {
  const last = attempts.at(-1);
  const asExpected = last !== undefined && isAsExpected(last, run.planned.expected);
  context.emit({ kind: "session-finished", planned: run.planned, asExpected });
}

/** The evidence if no witness was read. */
const clientOnly: LabTexts = {
  routers: [],
  servers: [],
  captures: [],
  missing: (["router", "server-log", "packets"] as const).map((collector) => ({
    collector,
    node: null,
    reason: "evidence is off",
  })),
};

async function giveVerdicts(
  { lab, witnesses }: Batch,
  finished: readonly Finished[],
  context: SessionContext,
): Promise<(readonly [CellRun, CellResult])[]> {
  if (finished.length === 0) return [];
  const texts = witnesses === null ? clientOnly : await witnesses.collect();
  const sessions = finished.flatMap(({ placed, attempts }) => {
    const attempt = attempts.at(-1);
    const { run, localAddress, addressBehind, user } = placed;
    return attempt === undefined ? [] : [{ cell: run.planned.cell, attempt, localAddress, addressBehind, user }];
  });
  const load = { running: loadavg()[0] ?? 0, processors: availableParallelism() };
  const sessionEvidence = assembleEvidence(sessions, texts, readServerLogs);
  const verdicts = finished.map(({ placed: { run }, attempts }, index) => {
    const seen = sessionEvidence[index];
    if (seen === undefined) throw new Error(`no evidence for ${run.planned.cell.id}`);
    const { evidence } = seen;
    const diagnosis = diagnose(evidence);
    const grounds = {
      // The last one's stage may be known from its packets alone.
      attempts: [...attempts.slice(0, -1), evidence.attempt],
      evidence,
      diagnosis,
      overload: overloadOf(evidence, load, { cause: causeOf(diagnosis), expectedCause: run.planned.expected.cause }),
      // A program's lack is proven without an FTP session, so there is nothing for witnesses to see.
      contradictions:
        evidence.attempt.result === "unsupported"
          ? []
          : [
              ...contradictionsOf(evidence, asksTransfer(run.planned.script)),
              ...findingContradictions(evidence, diagnosis),
            ],
    };
    const result = judge(run.planned, grounds, run.repeat);
    context.examples?.offer(result, evidence, diagnosis);
    return { run, seen, result };
  });
  const store = context.evidence;
  // Secrets are needed for what is written down alone.
  const isKept = verdicts.some(({ run, result }) => store.wants(result, run.planned));
  const keyLog = isKept && witnesses !== null ? await readKeyLog(lab, witnesses, context) : "";
  return Promise.all(
    verdicts.map(async ({ run, seen, result }) => {
      const evidence = store.wants(result, run.planned) ? await store.keep(result, seen, keyLog) : [];
      return [run, { ...result, evidence }] as const;
    }),
  );
}

/** Without the secrets no verdict is another one: packets then stay encrypted for who reads them. */
async function readKeyLog(lab: RunningLab, witnesses: LabWitnesses, { emit }: SessionContext): Promise<string> {
  try {
    return await witnesses.keyLog();
  } catch (error) {
    emit({
      kind: "notice",
      text: `${lab.id}: the TLS secrets are not in the evidence: ${describeError(error).message}`,
    });
    return "";
  }
}

/** Waits for work, or until a signal aborts. Then it no longer listens, since Node keeps a combined signal that is listened to. */
async function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const waiting = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener(
      "abort",
      () => {
        resolve();
      },
      { signal: waiting.signal },
    );
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    waiting.abort();
  }
}

/** Runs a cell until it does what is expected or its retries are used up; `null` when the run was stopped first. */
async function runAttempts(shared: Batch, placed: Placed, context: SessionContext): Promise<readonly Attempt[] | null> {
  const { lab } = shared;
  const { planned, repeat } = placed.run;
  const attempts: Attempt[] = [];
  for (let round = 0; round <= context.retries; round += 1) {
    const place = await context.places.acquire(planned.cell);
    try {
      if (context.stop.aborted) return null;
      if (round === 0) context.emit({ kind: "cell-started", planned, repeat });
      attempts.push(await runSession(shared, placed, place.release));
    } finally {
      place.release();
    }
    const last = attempts.at(-1);
    const isSettled = last === undefined || isAsExpected(last, planned.expected);
    if (isSettled && (last?.result !== "failed" || planned.expected.unpredicted !== true)) break;
    // A failure is FTP's only while the lab itself is whole.
    const fault = await lab.findFault();
    if (fault !== null) throw new LabError("run", `${lab.topology.id}: ${fault}.`, { code: "lab-broke" });
    if (isSettled) break;
  }
  return attempts;
}

async function runSession(
  { lab, nextSessionId }: Batch,
  { run, localAddress, user }: Placed,
  onWaiting: () => void,
): Promise<Attempt> {
  const { cell, script } = run.planned;
  const client = resolveClient(cell.client);
  if (client === null) throw new Error(`no client ${cell.client}`);
  const setting = {
    topology: lab.topology,
    options: client.options,
    files: lab.server.files,
    ca: lab.certificates.ca,
    localAddress,
    user,
    sessionId: nextSessionId(),
  };
  const request = sessionRequest(cell, setting, script);
  const { program } = client.definition;
  const attempt =
    program === null
      ? await lab.runSession(request, onWaiting)
      : await runProgramSession(lab, { program, options: client.words, request, script }, onWaiting);
  return verifyTransfers(attempt, request, lab.server, script?.asksServer);
}
