/** One character for each verdict: told apart by shape, colour only helps. */
import type { Entry, Grid } from "./grid";

export type Symbols = {
  readonly worked: string;
  readonly failed: string;
  readonly mixed: string;
  readonly skipped: string;
  readonly labError: string;
  readonly absent: string;
  readonly unexpected: string;
  readonly flaky: string;
  /** Between the parts of a line. */
  readonly dot: string;
  readonly barFull: string;
  readonly barEmpty: string;
  readonly running: string;
  readonly waiting: string;
  readonly rule: string;
};

const shared = { mixed: "~", skipped: "s", labError: "?", unexpected: "!", flaky: "*" } as const;

const unicode: Symbols = {
  ...shared,
  worked: "✓",
  failed: "✗",
  absent: "·",
  dot: "·",
  barFull: "█",
  barEmpty: "░",
  running: "●",
  waiting: "○",
  rule: "─",
};

/** For terminals that are not UTF-8. */
const ascii: Symbols = {
  ...shared,
  worked: "+",
  failed: "x",
  absent: ".",
  dot: "|",
  barFull: "#",
  barEmpty: ".",
  running: "*",
  waiting: "-",
  rule: "-",
};

/** The signs to draw with. */
export function symbolsFor(isUnicode: boolean): Symbols {
  return isUnicode ? unicode : ascii;
}

/** The sign of an entry; a digit says how many worked where the others failed. */
export function entrySymbol(entry: Entry, symbols: Symbols): string {
  switch (entry.kind) {
    case "worked":
      return symbols.worked;
    case "failed":
      return symbols.failed;
    case "mixed":
      return entry.worked <= 9 ? String(entry.worked) : symbols.mixed;
    case "partial":
      return symbols.mixed;
    case "skipped":
      return symbols.skipped;
    case "lab-error":
      return symbols.labError;
    case "absent":
      return symbols.absent;
  }
}

/** The sign behind an entry's own, or nothing. */
export function markSymbol(entry: Entry, symbols: Symbols): string {
  if (entry.mark === "none") return "";
  return entry.mark === "unexpected" ? symbols.unexpected : symbols.flaky;
}

/** What the signs in these tables mean; those that do not occur are left out. */
export function legendOf(grids: readonly Grid[], symbols: Symbols): readonly (readonly [string, string])[] {
  const entries = grids.flatMap((grid) => grid.rows.flatMap((row) => row.entries.flat()));
  const has = (kind: Entry["kind"]): boolean => entries.some((entry) => entry.kind === kind);
  const lines: readonly (readonly [string, string, boolean])[] = [
    [symbols.worked, "all operations worked", true],
    [symbols.failed, "all failed", true],
    ["1-9", "this many worked, the others failed", has("mixed")],
    [symbols.mixed, has("partial") ? "differs, or only some ran" : "differs", has("partial") || manyMixed(entries)],
    [symbols.skipped, "skipped or unsupported", has("skipped")],
    [symbols.labError, "the lab broke", has("lab-error")],
    [symbols.absent, "no such cell", has("absent")],
    [symbols.unexpected, "not as expected", entries.some((entry) => entry.mark === "unexpected")],
    [symbols.flaky, "flaky", entries.some((entry) => entry.mark === "flaky")],
  ];
  return lines.filter(([, , occurs]) => occurs).map(([symbol, meaning]) => [symbol, meaning]);
}

function manyMixed(entries: readonly Entry[]): boolean {
  return entries.some((entry) => entry.kind === "mixed" && entry.worked > 9);
}
