import type { Cell } from "../../model/cell";
import type { Family } from "../../model/topology";
import { withCell } from "../../plan/setup";
import type { Observations } from "../observations";
import { usageOf } from "./client-usage";
import { rangeIsOpen, rangeParts, rangeWords, helperOpens, withOpenRangeIfNeeded } from "./open-range";
import { linesOf, onClientHost } from "./places";
import type { Remedy } from "./remedy";

type UserRemedy = Pick<Remedy, "id" | "exposes"> & {
  /** What the user does, in a sentence. */
  readonly what: string;
  /** The change of the cell; `null` if the client has nothing to change. */
  readonly change: (cell: Cell, family: Family) => Partial<Pick<Cell, "client" | "mode" | "data">> | null;
  /** Whether it cures what was seen, as far as anybody can tell. */
  readonly suits?: (seen: Observations) => boolean;
  /** Whether the session then needs the passive range, which others have to open where it is closed. */
  readonly needsRange?: true;
};

/** A remedy by which the user's client has the session otherwise. */
export function userRemedy({ id, exposes, what, change, suits, needsRange }: UserRemedy): Remedy {
  const use = (seen: Observations): Cell | null => changed(seen.cell, change(seen.cell, seen.family));
  const opens = (seen: Observations, cell: Cell): boolean =>
    needsRange === true && rangeIsOpen(seen) === false && !readsItAll(seen, cell);
  return {
    ...{ id, party: "user", ...(exposes === undefined ? {} : { exposes }) },
    what: (seen) => {
      const cell = use(seen);
      const more = cell !== null && opens(seen, cell) ? rangeWords(seen, cell.data) : "";
      return more === "" ? what : `${what.replace(/\.$/, "")}, and ${more}.`;
    },
    lines: (seen) => {
      const cell = use(seen);
      if (cell === null || suits?.(seen) === false) return [];
      const lines = usageOf(seen, cell);
      if (lines.length === 0 || !opens(seen, cell)) return lines;
      const parts = rangeParts(seen, cell.data);
      return parts.length === 0 ? [] : linesOf([{ place: onClientHost, lines }, ...parts]);
    },
    apply: (setup) => {
      const otherwise = change(setup.cell, setup.topology.family);
      if (otherwise === null) return null;
      const other = withCell(setup, otherwise);
      return needsRange === true ? withOpenRangeIfNeeded(other) : other;
    },
  };
}

/** A helper reads what the other session announces in clear. */
function readsItAll(seen: Observations, { mode }: Cell): boolean {
  return mode === "ftp" && helperOpens(seen);
}

function changed(cell: Cell, change: ReturnType<UserRemedy["change"]>): Cell | null {
  if (change === null) return null;
  const other = { ...cell, ...change };
  return other.client === cell.client && other.mode === cell.mode && other.data === cell.data ? null : other;
}
