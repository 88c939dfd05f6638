import { Command } from "@commander-js/extra-typings";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createColors } from "picocolors";
import { terminalTraits } from "../../../reports";
import { reproduceJson } from "../../../reports/reproduce-json";
import { reproduceText } from "../../../reports/reproduce-text";
import { connectEngine } from "../../lab/engine";
import { prepareTestcontainers } from "../../lab/testcontainers-environment";
import { exitCodes } from "../../model/errors";
import type { Reproduction } from "../../model/reproduction";
import { planReproduction } from "../../bugs/reproduce/plan-reproduction";
import { nothingRun } from "../../bugs/reproduce/tell-reproduction";
import type { ReproductionRun } from "../../bugs/reproduce/reproduce";
import type { Catalog } from "../../plan/planned-cells";
import { parseBug } from "../../inputs/bug-file";
import { readSource } from "../../inputs/load";
import { inputFile } from "../../lab/project";
import type { SourceText } from "../../inputs/yaml-document";
import { bugNames } from "../bug-names";
import { findingLines, findingsOf } from "../configuration-findings";
import { checkBundleFile, writeBundle } from "../bundle";
import { loadCatalog } from "../catalog";
import { draftFrom, writeDraft } from "../draft";
import { sessionsOf } from "../match-symptom";
import type { DeclareCommand } from "../command";
import { repeatable } from "../repeatable";
import { reportedBy, reportersHere } from "../reporters";
import { wholeNumber } from "../../tools/option-values";
import { defaultWorkers } from "../workers";

export const command: DeclareCommand = ({ argv, finish }) =>
  new Command("reproduce")
    .summary("run a user's report")
    .description(
      "run a user's report: does it happen here too, why, does the fix cure it, and does it break anything else",
    )
    .argument("[file]", "a report: scenarios/bugs/*.yaml")
    .option("--from <log>", "draft a report from a pasted log or a filled issue form; - is stdin")
    .addOption(
      repeatable("--works <session>", "with --from: what works from the same place: MODE, MODE/DATA, or inside"),
    )
    .addOption(repeatable("--fails <session>", "with --from: what fails from there too"))
    .option("--draft <file>", "write the draft to this file instead of standard output")
    .option("--run", "run the draft at once")
    .option("--variants-only", "do not try what a fix does to other modes")
    .option("-j, --workers <n>", "sessions that work at the same time", wholeNumber(1, 1000), defaultWorkers)
    .option("--output <dir>", "keep the evidence in this folder")
    .option(
      "--bundle <file>",
      "pack everything into one .tar.gz for an issue, with the reporter's names, secrets and public addresses replaced",
    )
    .option("--json", "print JSON, for machines")
    .addHelpText("after", examples)
    .action(async (file, options, self) => {
      const { from, draft, works, fails, run = false } = options;
      const { json = false, variantsOnly = false, workers, output, bundle } = options;
      const how = { json, variantsOnly, workers, output, bundle, argv };
      if (from !== undefined && file === undefined) {
        finish(await runReproduceFrom({ from, draft, works, fails, run }, how));
      } else if (from === undefined && file !== undefined) finish(await runReproduce(file, how));
      else self.error("error: expected the file of a report, or --from with a log", { exitCode: exitCodes.usage });
    });

const examples = `
Examples:
  npm run matrix -- reproduce scenarios/bugs/br-02-private-address.yaml
  npm run matrix -- reproduce --from session.log \\
    --draft scenarios/bugs/br-50-listing-hangs.yaml
  npm run matrix -- reproduce --from session.log --run
  npm run matrix -- reproduce report.yaml --bundle report.tar.gz
  npm run --silent matrix -- reproduce scenarios/bugs/br-38-tls-required.yaml \\
    --json | jq -r .conclusion`;

type ReproduceOptions = {
  readonly json: boolean;
  /** Only what the report's variants say, and not what a fix does to other modes. */
  readonly variantsOnly: boolean;
  readonly workers: number;
  /** Folder in which evidence is kept. */
  readonly output: string | undefined;
  /** Archive into which all of it goes. */
  readonly bundle: string | undefined;
  readonly argv: readonly string[];
};

/** Columns where the output is no terminal. */
const usualColumns = 100;

/** `reproduce FILE`: runs a report's variants and says whether each shows what it should. */
async function runReproduce(file: string, options: ReproduceOptions): Promise<number> {
  return runText(readSource(inputFile(file)), loadCatalog(), options);
}

type FromOptions = {
  /** A pasted log or a filled issue form; `-` is standard input. */
  readonly from: string;
  /** File of the draft; else it is printed. */
  readonly draft: string | undefined;
  /** `MODE`, `MODE/DATA` or `inside`: what the same user does in the same place, and works or fails. */
  readonly works: readonly string[];
  readonly fails: readonly string[];
  /** Whether the draft is run at once. */
  readonly run: boolean;
};

/** `reproduce --from LOG`: drafts a scenario from what somebody pasted. */
async function runReproduceFrom(
  { from, draft, works, fails, run }: FromOptions,
  options: ReproduceOptions,
): Promise<number> {
  const catalog = loadCatalog();
  const text = draftFrom(from, [...sessionsOf(works, true), ...sessionsOf(fails, false)], catalog);
  // What cannot be read again is not given away; its name says what is wrong with a file's.
  const source = { file: draft ?? "draft.yaml", text };
  parseBug(source, bugNames(catalog));
  writeDraft(text, draft);
  return run ? runText(source, catalog, options) : exitCodes.expected;
}

async function runText(source: SourceText, catalog: Catalog, options: ReproduceOptions): Promise<number> {
  const bug = parseBug(source, bugNames(catalog));
  const plan = planReproduction(bug, { comparesOthers: !options.variantsOnly });
  if (options.bundle !== undefined) checkBundleFile(options.bundle);
  for (const line of findingLines(findingsOf(plan.planned, plan) ?? [])) process.stderr.write(`${line}\n`);
  // A bundle is made from the recordings, which otherwise are gone after the run.
  const passing = options.bundle !== undefined && options.output === undefined;
  const folder = passing ? mkdtempSync(join(tmpdir(), "ftp-nat-matrix-")) : (options.output ?? null);
  try {
    const planned = { bug, plan, profiles: catalog.profiles, folder };
    const reproduction = plan.planned.length === 0 ? nothingRun(bug) : await runPlanned(planned, options);
    print(reproduction, options);
    if (options.bundle !== undefined && folder !== null) {
      await writeBundle(options.bundle, { reproduction, source: source.text, folder });
      process.stderr.write(`wrote ${options.bundle}\n`);
    }
    return exitCodeOf(reproduction);
  } finally {
    if (passing && folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

function print(reproduction: Reproduction, options: ReproduceOptions): void {
  const { colour, unicode } = terminalTraits(process.stdout.isTTY, process.env);
  const columns = process.stdout.isTTY ? process.stdout.columns : usualColumns;
  process.stdout.write(
    options.json
      ? reproduceJson(reproduction)
      : reproduceText(reproduction, { colours: createColors(colour), unicode, columns }),
  );
}

type Planned = Pick<ReproductionRun, "bug" | "plan" | "profiles" | "folder">;

async function runPlanned(planned: Planned, { workers, argv }: ReproduceOptions): Promise<Reproduction> {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  // Testcontainers reads its variables when it is loaded, and is too heavy for what starts nothing.
  const { reproduce } = await import("../../bugs/reproduce/reproduce.ts");
  const { openSite } = await import("../../lab/open-site.ts");
  // What it came to is printed by itself.
  const reporters = reportersHere(["terminal"], process.stderr);
  return reportedBy(reporters, (onEvent, signal) =>
    reproduce({ ...planned, workers, argv }, (request) => openSite(engine, request), onEvent, signal),
  );
}

function exitCodeOf({ variants, labErrors, interrupted }: Reproduction): number {
  if (interrupted) return exitCodes.interrupted;
  if (labErrors.length > 0) return exitCodes.lab;
  const isOff = variants.some(({ verdict }) => verdict !== null && verdict.difference !== null);
  return isOff ? exitCodes.unexpected : exitCodes.expected;
}
