/** What a new part of the catalog still lacks, as sentences that a failing test shows. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

/** Complaints of the files that are not there; each file from the project's folder, with what it is. */
export function missingFiles(wanted: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(wanted).flatMap(([file, what]) =>
    existsSync(join(root, file)) ? [] : [`${file} is missing: ${what}.`],
  );
}

/** A complaint where none of these ids stands in a file, or in any file of a folder. */
export function unnamed(ids: readonly string[], place: string, what: string): readonly string[] {
  const words = ids.map((id) => id.replaceAll(".", "\\."));
  const pattern = new RegExp(`(?<![\\w-])(?:${words.join("|")})(?![\\w-])`);
  const isNamed =
    ids.length > 0 && filesUnder(join(root, place)).some((file) => pattern.test(readFileSync(file, "utf8")));
  return isNamed ? [] : [`${place} does not name ${ids.length === 0 ? "it" : ids.join(" or ")}: ${what}.`];
}

/** A complaint where no table of a page's section has a row that begins with one of the ids. */
export function rowless(section: string, ids: readonly string[], page: string): readonly string[] {
  const [, text = ""] = readFileSync(join(root, page), "utf8").split(`\n## ${section}\n`);
  const rows = (text.split("\n## ")[0] ?? "").split("\n");
  const isThere = rows.some((row) => ids.some((id) => row.startsWith("|") && row.split("|")[1]?.includes(`\`${id}\``)));
  return isThere ? [] : [`${page}, "${section}", has no row for ${ids.join(" or ")}.`];
}

/** A fixture's text, from `test/fixtures`. */
export function fixture(path: string): string {
  return readFileSync(join(root, "test/fixtures", path), "utf8");
}

function filesUnder(path: string): readonly string[] {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesUnder(join(path, name))) : [path];
}
