/** Amounts as people write them: `32 kB`, `1 MiB`, `2.5 s`. */
import { z } from "zod";

const byteUnits: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1_000,
  KB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
};
const timeUnits: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000 };

/** A number of bytes, or a text with a unit; parts of a byte are refused, and what a larger unit leaves of one is rounded. */
export function bytes(most: number, description: string) {
  return amount(byteUnits, {
    ...{ bare: "B", most, decimals: (unit) => (unit === "B" ? 0 : 3) },
    words: "expected a number of bytes, or a size such as 32 kB or 1 MiB",
  })
    .transform(Math.round)
    .describe(description);
}

/** A text with a unit, or a number of seconds; given in ms. */
export function duration(mostMs: number, description: string) {
  return amount(timeUnits, {
    ...{ bare: "s", most: mostMs, decimals: () => 3 },
    words: "expected a time such as 500 ms or 3 s",
  }).describe(description);
}

type Amount = {
  /** The unit of a bare number. */
  readonly bare: string;
  readonly most: number;
  readonly decimals: (unit: string) => number;
  /** What is expected, for a problem. */
  readonly words: string;
};

/** A value that is not a number, or that has more digits than can be kept, is a problem and never becomes another number. */
function amount(units: Readonly<Record<string, number>>, { bare, most, decimals, words }: Amount) {
  const pattern = new RegExp(`^(\\d+)(?:\\.(\\d+))? ?(${Object.keys(units).join("|")})?$`);
  const written = z.union([z.number(words).min(0, words), z.string().regex(pattern, words)], words);
  return written.transform((text, context) => {
    // A number is written as YAML reads it: 1e3 is 1000, and 1e-7 stays so.
    const [, whole, fraction = "", unit = bare] = pattern.exec(String(text)) ?? [];
    const value = Number(`${whole ?? String(text)}.${fraction || "0"}`) * (units[unit] ?? 1);
    if (whole === undefined ? Number(text) * (units[bare] ?? 1) > most : value > most) {
      context.addIssue(`expected at most ${most / (units[bare] ?? 1)} ${bare}`);
    } else if (whole === undefined || fraction.length > decimals(unit)) {
      const places = decimals(unit);
      context.addIssue(places === 0 ? "expected whole bytes" : `expected at most ${places} decimals`);
    } else return value;
    return z.NEVER;
  });
}
