/** Filter tokens: `s:unexpected t:client-nat -c:lftp cause:helper* word`. */
import type { CellResult } from "../../harness/model/cell";

export type Filter = {
  readonly matches: (cell: CellResult) => boolean;
  /** Tokens with a key that there is not. */
  readonly unknown: readonly string[];
};

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
  cause: (cell) => cell.cause ?? "",
};

/** Keys that may stand before a colon. */
export const filterKeys: readonly string[] = Object.keys(fields);

type Test = (cell: CellResult) => boolean;

/** Tokens of one key are alternatives, different keys must all hold; a value is the whole word, with stars for anything. */
export function parseFilter(query: string): Filter {
  const wanted = new Map<string, Test[]>();
  const excluded: Test[] = [];
  const unknown: string[] = [];
  for (const token of query.trim().split(/\s+/).filter(Boolean)) {
    const isExcluded = token.startsWith("-") && token.length > 1;
    const word = isExcluded ? token.slice(1) : token;
    const [, key, value = ""] = /^([a-z]+):(.*)$/.exec(word) ?? [];
    if (key !== undefined && !Object.hasOwn(fields, key)) {
      unknown.push(token);
      continue;
    }
    // While a token is being typed it has no value yet.
    if (key !== undefined && value === "") continue;
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
  };
}

function fieldTest(field: ((cell: CellResult) => string) | undefined, value: string): Test {
  if (field === undefined) return () => true;
  const pattern = new RegExp(`^${value.split(/\*+/).map(literal).join(".*")}$`, "i");
  // A field has few values, and a report thousands of cells.
  const known = new Map<string, boolean>();
  return (cell) => {
    const text = field(cell);
    let isFitting = known.get(text);
    if (isFitting === undefined) known.set(text, (isFitting = pattern.test(text)));
    return isFitting;
  };
}

function wordTest(word: string): Test {
  const pattern = new RegExp(literal(word), "i");
  return ({ id }) => pattern.test(id);
}

/** A pattern of just this text. */
function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
