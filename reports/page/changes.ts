/** Two reports side by side, cell by cell. */
import type { CellResult } from "../../harness/model/cell";
import { cellKey } from "./state";

type Seen = Pick<CellResult, "id" | "repeat" | "result" | "stage" | "cause" | "outcome">;

export type Change = { readonly key: string; readonly before: Seen | null; readonly after: Seen | null };

export const changeKinds = ["worse", "better", "other", "added", "gone"] as const;
export type Changes = Readonly<Record<(typeof changeKinds)[number], readonly Change[]>>;

/** What became of each cell: worse and better are told by its outcome, then by whether it worked. */
export function changesOf(before: readonly Seen[], after: readonly Seen[]): Changes {
  const old = new Map(before.map((cell) => [cellKey(cell), cell]));
  const now = new Map(after.map((cell) => [cellKey(cell), cell]));
  const changes: Record<keyof Changes, Change[]> = { worse: [], better: [], other: [], added: [], gone: [] };
  for (const [key, cell] of now) {
    const earlier = old.get(key);
    if (earlier === undefined) changes.added.push({ key, before: null, after: cell });
    else if (!isSame(earlier, cell)) changes[kindOf(earlier, cell)].push({ key, before: earlier, after: cell });
  }
  for (const [key, cell] of old) if (!now.has(key)) changes.gone.push({ key, before: cell, after: null });
  return changes;
}

function isSame(one: Seen, other: Seen): boolean {
  return (
    one.result === other.result &&
    one.stage === other.stage &&
    one.cause === other.cause &&
    one.outcome === other.outcome
  );
}

function kindOf(before: Seen, after: Seen): "worse" | "better" | "other" {
  const [isGood, wasGood] = [after.outcome === "expected", before.outcome === "expected"];
  if (isGood !== wasGood) return isGood ? "better" : "worse";
  if (after.result === before.result) return "other";
  return after.result === "worked" ? "better" : before.result === "worked" ? "worse" : "other";
}

/**
 * The cells of another report.json that somebody picked; `null` where it is none. Only what is compared is looked at, since the
 * file may come from another version.
 */
export function readOther(text: string): { readonly id: string; readonly at: string; readonly cells: Seen[] } | null {
  const value = parsed(text);
  if (!isRecord(value) || !textOf(value["schemaVersion"]).startsWith("1.") || !Array.isArray(value["cells"]))
    return null;
  const run = isRecord(value["run"]) ? value["run"] : {};
  const cells = (value["cells"] as unknown[]).flatMap((cell) => (isSeen(cell) ? [cell] : []));
  return { id: textOf(run["id"]), at: textOf(run["startedAt"]), cells };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return null;
  }
}

function isSeen(value: unknown): value is Seen {
  if (!isRecord(value)) return false;
  const isWord = (key: string): boolean => value[key] === null || typeof value[key] === "string";
  const { id, repeat, result, outcome } = value;
  return (
    [id, result, outcome].every((word) => typeof word === "string") &&
    typeof repeat === "number" &&
    isWord("stage") &&
    isWord("cause")
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
