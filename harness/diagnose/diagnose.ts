import type { Diagnosis, Finding } from "../model/diagnosis";
import type { CellEvidence } from "../model/evidence";
import { boundedBreak, boundedFinding, boundedProofs, plain } from "./plain-text";
import { causes } from "./causes/registry";
import type { CauseDefinition } from "./cause";
import type { Observations } from "./observations";
import { offersFor } from "./remedies/remedy";
import { observe } from "./observe/observe";
import { dataProofs } from "./proofs";
import { unknownFinding } from "./unknown";
import { whyItWorked } from "./why-it-worked";

/** Says why a cell failed, root first, or why it worked. Never throws, whatever is missing from the evidence. */
export function diagnose(evidence: CellEvidence): Diagnosis {
  const seen = observe(evidence);
  switch (evidence.attempt.result) {
    case "failed":
      return {
        findings: findingsOf(seen).map(boundedFinding),
        firstBreak: boundedBreak(seen.firstBreak),
        whyItWorked: null,
        proofs: [],
      };
    case "worked":
      return {
        findings: [],
        firstBreak: null,
        whyItWorked: plain(whyItWorked(seen), 1000),
        proofs: boundedProofs(dataProofs(seen)),
      };
    case "unsupported":
    case "not-run":
      return { findings: [], firstBreak: null, whyItWorked: null, proofs: [] };
  }
}

function findingsOf(seen: Observations): readonly Finding[] {
  const roots: Finding[] = [];
  const others: Finding[] = [];
  for (const cause of causes) {
    if (seen.firstBreak !== null && !cause.explains(seen.firstBreak)) continue;
    const recognition = cause.recognise(seen);
    if (recognition === null) continue;
    const { confidence, proofs, also } = recognition;
    const explanation = recognition.explanation + innocence(cause, seen);
    const remedies = offersFor(cause.remedies, seen).map(({ printed }) => printed);
    const finding = { cause: cause.id, confidence, explanation, proofs, remedies };
    (also === true ? others : roots).push(finding);
  }
  const findings = [...roots, ...others];
  return findings.length === 0 ? [unknownFinding(seen)] : findings;
}

/** What the captures show of the network if the cause lies outside of it. */
function innocence({ outsideNetwork }: CauseDefinition, { wire }: Observations): string {
  return outsideNetwork === true && wire?.everythingArrived === true
    ? " The network is not the cause: every packet arrived."
    : "";
}
