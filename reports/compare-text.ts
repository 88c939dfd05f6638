/** What `compare` prints. */
import type { Colors } from "picocolors/types";
import type { Change, Comparison } from "./compare";
import { hasRegressed } from "./compare";
import { toAscii, visible } from "../harness/text/escape";
import { counted, thousands } from "../harness/text/quantity";
import { cellVerdict } from "./wording";

/** A terminal's history is short; `--json` lists all. */
const shownCells = 40;

/** The comparison for a terminal; ends with a line feed. */
export function compareText(
  comparison: Comparison,
  { colours, unicode }: { readonly colours: Colors; readonly unicode: boolean },
): string {
  const { before, after, regressions, fixes, changed, undecided, added, gone, common } = comparison;
  const { bold, dim, green, red } = colours;
  const list = <Item>(title: string, items: readonly Item[], line: (item: Item) => string): readonly string[] => {
    if (items.length === 0) return [];
    const rest = items.length - shownCells;
    const more = rest > 0 ? [dim(`  ... and ${thousands(rest)} more; --json has them all`)] : [];
    return [
      bold(`${title}: ${thousands(items.length)}`),
      ...items.slice(0, shownCells).map((item) => `  ${line(item)}`),
      ...more,
      "",
    ];
  };
  const both = (change: Change): string =>
    `${visible(change.id)}  ${dim(visible(cellVerdict(change.before)))} → ${visible(cellVerdict(change.after))}`;
  const lines = [
    dim(`${visible(before)} → ${visible(after)}`),
    "",
    ...list(red("Regressions"), regressions, both),
    ...list(red("Controls that fail now"), comparison.failedControls, (id) => visible(id)),
    ...list(red("Claims that are contradicted now"), comparison.contradictedClaims, (id) => visible(id)),
    ...list(green("Fixes"), fixes, both),
    ...list("Changed, neither better nor worse", changed, both),
    ...list("Not decided, since a lab broke", undecided, both),
    ...list("New cells", added, (cell) => `${visible(cell.id)}  ${visible(cellVerdict(cell))}`),
    ...list("Gone cells", gone, (cell) => `${visible(cell.id)}  ${dim(visible(cellVerdict(cell)))}`),
    [
      hasRegressed(comparison) ? red(bold("worse")) : green("not worse"),
      counted(regressions.length, "regression"),
      `${thousands(fixes.length)} fixed`,
      `${thousands(changed.length)} changed`,
      ...(undecided.length === 0 ? [] : [`${thousands(undecided.length)} not decided`]),
      `${thousands(added.length)} new`,
      `${thousands(gone.length)} gone`,
      `${counted(common, "cell")} in both`,
    ].join(unicode ? " · " : " | "),
    "",
  ];
  const text = lines.join("\n");
  return unicode ? text : toAscii(text.replaceAll("→", "->"));
}

/** The comparison for machines. */
export function compareJson(comparison: Comparison): string {
  return `${JSON.stringify({ regressed: hasRegressed(comparison), ...comparison }, null, 2)}\n`;
}
