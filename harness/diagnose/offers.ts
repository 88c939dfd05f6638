import type { CauseId } from "../model/diagnosis";
import type { CellEvidence } from "../model/evidence";
import { causes } from "./causes/registry";
import { observe } from "./observe/observe";
import { inOrder, offersFor, type Offer, type Remedy } from "./remedies/remedy";

/** The remedies that are told of a cell's cause, in the order in which they are told. */
export function offersOf(cause: CauseId, evidence: CellEvidence): readonly Offer[] {
  return offersFor(remediesOf(cause), observe(evidence));
}

/** All that may cure a cause, best first, where nobody has seen the session yet. */
export function remediesOf(cause: CauseId): readonly Remedy[] {
  return inOrder(causes.find(({ id }) => id === cause)?.remedies ?? []);
}
