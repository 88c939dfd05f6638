import { candidatesOf, type Candidate } from "../../harness/bugs/match/candidates";
import { insideTopology, sessionsBeside, siblingsIn, type OtherSession } from "../../harness/bugs/match/known-traits";
import { loadKnownCells } from "../../harness/cli/known-cells";
import { readCase } from "../../harness/cli/read-symptom";
import type { Symptom } from "../../harness/model/symptom";

/** What symptoms are compared with. */
export const cells = loadKnownCells();
export const siblings = siblingsIn(cells, insideTopology);

/** What `match` makes of what people pasted of one case; `null` where nothing in it is of FTP. */
export function caseIn(
  texts: readonly string[],
  others: readonly OtherSession[] = [],
): { readonly symptom: Symptom; readonly candidates: readonly Candidate[] } | null {
  const read = readCase(texts.map((text, index) => ({ name: `${index}.log`, text })));
  if (read === null) return null;
  const { symptom, around } = read;
  const candidates = candidatesOf(symptom, cells, siblings, [...sessionsBeside(symptom), ...others], around);
  return { symptom, candidates };
}

/** The candidates of what people pasted of one case, as `match` ranks them. */
export function candidatesIn(texts: readonly string[], others: readonly OtherSession[] = []): readonly Candidate[] {
  return caseIn(texts, others)?.candidates ?? [];
}
