import type { MatchedCause } from "../../model/match";

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
