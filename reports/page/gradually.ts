import { useEffect, useState } from "preact/hooks";
import type { Table } from "./tables";

/** More than a screen has. */
const firstRows = 40;
const rowsAStep = 80;

/**
 * The tables' first rows at once and the others step by step, so that a filter answers at once however many cells there are. All
 * rows are there soon after, for the browser's own search and for print.
 */
export function useGradually(tables: readonly Table[]): readonly Table[] {
  const [grown, setGrown] = useState({ tables, rows: firstRows });
  const rows = grown.tables === tables ? grown.rows : firstRows;
  const total = tables.reduce((sum, table) => sum + table.rows.length, 0);
  useEffect(() => {
    if (rows >= total) return;
    const timer = setTimeout(() => {
      setGrown({ tables, rows: rows + rowsAStep });
    });
    return () => {
      clearTimeout(timer);
    };
  }, [tables, rows, total]);
  return total <= rows ? tables : firstOf(tables, rows);
}

function firstOf(tables: readonly Table[], rows: number): readonly Table[] {
  let left = rows;
  return tables.flatMap((table) => {
    const shown = table.rows.slice(0, Math.max(0, left));
    left -= shown.length;
    return shown.length === 0 ? [] : [{ ...table, rows: shown }];
  });
}
