import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { entrySymbol, markSymbol, symbolsFor } from "../symbols";
import { resultText } from "../wording";
import { visible } from "../../harness/text/escape";
import type { LaterRows } from "./gradually";
import { keepOneStop, moveFocus } from "./grid-keys";
import { To } from "./link";
import { useNavigate } from "./navigation";
import { cellKey } from "./state";
import { mostTelling, totalsOf, workedLetters, type Spot, type Table, type TableRow } from "./tables";
import { texts } from "./texts";

const symbols = symbolsFor(true);

const noneLater: LaterRows = { from: Infinity, generation: 0 };

type Props = {
  readonly table: Table;
  /** Rows that are done away with as a whole when another table takes the place of this one. */
  readonly later?: LaterRows;
  readonly swapped: boolean;
  /** Key of the cell that is open. */
  readonly open?: string | null;
  /** Whether the tiles are one stop of the tab order, with arrow keys between them; without JavaScript each is one. */
  readonly isOneStop?: boolean;
};

/**
 * One table: networks down and modes across, or the other way round; in each field the data commands side by side. A filter keeps
 * what it can of the first rows, and does away with the others all at once, which is quicker.
 */
export function Matrix({ table, later = noneLater, swapped, open = null, isOneStop = false }: Props) {
  const go = useNavigate();
  const element = useRef<HTMLTableElement>(null);
  useLayoutEffect(() => {
    if (isOneStop && element.current !== null) keepOneStop(element.current);
  });
  const { columns, data, rows } = table;
  const rowOf = (row: TableRow) => (
    <Row key={row.name} row={row} swapped={swapped} open={openIn(row, open)} isOneStop={isOneStop} />
  );
  return (
    <div class="scroller">
      <table
        class={`matrix ${swapped ? "swapped" : ""}`}
        ref={element}
        onKeyDown={moveFocus}
        onClick={(event) => {
          const tile = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a.tile") : null;
          const cell = tile?.dataset["cell"];
          if (cell === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          go({ cell });
        }}
      >
        <caption>{texts.matrix.caption(visible(table.server), visible(table.client))}</caption>
        <thead>
          <tr>
            <td class="corner">{texts.matrix.corner[swapped ? "mode" : "topology"]}</td>
            {columns.map((column) => (
              <th key={column} scope="col">
                <span class="name">{visible(column)}</span>
                <span class="data" aria-hidden="true">
                  {data.map((command) => (
                    <span key={command}>{command}</span>
                  ))}
                </span>
              </th>
            ))}
            <th scope="col" class="total">
              {texts.matrix.total}
            </th>
          </tr>
        </thead>
        <tbody>{rows.slice(0, later.from).map(rowOf)}</tbody>
        {rows.length > later.from ? <tbody key={later.generation}>{rows.slice(later.from).map(rowOf)}</tbody> : null}
      </table>
    </div>
  );
}

/** The open cell where it is in this row, so that only this row is drawn anew when another is opened. */
function openIn({ columns }: TableRow, open: string | null): string | null {
  if (open === null) return null;
  const isHere = columns.some((spots) => spots.some((spot) => spot?.cells.some((cell) => cellKey(cell) === open)));
  return isHere ? open : null;
}

type RowProps = {
  readonly row: TableRow;
  readonly swapped: boolean;
  readonly open: string | null;
  readonly isOneStop: boolean;
};

/** Drawn anew only when one of its spots is another value: filters leave most rows as they are. */
function Row({ row, swapped, open, isOneStop }: RowProps) {
  const spots = row.columns.flat();
  return useMemo(() => {
    const { worked, failed } = totalsOf(spots);
    return (
      <tr>
        <th scope="row">
          {swapped ? (
            visible(row.name)
          ) : (
            <To change={{ view: "networks", item: row.name, cell: null }}>{visible(row.name)}</To>
          )}
        </th>
        {row.columns.map((group, column) => (
          <td key={column}>
            <div class="field">{group.map((spot) => tileOf(spot, open, isOneStop))}</div>
          </td>
        ))}
        <td class="total">
          <span aria-hidden="true">{texts.matrix.totalText(worked, failed)}</span>
          <span class="unseen">{texts.matrix.totalWords(worked, failed)}</span>
        </td>
      </tr>
    );
  }, [isOneStop, swapped, open, row.columns.length, ...spots]);
}

/**
 * All operations of a network, mode and data command: a shape, a sign and a colour, and letters where they differ. No component,
 * since there are thousands, each of which would have a life of its own.
 */
function tileOf(spot: Spot | null, open: string | null, isOneStop: boolean) {
  if (spot === null) return <span class="tile absent" aria-hidden="true" />;
  const { cells, entry } = spot;
  const cell = mostTelling(cells);
  const isOpen = open !== null && cells.some((one) => cellKey(one) === open);
  const key = cellKey(cell);
  const letters = entry.kind === "mixed" ? workedLetters(cells) : "";
  const label = spotWords(spot);
  return (
    <a
      class={`tile ${entry.kind} ${entry.mark}${isOpen ? " open" : ""}`}
      href={`#cell=${key}`}
      data-cell={key}
      tabIndex={isOneStop ? -1 : undefined}
      title={label}
      aria-label={label}
      aria-current={isOpen ? "true" : undefined}
    >
      {letters === "" ? entrySymbol(entry, symbols) : letters}
      {markSymbol(entry, symbols)}
    </a>
  );
}

/** `ftps pasv: failed at data-connect (no-helper)`, and how many cells that is where they differ. */
function spotWords({ cells, entry }: Spot): string {
  const [{ topology, mode, data }] = cells;
  const results = new Map<string, string[]>();
  for (const cell of cells) {
    const words = resultText(cell);
    results.set(words, [...(results.get(words) ?? []), cell.operation]);
  }
  const told = [...results].map(([words, operations]) =>
    results.size === 1 ? words : `${[...new Set(operations)].join(", ")} ${words}`,
  );
  const mark = entry.mark === "none" ? "" : `, ${texts.outcome(entry.mark)}`;
  return visible(`${topology}, ${mode} ${data.toUpperCase()}: ${told.join("; ")}${mark}`);
}
