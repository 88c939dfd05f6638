/** Arrow keys in the matrix: one tile is in the tab order, the others are reached from it. */

/** Handles a key on a table of tiles. */
export function moveFocus(event: KeyboardEvent): void {
  const table = event.currentTarget;
  const tile = event.target instanceof Element ? event.target.closest<HTMLElement>("a.tile") : null;
  if (!(table instanceof HTMLElement) || tile === null || event.ctrlKey || event.metaKey || event.altKey) return;
  const next = neighbour(tile, event.key);
  if (next === null) return;
  event.preventDefault();
  for (const other of table.querySelectorAll<HTMLElement>('a.tile[tabindex="0"]')) other.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

/** Puts a table's first tile into the tab order where none is, as after a filter that left the one that was away. */
export function keepOneStop(table: HTMLElement): void {
  if (table.querySelector('a.tile[tabindex="0"]') !== null) return;
  const first = table.querySelector<HTMLElement>("a.tile");
  if (first !== null) first.tabIndex = 0;
}

function neighbour(tile: HTMLElement, key: string): HTMLElement | null {
  const row = tile.closest("tr");
  if (row === null) return null;
  const places = placesOf(row);
  const at = places.indexOf(tile);
  const tiles = places.filter((place) => place.matches("a.tile"));
  switch (key) {
    case "ArrowRight":
      return tiles[tiles.indexOf(tile) + 1] ?? null;
    case "ArrowLeft":
      return tiles[tiles.indexOf(tile) - 1] ?? null;
    case "Home":
      return tiles[0] ?? null;
    case "End":
      return tiles.at(-1) ?? null;
    case "ArrowDown":
      return vertical(row, at, rowAfter);
    case "ArrowUp":
      return vertical(row, at, rowBefore);
    default:
      return null;
  }
}

/** The row below, also where it is the first of the next body. */
function rowAfter(row: Element): Element | null {
  return row.nextElementSibling ?? row.parentElement?.nextElementSibling?.firstElementChild ?? null;
}

/** The row above; above the first are the headings. */
function rowBefore(row: Element): Element | null {
  return row.previousElementSibling ?? row.parentElement?.previousElementSibling?.lastElementChild ?? null;
}

/** The next tile in the same place of a row above or below; where there is no cell, it goes on. */
function vertical(row: Element, at: number, step: (element: Element) => Element | null): HTMLElement | null {
  for (let next = step(row); next !== null; next = step(next)) {
    const place = placesOf(next)[at];
    if (place?.matches("a.tile") === true) return place;
  }
  return null;
}

/** A row's tiles and the empty places between them. */
function placesOf(row: Element): readonly HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>(".tile")];
}
