import { useEffect, useState } from "preact/hooks";
import type { Table } from "./tables";

const rowsAStep = 80;
/** In CSS pixels; what stands above a table is higher. */
const [rowHeight, headHeight] = [28, 150];
/** Further rows wait for the browser to be idle, and no longer than this. */
const patienceMs = 500;

/** Tables as far as they are drawn. */
export type Drawn = { readonly tables: readonly Table[]; readonly later: LaterRows };

/** Rows that no screen had at first: from which on, and another number of theirs for other tables. */
export type LaterRows = { readonly from: number; readonly generation: number };

/**
 * The tables' first rows at once and the others step by step, so that a filter answers at once however many cells there are. All
 * rows are there soon after, for the browser's own search and for print.
 */
export function useGradually(tables: readonly Table[]): Drawn {
  const [firstRows] = useState(() => Math.max(1, Math.ceil((innerHeight - headHeight) / rowHeight)));
  const [grown, setGrown] = useState({ tables, rows: firstRows, generation: 0 });
  const isSame = grown.tables === tables;
  const rows = isSame ? grown.rows : firstRows;
  const generation = isSame ? grown.generation : grown.generation + 1;
  const total = tables.reduce((sum, table) => sum + table.rows.length, 0);
  useEffect(() => {
    if (rows >= total) return;
    return whenIdle(() => {
      setGrown({ tables, rows: rows + rowsAStep, generation });
    });
  }, [tables, rows, total, generation]);
  return { tables: total <= rows ? tables : firstOf(tables, rows), later: { from: firstRows, generation } };
}

/** Calls back when what was just drawn can be seen and nothing is typed; gives what takes that back. */
function whenIdle(callback: () => void): () => void {
  // Safari has no such thing.
  if (typeof requestIdleCallback !== "function") {
    const timer = setTimeout(callback);
    return () => {
      clearTimeout(timer);
    };
  }
  const request = requestIdleCallback(callback, { timeout: patienceMs });
  return () => {
    cancelIdleCallback(request);
  };
}

function firstOf(tables: readonly Table[], rows: number): readonly Table[] {
  let left = rows;
  return tables.flatMap((table) => {
    const shown = table.rows.slice(0, Math.max(0, left));
    left -= shown.length;
    return shown.length === 0 ? [] : [{ ...table, rows: shown }];
  });
}
