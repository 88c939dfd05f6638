/** What `explain` and `diagnose` print of a cell, for an administrator at two in the morning. */
import type { Colors } from "picocolors/types";
import type { Diagnosis } from "../harness/model/diagnosis";
import type { CellEvidence } from "../harness/model/evidence";
import { fitRemedies, type RemedyText } from "./explain-remedies";
import { gapTexts } from "../harness/evidence/gap-text";
import { decisiveLines } from "../harness/evidence/timeline/explain-seen";
import { stageLadder } from "./explain-stages";
import { toAscii, visible } from "../harness/text/escape";
import { symbolsFor } from "./symbols";
import { displayWidth, padTo, type Paint } from "../harness/text/width";
import { resultText } from "./wording";
import { wrap, wrapAtMost } from "../harness/text/wrap";

export type ExplainOptions = {
  readonly colours: Colors;
  readonly unicode: boolean;
  /** Of the terminal. */
  readonly columns: number;
  /** Everything, however many lines it takes. */
  readonly all?: boolean;
};

/** Rows of a terminal that an explanation takes at most, unless all is wanted. */
const mostRows = 25;
/** Longer foreign text is cut; a diagnosis's sentences are shorter. */
const longestText = 1200;
const labelWidth = 8;
/** Lines of prose longer than that are hard to read. */
const widestText = 120;
/** Blank rows between the parts. */
const gaps = 5;

/** A line, and the rows that it takes on the terminal: those to paste are never broken, but the terminal does. */
type Row = { readonly text: string; readonly height: number };

/**
 * A cell's verdict in a sentence, why, the stages, what each witness saw, what each party can do, and what evidence is
 * missing. At most 25 rows; what is left out is counted. Ends with a line feed.
 */
export function explainText(evidence: CellEvidence, diagnosis: Diagnosis, options: ExplainOptions): string {
  const page = new Page(options);
  const budget = options.all === true ? Infinity : mostRows;
  const head = page.verdict(evidence, diagnosis);
  const why = page.why(evidence, diagnosis);
  const stages = page.stages(evidence);
  const missing = page.missing(gapTexts(evidence.missing));
  const fixed = heightOf([...head, ...why, ...stages, ...missing]);
  const whole = [page.seen(evidence, diagnosis, Infinity), page.cures(diagnosis, Infinity)] as const;
  const isRoomy = fixed + gaps + heightOf(whole.flat()) <= budget;
  const [seen, cures] = isRoomy ? whole : page.share(evidence, diagnosis, budget - fixed - 1);
  const parts = [why, stages, seen, cures, missing].filter((part) => part.length > 0);
  const rows = parts.flatMap((part, index) => (index === 0 || isRoomy ? [row(""), ...part] : part));
  return `${[...head, ...rows].map(({ text }) => text).join("\n")}\n`;
}

function heightOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { height }) => sum + height, 0);
}

/** Makes rows for one terminal. */
class Page {
  readonly #options: ExplainOptions;
  readonly #width: number;
  readonly #columns: number;
  /** At the end of what is cut. */
  readonly #mark: string;

  constructor(options: ExplainOptions) {
    this.#options = options;
    this.#columns = Math.max(40, options.columns);
    this.#width = Math.min(this.#columns, widestText);
    this.#mark = options.unicode ? "…" : "...";
  }

  /** The cell, its result, the stage, and the cause with its confidence. */
  verdict({ cell, attempt }: CellEvidence, { findings: [root] }: Diagnosis): Row[] {
    const { colours, unicode } = this.#options;
    const symbols = symbolsFor(unicode);
    const [symbol, paint] =
      attempt.result === "worked"
        ? [symbols.worked, colours.green]
        : attempt.result === "failed"
          ? [symbols.failed, colours.red]
          : [symbols.skipped, colours.yellow];
    const cause = root === undefined ? "" : `: ${root.cause} (${root.confidence})`;
    const sentence = `${cell.id} ${resultText({ ...attempt, cause: null })}${cause}`;
    const lines = this.#wrap(sentence, this.#width - 2, 3);
    return lines.map((line, index) => row(`${index === 0 ? paint(symbol) : " "} ${colours.bold(line)}`));
  }

  /** Where it broke first, the root's explanation and, in short, what else would explain it; or why it worked. */
  why({ attempt }: CellEvidence, { findings, firstBreak, whyItWorked }: Diagnosis): Row[] {
    const [root, ...others] = findings;
    const told = root?.explanation ?? whyItWorked ?? (attempt.result === "worked" ? "" : (attempt.message ?? ""));
    const broke = firstBreak?.sentence ?? "";
    // Do not repeat what is said above.
    const reason = broke === "" ? told : told.replace(broke, "").trim();
    const also = others.map(({ cause, confidence }) => `${cause} (${confidence})`).join(", ");
    return [
      ...(broke === "" ? [] : this.#labelled("Broke", this.#wrap(broke, this.#body, 5))),
      ...(reason === "" ? [] : this.#labelled("Why", this.#wrap(reason, this.#body, 6))),
      ...(also === "" ? [] : this.#labelled("Also", this.#wrap(also, this.#body, 2))),
    ];
  }

  /** How far the session came, with times. */
  stages({ attempt }: CellEvidence): Row[] {
    const { colours, unicode, all } = this.#options;
    const ladder = stageLadder(attempt, symbolsFor(unicode), { width: this.#body, most: all === true ? Infinity : 2 });
    const { worked, failed } = symbolsFor(unicode);
    // Signs and names only, so no foreign text is mistaken for a sign.
    const painted = ladder
      .flatMap((line) => this.#wrap(line, this.#body, 1))
      .map((line) =>
        line
          .split(" ")
          .map((word) => (word === worked ? colours.green(word) : word === failed ? colours.red(word) : word))
          .join(" "),
      );
    return this.#labelled("Stages", painted);
  }

  /** The decisive lines, each with its witness. */
  seen(evidence: CellEvidence, { findings: [root], proofs }: Diagnosis, most: number): Row[] {
    const lines = decisiveLines(evidence, [...(root?.proofs ?? []), ...proofs]);
    const names = lines.flatMap(({ witness }) => wrapAtMost(this.#show(witness, 40), 16, 1, this.#mark));
    const nameWidth = names.reduce((width, name) => Math.max(width, displayWidth(name)), 0);
    const width = this.#body - nameWidth - 2;
    const rows = lines.map(({ text }) => this.#wrap(text, width, 1));
    let height = heightOf(rows.flat().map(row));
    // People cannot see elsewhere what routers did, so that is printed in full before the rest.
    const isEnd = (index: number): boolean => ["client", "server"].includes(lines[index]?.witness ?? "");
    const order = [...lines.keys()].sort((one, other) => Number(isEnd(one)) - Number(isEnd(other)));
    for (const index of order) {
      const full = this.#wrap(lines[index]?.text ?? "", width, 2);
      const more = full.length - (rows[index]?.length ?? 0);
      if (height + more > most) continue;
      rows[index] = full;
      height += more;
    }
    const paint = this.#options.colours.cyan;
    const told = rows.flatMap((group, index) =>
      group.map((line, at) => `${paint(padTo(at === 0 ? (names[index] ?? "") : "", nameWidth))}  ${line}`),
    );
    const cut = told.length <= most ? told : [...told.slice(0, most - 1), this.#more(told.length - most + 1)];
    return this.#labelled("Seen", cut);
  }

  /** Witnesses and remedies in so many rows: neither takes the other's last ones. */
  share(evidence: CellEvidence, diagnosis: Diagnosis, most: number): readonly [Row[], Row[]] {
    const wanted = Math.min(8, heightOf(this.cures(diagnosis, Infinity)));
    const seen = this.seen(evidence, diagnosis, Math.max(most - wanted, Math.min(6, most - 3)));
    const cures = this.cures(diagnosis, most - heightOf(seen));
    return [this.seen(evidence, diagnosis, most - heightOf(cures)), cures];
  }

  /** What each party can do; as much of it as fits. */
  cures({ findings }: Diagnosis, most: number): Row[] {
    const remedies = findings.flatMap((finding) => finding.remedies);
    const texts = remedies.map(({ party, what, lines }): RemedyText<Row> => {
      const sentence = `${party}: ${what}`;
      return {
        key: [sentence, ...lines].join("\n"),
        whole: [...this.#remedyRows(party, this.#wrap(sentence, this.#body, 3)), ...this.#pasteRows(lines)],
        brief: this.#remedyRows(party, this.#wrap(sentence, this.#body, 1)),
      };
    });
    const { rows, shortened } = fitRemedies(texts, most);
    return this.#label("Cure", shortened === 0 ? rows : [...rows, row(this.#more(shortened))]);
  }

  /** Each collector that failed, or part of a recording that cannot be used. */
  missing(missing: readonly string[]): Row[] {
    const most = this.#options.all === true ? Infinity : 3;
    const shown = missing.length <= most ? missing : missing.slice(0, most - 1);
    const lines = shown.flatMap((why) => this.#wrap(why, this.#body, 1));
    const rest = missing.length - shown.length;
    return this.#labelled("Missing", rest === 0 ? lines : [...lines, this.#more(rest)]);
  }

  get #body(): number {
    return this.#width - labelWidth;
  }

  #remedyRows(party: string, lines: readonly string[]): Row[] {
    const paint = this.#options.colours.bold;
    return lines.map((line) =>
      row(line.startsWith(`${party}:`) ? `${paint(`${party}:`)}${line.slice(party.length + 1)}` : line),
    );
  }

  #pasteRows(lines: readonly string[]): Row[] {
    return lines.map((line) => {
      const text = `  ${this.#show(line, longestText)}`;
      return { text, height: Math.ceil((labelWidth + displayWidth(text)) / this.#columns) };
    });
  }

  #labelled(label: string, lines: readonly string[]): Row[] {
    return this.#label(label, lines.map(row));
  }

  #label(label: string, rows: readonly Row[]): Row[] {
    const paint: Paint = this.#options.colours.dim;
    return rows.map(({ text, height }, index) => ({
      text: `${paint(padTo(index === 0 ? label : "", labelWidth))}${text}`,
      height,
    }));
  }

  #more(count: number): string {
    return this.#options.colours.dim(`${this.#mark} ${count} more with --all`);
  }

  /** Foreign text on lines of a width; at most so many, unless all is wanted. */
  #wrap(text: string, width: number, most: number): string[] {
    const shown = this.#show(text, longestText);
    return this.#options.all === true ? wrap(shown, width) : wrapAtMost(shown, width, most, this.#mark);
  }

  #show(text: string, limit: number): string {
    const shown = visible(text, limit);
    return this.#options.unicode ? shown : toAscii(shown.replaceAll("→", "->"));
  }
}

function row(text: string): Row {
  return { text, height: 1 };
}
