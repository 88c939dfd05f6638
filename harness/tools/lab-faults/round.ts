import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readReport } from "../../../reports/read-report";
import type { Engine } from "../../lab/engine";
import { sweepDead } from "../../lab/sweep";
import type { PatchPanel } from "../../lab/patch-panel";
import { exitCodes } from "../../model/errors";
import type { MatrixReport } from "../../model/report";
import { exitCodeOf } from "../../run/exit-code";
import type { Random } from "../random";
import { heldSince, nothing, type Held } from "../soak/leaks";
import { measureOutside, settled } from "../soak/measure";
import { strayPaths } from "../soak/stray-paths";
import type { LabFault } from "./kinds";
import { Session, type SessionEnd } from "./session";

/** A session that has not ended so long after it was broken hangs. */
const hangMs = 180_000;

/**
 * Files that stay. Testcontainers has a lock for each user and uses it again; the mark that it is held counts for 10 s. A report that
 * found no place in the output is here.
 */
const isKept = /^(?:testcontainers-node(?:-\d+)?\.lock(?:\.lock)?|ftp-nat-matrix-\d{8}-\d{6}-[0-9a-f]{4}(?:\/.*)?)$/;

/** What a round has shown. */
export type Round = {
  readonly fault: string;
  readonly round: number;
  /** From the session's start to the blow, in ms; `null` if there was nothing to break before it ended. */
  readonly struckMs: number | null;
  /** From the session's start to its end. */
  readonly lastedMs: number;
  /** From the blow to there. */
  readonly endedMs: number;
  /** From the session's end until nothing was left. */
  readonly goneMs: number;
  readonly end: SessionEnd | null;
  /** Of all cells of the session: those with a verdict, lab-errors, and those that were not run; `null` without a report. */
  readonly cells: { readonly decided: number; readonly labErrors: number; readonly skipped: number } | null;
  /** What must not be, one sentence each. */
  readonly faults: readonly string[];
};

/** What rounds share. */
export type Site = {
  readonly engine: Engine;
  readonly panel: PatchPanel;
  readonly cells: readonly string[];
  /** How long a session takes that nobody breaks. */
  readonly usualMs: number;
  /** So long after a session's end everything has to be gone. */
  readonly goneWithinMs: number;
};

/** Starts a session, breaks it at a random moment, and looks at what it comes to and leaves. */
export async function runRound(fault: LabFault | null, round: number, random: Random, site: Site): Promise<Round> {
  const { engine, panel, cells, usualMs, goneWithinMs } = site;
  const session = await Session.start(engine, cells, fault ?? {});
  const { temporary, output } = session.places;
  const held = async (): Promise<Held> => {
    const runs = session.runId === null ? [] : [session.runId];
    const outside = await measureOutside({ engine, panel, runs, temporary });
    return { ...outside, files: outside.files.filter((path) => !isKept.test(path)), descriptors: [] };
  };
  const before = { ...(await held()), processes: [], files: [], containers: [] };
  try {
    const startedAt = performance.now();
    await session.endWithin(random.next() * usualMs);
    const toldBefore = session.toldCells;
    let isHit = false;
    while (fault !== null && !session.isOver && !isHit) {
      isHit = await fault.strike(session, random);
      if (!isHit) await delay(50);
    }
    const struckAt = performance.now();
    const end = await session.endWithin(hangMs);
    const endedAt = performance.now();
    if (end === null) session.signal("SIGKILL", "group");
    const measure = async (): Promise<Held> => heldSince(before, await held());
    await settled(measure, goneWithinMs);
    // As the next run does: a container that the engine was still making has no lease.
    await sweepDead(engine);
    const left = await measure();
    const goneAt = performance.now();
    // Where the output takes nothing, the report is in the temporary folder.
    const fallback = join(temporary, `ftp-nat-matrix-${session.runId ?? ""}`);
    const place = [output, fallback].find((folder) => existsSync(join(folder, "report.json")));
    const report = place === undefined ? null : readReport(place);
    const stray = (await strayPaths(output, report?.cells ?? [])).filter((path) => !path.startsWith("filler-"));
    return {
      fault: fault?.id ?? "none",
      round,
      struckMs: isHit ? struckAt - startedAt : null,
      lastedMs: endedAt - startedAt,
      endedMs: endedAt - struckAt,
      goneMs: goneAt - endedAt,
      end,
      cells: report === null ? null : cellsOf(report),
      faults: [
        ...endFaults(end, report, { fault, isHit, words: session.words }),
        ...verdictFaults(report, toldBefore),
        ...leftFaults(left),
        ...stray.map((path) => `left in the output: ${path}`),
      ],
    };
  } finally {
    await session.remove();
  }
}

function cellsOf({ summary: { outcomes, total } }: MatrixReport): Round["cells"] {
  const { "lab-error": labErrors, skipped } = outcomes;
  return { decided: total - labErrors - skipped, labErrors, skipped };
}

/** Whether a session ended as it is documented. */
function endFaults(
  end: SessionEnd | null,
  report: MatrixReport | null,
  { fault, isHit, words }: { readonly fault: LabFault | null; readonly isHit: boolean; readonly words: string },
): readonly string[] {
  if (end === null) return [`it has not ended within ${hangMs / 1000} s`];
  const { exitCode, signal } = end;
  if (isHit && fault?.id === "kill") return signal === "SIGKILL" ? [] : [`exit ${exitCode ?? ""} after SIGKILL`];
  // npm ends itself by the signal that it has passed on; shells call that 130.
  if (fault?.startedBy === "npm" && signal === "SIGINT") {
    return report === null || report.run.interrupted ? [] : ["interrupted with a report that does not say so"];
  }
  // So early no handler is there yet, and nothing has begun.
  if (exitCode === null && isHit && report === null && !/^\S* ?run /m.test(words)) return [];
  if (exitCode === null) return [`it was ended by ${signal ?? "nobody"}`];
  if (isHit && fault?.isAbrupt === true && exitCode === exitCodes.interrupted) return [];
  if (report !== null) {
    const right = words.includes("reporter failed") ? exitCodes.lab : exitCodeOf(report);
    return exitCode === right ? [] : [`exit ${exitCode} with a report that means ${right}`];
  }
  const isInterrupted = exitCode === exitCodes.interrupted && words.includes("interrupted");
  // A run that could not begin, or a report that could not be written, is told in a sentence.
  const isTold =
    [exitCodes.usage, exitCodes.lab].some((code) => code === exitCode) && /^error: |reporter failed/m.test(words);
  return isInterrupted || isTold ? [] : [`exit ${exitCode} without a report: ${words.trim().split("\n").at(-1) ?? ""}`];
}

function verdictFaults(report: MatrixReport | null, toldBefore: number): readonly string[] {
  if (report === null) return toldBefore === 0 ? [] : [`results of ${toldBefore} finished cells are lost`];
  const wrong = report.cells.filter(({ outcome }) => outcome === "unexpected");
  const decided = cellsOf(report)?.decided ?? 0;
  return [
    ...wrong.map(({ id, result, stage, cause, message }) =>
      [`wrong verdict: ${id}`, result, stage, cause, message].filter((word) => word !== null).join(" · "),
    ),
    ...(decided < toldBefore ? [`results of ${toldBefore - decided} finished cells are lost`] : []),
  ];
}

function leftFaults(left: Held): readonly string[] {
  return Object.entries(heldSince(nothing, left)).flatMap(([kind, names]) =>
    names.map((name) => `left: ${kind}: ${name}`),
  );
}
