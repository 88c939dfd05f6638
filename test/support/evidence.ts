/** Evidence and diagnoses in one line, for tests of what is made of them. */
import type { CauseId, Diagnosis } from "../../harness/model/diagnosis";
import type { CellEvidence, Gap, GapCollector } from "../../harness/model/evidence";
import { makeAttempt } from "./attempts";
import { makeCell } from "./cells";

/** A session through no router, of which the server's logs are not known, but for what is said. */
export function makeEvidence(change: Partial<CellEvidence> = {}): CellEvidence {
  return {
    schemaVersion: "1.3",
    cell: makeCell(),
    attempt: makeAttempt(),
    server: null,
    routers: [],
    captures: [],
    missing: [],
    ...change,
  };
}

/** What a collector could not tell; of every node unless one is named. */
export function gap(collector: GapCollector, node: string | null = null, reason = "it failed"): Gap {
  return { collector, node, reason };
}

/** Findings in their rank, root first; none is the diagnosis of a session that worked. */
export function makeDiagnosis(...causes: readonly CauseId[]): Diagnosis {
  const findings = causes.map((cause) => ({
    cause,
    confidence: "shown" as const,
    explanation: "It is so.",
    proofs: [],
    remedies: [],
  }));
  return { findings, firstBreak: null, whyItWorked: causes.length === 0 ? "Nothing is in the way." : null, proofs: [] };
}
