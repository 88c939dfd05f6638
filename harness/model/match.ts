/** What would explain a symptom, as `match` tells it. */
import type { DataCommand, Mode } from "./axes";
import type { CauseId } from "./diagnosis";
import type { Symptom } from "./symptom";

export type MatchReport = {
  readonly symptom: Symptom;
  /** The likeliest first. */
  readonly candidates: readonly MatchedCause[];
  /** `null` where no other session would tell the two likeliest apart. */
  readonly question: MatchQuestion | null;
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

export type MatchedCause = {
  readonly cause: CauseId;
  readonly title: string;
  /** `shown`: the log itself shows it. `fits`: known cells that fail from it show the same. `possible`: the log alone suggests it. */
  readonly confidence: "shown" | "fits" | "possible";
  /** What the log says of it; `null` where only known cells speak for it. */
  readonly explanation: string | null;
  /** Ids of cells that show the same and fail from it, one for each topology. */
  readonly cells: readonly string[];
};
