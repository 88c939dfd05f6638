import { coarseDuration } from "../../text/quantity";
import type { Round } from "./round";

const columns = [
  ["fault", -15],
  ["round", 6],
  ["after", 7],
  ["exit", 8],
  ["ended", 7],
  ["gone", 6],
  ["decided", 9],
  ["lab-error", 11],
  ["skipped", 9],
] as const;

/** The heads of the table's columns. */
export const tableHead = line(columns.map(([name]) => name));

/** A round as a line of the table, and below it what must not be. */
export function roundText({ fault, round, struckMs, end, endedMs, goneMs, cells, faults }: Round): string {
  const figures = line([
    fault,
    String(round),
    struckMs === null ? "missed" : coarseDuration(struckMs),
    end === null ? "hangs" : (end.signal ?? String(end.exitCode)),
    coarseDuration(endedMs),
    coarseDuration(goneMs),
    String(cells?.decided ?? "-"),
    String(cells?.labErrors ?? "-"),
    String(cells?.skipped ?? "-"),
  ]);
  const shown = faults.slice(0, mostFaults).map((text) => `  ✗ ${text}`);
  const more = faults.length - shown.length;
  return [figures, ...shown, ...(more > 0 ? [`  and ${more} more`] : [])].join("\n");
}

/** The most lines below a round; `--json` has all. */
const mostFaults = 5;

/** What all rounds together came to: a line for each kind. */
export function summaryText(rounds: readonly Round[]): string {
  return [...new Set(rounds.map(({ fault }) => fault))]
    .map((fault) => {
      const own = rounds.filter((round) => round.fault === fault);
      const hit = own.filter(({ struckMs }) => struckMs !== null).length;
      const wrong = own.filter(({ faults }) => faults.length > 0).length;
      return `${fault.padEnd(15)} ${own.length} rounds, ${hit} hit, ${wrong === 0 ? "all as they must be" : `${wrong} not as they must be`}`;
    })
    .join("\n");
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, index) => {
      const width = columns[index]?.[1] ?? 0;
      return width < 0 ? cell.padEnd(-width) : cell.padStart(width);
    })
    .join("");
}
