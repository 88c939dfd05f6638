/** What `reproduce --json` prints: the same as its words, for machines. */
import type { Reproduction, SideEffect } from "../harness/model/reproduction";
import { conclusion } from "./reproduce-text";

/** Version of the shape of `reproduce --json`. */
const reproduceSchemaVersion = "1.1";

/** One JSON value, with a line feed at its end. */
export function reproduceJson(reproduction: Reproduction): string {
  const { bug, variants, reproduced, replaced, durationMs, versions, labErrors, interrupted } = reproduction;
  const value = {
    schemaVersion: reproduceSchemaVersion,
    id: bug.id,
    title: bug.title,
    link: bug.link,
    conclusion: conclusion(reproduction),
    reproduced,
    replaced,
    durationMs,
    interrupted,
    labErrors,
    versions,
    variants: variants.map(({ variant, verdict, skipped, diagnosis, breaks, cures, compared }) => ({
      id: variant.id,
      change: variant.change,
      skipped,
      asItShould: verdict === null ? null : verdict.difference === null,
      difference: verdict?.difference ?? null,
      runs: verdict?.runs ?? 0,
      shown: verdict?.shown ?? 0,
      shows: variant.shows,
      seen: verdict?.told?.result ?? null,
      findings: diagnosis?.findings ?? [],
      compared,
      breaks: breaks.map(idsOf),
      cures: cures.map(idsOf),
    })),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function idsOf({ before, after }: SideEffect) {
  const told = ({ id, result, stage, cause }: SideEffect["after"]) => ({ id, result, stage, cause });
  return { before: told(before), after: told(after) };
}
