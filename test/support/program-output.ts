import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { OutputLine, ProgramOutcome, ProgramSession } from "../../harness/model/program";

const folder = join(__dirname, "../fixtures/clients");

/** What a program printed, as recorded in `test/fixtures/clients`: each line after 1 (standard output) or 2 (standard error). */
function recordedOutput(file: string): readonly OutputLine[] {
  const lines = readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
  return lines.map((line, index) => ({
    atMs: index,
    stream: line.startsWith("1 ") ? "stdout" : "stderr",
    text: line.slice(2),
  }));
}

/** A program's end with that output. */
export function outcomeOf(file: string, exitCode: number): ProgramOutcome {
  return { startedAt: 0, durationMs: 1, exitCode, timedOut: false, output: recordedOutput(file), files: [] };
}

/** A session of the lab; what is not named is plain FTP with PASV and a listing. */
export function programSession(change: Partial<ProgramSession> = {}): ProgramSession {
  return {
    mode: "ftp",
    data: "pasv",
    operation: "list",
    options: [],
    host: "ftp.example.net",
    port: 21,
    family: 4,
    user: "lab1",
    password: "secret",
    caFile: "/ca.pem",
    folder: "/list",
    files: [
      { name: "0-bytes.bin", size: 0 },
      { name: "1-bytes.bin", size: 1 },
    ],
    home: "/home",
    connectSeconds: 2,
    ...change,
  };
}
