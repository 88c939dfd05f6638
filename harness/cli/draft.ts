import { writeFileSync } from "node:fs";
import { clients } from "../catalog/clients/registry";
import { chooseSetup } from "../bugs/draft/choose-setup";
import { draftText } from "../bugs/draft/draft-text";
import { nothingAround, type Surroundings } from "../bugs/clues/scene";
import { readIssueForm } from "../bugs/draft/issue-form";
import { reportOf, type Report } from "../bugs/draft/report";
import type { OtherSession } from "../bugs/match/known-traits";
import type { KnownCell } from "../bugs/match/table";
import { UsageError, messageOf } from "../model/errors";
import { nothingKnown } from "../model/symptom";
import type { Catalog } from "../plan/planned-cells";
import { loadKnownCells } from "./known-cells";
import { matchSymptom } from "./match-symptom";
import { readPasted } from "./read-pasted";
import { readCase } from "./read-symptom";

/**
 * Drafts a scenario's text from a pasted log or a filled issue form.
 * @param log a file; `-` is standard input
 * @param told what works and fails in the same place, beside what a form says
 * @throws UsageError `unreadable-log`, `no-dialogue`, `nothing-failed`
 */
export function draftFrom(log: string, told: readonly OtherSession[], catalog: Catalog): string {
  const text = readPasted(log);
  const read = readReport(text);
  if (read === null) {
    throw new UsageError(`${log} contains neither a line of an FTP dialogue nor a filled issue form.`, {
      code: "no-dialogue",
      hint: "Paste what the client prints with its debug option: commands such as PASV, replies such as 227.",
    });
  }
  const { symptom } = read.report;
  if (symptom.result === "worked") {
    throw new UsageError(`${log}: as far as the log shows, the session worked. There is nothing to reproduce.`, {
      code: "nothing-failed",
    });
  }
  if (symptom.result === "cut-off") {
    throw new UsageError(`${log}: the log ends before anything failed.`, {
      code: "nothing-failed",
      hint: "Paste the rest of it, to the error.",
    });
  }
  return draftOf(read, told, catalog, loadKnownCells());
}

type ReadReport = { readonly report: Report; readonly around: Surroundings };

/** What a text reports; `null` if it is neither a filled form nor of FTP. */
export function readReport(text: string): ReadReport | null {
  const form = readIssueForm(text);
  const read = readCase([{ name: "log", text: form === null ? text : (form.log ?? form.reported ?? "") }]);
  if (form === null && read === null) return null;
  const { symptom, around } = read ?? { symptom: nothingKnown, around: nothingAround };
  const ids = clients.map(({ id }) => id);
  return { report: reportOf({ text, form, symptom, unread: around.unread }, ids), around };
}

/** The draft's text. @param cells what symptoms are compared with */
export function draftOf(
  { report, around }: ReadReport,
  told: readonly OtherSession[],
  catalog: Catalog,
  cells: readonly KnownCell[],
): string {
  const others = [...report.others, ...told];
  const { version } = report;
  const { candidates, question } = matchSymptom(report.symptom, others, cells, around);
  const network = report.network !== null && catalog.topologies.has(report.network) ? report.network : null;
  const choice = chooseSetup(report.symptom, candidates, { catalog, network, others, version });
  return draftText({ report: { ...report, network, others }, candidates, question, ...choice });
}

/** Where the draft goes: a file, else standard output. */
export function writeDraft(text: string, file: string | undefined): void {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    const why = messageOf(cause);
    throw new UsageError(`${file} cannot be written: ${why}`, {
      code: "unwritable-draft",
      hint: "Name a file that is not there yet, such as scenarios/bugs/br-50-listing-hangs.yaml.",
      cause,
    });
  }
  process.stderr.write(`Wrote the draft to ${file}. Questions in it begin with \`# ?\`.\n`);
}
