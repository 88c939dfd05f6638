/** What every report says of a claim. */
import type { ClaimResult } from "../harness/model/report";
import { counted } from "../harness/text/quantity";
import { resultText } from "./wording";

const verdicts = { holds: "holds", "holds-with-conditions": "holds with conditions", "does-not-hold": "does not hold" };

/** `holds with conditions`, and what is wrong with that where the cells do not bear it out. */
export function verdictText({ verdict, outcome }: Pick<ClaimResult, "verdict" | "outcome">): string {
  switch (outcome) {
    case "confirmed":
      return verdicts[verdict];
    case "contradicted":
      return `stated: ${verdicts[verdict]}; the cells contradict it`;
    case "not-shown":
      return `stated: ${verdicts[verdict]}; not all of its cells were run`;
  }
}

/** A piece of evidence in a line: `for: <glob> failed at data-tls (cause)`, `4 cells`. */
export function evidenceText(evidence: ClaimResult["evidence"][number]): {
  readonly speaks: string;
  readonly cells: string;
  readonly result: string;
  readonly count: string;
  /** Cells that did something else, each with what it did. */
  readonly otherwise: readonly string[];
} {
  const { speaks, cells, shown } = evidence;
  const otherwise = shown.filter(({ asStated }) => !asStated).map((cell) => `${cell.id} ${resultText(cell)}`);
  const [only] = shown;
  return {
    speaks,
    // One cell is told by its name.
    cells: shown.length === 1 && only !== undefined ? only.id : cells,
    result: resultText(evidence),
    count: shown.length === 0 ? "not run" : counted(shown.length, "cell"),
    otherwise,
  };
}
