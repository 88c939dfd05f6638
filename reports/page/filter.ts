/** Filter tokens: `s:unexpected t:client-nat -c:lftp cause:helper* word`. */
import { dataCommands, modes, operations, outcomes, results, stages } from "../../harness/model/axes";
import type { CellResult } from "../../harness/model/cell";
import { nearest } from "../../harness/text/nearest";

export type Filter = {
  readonly matches: (cell: CellResult) => boolean;
  /** Tokens with a key that there is not. */
  readonly unknown: readonly string[];
  /** Tokens with a key and a value, as typed. */
  readonly valued: readonly Valued[];
};

type Valued = { readonly token: string; readonly key: string; readonly value: string };

/** A token whose value no cell has, and the token that was meant, where one is near. */
export type Misfit = { readonly token: string; readonly meant: string | null };

const fields: Readonly<Record<string, (cell: CellResult) => string>> = {
  s: (cell) => cell.outcome,
  r: (cell) => cell.result,
  t: (cell) => cell.topology,
  srv: (cell) => cell.server,
  c: (cell) => cell.client,
  m: (cell) => cell.mode,
  d: (cell) => cell.data,
  o: (cell) => cell.operation,
  stage: (cell) => cell.stage ?? "",
  // As the causes are counted: a failure that nothing explains is one of an unknown cause.
  cause: (cell) => cell.cause ?? (cell.result === "failed" ? "unknown" : ""),
};

/** Words that are right also where no cell of a report has them. */
const words: Readonly<Record<string, readonly string[]>> = {
  s: outcomes,
  r: results,
  m: modes,
  d: dataCommands,
  o: operations,
  stage: stages,
};

/** Keys that may stand before a colon. */
export const filterKeys: readonly string[] = Object.keys(fields);

type Test = (cell: CellResult) => boolean;

/** Tokens of one key are alternatives, different keys must all hold; a value is the whole word, with stars for anything. */
export function parseFilter(query: string): Filter {
  const wanted = new Map<string, Test[]>();
  const excluded: Test[] = [];
  const unknown: string[] = [];
  const valued: Valued[] = [];
  for (const token of tokensOf(query)) {
    const isExcluded = token.startsWith("-") && token.length > 1;
    // Other filters want quotes; no value here has a space that they could hold together.
    const word = (isExcluded ? token.slice(1) : token).replaceAll('"', "");
    if (word === "") continue;
    const [, typedKey, value = ""] = /^([a-z]+):(.*)$/i.exec(word) ?? [];
    const key = typedKey?.toLowerCase();
    if (key !== undefined && !Object.hasOwn(fields, key)) {
      unknown.push(token);
      continue;
    }
    // While a token is being typed it has no value yet.
    if (key !== undefined && value === "") continue;
    if (key !== undefined) valued.push({ token, key, value });
    const test = key === undefined ? wordTest(word) : fieldTest(fields[key], value);
    if (isExcluded) excluded.push(test);
    // Words must all be there; of one key any may.
    else wanted.set(key ?? word, [...(wanted.get(key ?? word) ?? []), test]);
  }
  const groups = [...wanted.values()];
  return {
    matches: (cell) =>
      groups.every((tests) => tests.some((test) => test(cell))) && !excluded.some((test) => test(cell)),
    unknown,
    valued,
  };
}

/** Finds what was mistyped in filters of these cells; the values of a key are gathered once, since cells are many. */
export function misfitFinder(cells: readonly CellResult[]): (filter: Pick<Filter, "valued">) => readonly Misfit[] {
  const known = new Map<string, readonly string[]>();
  const valuesOf = (key: string): readonly string[] => {
    const field = fields[key];
    const values = known.get(key) ?? [...new Set([...cells.map((cell) => field?.(cell) ?? ""), ...(words[key] ?? [])])];
    known.set(key, values);
    return values;
  };
  return ({ valued }) =>
    valued.flatMap(({ token, key, value }) => {
      const pattern = valuePattern(value);
      const values = valuesOf(key);
      if (values.some((one) => pattern.test(one))) return [];
      const name = value.includes("*") ? null : nearest(value, values);
      return [{ token, meant: name === null ? null : `${token.startsWith("-") ? "-" : ""}${key}:${name}` }];
    });
}

/** A filter with this token instead of all of its key, or without it where it was there. */
export function toggleToken(query: string, token: string): string {
  const key = token.slice(0, token.indexOf(":") + 1);
  const others = tokensOf(query).filter((one) => !one.startsWith(key));
  return (hasToken(query, token) ? others : [...others, token]).join(" ");
}

/** Whether a filter has this very token. */
export function hasToken(query: string, token: string): boolean {
  return tokensOf(query).includes(token);
}

/** A filter with another token instead of one. */
export function replaceToken(query: string, token: string, other: string): string {
  return tokensOf(query)
    .map((one) => (one === token ? other : one))
    .join(" ");
}

function tokensOf(query: string): readonly string[] {
  return query.trim().split(/\s+/).filter(Boolean);
}

function fieldTest(field: ((cell: CellResult) => string) | undefined, value: string): Test {
  if (field === undefined) return () => true;
  const pattern = valuePattern(value);
  // A field has few values, and a report thousands of cells.
  const known = new Map<string, boolean>();
  return (cell) => {
    const text = field(cell);
    let isFitting = known.get(text);
    if (isFitting === undefined) known.set(text, (isFitting = pattern.test(text)));
    return isFitting;
  };
}

/** The whole of a value, with stars for anything. */
function valuePattern(value: string): RegExp {
  return new RegExp(`^${value.split(/\*+/).map(literal).join(".*")}$`, "i");
}

function wordTest(word: string): Test {
  const pattern = new RegExp(literal(word), "i");
  return ({ id }) => pattern.test(id);
}

/** A pattern of just this text. */
function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
