import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { CellResult } from "../../harness/model/cell";
import type { MatrixReport } from "../../harness/model/report";
import { CellPage } from "./cell";
import { Causes } from "./causes";
import { Claims } from "./claims";
import { Compare, type Other } from "./compare";
import { misfitFinder, parseFilter } from "./filter";
import { FilterBar } from "./filter-bar";
import { exampleFinder } from "./find-example";
import { Glance } from "./glance";
import { useGradually } from "./gradually";
import { Legend } from "./legend";
import { To } from "./link";
import { Matrix } from "./matrix";
import { Navigation, type Navigate } from "./navigation";
import { Networks } from "./networks";
import { readOther } from "./read-other";
import { RunFacts } from "./run-facts";
import { cellKey, hashOf, stateOf, views, type PageState } from "./state";
import { filterTable, tablesOf } from "./tables";
import { texts } from "./texts";

/** The page as a person uses it; its whole state is in the address. */
export function App({ report }: { readonly report: MatrixReport }) {
  const [state, go] = useAddress();
  const [other, setOther] = useState<Other | null>(null);
  const pick = (file: File): void => {
    void file.text().then((text) => {
      setOther({ report: readOther(text), name: file.name });
      go({ view: "compare", cell: null });
    });
  };
  useShortcuts(state, go);
  useDrop(pick);
  const cells = useMemo(() => new Map(report.cells.map((cell) => [cellKey(cell), cell])), [report]);
  const find = useMemo(() => exampleFinder(report), [report]);
  const filter = useMemo(() => parseFilter(state.query), [state.query]);
  const findMisfits = useMemo(() => misfitFinder(report.cells), [report]);
  const shown = useMemo(() => report.cells.filter(filter.matches), [report, filter]);
  const open = state.cell === null ? undefined : cells.get(state.cell);
  const isSurprising = report.summary.outcomes.unexpected > 0;
  const isBrief = state.view !== "matrix";
  const glance = useMemo(() => <Glance report={report} brief={isBrief} />, [report, isBrief]);
  return (
    <Navigation.Provider value={go}>
      <a class="skip" href="#main">
        {texts.skip}
      </a>
      <Head report={report} state={state} />
      <main id="main" class={state.cell === null ? "" : "has-cell"} tabIndex={-1}>
        <div class="overview">
          {glance}
          {state.view === "matrix" || state.view === "causes" || state.view === "networks" ? (
            <FilterBar
              query={state.query}
              swapped={state.swapped}
              shown={shown.length}
              all={report.cells.length}
              unknown={filter.unknown}
              misfits={findMisfits(filter)}
              hasAxes={state.view === "matrix"}
              isSurprising={isSurprising}
            />
          ) : null}
          {state.view === "matrix" ? <Tables report={report} shown={shown} state={state} /> : null}
          {state.view === "causes" ? <Causes report={report} cells={shown} /> : null}
          {state.view === "networks" ? <Networks report={report} cells={shown} item={state.item} /> : null}
          {state.view === "claims" ? <Claims claims={report.claims} /> : null}
          {state.view === "compare" ? <Compare report={report} other={other} pick={pick} /> : null}
          {state.view === "run" ? <RunFacts report={report} /> : null}
        </div>
        {state.cell === null ? null : (
          <div class="detail">
            {open === undefined ? (
              <p>
                {texts.cell.none(state.cell)} <To change={{ cell: null }}>{texts.cell.back}</To>
              </p>
            ) : (
              <CellPage report={report} cell={open} siblings={siblingsOf(open, report.cells)} told={find(open)} />
            )}
          </div>
        )}
      </main>
    </Navigation.Provider>
  );
}

function Head({ report, state }: { readonly report: MatrixReport; readonly state: PageState }) {
  const shown = views.filter((view) => view !== "claims" || report.claims.length > 0);
  return (
    <header>
      <h1>{texts.title}</h1>
      <nav aria-label={texts.viewsLabel}>
        {shown.map((view) => (
          <To key={view} change={{ view, cell: null, item: null }} current={state.view === view}>
            {texts.views[view]}
          </To>
        ))}
      </nav>
    </header>
  );
}

type TablesProps = {
  readonly report: MatrixReport;
  readonly shown: readonly CellResult[];
  readonly state: PageState;
};

function Tables({ report, shown, state: { swapped, cell } }: TablesProps) {
  const all = useMemo(() => tablesOf(report.cells, swapped), [report, swapped]);
  const tables = useMemo(() => {
    const isShown = new Set(shown);
    return all.map((table) => filterTable(table, (one) => isShown.has(one))).filter(({ rows }) => rows.length > 0);
  }, [all, shown]);
  const drawn = useGradually(tables);
  if (tables.length === 0) return <p class="nothing">{texts.filter.nothing}</p>;
  return (
    <>
      {drawn.tables.map((table) => (
        <Matrix
          key={`${table.server}\n${table.client}`}
          table={table}
          later={drawn.later}
          swapped={swapped}
          open={cell}
          isOneStop
        />
      ))}
      <Legend />
    </>
  );
}

/** The same question with each operation, and each repeat of it. */
function siblingsOf(cell: CellResult, cells: readonly CellResult[]): readonly CellResult[] {
  const { topology, server, client, mode, data } = cell;
  return cells.filter(
    (one) =>
      one.topology === topology &&
      one.mode === mode &&
      one.data === data &&
      one.server === server &&
      one.client === client,
  );
}

/** State and address are the same thing; what is typed leaves no steps behind. */
function useAddress(): readonly [PageState, Navigate] {
  const [state, setState] = useState(() => stateOf(location.hash));
  const latest = useRef(state);
  useEffect(() => {
    const read = (): void => {
      // The skip link's own address is no state.
      if (location.hash === "#main") return;
      latest.current = stateOf(location.hash);
      setState(latest.current);
    };
    addEventListener("popstate", read);
    return () => {
      removeEventListener("popstate", read);
    };
  }, []);
  const go = useCallback<Navigate>((change, replace = false) => {
    const next = { ...latest.current, ...change };
    if (replace) history.replaceState(null, "", hashOf(next));
    else history.pushState(null, "", hashOf(next));
    latest.current = next;
    setState(next);
  }, []);
  return [state, go];
}

/** `/` goes to the filter, Escape closes the open cell and goes back to its tile. */
function useShortcuts(state: PageState, go: Navigate): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLInputElement;
      if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
        const filter = document.querySelector<HTMLInputElement>("#filter");
        if (filter === null) return;
        event.preventDefault();
        filter.focus();
      }
      if (event.key === "Escape" && state.cell !== null) {
        event.preventDefault();
        const { cell } = state;
        go({ cell: null });
        requestAnimationFrame(() => {
          focusTile(cell);
        });
      }
    };
    addEventListener("keydown", press);
    return () => {
      removeEventListener("keydown", press);
    };
  });
}

function focusTile(cell: string): void {
  const tiles = [...document.querySelectorAll<HTMLElement>("a.tile")];
  tiles.find((tile) => tile.dataset["cell"] === cell)?.focus();
}

/** A report that is dropped anywhere is compared with. */
function useDrop(pick: (file: File) => void): void {
  useEffect(() => {
    const allow = (event: DragEvent): void => {
      event.preventDefault();
    };
    const take = (event: DragEvent): void => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) pick(file);
    };
    addEventListener("dragover", allow);
    addEventListener("drop", take);
    return () => {
      removeEventListener("dragover", allow);
      removeEventListener("drop", take);
    };
  });
}
