/** One key of a report's set-up as a variant has it: the file's own value and the variant's, each part knowing its place. */
import { isMapping } from "./merge-patch";
import type { ValuePath, YamlDocument } from "./yaml-document";

export type BugPart = {
  /**
   * * Its values, to be applied one after the other. Mappings are changes (RFC 7396): each may remove a key of an earlier one, or of the
   * file that they begin from. Empty if neither the file nor the variant has the key.
   */
  readonly values: readonly unknown[];
  /** The part's place in the file: in the variant if that has it, else above. */
  readonly at: (path: ValuePath) => ValuePath;
};

/** The key's values for a variant; a mapping comes upon a mapping or an id, all else takes the other's place. */
export function partOf(document: YamlDocument, variant: string, key: string): BugPart {
  const own: ValuePath = ["variants", variant, key];
  const [base, change] = [valueAt(document.value, [key]), valueAt(document.value, own)];
  const at = (path: ValuePath): ValuePath => {
    const isOwn =
      depthOf(document.value, [...own, ...path]) - own.length >= depthOf(document.value, [key, ...path]) - 1;
    return [...(change !== undefined && isOwn ? own : [key]), ...path];
  };
  if (change === undefined) return { values: base === undefined ? [] : [base], at };
  // A mapping after an id changes the value that the id names.
  const start = typeof base === "string" ? { from: base } : base;
  return { values: isMapping(change) && isMapping(start) ? [start, change] : [change], at };
}

/** A part as a document of its own, for the readers of whole files. */
export function documentOf(
  document: YamlDocument,
  value: Readonly<Record<string, unknown>>,
  at: BugPart["at"],
): YamlDocument {
  return {
    value,
    placeOf: (path) => document.placeOf(at(path)),
    placeOfKey: (path) => document.placeOfKey(at(path)),
  };
}

function valueAt(root: unknown, path: ValuePath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** How many steps of a path are there. */
function depthOf(root: unknown, path: ValuePath): number {
  const missing = path.findIndex((_, index) => valueAt(root, path.slice(0, index + 1)) === undefined);
  return missing === -1 ? path.length : missing;
}
