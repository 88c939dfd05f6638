import type { CauseId } from "../model/diagnosis";
import type { CellEvidence } from "../model/evidence";
import { causes } from "./causes/registry";
import { observe } from "./observe/observe";
import { inOrder, offersFor, type Offer, type Remedy } from "./remedies/remedy";

/** The remedies that are printed for a cell's cause, in their order. */
export function offersOf(cause: CauseId, evidence: CellEvidence): readonly Offer[] {
  return offersFor(remediesOf(cause), observe(evidence));
}

/** All that may cure a cause, best first, without evidence of a session. */
export function remediesOf(cause: CauseId): readonly Remedy[] {
  return inOrder(causes.find(({ id }) => id === cause)?.remedies ?? []);
}
