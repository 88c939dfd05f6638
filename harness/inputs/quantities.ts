/** Amounts as people write them: `32 kB`, `1 MiB`, `2.5 s`. */
import { z } from "zod";

const byteUnits: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1_000,
  KB: 1_000,
  MB: 1_000_000,
  KiB: 1_024,
  MiB: 1_048_576,
};
const timeUnits: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000 };

/** A number of bytes, or a text with a unit. */
export function bytes(most: number, description: string) {
  return amount(byteUnits, { bare: "B", most, words: "expected a number of bytes, or a size such as 32 kB or 1 MiB" })
    .transform(Math.round)
    .describe(description);
}

/** A text with a unit, or a number of seconds; given in ms. */
export function duration(mostMs: number, description: string) {
  return amount(timeUnits, { bare: "s", most: mostMs, words: "expected a time such as 500 ms or 3 s" }).describe(
    description,
  );
}

function amount(
  units: Readonly<Record<string, number>>,
  { bare, most, words }: { readonly bare: string; readonly most: number; readonly words: string },
) {
  const pattern = new RegExp(`^(\\d{1,12}(?:\\.\\d{1,3})?) ?(${Object.keys(units).join("|")})?$`);
  const text = z.string().regex(pattern, words);
  return z.union([z.number(words).min(0, words), text], words).transform((written, context) => {
    const [, number = "", unit = bare] = pattern.exec(String(written)) ?? [];
    const value = Number(number) * (units[unit] ?? 1);
    if (value > most) context.addIssue(`expected at most ${most / (units[bare] ?? 1)} ${bare}`);
    return value;
  });
}
