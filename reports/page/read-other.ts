/** A second report that somebody picked to compare with. */
import { outcomes, results } from "../../harness/model/axes";
import type { Comparable, Judged, Single } from "../compare";

export type OtherReport = Comparable & { readonly at: string };

/**
 * The parts of a report.json that are compared; `null` if the text is not a report. Only that is looked at, since the file may come from
 * another version.
 */
export function readOther(text: string): OtherReport | null {
  const value = parsed(text);
  if (!isRecord(value) || !textOf(value["schemaVersion"]).startsWith("1.") || !Array.isArray(value["cells"]))
    return null;
  const run = isRecord(value["run"]) ? value["run"] : {};
  return {
    run: { id: textOf(run["id"]) },
    at: textOf(run["startedAt"]),
    cells: listOf(value["cells"], isCell),
    controls: listOf(value["controls"], isJudged),
    claims: listOf(value["claims"], isJudged),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return null;
  }
}

function listOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): readonly Item[] {
  return Array.isArray(value) ? value.filter(isItem) : [];
}

function isCell(value: unknown): value is Single {
  if (!isRecord(value)) return false;
  const isWord = (key: string): boolean => value[key] === null || typeof value[key] === "string";
  return (
    typeof value["id"] === "string" &&
    typeof value["repeat"] === "number" &&
    isOneOf(results, value["result"]) &&
    isOneOf(outcomes, value["outcome"]) &&
    isWord("stage") &&
    isWord("cause")
  );
}

function isJudged(value: unknown): value is Judged {
  return isRecord(value) && typeof value["id"] === "string" && typeof value["outcome"] === "string";
}

function isOneOf(words: readonly string[], value: unknown): boolean {
  return typeof value === "string" && words.includes(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
