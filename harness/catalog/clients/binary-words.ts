import type { Lack } from "../../model/program";

/**
 * That a program cannot send some commands: the binary holds the word of one that it does send, and none of theirs. A word that is
 * there keeps the proof from holding for a binary that cannot be read.
 */
export function lacksCommands(what: string, binary: string, words: BinaryWords): Lack {
  const { sends, lacks } = words;
  return {
    what,
    proof: {
      kind: "command",
      argv: findsIn(binary, [sends, ...lacks].join("|"), "--word-regexp"),
      expect: "present",
      pattern: new RegExp(`^(?![^]*\\b(?:${lacks.join("|")})\\b)[^]*\\b${sends}\\b`),
    },
  };
}

/**
 * A command that prints what a file, or the scripts of a folder, hold of an extended regular expression, be the file text or not: a
 * find a line (grep(1)).
 */
export function findsIn(file: string, expression: string, ...options: readonly string[]): readonly string[] {
  const inFolder = file.endsWith("/") ? ["--recursive", "--no-filename", "--include=*.js"] : [];
  return ["grep", "--text", "--only-matching", ...inFolder, ...options, "--extended-regexp", expression, file];
}

/** FTP verbs, in capitals. */
type BinaryWords = { readonly sends: string; readonly lacks: readonly string[] };
