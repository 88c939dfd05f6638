/** What `match` prints: the symptom as it was understood, the causes that fit, and the question that tells them apart. */
import type { Colors } from "picocolors/types";
import { askedIn, type MatchedCause, type MatchReport } from "../harness/model/match";
import type { Symptom } from "../harness/model/symptom";
import { toAscii, visible } from "../harness/text/escape";
import { counted, thousands } from "../harness/text/quantity";
import { wrap } from "../harness/text/wrap";

/** Version of the shape of `match --json`. */
const matchSchemaVersion = "1.1";

export type MatchTextOptions = { readonly colours: Colors; readonly unicode: boolean };

/** Candidates that are worth a person's time, and cells of each that are named. */
const shownCauses = 5;
const shownCells = 3;
const width = 100;

/** Ends with a line feed. */
export function matchText({ symptom, candidates, question }: MatchReport, options: MatchTextOptions): string {
  const { colours } = options;
  const lines = [`${colours.bold("Seen")}    ${seen(symptom)}`];
  const [most] = candidates;
  if (most === undefined) lines.push("", "As far as the log shows, the session worked: there is nothing to explain.");
  candidates.slice(0, shownCauses).forEach((candidate, index) => {
    lines.push("", ...causeLines(candidate, index + 1, colours));
  });
  if (candidates.length > shownCauses) {
    lines.push("", `${thousands(candidates.length - shownCauses)} more: --json names them.`);
  }
  if (question !== null) lines.push("", ...questionLines(question, colours));
  if (most?.cells[0] !== undefined) {
    lines.push("", `${colours.bold("Next")}    npm run matrix -- explain ${most.cells[0]}`);
  }
  const text = `${lines.join("\n")}\n`;
  return options.unicode ? text : toAscii(text);
}

function seen(symptom: Symptom): string {
  const { client, server, mode, data, operation, result, stage, replyCode, announced, message } = symptom;
  const what = [
    client ?? "some client",
    mode ?? "any mode",
    data ?? "any data command",
    ...(operation === null ? [] : [operation]),
    ...(server === null ? [] : [`server ${server}`]),
  ].join(", ");
  const where = result === "worked" ? "worked" : `failed at ${stage ?? "an unknown stage"}`;
  const reply = replyCode === null ? "" : ` with ${replyCode}`;
  const named = announced?.address ?? null;
  const address = named === null ? "" : `; the data command names ${named}`;
  const said = message === null ? "" : `\n        “${visible(cut(message))}”`;
  const others = symptom.beside.length;
  const beside =
    others === 0
      ? ""
      : `\n        The log has ${counted(others, "other session")} too; this one begins at line ${symptom.lines[0]?.line ?? 1}.`;
  return `${visible(what)}: ${where}${reply}${visible(address)}${said}${beside}`;
}

const longestMessage = 160;

function cut(message: string): string {
  return message.length <= longestMessage ? message : `${message.slice(0, longestMessage)}…`;
}

const words: Readonly<Record<MatchedCause["confidence"], string>> = {
  shown: "the log shows it",
  fits: "known cells show the same",
  possible: "the log alone suggests it",
};

function causeLines(candidate: MatchedCause, rank: number, colours: Colors): readonly string[] {
  const { cause, title, confidence, explanation, cells } = candidate;
  const paint = confidence === "shown" ? colours.red : confidence === "fits" ? colours.yellow : colours.dim;
  const more = cells.length > shownCells ? [`and in ${counted(cells.length - shownCells, "other network")}`] : [];
  return [
    `${String(rank).padStart(4)}    ${paint(cause)}  ${colours.dim(words[confidence])}`,
    ...wrap(title, width - 8).map((line) => `        ${line}`),
    ...(explanation === null ? [] : wrap(visible(explanation), width - 8).map((line) => `        ${line}`)),
    ...[...cells.slice(0, shownCells), ...more].map((cell) => colours.dim(`        ${cell}`)),
  ];
}

function questionLines(question: NonNullable<MatchReport["question"]>, colours: Colors): readonly string[] {
  const { mode, data, inside, ifWorks, ifFails } = question;
  return [
    `${colours.bold("Ask")}     ${askedIn(question)}`,
    `        yes: ${ifWorks} (--works ${inside ? "inside" : `${mode}/${data}`})`,
    `        no:  ${ifFails} (--fails ${inside ? "inside" : `${mode}/${data}`})`,
  ];
}

/** The same for machines: `{schemaVersion, symptom, candidates, question}`. */
export function matchJson({ symptom, candidates, question }: MatchReport): string {
  return `${JSON.stringify({ schemaVersion: matchSchemaVersion, symptom, candidates, question }, null, 2)}\n`;
}
