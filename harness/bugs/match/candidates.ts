import { causes } from "../../diagnose/causes/registry";
import { diagnose } from "../../diagnose/diagnose";
import { cellId } from "../../model/cells";
import type { Cell } from "../../model/cell";
import type { Finding } from "../../model/diagnosis";
import type { CellEvidence } from "../../model/evidence";
import type { MatchedCause } from "../../model/match";
import type { Symptom } from "../../model/symptom";
import { agrees, cluesOf, shows, type OtherSession, type Siblings } from "./clues";
import type { KnownCell } from "./table";

/** A cause that would explain a symptom. */
export type Candidate = Omit<MatchedCause, "cells"> & {
  /** Known cells that show the same and fail from it, one for each topology. */
  readonly cells: readonly KnownCell[];
};

/** What would explain a symptom, most likely first: what the log proves, then what the most networks of the catalog show. */
export function candidatesOf(
  symptom: Symptom,
  cells: readonly KnownCell[],
  siblings: Siblings,
  others: readonly OtherSession[] = [],
): readonly Candidate[] {
  if (symptom.result !== "failed") return [];
  const clues = cluesOf(symptom, others);
  const matching = cells.filter((cell) => shows(cell, clues) && agrees(cell, others, siblings));
  const fitting = new Map<string, KnownCell[]>();
  for (const known of matching) {
    const { cause } = known.expected;
    if (cause !== null) fitting.set(cause, [...(fitting.get(cause) ?? []), known]);
  }
  const findings = diagnose(evidenceOf(symptom)).findings.filter(({ cause }) => cause !== "unknown");
  const named = new Map(findings.map((finding) => [finding.cause, finding]));
  return causes
    .filter(({ id }) => named.has(id) || fitting.has(id))
    .map(({ id, title }) => {
      const finding = named.get(id) ?? null;
      const fits = fitting.get(id) ?? [];
      const candidate: Candidate = {
        cause: id,
        title,
        confidence: confidenceOf(finding, fits),
        explanation: finding?.explanation ?? null,
        cells: onePerTopology(fits),
      };
      return { candidate, weight: (finding?.confidence === "shown" ? 1e6 : 0) + weightOf(candidate.cells) };
    })
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ candidate }) => candidate);
}

function confidenceOf(finding: Finding | null, fits: readonly KnownCell[]): Candidate["confidence"] {
  if (finding?.confidence === "shown") return "shown";
  return fits.length > 0 ? "fits" : "possible";
}

/** What few people have counts for less: there may be more of it in the catalog than outside. */
function weightOf(cells: readonly KnownCell[]): number {
  return cells.reduce((sum, { isUsual }) => sum + (isUsual ? 1 : 0.2), 0);
}

function onePerTopology(cells: readonly KnownCell[]): readonly KnownCell[] {
  const first = new Map<string, KnownCell>();
  // The usual one speaks for its network.
  for (const known of cells.toSorted((one, other) => Number(other.isUsual) - Number(one.isUsual)))
    if (!first.has(known.cell.topology)) first.set(known.cell.topology, known);
  return [...first.values()];
}

/** What the agent's own clients remark, in their words: where they are connected to, and where they dialled. */
function remarksOf(symptom: Symptom): readonly string[] {
  const { dialled, announced } = symptom;
  const named = announced?.address ?? null;
  return [
    ...(dialled === null ? [] : [`the control connection's peer ${dialled}`]),
    ...(named !== null && cluesOf(symptom).policy === "trust"
      ? [`data connection to ${named} port ${announced?.port ?? 0}`]
      : []),
  ];
}

/** A symptom as the evidence of a session that nobody but its client saw. */
export function evidenceOf(symptom: Symptom): CellEvidence {
  const axes: Omit<Cell, "id"> = {
    topology: "unknown",
    server: "unknown",
    client: symptom.client ?? "unknown",
    mode: symptom.mode ?? "ftp",
    data: symptom.data ?? "pasv",
    operation: symptom.operation ?? "list",
  };
  return {
    schemaVersion: "1.3",
    cell: { id: cellId(axes), ...axes },
    attempt: {
      result: symptom.result === "worked" ? "worked" : "failed",
      stage: symptom.stage,
      message: symptom.message,
      replyCode: symptom.replyCode,
      startedAt: 0,
      durationMs: 0,
      stages: [],
      transcript: [
        ...symptom.lines.map(({ direction, text }) => ({ atMs: 0, direction, text })),
        ...remarksOf(symptom).map((text) => ({ atMs: 0, direction: "*" as const, text })),
      ],
      transfers: [],
      output: [],
      redraws: 0,
    },
    server: null,
    routers: [],
    captures: [],
    missing: (["router", "server-log", "packets"] as const).map((collector) => ({
      collector,
      node: null,
      reason: "nobody but the client is heard",
    })),
  };
}
