import { candidatesOf, type Candidate } from "../../harness/bugs/match/candidates";
import { insideTopology, sessionsBeside, siblingsIn, type OtherSession } from "../../harness/bugs/match/known-traits";
import { loadKnownCells } from "../../harness/cli/known-cells";
import { readCase } from "../../harness/cli/read-symptom";

/** What symptoms are compared with. */
export const cells = loadKnownCells();
export const siblings = siblingsIn(cells, insideTopology);

/** The candidates of what people pasted of one case, as `match` ranks them. */
export function candidatesIn(texts: readonly string[], others: readonly OtherSession[] = []): readonly Candidate[] {
  const read = readCase(texts.map((text, index) => ({ name: `${index}.log`, text })));
  if (read === null) return [];
  return candidatesOf(read.symptom, cells, siblings, [...sessionsBeside(read.symptom), ...others], read.around);
}
