import { bugNames } from "../../harness/cli/bug-names";
import { loadCatalog } from "../../harness/cli/catalog";
import { ScenarioError } from "../../harness/model/errors";
import type { BugScenario } from "../../harness/model/bug";
import { parseBug, type BugNames } from "../../harness/inputs/bug-file";

export const names: BugNames = bugNames(loadCatalog());

/** Reads a report that is written in a test. */
export function bugOf(text: string): BugScenario {
  return parseBug({ file: "a-report.yaml", text }, names);
}

/** What is wrong with a report, line by line. */
export function problemsOf(text: string): readonly string[] {
  try {
    bugOf(text);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split("\n");
  }
}

/** The smallest report, with more lines of the reported set-up and more variants. */
export function reportWith(lines: string, variants = ""): string {
  return [
    "title: It does not work",
    "reported: { text: The listing hangs }",
    lines,
    "variants:",
    "  reported:",
    "    shows: { result: failed, stage: data-connect }",
    variants,
  ].join("\n");
}
