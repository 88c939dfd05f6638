/** RFC 7396: merges the keys of one mapping into another. */

type Mapping = Readonly<Record<string, unknown>>;

/** The value with a patch in it: mappings are merged key by key, `null` takes a key away, all else takes the old value's place. */
export function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isMapping(patch)) return patch;
  const merged: Record<string, unknown> = isMapping(value) ? { ...value } : {};
  for (const [key, part] of Object.entries(patch)) {
    if (part === null) Reflect.deleteProperty(merged, key);
    else merged[key] = mergePatch(merged[key], part);
  }
  return merged;
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
