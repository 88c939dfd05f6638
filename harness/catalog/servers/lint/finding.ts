/** Something in a user's configuration that contradicts itself, is refused by its server, or has an effect that few expect. */
export type ConfigurationFinding = {
  /** Line of the whole text, from 1. */
  readonly line: number;
  /** Another line of the whole text, which `text` calls `{other}`. */
  readonly other?: number;
  /** `error`: the server refuses it, or it cannot work for anybody; `warning`: it fails for some; `note`: good to know. */
  readonly severity: "error" | "warning" | "note";
  /** What it does, as a sentence. */
  readonly text: string;
  /** What to write or do instead, as a sentence. */
  readonly remedy: string;
};

/** Findings in the order of their lines. */
export function inOrder(findings: readonly ConfigurationFinding[]): readonly ConfigurationFinding[] {
  return findings.toSorted((one, other) => one.line - other.line);
}
