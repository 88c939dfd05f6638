/** Claims beside what the cells of a run did. */
import type { CellResult } from "../model/cell";
import type { ClaimResult } from "../model/report";
import type { Claim, ClaimEvidence } from "../model/scenario";
import { cellGlobMatches } from "../text/patterns";

/** Compares each claim with the cells that it rests on. */
export function judgeClaims(claims: readonly Claim[], cells: readonly CellResult[]): readonly ClaimResult[] {
  return claims.map(({ evidence, ...claim }) => {
    const shown = evidence.map((entry) => ({ ...entry, shown: cells.flatMap((cell) => shownBy(entry, cell)) }));
    return { ...claim, outcome: claimOutcome(shown), evidence: shown };
  });
}

type Shown = ClaimResult["evidence"][number]["shown"][number];

/** What a cell shows of a piece of evidence: nothing, where it is not one of its cells or proves nothing at all. */
function shownBy(entry: ClaimEvidence, cell: CellResult): readonly Shown[] {
  const proves = cell.outcome !== "lab-error" && cell.outcome !== "skipped";
  if (!proves || !cellGlobMatches(entry.cells, cell.id)) return [];
  const { id, result, stage, cause } = cell;
  const isCause = entry.cause === null || entry.cause === cause;
  return [{ id, result, stage, cause, asStated: entry.result === result && entry.stage === stage && isCause }];
}

/** The verdict that follows from everything that was shown of a claim. */
export function claimOutcome(evidence: readonly { readonly shown: readonly Shown[] }[]): ClaimResult["outcome"] {
  if (evidence.some(({ shown }) => shown.some(({ asStated }) => !asStated))) return "contradicted";
  return evidence.every(({ shown }) => shown.length > 0) ? "confirmed" : "not-shown";
}
