/** A fault's lab: staged, run, read, and compared with the truth. */
import { join } from "node:path";
import { diagnose } from "../../diagnose/diagnose";
import { EvidenceStore } from "../../evidence/recording/store";
import { readRecording } from "../../evidence/recording/read-recording";
import { Lab } from "../../lab/lab";
import type { RunSite } from "../../lab/lab-port";
import type { LabSite } from "../../lab/lab-site";
import type { CellResult } from "../../model/cell";
import { describeError } from "../../model/errors";
import type { CellEvidence } from "../../model/evidence";
import type { RunEvent } from "../../model/events";
import { clientOf } from "../../model/network";
import type { ServerProfile } from "../../model/server-profile";
import { hostsOf, labId } from "../../plan/labs";
import { runLab } from "../../run/lab-runner";
import type { SessionPlaces } from "../../run/session-places";
import type { DrawnFault } from "./draw";
import { HitLog } from "./hit-log";
import type { Findings, Truth } from "./kinds/definition";
import { firstLoss, firstMet, type Hit, type Session } from "./oracle/loss";
import { controlPortOf, serverHostsOf } from "./place";
import { hurry, makeChange, pidsOf } from "./staging";
import { grade, saidBy, type Graded, type RuleText, type Said } from "./verdict";

/** What happened to a fault. */
export type Examined = { readonly drawn: DrawnFault; readonly outcome: Outcome; readonly durationMs: number };

export type Kept = Extract<Outcome, { readonly kind: "kept" }>;

export type Outcome =
  /** The cell failed: what was said of it, and what is true. */
  | {
      readonly kind: "kept";
      readonly said: Said;
      readonly truth: Truth;
      readonly rule: RuleText | null;
      readonly found: Findings;
      readonly graded: Graded;
      /** Stage and message of the session, for people. */
      readonly ending: string;
      readonly evidence: CellEvidence;
    }
  /** The cell still works. */
  | { readonly kind: "harmless" }
  /** It failed, and not by the change, as far as the oracle sees. */
  | { readonly kind: "unexplained"; readonly why: string }
  /** The change could not be made. */
  | { readonly kind: "not-staged"; readonly why: string };

/** What all faults of a run share. */
export type Laboratory = {
  readonly site: RunSite & LabSite;
  readonly profiles: ReadonlyMap<string, ServerProfile>;
  /** For recordings, one folder a fault. */
  readonly folder: string;
  readonly places: SessionPlaces;
  readonly otherCa: () => Promise<string>;
  readonly signal: AbortSignal;
};

/** Examines a fault in a lab of its own. Never throws for what goes wrong in that lab. */
export async function examine(drawn: DrawnFault, laboratory: Laboratory): Promise<Examined> {
  const startedAt = performance.now();
  const outcome = await outcomeOf(drawn, laboratory).catch((error: unknown): Outcome => ({
    kind: "not-staged",
    why: describeError(error).message,
  }));
  return { drawn, outcome, durationMs: Math.round(performance.now() - startedAt) };
}

async function outcomeOf(drawn: DrawnFault, laboratory: Laboratory): Promise<Outcome> {
  const { base } = drawn;
  const folder = join(laboratory.folder, `${drawn.seed}-${drawn.index}`);
  const ran = await runInLab(drawn, folder, laboratory);
  if (typeof ran === "string") return { kind: "not-staged", why: ran };
  const recording = readRecording(join(folder, "cells", ...base.planned.cell.id.split("/")));
  if (recording.evidence === null) {
    return { kind: "not-staged", why: ran.result.message ?? recording.problems.join(" ") };
  }
  return judged(drawn, { ...ran, evidence: recording.evidence });
}

type Ran = { readonly result: CellResult; readonly hits: readonly Hit[]; readonly rule: RuleText | null };

/** Compares what the recording shows with what was said of it. */
function judged(
  drawn: DrawnFault,
  { result, hits, rule, evidence }: Ran & { readonly evidence: CellEvidence },
): Outcome {
  const { base, fault } = drawn;
  const { attempt } = evidence;
  if (attempt.result === "worked") return { kind: "harmless" };
  if (attempt.result !== "failed") return { kind: "unexplained", why: attempt.message ?? attempt.result };
  const found = findingsOf(drawn, evidence, hits);
  const truth = fault.truth(found);
  if (truth === null) return { kind: "unexplained", why: attempt.message ?? "" };
  const said = saidBy(diagnose(evidence), result.outcome === "lab-error");
  const ending = `${attempt.stage ?? "nowhere"}: ${attempt.message ?? ""}`;
  const inWords = result.outcome === "lab-error" ? `${ending} (${result.message ?? ""})` : ending;
  const graded = grade(said, truth, rule);
  return {
    kind: "kept",
    said,
    truth,
    rule,
    found,
    graded,
    ending: inWords,
    evidence: { ...evidence, cell: base.planned.cell },
  };
}

/** What the oracle finds: of a rule that ends packets, what it ended for good; of any other change, the first loss since. */
function findingsOf({ base, fault }: DrawnFault, { captures }: CellEvidence, hits: readonly Hit[]): Findings {
  const client = clientOf(base.topology).id;
  const servers = serverHostsOf(base);
  const session: Session = { captures, client, servers, controlPorts: [21, 990, controlPortOf(base)] };
  if (fault.rule === null) return { loss: firstLoss(session, null), met: true };
  const host = fault.node === client ? "client" : servers.includes(fault.node) ? "server" : null;
  const [first] = hits;
  if (first === undefined) return { loss: null, met: false };
  const ended = firstLoss(session, hits);
  const since = firstLoss(session, null, first.at);
  const met = firstMet(session, hits, host);
  // A host's own rule ends packets before any capture sees them.
  return { loss: fault.stops === true ? (ended ?? met) : (since ?? met), met: true };
}

/** Runs the cell in a lab with the fault; gives why it could not be, where it could not. */
async function runInLab(drawn: DrawnFault, folder: string, laboratory: Laboratory): Promise<Ran | string> {
  const { base, fault } = drawn;
  const { cell } = base.planned;
  const { site, signal } = laboratory;
  const profiles = new Map(laboratory.profiles);
  const hosts = hostsOf(cell, profiles);
  const events: RunEvent[] = [];
  const shell = await (await site.panel).openShell(`faults-${drawn.index}`);
  const log = new HitLog(shell, `${drawn.seed}-${drawn.index}`);
  const staged: { rule: RuleText | null; problem: string | null } = { rule: null, problem: null };
  // Its containers are called by it, and faults of one network run side by side.
  const topology = { ...base.topology, id: `${base.topology.id}-${drawn.index}` };
  try {
    await runLab(
      { id: labId(topology.id, hosts), topology, hosts, runs: [{ planned: base.planned, repeat: 1 }] },
      {
        site,
        profiles,
        places: laboratory.places,
        evidence: new EvidenceStore(folder, "on"),
        examples: null,
        retries: 0,
        keepLab: false,
        tracesAll: true,
        stop: signal,
        checked: Promise.resolve(),
        emit: (event) => events.push(event),
        beforeCells: async (lab) => {
          if (!(lab instanceof Lab)) throw new Error("a lab that is not in containers");
          try {
            const pids = await pidsOf(lab);
            const stage = { lab, shell, profile: base.profile, pids, otherCa: laboratory.otherCa };
            const pid = pids.get(fault.node);
            if (fault.rule !== null && pid !== undefined) await log.start(pid);
            for (const change of fault.changes) {
              // What serves the cell then is the changed profile.
              if (change.kind === "directives") {
                const amendments = [...(base.profile.amendments ?? []), ...change.lines];
                profiles.set(base.profile.id, { ...base.profile, amendments });
              }
              await makeChange(change, stage);
            }
            if (fault.rule !== null && pid !== undefined) {
              const text = await shell.run("wiring", `nsenter -t ${pid} -n bash -e <<'END'\n${fault.rule.show}\nEND`);
              staged.rule = { ...fault.rule, text: text.trim() };
            }
            hurry(lab);
          } catch (error) {
            staged.problem = describeError(error).message;
            throw error;
          }
        },
      },
    );
    if (staged.problem !== null) return staged.problem;
    const result = events.flatMap((event) => (event.kind === "cell-finished" ? [event.result] : []))[0];
    if (result === undefined) return "the run was stopped";
    return { result, rule: staged.rule, hits: fault.rule === null ? [] : await log.read() };
  } finally {
    await log.stop().catch(() => undefined);
    shell.close();
  }
}
