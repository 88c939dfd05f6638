/** What the page shows, kept in the address so that it can be sent to somebody. */

export const views = ["matrix", "causes", "networks", "claims", "compare", "run"] as const;
export type View = (typeof views)[number];

export type PageState = {
  readonly view: View;
  /** Filter as typed. */
  readonly query: string;
  /** Modes down and networks across. */
  readonly swapped: boolean;
  /** Key of the cell that is open, as `cellKey` makes it. */
  readonly cell: string | null;
  /** Network or cause to look at in its view. */
  readonly item: string | null;
};

export const firstState: PageState = { view: "matrix", query: "", swapped: false, cell: null, item: null };

/** Hash of a state, with `#`; parts that are as at first are left out. */
export function hashOf({ view, query, swapped, cell, item }: PageState): string {
  const parts = [
    ...(view === firstState.view ? [] : [`view=${view}`]),
    ...(item === null ? [] : [`item=${encode(item)}`]),
    ...(query === "" ? [] : [`q=${encode(query)}`]),
    ...(swapped ? ["swap=1"] : []),
    ...(cell === null ? [] : [`cell=${encode(cell)}`]),
  ];
  return `#${parts.join("&")}`;
}

/** The state of a hash; whatever is not understood is as at first. */
export function stateOf(hash: string): PageState {
  const parameters = new URLSearchParams(hash.replace(/^#/, "").replaceAll("+", "%2B"));
  const view = views.find((name) => name === parameters.get("view")) ?? firstState.view;
  return {
    view,
    query: parameters.get("q") ?? "",
    swapped: parameters.get("swap") === "1",
    cell: parameters.get("cell"),
    item: parameters.get("item"),
  };
}

/** Slashes, colons and stars stay readable, as they may in a fragment (RFC 3986 section 3.5). */
function encode(text: string): string {
  // Half a surrogate pair has no UTF-8.
  return encodeURIComponent(text.replace(/\p{Cs}/gu, "\ufffd")).replace(/%(2F|3A|40|2C)/g, decodeURIComponent);
}

/** A cell's name on the page: its id and, of a repeated one, which run of it. */
export function cellKey({ id, repeat }: { readonly id: string; readonly repeat: number }): string {
  return repeat === 1 ? id : `${id}~${repeat}`;
}
