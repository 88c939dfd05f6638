/** Merge keys (`<<: *base`) of YAML 1.1, which takes a mapping's keys over; the library copies what is merged each time anew. */
import { isAlias, isMap, isScalar, isSeq, type Document, type Pair } from "yaml";

/** Whether a key is a merge key. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === "symbol" && key.value.description === "<<";
}

/** Far more than any input has; merges of merges double with each level. */
const mostMerged = 10_000;

/** Why the merges of a document cannot be made; `null` if they can. */
export function mergeProblem(document: Document.Parsed): string | null {
  const sizes = new Map<unknown, number>();
  const open = new Set<unknown>();
  let problem: string | null = null;
  const sizeOf = (node: unknown): number => {
    const known = sizes.get(node);
    if (known !== undefined || problem !== null) return known ?? 0;
    if (open.has(node)) {
      problem = "a mapping cannot be merged into itself";
      return 0;
    }
    open.add(node);
    const size = isMap(node)
      ? (node.items as readonly Pair[]).reduce(
          (sum, { key, value }) => sum + (isMergeKey(key) ? merged(value) : sizeOf(value)),
          1,
        )
      : isSeq(node)
        ? node.items.reduce<number>((sum, item) => sum + sizeOf(item), 1)
        : 1;
    open.delete(node);
    sizes.set(node, size);
    return size;
  };
  const merged = (value: unknown): number => {
    const sources = isSeq(value) ? value.items : [value];
    return sources.reduce<number>((sum, source) => {
      const target = isAlias(source) ? source.resolve(document) : source;
      if (!isMap(target)) problem ??= "expected a mapping, or a list of mappings, after <<";
      return sum + sizeOf(target);
    }, 0);
  };
  if (sizeOf(document.contents) > mostMerged) problem ??= "merged mappings repeat too much";
  return problem;
}
