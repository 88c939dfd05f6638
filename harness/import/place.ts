/** Where in a user's files something stands, and what was made of it. */

/** A line of an input file; lines count from 1. */
export type Origin = { readonly file: string; readonly line: number };

/** Something that the folder says: read from a line, or assumed for a reason. */
export type Inference =
  | { readonly kind: "read"; readonly what: string; readonly from: Origin }
  | { readonly kind: "assumed"; readonly what: string; readonly why: string };

/** Something of the files that the lab does not get. */
export type LeftOut = {
  readonly what: string;
  readonly why: string;
  /** Where it stands; several alike are told once, by their first place. */
  readonly from: Origin;
  readonly count: number;
  /** Whether it could decide about FTP. */
  readonly decides: boolean;
};

/** A value with its reason. */
export type Known<Value> = { readonly value: Value } & ({ readonly from: Origin } | { readonly assumed: string });

export function readFrom<Value>(value: Value, from: Origin): Known<Value> {
  return { value, from };
}

export function assume<Value>(value: Value, why: string): Known<Value> {
  return { value, assumed: why };
}

/** The inference that a known value is, in words. */
export function inferenceOf(what: string, known: Known<unknown>): Inference {
  return "from" in known ? { kind: "read", what, from: known.from } : { kind: "assumed", what, why: known.assumed };
}

export function placeText({ file, line }: Origin): string {
  return `${file}:${line}`;
}

/** Adds one thing that is left out; what is left out for the same reason in the same file is counted. */
export function addLeftOut(list: LeftOut[], { what, why, from, decides }: Omit<LeftOut, "count">): void {
  const at = list.findIndex(
    (other) => other.what === what && other.from.file === from.file && other.decides === decides,
  );
  const before = list[at];
  if (before === undefined) list.push({ what, why, from, decides, count: 1 });
  else list[at] = { ...before, count: before.count + 1 };
}
