/** What would explain a symptom, as `match` prints it. */
import type { DataCommand, Mode } from "./axes";
import type { CauseId, PrintedRemedy } from "./diagnosis";
import type { Place, Symptom } from "./symptom";

export type MatchReport = {
  readonly symptom: Symptom;
  /** What was pasted, by file name, in the order in which `paste` counts. */
  readonly pastes: readonly string[];
  /** The likeliest first. */
  readonly candidates: readonly MatchedCause[];
  /** `null` if no other session would tell the two likeliest apart. */
  readonly question: MatchQuestion | null;
  /** A line that tells of a failure beside the dialogue, in words that nobody knows; `null` if none does. */
  readonly unknown: QuotedLine | null;
  /** What else to paste, as noun phrases: it would show which of the likeliest it is. */
  readonly paste: readonly string[];
};

/** Another session whose outcome would tell two causes apart. */
export type MatchQuestion = {
  readonly mode: Mode;
  readonly data: DataCommand;
  /** Tried beside the server, with no router in between. */
  readonly inside: boolean;
  readonly ifWorks: CauseId;
  readonly ifFails: CauseId;
};

/** What to ask the reporter, in a sentence. */
export function askedIn({ mode, data, inside }: Pick<MatchQuestion, "mode" | "data" | "inside">): string {
  const where = inside ? "from beside the server, with no router in between" : "from the same place";
  return `Does a listing work with ${mode} and ${data.toUpperCase()} ${where}?`;
}

/** A line as the paste has it. */
export type QuotedLine = Place & { readonly text: string };

/** Why a cause is a candidate: what lines say, as a clause, and the lines. */
export type Reason = { readonly meaning: string; readonly lines: readonly QuotedLine[] };

/** What a party can do: of use if something holds that no line shows, or without a condition (`null`). */
export type MatchedCure = PrintedRemedy & { readonly onlyIf: string | null };

export type MatchedCause = {
  readonly cause: CauseId;
  readonly title: string;
  /** `shown`: a line names the cause by itself. `fits`: known cells that fail from it show the same. `possible`: lines allow it. */
  readonly confidence: "shown" | "fits" | "possible";
  /** `speaks`: a line speaks for it, or one allows it and known cells show the same. `allows`: no line speaks for it, or far more speaks for another cause. */
  readonly ground: "speaks" | "allows";
  /** What of the paste speaks for it; empty if nothing was pasted. */
  readonly because: readonly Reason[];
  /** Ids of cells that show the same and fail from it, one for each topology. */
  readonly cells: readonly string[];
  /** What each party can do, best first; addresses and ports are the paste's own, or a word in their place. */
  readonly cures: readonly MatchedCure[];
};

/** Causes that are worth a person's time. */
export const mostExplained = 3;

/** What lines name; where they name nothing, the likeliest of what they speak for. */
export function explainedOf<Cause extends Pick<MatchedCause, "confidence" | "ground">>(
  candidates: readonly Cause[],
): readonly Cause[] {
  const most = candidates.slice(0, mostExplained);
  if (most[0]?.confidence === "shown") return most.slice(0, 1);
  const end = most.findIndex(({ ground }, index) => index > 0 && ground === "allows");
  return end < 0 ? most : most.slice(0, end);
}
