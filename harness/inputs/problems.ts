/** Turns the problems that zod finds into sentences with places, found values and nearest names. */
import type { z } from "zod";
import { ScenarioError, type InputProblem } from "../model/errors";
import { didYouMean, oneOf, quote } from "../text/nearest";
import { mostProblems, type ValuePath, type YamlDocument } from "./yaml-document";

/** Gathers the problems of one file by path, so that all of them are reported at once. */
export class ProblemList {
  private readonly found: InputProblem[] = [];

  constructor(private readonly document: YamlDocument) {}

  /** How many problems there are so far. */
  get count(): number {
    return this.found.length;
  }

  /** A value is wrong. */
  add(path: ValuePath, message: string): void {
    this.found.push({ place: this.document.placeOf(path), message });
  }

  /** A key is wrong, or what belongs under it is. */
  addAtKey(path: ValuePath, message: string): void {
    this.found.push({ place: this.document.placeOfKey(path), message });
  }

  /** What `read` gives; where it throws problems, they join these, and it is `null`. */
  gather<Value>(read: () => Value): Value | null {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      this.found.push(...error.problems);
      return null;
    }
  }

  /** Throws a ScenarioError when anything is wrong, in the order of the file. */
  throwIfAny(): void {
    if (this.found.length === 0) return;
    const distinct = new Map(this.found.map((problem) => [JSON.stringify(problem), problem]));
    const ordered = [...distinct.values()].toSorted(
      (one, other) => one.place.line - other.place.line || one.place.column - other.place.column,
    );
    throw new ScenarioError(ordered.slice(0, mostProblems));
  }
}

/**
 * Checks a document against a schema. Unknown keys are noted in `problems` and left out, so that the checks that follow
 * can tell what else is wrong; any other problem throws a ScenarioError with all of them.
 */
export function checkShape<Schema extends z.ZodType>(
  schema: Schema,
  document: YamlDocument,
  problems: ProblemList,
): z.output<Schema> {
  const first = schema.safeParse(document.value, { error: describeIssue });
  if (first.success) return first.data;
  for (const issue of first.error.issues) addIssue(issue, [], document, problems);
  const value = structuredClone(document.value);
  for (const issue of first.error.issues) if (issue.code === "unrecognized_keys") removeKeys(value, issue);
  const second = schema.safeParse(value);
  if (second.success) return second.data;
  problems.throwIfAny();
  throw new Error("a schema found a problem that has no place", { cause: second.error });
}

/** Words for what a schema without words of its own expected; the found value is added by {@link addIssue}. */
function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${typeWords[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `expected ${oneOf(issue.values.map(String))}`;
    case "invalid_key": {
      const own = issue.issues.find(({ message }) => message.startsWith("expected"));
      return own?.message ?? "expected a lower-case word with digits and hyphens, starting with a letter";
    }
    default:
      return undefined;
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  boolean: "true or false",
  number: "a number",
  int: "a whole number",
  object: "a mapping",
  record: "a mapping",
  array: "a list",
};

function addIssue(issue: z.core.$ZodIssue, parent: ValuePath, document: YamlDocument, problems: ProblemList): void {
  const path = [...parent, ...(issue.path as ValuePath)];
  if (issue.code === "unrecognized_keys") {
    // `mapping` puts the keys that it knows into the message.
    const known = issue.message.split(" ");
    for (const key of issue.keys) problems.addAtKey([...path, key], `unknown key ${quote(key)}${hint(key, known)}`);
    return;
  }
  if (issue.code === "invalid_union") {
    const branch = branchIn(issue.errors);
    if (branch !== undefined && branch.length > 0) {
      for (const inner of branch) addIssue(inner, path, document, problems);
      return;
    }
  }
  const value = valueAt(document.value, path);
  if (issue.code === "invalid_key") {
    problems.addAtKey(path, `${issue.message}, found the key ${quote(String(path.at(-1)))}`);
  } else if (value === undefined) {
    problems.addAtKey(path.slice(0, -1), `missing key ${quote(String(path.at(-1)))}: ${issue.message}`);
  } else {
    const meant = typeof value === "string" ? didYouMean(value, wordsOf(issue)) : "";
    const found = describeValue(value);
    problems.add(path, meant === "" ? `${issue.message}, found ${found}` : `unknown value ${found}${meant}`);
  }
}

/** The branch of a union that took the value itself and found fault inside it: it says more than "none of these". */
function branchIn(errors: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  // If a branch is itself a union of the same value, its own branch reports the problem.
  const branches = errors.map((issues) =>
    issues.flatMap((inner) =>
      inner.code === "invalid_union" && inner.path.length === 0 ? (branchIn(inner.errors) ?? [inner]) : [inner],
    ),
  );
  return (
    branches.find((issues) => issues.every((inner) => inner.path.length > 0 || isKeys(inner))) ??
    // Its kind was right, and what a check of our own says of it is in words.
    branches.find((issues) => issues.every((inner) => inner.code === "custom"))
  );
}

/** The words that would have been right, where there is a list of them. */
function wordsOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  return issue.code === "invalid_union" && "options" in issue ? (issue.options ?? []).map(String) : [];
}

function hint(key: string, known: readonly string[]): string {
  const meant = didYouMean(key, known);
  return meant === "" ? `; expected ${oneOf(known)}` : meant;
}

function isKeys(issue: z.core.$ZodIssue): boolean {
  return issue.code === "unrecognized_keys";
}

function removeKeys(root: unknown, issue: z.core.$ZodIssueUnrecognizedKeys): void {
  const value = valueAt(root, issue.path as ValuePath);
  for (const key of issue.keys) Reflect.deleteProperty(value as object, key);
}

function valueAt(root: unknown, path: ValuePath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

function describeValue(value: unknown): string {
  if (typeof value === "string") return value === "" ? "empty text" : quote(value);
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : quote(JSON.stringify(value));
}
