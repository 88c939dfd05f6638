import { cpSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../harness/lab/project";

const parts = [
  "docs/matrix.md",
  "harness",
  "reports",
  "topologies",
  "scenarios",
  "test/e2e",
  "test/support",
  "package.json",
  "tsconfig.json",
];

/** Copies the project, with nothing built and its packages installed, into a new folder and gives that folder. */
export function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-copy-"));
  const isSource = (path: string): boolean => path !== join(projectRoot, "reports", "out");
  for (const part of parts) cpSync(join(projectRoot, part), join(copy, part), { recursive: true, filter: isSource });
  symlinkSync(join(projectRoot, "node_modules"), join(copy, "node_modules"));
  return copy;
}
