/** What `reproduce` prints: whether each variant shows what it must, why the report's fails, and what else a fix does. */
import type { Colors } from "picocolors/types";
import type { CellResult } from "../harness/model/cell";
import type { Finding } from "../harness/model/diagnosis";
import type { ReplacedLine, Reproduction, SideEffect, VariantReport } from "../harness/model/reproduction";
import { toAscii, visible } from "../harness/text/escape";
import { counted, duration } from "../harness/text/quantity";
import { symbolsFor } from "./symbols";
import { resultText } from "./wording";
import type { Paint } from "../harness/text/width";
import { wrap } from "../harness/text/wrap";

export type ReproduceTextOptions = { readonly colours: Colors; readonly unicode: boolean; readonly columns: number };

const widest = 120;
/** Modes that are named where a fix changes many. */
const mostNamed = 8;
const longestMessage = 200;

/** Ends with a line feed. */
export function reproduceText(reproduction: Reproduction, options: ReproduceTextOptions): string {
  const { bug, variants, labErrors, durationMs, replaced } = reproduction;
  const { colours } = options;
  const page = new Page(options, Math.max(8, ...variants.map(({ variant }) => variant.id.length)));
  const lines = [
    ...page.wrapped(bug.id, visible(bug.title)),
    ...(bug.link === null ? [] : page.wrapped("", visible(bug.link))),
    ...variants.flatMap((report) => ["", ...page.variant(report, isCurable(reproduction))]),
    "",
    ...page.lines("config", replaced),
    ...labErrors.flatMap((message) => page.wrapped("lab", visible(message), colours.red)),
    ...page.wrapped("so", `${conclusion(reproduction)} (${duration(durationMs)})`),
  ];
  const text = `${lines.join("\n")}\n`;
  return options.unicode ? text : toAscii(text);
}

/** The verdict on the whole report, in a sentence. */
export function conclusion({ variants, reproduced, labErrors, interrupted }: Reproduction): string {
  if (interrupted) return "interrupted; no conclusion.";
  if (labErrors.length > 0) return "the lab broke; no conclusion.";
  const fixes = variants.filter(({ variant }) => variant.id !== "reported");
  const run = fixes.filter(({ verdict }) => verdict !== null);
  const reason = variants.find(({ variant }) => variant.id === "reported")?.skipped ?? "nothing could be run";
  if (reproduced === null && run.length === 0) return `skipped: ${reason}.`;
  const shown =
    reproduced === null
      ? `nothing was reproduced, since \`reported\` was skipped (${reason})`
      : reproduced
        ? "reproduced"
        : "not reproduced";
  if (run.length === 0) return `${shown}; no other variant was tried.`;
  const working = run.filter(({ verdict }) => verdict?.difference === null).length;
  const others =
    working < run.length
      ? `${working} of ${counted(run.length, "other variant")} ${working === 1 ? "shows" : "show"}`
      : run.length < fixes.length
        ? "every other variant that was run shows"
        : "every other variant shows";
  const skipped = fixes.length - run.length;
  const left = skipped === 0 ? "" : `; ${skipped} ${skipped === 1 ? "was" : "were"} skipped`;
  return `${shown}, and ${others} what it should${left}.`;
}

/** Whether there is something to be cured: the reported failure was seen. */
function isCurable({ variants, reproduced }: Reproduction): boolean {
  const told = variants.find(({ variant }) => variant.id === "reported")?.verdict?.told;
  return reproduced === true && told?.result.result !== "worked";
}

class Page {
  readonly #options: ReproduceTextOptions;
  readonly #label: number;

  constructor(options: ReproduceTextOptions, label: number) {
    this.#options = options;
    this.#label = label + 2;
  }

  /** The result of one variant. */
  variant(report: VariantReport, isAnyCurable: boolean): string[] {
    const { variant, verdict, skipped } = report;
    const { colours, unicode } = this.#options;
    const symbols = symbolsFor(unicode);
    if (verdict === null) return this.wrapped(variant.id, `${symbols.skipped} skipped: ${visible(skipped ?? "")}`);
    const isRight = verdict.difference === null;
    const sign = isRight ? colours.green(symbols.worked) : colours.red(symbols.failed);
    const told = verdict.told?.result;
    const runs = verdict.runs > 1 ? `, ${verdict.shown} of ${verdict.runs} runs showed what they should` : "";
    const seen = told === undefined ? "" : resultText(told);
    const word =
      verdict.difference === null
        ? wordFor(report, isAnyCurable)
        : `${wordAgainst(report)}: ${visible(verdict.difference)}`;
    const root = report.diagnosis?.findings[0];
    return [
      ...this.wrapped(variant.id, `${sign} ${word}${isRight ? `: ${seen}` : ""}${runs}`),
      ...(isRight || told === undefined || variant.id !== "reported"
        ? []
        : this.wrapped("", bothBreaks(variant.shows, told))),
      ...(variant.change === null ? [] : this.wrapped("", visible(variant.change))),
      ...(told === undefined ? [] : this.wrapped("", `${told.id} in ${duration(told.durationMs)}`)),
      ...(told === undefined || told.message === null ? [] : this.wrapped("", `“${visible(cut(told.message))}”`)),
      ...(root === undefined ? [] : this.wrapped("", why(root))),
      ...this.#effects(report),
    ];
  }

  #effects({ breaks, cures, compared }: VariantReport): string[] {
    if (compared === 0) return [];
    const { colours } = this.#options;
    const broken = breaks.length === 0 ? "breaks none" : colours.yellow(`breaks ${modesOf(breaks)}`);
    const cured = cures.length === 0 ? "cures none" : `cures ${modesOf(cures)}`;
    return this.wrapped("", `Of ${counted(compared, "other mode")} it ${broken}, and ${cured}.`);
  }

  /** The lines of configurations that the lab's server did not get, and an empty line. */
  lines(label: string, replaced: readonly ReplacedLine[]): string[] {
    if (replaced.length === 0) return [];
    const fileOf = ({ place }: ReplacedLine): string => place.replace(/:\d+$/, "");
    const told = [...new Set(replaced.map(fileOf))].flatMap((file) => {
      const lines = replaced.filter((one) => fileOf(one) === file);
      return [
        ...named(`${visible(file)}: the lab replaced`, lines, "replaced"),
        ...named(`${visible(file)}: lost, since the file is not given,`, lines, "lost"),
      ];
    });
    return [...told.flatMap((text, index) => this.wrapped(index === 0 ? label : "", text)), ""];
  }

  /** A label, and text beside it; a label that is too long has a line of its own. */
  wrapped(label: string, text: string, paint: Paint = this.#options.colours.bold): string[] {
    const lines = wrap(text, Math.max(40, Math.min(this.#options.columns, widest) - this.#label));
    const indent = " ".repeat(this.#label);
    if (label.length >= this.#label) return [paint(label), ...lines.map((line) => indent + line)];
    return lines.map(
      (line, index) => (index === 0 ? paint(label) + " ".repeat(this.#label - label.length) : indent) + line,
    );
  }
}

function wordFor({ variant, verdict }: VariantReport, isAnyCurable: boolean): string {
  if (variant.id === "reported") return "reproduced";
  return isAnyCurable && verdict?.told?.result.result === "worked" ? "cured" : "as it should be";
}

function wordAgainst({ variant }: VariantReport): string {
  return variant.id === "reported" ? "not reproduced" : "not as it should be";
}

type Break = {
  readonly result: CellResult["result"];
  readonly stage: CellResult["stage"];
  readonly cause: CellResult["cause"];
  readonly reply: number | null;
};

/** Where the report's session stops, and where the lab's did. */
function bothBreaks(shows: Break, told: CellResult): string {
  const seen: Break = { ...told, reply: told.replyCode };
  return `The report's session ${breakText(shows)}; the lab's ${breakText(seen)}.`;
}

function breakText({ result, stage, cause, reply }: Break): string {
  if (result !== "failed") return result;
  const where = stage === null ? "failed" : `stopped at ${stage}`;
  return `${where}${reply === null ? "" : ` with ${reply}`}${cause === null ? "" : ` (${cause})`}`;
}

function why({ cause, confidence, explanation }: Finding): string {
  return `${cause} (${confidence}): ${visible(explanation)}`;
}

function modesOf(effects: readonly SideEffect[]): string {
  const words = effects.slice(0, mostNamed).map(({ after }) => `${after.mode}/${after.data}`);
  const more = effects.length > mostNamed ? ` and ${effects.length - mostNamed} more` : "";
  return `${effects.length} (${words.join(", ")}${more})`;
}

function cut(message: string): string {
  return message.length <= longestMessage ? message : `${message.slice(0, longestMessage)}…`;
}

/** Lines of one file and one kind in a sentence; none for none. */
function named(what: string, lines: readonly ReplacedLine[], kind: ReplacedLine["kind"]): readonly string[] {
  const words = lines
    .filter((one) => one.kind === kind)
    .map(({ place, text }) => `line ${/\d+$/.exec(place)?.[0] ?? "?"} “${visible(cut(text))}”`);
  return words.length === 0 ? [] : [`${what} ${words.join(", ")}.`];
}
