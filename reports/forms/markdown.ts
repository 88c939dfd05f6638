/** report.md: what a reviewer reads in a GitHub job summary, so the verdict and the matrix come first. */
import type { MatrixReport } from "../../harness/model/report";
import { evidenceText, verdictText } from "../claim-words";
import { deviationsOf } from "../deviations";
import type { Deviation } from "../deviations";
import { markdownCode, markdownText, visible } from "../../harness/text/escape";
import type { Entry, Grid } from "../grid";
import { gridsOf } from "../grid";
import { counted, thousands } from "../../harness/text/quantity";
import { rerunAll, rerunCell, rerunTopology, type Started } from "../rerun";
import { entrySymbol, legendOf, markSymbol, symbolsFor } from "../symbols";
import { headline, resultCounts, resultText, summaryText } from "../wording";
import type { ReportForm } from "./definition";

export const markdown: ReportForm = { name: "markdown", file: "report.md", render: markdownReport };

/** GitHub drops a job summary over 1 MiB; bytes of UTF-8. */
const maxBytes = 900_000;
/** The tables' share of it, so that there is always room for deviations. */
const maxTableBytes = 500_000;
const maxClaimBytes = 100_000;
const maxControlBytes = 100_000;
const maxVersionBytes = 50_000;
const shownControls = 100;
const shownVersions = 100;
/** A command line may name many scenario files. */
const commandLength = 4000;

const symbols = symbolsFor(true);

/** The report as GitHub-flavoured Markdown, under 900 KB whatever the run was like. */
export function markdownReport(report: MatrixReport): string {
  const grids = gridsOf(report.cells);
  const head = [headSection(report), matrixSection(grids), claimSection(report)];
  const tail = [controlSection(report), versionSection(report), againSection(report), legendSection(grids)];
  const left = maxBytes - byteLength(joinSections([...head, ...tail]));
  return joinSections([...head, deviationSection(report, left), ...tail]);
}

function joinSections(sections: readonly string[]): string {
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

function headSection(report: MatrixReport): string {
  const { good, text } = headline(report);
  const counts = `${summaryText(report, symbols.dot)}\\\n${resultCounts(report, symbols.dot)}`;
  return `# ${good ? symbols.worked : symbols.failed} ${text}\n\n${counts}`;
}

function matrixSection(grids: readonly Grid[]): string {
  const tables = renderWithin(grids, maxTableBytes, tableText);
  const rest = grids.length - tables.length;
  const more = rest === 0 ? [] : [`${counted(rest, "more table")} left out: report.json has all cells.`];
  return [...tables, ...more].join("\n\n");
}

/** Renders items from the first on, as many as fit into so many bytes; what does not fit is never rendered. */
function renderWithin<Item>(items: readonly Item[], bytes: number, render: (item: Item) => string): readonly string[] {
  const texts: string[] = [];
  let used = 0;
  for (const item of items) {
    const text = render(item);
    used += byteLength(text) + 2;
    if (used > bytes) break;
    texts.push(text);
  }
  return texts;
}

function tableText(grid: Grid): string {
  const rows = grid.rows.map(({ topology, entries }) => [markdownCode(topology), ...entries.map(entryGroup)]);
  const lines = [["topology", ...grid.modes], ["---", ...grid.modes.map(() => "---")], ...rows];
  const title = `## Server ${markdownCode(grid.server)}, client ${markdownCode(grid.client)}`;
  const order = `Each entry: ${grid.data.join(", ")}, in this order, over all operations.`;
  return [title, order, lines.map((line) => `| ${line.join(" | ")} |`).join("\n")].join("\n\n");
}

function entryGroup(entries: readonly Entry[]): string {
  const drawn = entries.map((entry) => entrySymbol(entry, symbols) + markSymbol(entry, symbols)).join("");
  return entries.some((entry) => entry.mark === "unexpected") ? `**\`${drawn}\`**` : `\`${drawn}\``;
}

function claimSection({ claims }: MatrixReport): string {
  if (claims.length === 0) return "";
  const items = claims.map((claim) => {
    const mark = claim.outcome === "confirmed" ? symbols.worked : symbols.failed;
    const lines = claim.evidence.flatMap((evidence) => {
      const { speaks, cells, result, count, otherwise } = evidenceText(evidence);
      return [
        `  - ${speaks}: ${markdownCode(cells)} ${markdownText(result)} (${count})`,
        ...otherwise.slice(0, shownControls).map((cell) => `    - ${symbols.failed} ${markdownCode(cell)}`),
      ];
    });
    const head = `- ${mark} **${markdownText(verdictText(claim))}**: ${markdownText(claim.text)}`;
    return [head, `  - ${markdownText(claim.because)}`, ...lines].join("\n");
  });
  return ["## Claims", renderWithin(items, maxClaimBytes, (item) => item).join("\n")].join("\n\n");
}

function deviationSection(report: MatrixReport, bytes: number): string {
  const deviations = deviationsOf(report.cells);
  if (deviations.length === 0) return "";
  const title = `## Not as expected: ${counted(countCells(deviations), "cell")}`;
  const items = renderWithin(deviations, bytes - 500, (deviation) => deviationText(deviation, report.run));
  const hidden = countCells(deviations.slice(items.length));
  const more = hidden === 0 ? [] : [`... and ${counted(hidden, "more cell")}: report.json has them all.`];
  return [title, items.join("\n"), ...more].join("\n\n");
}

function countCells(deviations: readonly Deviation[]): number {
  return deviations.reduce((count, { alike }) => count + 1 + alike, 0);
}

function deviationText({ cell, alike }: Deviation, run: Started): string {
  const more = alike === 0 ? "" : ` and ${thousands(alike)} more of ${markdownCode(cell.topology)}`;
  const repeat = cell.repeat > 1 ? ` (repeat ${cell.repeat})` : "";
  const reason = cell.expected.reason === "" ? "" : `: ${markdownText(cell.expected.reason)}`;
  const reply = cell.replyCode === null ? "" : `, last reply ${cell.replyCode}`;
  const attempts = cell.attempts > 1 ? `, after ${cell.attempts} attempts` : "";
  const again = alike === 0 ? rerunCell(cell, run) : rerunTopology(cell, run);
  return [
    `- **${cell.outcome}** ${markdownCode(cell.id)}${repeat}${more}`,
    `  - expected ${markdownText(resultText(cell.expected))}${reason}`,
    `  - got ${markdownText(resultText(cell))}${reply}${attempts}`,
    ...(cell.message === null || cell.message === "" ? [] : [`  - message ${markdownCode(cell.message)}`]),
    `  - again ${markdownCode(again, commandLength)}`,
  ].join("\n");
}

function controlSection({ controls, summary }: MatrixReport): string {
  const failed = controls.filter((control) => control.outcome === "failed");
  const { passed, notApplicable } = summary.controls;
  const counts = `${thousands(passed)} passed, ${thousands(summary.controls.failed)} failed`;
  const aside = notApplicable === 0 ? "" : `, ${thousands(notApplicable)} not applicable`;
  const items = renderWithin(failed.slice(0, shownControls), maxControlBytes, ({ id, detail }) => {
    return `- ${markdownCode(id)}: ${markdownText(detail)}`;
  });
  const rest = failed.length - items.length;
  const more = rest === 0 ? [] : [`- ... and ${counted(rest, "more control")}`];
  const list = items.length === 0 ? [] : [[...items, ...more].join("\n")];
  return [`## Controls`, `${counts}${aside}.`, ...list].join("\n\n");
}

function versionSection({ run }: MatrixReport): string {
  const versions = Object.entries(run.versions).slice(0, shownVersions);
  const rows = renderWithin(versions, maxVersionBytes, ([name, version]) => {
    return `| ${markdownText(name)} | ${markdownCode(version)} |`;
  });
  const started = `Run ${markdownCode(run.id)}, started ${markdownText(run.startedAt)}.`;
  const table = rows.length === 0 ? [] : [["| what | version |", "| --- | --- |", ...rows].join("\n")];
  return ["## Versions", started, ...table].join("\n\n");
}

/** A fenced block copies well; a backtick in the command would end it, so the fence is longer than any in there. */
function againSection({ run }: MatrixReport): string {
  const command = visible(rerunAll(run.argv), commandLength);
  const longest = Math.max(2, ...[...command.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return ["## Run it again", `${fence}sh\n${command}\n${fence}`].join("\n\n");
}

function legendSection(grids: readonly Grid[]): string {
  if (grids.length === 0) return "";
  const items = legendOf(grids, symbols).map(([symbol, meaning]) => `- \`${symbol}\` ${meaning}`);
  return ["## Legend", items.join("\n")].join("\n\n");
}
