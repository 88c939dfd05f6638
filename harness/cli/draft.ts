import { writeFileSync } from "node:fs";
import { clients } from "../catalog/clients/registry";
import { chooseSetup } from "../bugs/draft/choose-setup";
import { draftText } from "../bugs/draft/draft-text";
import { readReport } from "../bugs/draft/report";
import type { OtherSession } from "../bugs/match/known-traits";
import { UsageError, messageOf } from "../model/errors";
import type { Catalog } from "../plan/planned-cells";
import { loadKnownCells } from "./known-cells";
import { matchSymptom } from "./match-symptom";
import { readPasted } from "./read-pasted";

/**
 * The scenario's text that a pasted log, or a filled issue form, comes to.
 * @param log a file; `-` is standard input
 * @param told what works and fails in the same place, beside what a form says
 * @throws UsageError `unreadable-log`, `no-dialogue`, `nothing-failed`
 */
export function draftFrom(log: string, told: readonly OtherSession[], catalog: Catalog): string {
  const report = readReport(
    readPasted(log),
    clients.map(({ id }) => id),
  );
  if (report === null) {
    throw new UsageError(`${log} contains neither a line of an FTP dialogue nor a filled issue form.`, {
      code: "no-dialogue",
      hint: "Paste what the client prints with its debug option: commands such as PASV, replies such as 227.",
    });
  }
  if (report.symptom.result === "worked") {
    throw new UsageError(`${log}: as far as the log shows, the session worked. There is nothing to reproduce.`, {
      code: "nothing-failed",
    });
  }
  const others = [...report.others, ...told];
  const { candidates, question } = matchSymptom(report.symptom, others, loadKnownCells());
  const network = report.network !== null && catalog.topologies.has(report.network) ? report.network : null;
  const chosen = chooseSetup(report.symptom, candidates, { catalog, network, others });
  return draftText({ report: { ...report, network, others }, candidates, question, chosen });
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
