/** Looks into JSON of which nothing is known. */

/** The value of an object's key; `undefined` if there is none. */
export function fieldOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function textOf(value: unknown, key: string): string | null {
  const field = fieldOf(value, key);
  return typeof field === "string" ? field : null;
}

export function numberOf(value: unknown, key: string): number | null {
  const field = fieldOf(value, key);
  return typeof field === "number" ? field : null;
}

/** A list as it is; anything else is an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Objects with one key, as key and value. */
export function objectsOf(values: readonly unknown[]): readonly (readonly [key: string, value: unknown])[] {
  return values.flatMap((value) => {
    const pair = onlyPair(value);
    return pair === null ? [] : [pair];
  });
}

/** The key of an object and its value; of an object with several keys the first. */
export function onlyPair(value: unknown): readonly [key: string, value: unknown] | null {
  return isObject(value) ? (Object.entries(value)[0] ?? null) : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
