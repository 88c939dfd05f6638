/**
 * `npm run record -- CELL NAME`: puts what a client printed in a cell into `test/fixtures/clients/NAME.txt`, in the form that
 * `program-output.ts` reads. CELL is the cell's folder in a run with `--evidence on`, NAME is `<client>/<what it shows>`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readRecording } from "../../harness/evidence/recording/read-recording";
import { projectRoot } from "../../harness/lab/project";

const [cell, name] = process.argv.slice(2);
if (cell === undefined || name === undefined || !/^[\w.-]+\/[\w.-]+$/.test(name)) {
  process.stderr.write("npm run record -- reports/out/<run>/cells/<cell id> <client>/<what it shows>\n");
  process.exitCode = 2;
} else {
  record(cell, name);
}

function record(folder: string, fixture: string): void {
  const { evidence, problems } = readRecording(folder);
  const { output = [], outputStreams = "" } = evidence?.attempt ?? {};
  if (output.length === 0 || outputStreams.length !== output.length) {
    process.stderr.write(`${folder} has no output of a client. ${problems.join(" ")}\n`);
    process.exitCode = 1;
    return;
  }
  const path = join(projectRoot, "test/fixtures/clients", `${fixture}.txt`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, output.map((text, index) => `${outputStreams[index] ?? ""} ${text}\n`).join(""));
  process.stdout.write(`wrote test/fixtures/clients/${fixture}.txt: ${String(output.length)} lines\n`);
}
