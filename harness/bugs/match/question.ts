import { dataCommands, modes, type DataCommand, type Mode } from "../../model/axes";
import type { Candidate } from "./candidates";
import type { Siblings } from "./known-traits";
import type { KnownCell } from "./table";

/** Another session that would tell two candidates apart. */
export type Question = {
  readonly mode: Mode;
  readonly data: DataCommand;
  /** Tried beside the server, with no router in between. */
  readonly inside: boolean;
  /** The cause that it speaks for if that session works, and if it fails. */
  readonly ifWorks: Candidate;
  readonly ifFails: Candidate;
};

/** What people can try most easily comes first: where two tell as much, the first is asked. */
const askedModes: readonly Mode[] = ["ftp", "ftps", "ftps-ccc", ...modes];

/** So many of the likeliest are worth being told apart. */
const mostCompared = 4;

/**
 * The session whose outcome tells the likeliest candidate from the next one that any session tells it from; `null` where none would.
 * @param refusesClear the server is known to take no session without TLS
 */
export function questionFor(
  candidates: readonly Candidate[],
  siblings: Siblings,
  refusesClear = false,
): Question | null {
  const [first, ...others] = candidates.slice(0, mostCompared);
  // What a line names needs no more.
  if (first === undefined || first.confidence === "shown" || first.cells.length === 0) return null;
  for (const other of others.filter(({ cells }) => cells.length > 0)) {
    const question = between(first, other, siblings, refusesClear);
    if (question !== null) return question;
  }
  return null;
}

function between(one: Candidate, other: Candidate, siblings: Siblings, refusesClear: boolean): Question | null {
  const [first] = one.cells;
  if (first === undefined) return null;
  const { mode: failedMode, data: failedData } = first.cell;
  let best: { readonly question: Question; readonly gain: number } | null = null;
  for (const inside of [false, true]) {
    for (const mode of inside ? [failedMode] : askedModes) {
      if (refusesClear && mode === "ftp") continue;
      for (const data of inside ? [failedData] : [failedData, ...dataCommands]) {
        const wish = { mode, data, inside };
        const [mine, theirs] = [one, other].map(({ cells }) => shareThatWorks(cells, (cell) => siblings(cell, wish)));
        if (mine === null || theirs === null || mine === undefined || theirs === undefined) continue;
        const gain = Math.abs(mine - theirs);
        if (gain <= (best?.gain ?? 0.5)) continue;
        const [ifWorks, ifFails] = mine > theirs ? [one, other] : [other, one];
        best = { question: { ...wish, ifWorks, ifFails }, gain };
      }
    }
  }
  return best?.question ?? null;
}

/** From 0 to 1; `null` where there is no such session. */
function shareThatWorks(cells: readonly KnownCell[], sibling: (cell: KnownCell) => KnownCell | null): number | null {
  const results = cells.flatMap((cell) => sibling(cell)?.expected.result ?? []);
  return results.length === 0 ? null : results.filter((result) => result === "worked").length / results.length;
}
