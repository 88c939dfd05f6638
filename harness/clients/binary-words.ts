import type { Lack } from "../model/program";

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
      argv: [
        "grep",
        "--text",
        "--only-matching",
        "--word-regexp",
        "--extended-regexp",
        [sends, ...lacks].join("|"),
        binary,
      ],
      expect: "present",
      pattern: new RegExp(`^(?![^]*\\b(?:${lacks.join("|")})\\b)[^]*\\b${sends}\\b`),
    },
  };
}

/** FTP verbs, in capitals. */
type BinaryWords = { readonly sends: string; readonly lacks: readonly string[] };
