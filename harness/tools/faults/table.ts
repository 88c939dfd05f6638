import { confidences } from "../../model/diagnosis";
import type { Examined, Kept, Outcome } from "./examine";
import { grades, handText, isToldAsShown, type Grade } from "./verdict";

/** A fault in one line, as soon as it is examined. */
export function progressLine({ drawn, outcome, durationMs }: Examined): string {
  const head = `${drawn.seed}:${drawn.index}`.padEnd(9);
  const tail = `${drawn.base.planned.cell.id} · ${drawn.fault.what}`;
  const seconds = `${(durationMs / 1000).toFixed(0)} s`.padStart(5);
  switch (outcome.kind) {
    case "kept":
      return `${head}${seconds} ${outcome.graded.grade.padEnd(8)} ${saidText(outcome)} · ${tail}`;
    case "harmless":
      return `${head}${seconds} harmless ${tail}`;
    case "unexplained":
      return `${head}${seconds} left out (not by the change: ${outcome.why}) ${tail}`;
    case "not-staged":
      return `${head}${seconds} left out (${outcome.why}) ${tail}`;
  }
}

function saidText({ said }: Kept): string {
  return said.confidence === null ? said.cause : `${said.cause} (${said.confidence})`;
}

/** Everything known of a fault that was told wrong. */
export function wrongText(examined: Examined): string {
  const { drawn, outcome } = examined;
  if (outcome.kind !== "kept") return progressLine(examined);
  const { said, truth, graded, found, rule, ending } = outcome;
  const lost = found.loss;
  return [
    `${drawn.seed}:${drawn.index} ${drawn.kind}, ${graded.grade}: ${saidText(outcome)}${graded.why === null ? "" : ` (${graded.why})`}`,
    `  cell    ${drawn.base.planned.cell.id}`,
    `  change  ${drawn.fault.what}`,
    ...(rule === null ? [] : [`  rule    ${rule.table} ${rule.text}`]),
    `  truth   ${truth.causes.join(" or ")}${truth.nodes.length === 0 ? "" : ` at ${truth.nodes.join(" or ")}`}`,
    ...(lost === null
      ? []
      : [
          `  lost    ${lost.connection} ${lost.kind} from the ${lost.from}${lost.text === null ? "" : `: ${lost.text}`}`,
        ]),
    `  session ${ending}`,
    ...(said.firstBreak === null ? [] : [`  break   ${said.firstBreak.sentence} [${handText(said.firstBreak.hand)}]`]),
  ].join("\n");
}

/** Right, wrong and unknown by kind, and by confidence. */
export function tableText(all: readonly Examined[]): string {
  const kept = all.flatMap(({ drawn, outcome }) =>
    outcome.kind === "kept" ? [{ ...outcome, change: drawn.kind }] : [],
  );
  const count = (items: readonly (typeof kept)[number][], wanted: Grade): number =>
    items.filter(({ graded }) => graded.grade === wanted).length;
  const row = (name: string, items: readonly (typeof kept)[number][]): string =>
    [
      name.padEnd(18),
      ...grades.map((one) => String(count(items, one)).padStart(8)),
      `${((count(items, "right") / Math.max(1, items.length)) * 100).toFixed(0)} %`.padStart(8),
    ].join("");
  const kinds = [...new Set(kept.map(({ change }) => change))].toSorted();
  const by = (name: string): readonly (typeof kept)[number][] =>
    kept.filter(({ said }) => (said.confidence ?? "none") === name);
  const others = (kind: Outcome["kind"]): number => all.filter(({ outcome }) => outcome.kind === kind).length;
  return [
    ["".padEnd(18), ...grades.map((one) => one.padStart(8)), "right".padStart(8)].join(""),
    ...kinds.map((name) =>
      row(
        name,
        kept.filter(({ change }) => change === name),
      ),
    ),
    ...[...confidences, "none"].filter((name) => by(name).length > 0).map((name) => row(`  ${name}`, by(name))),
    row("all", kept),
    `${others("harmless")} harmless changes, ${others("unexplained")} failures not by the change, ${others("not-staged")} changes not made`,
  ].join("\n");
}

/** Whether a wrong verdict was told as one that is on record. */
export function isToldWrong({ outcome }: Examined): boolean {
  return outcome.kind === "kept" && isToldAsShown(outcome.said, outcome.graded);
}
