import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../lab/project";

/** Beside what `start.mjs` keeps; `npm ci` empties it. */
const keptFolder = join(projectRoot, "node_modules", ".cache", "ftp-nat-matrix");

/**
 * What was made of the files of these folders, a value that JSON holds: kept from one start to the next for as long as no file of
 * theirs changes. The folders are the project's own, and what makes the value is among them.
 */
export function keptOf<Value>(folders: readonly string[], make: () => Value, place = keptFolder): Value {
  const file = join(place, `${digestOf(folders)}.json`);
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Value;
  } catch {
    const value = make();
    keep(place, file, JSON.stringify(value));
    return value;
  }
}

function digestOf(folders: readonly string[]): string {
  const hash = createHash("sha256");
  for (const folder of folders) {
    for (const entry of readdirSync(join(projectRoot, folder), { withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(projectRoot, folder, entry.name);
      const text = readFileSync(path);
      hash.update(`${path}\0${text.length}\0`).update(text);
    }
  }
  return hash.digest("hex");
}

/** Programs may start side by side: a file is there as a whole or not at all. */
function keep(place: string, file: string, text: string): void {
  const mine = `${file}.${process.pid}`;
  try {
    mkdirSync(place, { recursive: true });
    writeFileSync(mine, text);
    renameSync(mine, file);
  } catch {
    // Where nothing can be written, the next start takes longer.
    if (existsSync(mine)) rmSync(mine);
  }
}
