/** A user's own configuration of a server, from the one file or the several that it is made of. */
import type { ConfigurationPart, UserConfiguration } from "../model/server-profile";
import type { SoftwareId } from "../model/ids";
import { decodedText } from "../text/decode";
import { globMatches } from "../text/patterns";

/** A file of a configuration, as the user named it. */
export type ConfigurationFile = { readonly file: string; readonly text: string };

/** No configuration of a server is longer. */
const mostLength = 1_000_000;

/** Reads the bytes of a configuration file; any line ends. The problem follows the file's name. */
export function readConfiguration(bytes: Uint8Array, file: string): ConfigurationFile | { readonly problem: string } {
  const text = decodedText(bytes);
  return text === null || text.length > mostLength ? { problem: "is not a configuration file" } : { file, text };
}

/**
 * * Joins several files into one configuration: files that the first one includes are put where it includes them, and the rest after it, in
 * the given order. Only ProFTPD's files name others. The problem is a sentence without its end.
 */
export function joinConfiguration(
  software: SoftwareId,
  files: readonly [ConfigurationFile, ...ConfigurationFile[]],
): UserConfiguration | { readonly problem: string } {
  const [main, ...others] = files;
  if (others.length === 0) return main;
  if (software !== "proftpd") {
    return { problem: `${software} has one configuration file, found ${files.map(({ file }) => file).join(" and ")}` };
  }
  const lines: Line[] = [];
  const left = new Set(others);
  const put = (one: ConfigurationFile): void => {
    for (const [index, text] of linesOf(one).entries()) {
      const included = includedBy(text, [...left]);
      if (included.length === 0) lines.push({ text, file: one.file, line: index + 1 });
      for (const other of included) left.delete(other);
      for (const other of included) put(other);
    }
  };
  put(main);
  for (const other of others) if (left.delete(other)) put(other);
  return { file: main.file, text: lines.map(({ text }) => `${text}\n`).join(""), parts: partsOf(lines) };
}

type Line = { readonly text: string; readonly file: string; readonly line: number };

function linesOf({ text }: ConfigurationFile): readonly string[] {
  return text.replace(/\n$/, "").split("\n");
}

function partsOf(lines: readonly Line[]): readonly ConfigurationPart[] {
  return lines.flatMap(({ file, line }, index): ConfigurationPart[] => {
    const before = lines[index - 1];
    return before?.file === file && before.line + 1 === line ? [] : [{ from: index + 1, file, line }];
  });
}

/**
 * The files that a line includes (`Include /etc/proftpd/conf.d/`, doc/modules/mod_core.html): by their path, else by its last step;
 * where that has a wildcard, or is a folder, only from a folder of the same name. ProFTPD loads those by their names.
 */
function includedBy(line: string, files: readonly ConfigurationFile[]): readonly ConfigurationFile[] {
  const [, quoted, plain] = /^\s*include\s+(?:"([^"]+)"|(\S+))\s*$/i.exec(line) ?? [];
  const path = quoted ?? plain;
  if (path === undefined) return [];
  const exact = files.filter(({ file }) => file === path || file.endsWith(`/${path.replace(/^\/+/, "")}`));
  if (exact.length > 0) return exact.slice(0, 1);
  const [last = "", folder] = path.split("/").toReversed();
  const isMany = last === "" || /[*?[]/.test(last);
  const matching = files.filter(({ file }) => {
    const [name = "", parent] = file.split(/[\\/]/).toReversed();
    if (!isMany) return name === last || (parent === last && !last.includes("."));
    return parent === folder && globMatches(last === "" ? "*" : last, name);
  });
  const byName = matching.toSorted((one, other) => (one.file < other.file ? -1 : 1));
  return isMany || byName.every(({ file }) => file.split(/[\\/]/).at(-2) === last) ? byName : byName.slice(0, 1);
}
