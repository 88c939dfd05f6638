/** Recordings of faults with the truth beside them: judged again without a lab. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { contradictionsOf } from "../../diagnose/contradictions/registry";
import { diagnose } from "../../diagnose/diagnose";
import { readRecording } from "../../evidence/recording/read-recording";
import type { DrawnFault } from "./draw";
import type { Kept } from "./examine";
import type { Truth } from "./kinds/definition";
import { grade, saidBy, type Graded, type RuleText, type Said } from "./verdict";

const truthName = "truth.json";

/** What is known of a kept fault; the file has more, for people. */
type KeptTruth = {
  readonly cell: string;
  readonly what: string;
  readonly truth: Truth;
  readonly rule: RuleText | null;
};

/** A kept fault, and what the diagnosis says of it now. */
export type Rejudged = KeptTruth & { readonly folder: string; readonly said: Said; readonly graded: Graded };

/** Copies a fault's recording, with the truth beside it. @param recording its folder */
export async function keepFault(
  { seed, index, kind, base, fault }: DrawnFault,
  { truth, rule, found, graded, said }: Kept,
  recording: string,
  keep: string,
): Promise<void> {
  const target = join(keep, `${seed}-${index}`);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await cp(recording, target, { recursive: true });
  const told = { cell: base.planned.cell.id, kind, what: fault.what, truth, rule, found, graded, said };
  await writeFile(join(target, truthName), `${JSON.stringify(told, null, 2)}\n`);
}

/** Judges every kept fault of a folder again, in the order of their names. @throws Error for a recording that cannot be read */
export function judgeAgain(folder: string): readonly Rejudged[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => join(folder, name))
    .filter((one) => existsSync(join(one, truthName)))
    .map((one) => {
      const kept = JSON.parse(readFileSync(join(one, truthName), "utf8")) as KeptTruth;
      const { evidence, problems } = readRecording(one);
      if (evidence === null) throw new Error(`${one}: ${problems.join(" ")}`);
      const said = saidBy(diagnose(evidence), contradictionsOf(evidence).length > 0);
      return { ...kept, folder: one, said, graded: grade(said, kept.truth, kept.rule) };
    });
}

/** A kept fault in a few lines. */
export function rejudgedText({ folder, cell, what, truth, said, graded }: Rejudged): string {
  const cause = said.confidence === null ? said.cause : `${said.cause} (${said.confidence})`;
  return [
    `${folder}: ${graded.grade}${graded.why === null ? "" : ` (${graded.why})`}: ${cause}`,
    `  ${cell} · ${what}`,
    `  truth: ${truth.causes.join(" or ")}`,
    ...(said.firstBreak === null ? [] : [`  break: ${said.firstBreak.sentence}`]),
  ].join("\n");
}
