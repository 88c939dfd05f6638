import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importNetwork, type Imported, type ImportOptions } from "../../harness/import/import-network";
import type { InputFile } from "../../harness/import/pieces/piece";

const root = join(__dirname, "..", "fixtures", "networks");

/** Networks as people have them, after dumps of real machines. */
export const fixtureNetworks: readonly string[] = readdirSync(root).toSorted();

/** The files of one of them, named as from its folder. */
export function fixtureFiles(network: string): readonly InputFile[] {
  return readdirSync(join(root, network), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => ({ name: file.slice(join(root, network).length + 1), text: readFileSync(file, "utf8") }));
}

/** Imports texts by their names. */
export function importTexts(texts: Readonly<Record<string, string>>, options: Partial<ImportOptions> = {}): Imported {
  const files = Object.entries(texts).map(([name, text]) => ({ name, text }));
  return importNetwork(files, { id: "network", front: null, ...options });
}

/** A file of the folder. */
export function fileOf({ files }: Imported, path: string): string {
  return files.find((file) => file.path === path)?.text ?? "";
}
