/** What `match` prints: the session as far as the paste shows it, the causes that fit, why, what cures them, and what would tell more. */
import type { Colors } from "picocolors/types";
import type { PrintedRemedy } from "../harness/model/diagnosis";
import { askedIn, type MatchedCause, type MatchReport, type QuotedLine } from "../harness/model/match";
import type { Symptom } from "../harness/model/symptom";
import { toAscii, visible } from "../harness/text/escape";
import { counted, thousands } from "../harness/text/quantity";
import { wrap } from "../harness/text/wrap";

/** Version of the shape of `match --json`. */
const matchSchemaVersion = "2.0";

export type MatchTextOptions = { readonly colours: Colors; readonly unicode: boolean };

/** Candidates that are worth a person's time, those of them whose cures are told, and networks that are named. */
const shownCauses = 3;
const shownNetworks = 3;
const shownReasons = 3;
const width = 80;
const indent = " ".repeat(8);
const longestQuote = 320;

/** Ends with a line feed. */
export function matchText(report: MatchReport, options: MatchTextOptions): string {
  const { symptom, candidates, question, paste, pastes } = report;
  const { colours } = options;
  const [most] = candidates;
  const lines = [...labelled("Seen", visible(seen(symptom, most !== undefined)), colours), ...besideLines(symptom)];
  if (most === undefined) lines.push("", ...nothingToExplain(report));
  const told: Told = { reasons: new Map(), cures: new Map() };
  candidates.slice(0, shownCauses).forEach((candidate, index) => {
    lines.push("", ...causeLines(candidate, index, { colours, pastes, told }));
  });
  if (candidates.length > shownCauses) {
    lines.push("", `${indent}${thousands(candidates.length - shownCauses)} more: --json names them.`);
  }
  if (question !== null) lines.push("", ...questionLines(question, colours));
  if (paste.length > 0) lines.push("", ...labelled("Paste", `${paste.join("; or ")}.`, colours));
  if (most?.cells[0] !== undefined) {
    lines.push("", `${colours.bold("Next")}    npm run matrix -- explain \\`, `${indent}  ${most.cells[0]}`);
  }
  const text = `${lines.join("\n")}\n`;
  return options.unicode ? text : toAscii(text);
}

/** What was told of earlier causes, with their numbers: it is not told twice. */
type Told = { readonly reasons: Map<string, number>; readonly cures: Map<string, number> };
type Telling = { readonly colours: Colors; readonly pastes: readonly string[]; readonly told: Told };

/** The number of the cause that was told with the same words; else `null`, and it is remembered for this one. */
function toldWith(table: Map<string, number>, text: string, index: number): number | null {
  const known = table.get(text);
  if (known === undefined) table.set(text, index + 1);
  return known ?? null;
}

/** A word at the left, and text beside it. */
function labelled(label: string, text: string, colours: Colors): readonly string[] {
  return wrap(text, width - indent.length).map((line, index) =>
    index === 0
      ? `${colours.bold(label)}${" ".repeat(Math.max(indent.length - label.length, 1))}${line}`
      : `${indent}${line}`,
  );
}

function indented(text: string, more = 0): readonly string[] {
  const space = " ".repeat(indent.length + more);
  return wrap(text, width - space.length).map((line) => `${space}${line}`);
}

/** What is known of the session; what is not known is left out, and how it ended where only what stands beside it tells (`isTold`). */
function seen({ client, server, mode, data, operation, result, stage, replyCode }: Symptom, isTold: boolean): string {
  const what = [
    client,
    mode,
    data?.toUpperCase() ?? null,
    operation,
    server === null ? null : `server ${server}`,
  ].filter((part) => part !== null);
  const reply = replyCode === null ? "" : ` with ${replyCode}`;
  const where = stage === null ? null : `stopped at ${stage}${reply}`;
  const cutOff = isTold ? "the dialogue ends before it tells what failed" : "no failure found in it";
  const how = { worked: "worked", "cut-off": cutOff, failed: where ?? "failed" }[result];
  return `${what.join(", ")}${what.length > 0 ? ": " : ""}${how}`;
}

function besideLines({ beside, lines }: Symptom): readonly string[] {
  if (beside.length === 0) return [];
  const first = lines[0]?.line ?? 1;
  return indented(`The log has ${counted(beside.length, "other session")} too; this one begins at line ${first}.`);
}

/** Why no cause is named. */
function nothingToExplain({ symptom, pastes }: MatchReport): readonly string[] {
  if (symptom.result === "worked")
    return indented("As far as the log shows, the session worked: there is nothing to explain.");
  const last = symptom.lines.findLast(({ direction }) => direction !== "*") ?? symptom.lines.at(-1);
  const end =
    last === undefined
      ? "No failure was found in it"
      : `The dialogue ends after “${visible(cut(last.text))}” (${placeOf(last, pastes)}), and no failure was found in it`;
  return [...indented(`${end}.`), ...indented("Paste the rest: from there to the message that says what failed.")];
}

function cut(text: string): string {
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}…`;
}

const words: Readonly<Record<MatchedCause["confidence"], string>> = {
  shown: "the log names it",
  fits: "known networks show the same",
  possible: "possible",
};

function causeLines(candidate: MatchedCause, index: number, { colours, pastes, told }: Telling): readonly string[] {
  const { cause, title, confidence, because, cells, cures } = candidate;
  const paint = confidence === "shown" ? colours.red : confidence === "fits" ? colours.yellow : colours.dim;
  return [
    `${String(index + 1).padStart(4)}    ${paint(cause)}  ${colours.dim(words[confidence])}`,
    ...indented(`Hypothesis: ${title}`),
    ...because.slice(0, shownReasons).flatMap(({ meaning, lines }) => {
      const places = lines.map((line) => placeOf(line, pastes));
      const before = toldWith(told.reasons, `${meaning} ${places.join()}`, index);
      return before === null
        ? [...lines.flatMap((line) => quoted(line, pastes)), ...indented(`→ ${visible(meaning)}`, 2)]
        : indented(`→ ${visible(meaning)} (${[...new Set(places)].join(", ")}, as for ${before})`);
    }),
    ...networkLines(cells, colours),
    ...onePerParty(cures).flatMap((cure) => {
      const before = toldWith(told.cures, `${cure.party} ${cure.what} ${cure.lines.join()}`, index);
      return before === null
        ? cureLines(cure, colours)
        : indented(`${colours.bold("Cure")} (${cure.party}): as for ${before}.`);
    }),
  ];
}

function quoted(line: QuotedLine, pastes: readonly string[]): readonly string[] {
  return wrap(`${placeOf(line, pastes)}: ${visible(cut(line.text))}`, width - indent.length - 2).map(
    (text, index) => `${indent}${index === 0 ? "" : "  "}${text}`,
  );
}

/** The paste is named where there are several. */
function placeOf({ line, paste = 0 }: Pick<QuotedLine, "line" | "paste">, pastes: readonly string[]): string {
  return pastes.length > 1 ? `${nameOf(paste, pastes)} line ${line}` : `line ${line}`;
}

/** The file's name, with its folder where another one has the same. */
function nameOf(paste: number, pastes: readonly string[]): string {
  const [name, ...others] = [paste, ...pastes.keys()].map((index) => pastes[index]?.split(/[\\/]/).at(-1) ?? "");
  const isAlone = others.filter((other) => other === name).length < 2;
  return isAlone ? (name ?? "") : (pastes[paste] ?? "");
}

function networkLines(cells: readonly string[], colours: Colors): readonly string[] {
  if (cells.length === 0) return [];
  const networks = cells.slice(0, shownNetworks).map((cell) => cell.split("/")[0]);
  const more = cells.length > shownNetworks ? `, and ${counted(cells.length - shownNetworks, "other network")}` : "";
  return indented(`Known to stop so in ${networks.join(", ")}${more}.`).map((line) => colours.dim(line));
}

function onePerParty(cures: readonly PrintedRemedy[]): readonly PrintedRemedy[] {
  return cures.filter(({ party }, index) => cures.findIndex((other) => other.party === party) === index);
}

function cureLines({ party, what, lines }: PrintedRemedy, colours: Colors): readonly string[] {
  return [
    ...indented(`${colours.bold("Cure")} (${party}): ${what}`),
    // What is pasted is not broken.
    ...lines.map((line) => `${indent}  ${visible(line, 500)}`),
  ];
}

function questionLines(question: NonNullable<MatchReport["question"]>, colours: Colors): readonly string[] {
  const { mode, data, inside, ifWorks, ifFails } = question;
  return [
    ...labelled("Ask", askedIn(question), colours),
    ...indented(`yes: ${ifWorks} (--works ${inside ? "inside" : `${mode}/${data}`})`),
    ...indented(`no:  ${ifFails} (--fails ${inside ? "inside" : `${mode}/${data}`})`),
  ];
}

/** The same for machines: `{schemaVersion, symptom, pastes, candidates, question, paste}`. */
export function matchJson({ symptom, pastes, candidates, question, paste }: MatchReport): string {
  return `${JSON.stringify({ schemaVersion: matchSchemaVersion, symptom, pastes, candidates, question, paste }, null, 2)}\n`;
}
