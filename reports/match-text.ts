/** What `match` prints: the session as far as the paste shows it, the causes that fit, why, what cures them, and what would tell more. */
import type { Colors } from "picocolors/types";
import { stages } from "../harness/model/axes";
import {
  askedIn,
  explainedOf,
  type MatchedCause,
  type MatchedCure,
  type MatchReport,
  type QuotedLine,
} from "../harness/model/match";
import { dataVerbs, transferVerbs } from "../harness/ftp/dialogue";
import { goesOnUnread, type Symptom } from "../harness/model/symptom";
import { toAscii, visible } from "../harness/text/escape";
import { counted } from "../harness/text/quantity";
import { wrap } from "../harness/text/wrap";

/** Version of the shape of `match --json`. */
const matchSchemaVersion = "2.0";

export type MatchTextOptions = { readonly colours: Colors; readonly unicode: boolean };

/** How many networks are named for each cause, and how many reasons are printed. */
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
  const lines = [...labelled("Seen", visible(seen(report)), colours), ...besideLines(symptom, pastes)];
  if (most === undefined) lines.push("", ...nothingToExplain(report));
  const told: Told = { reasons: new Map(), cures: new Map() };
  const explained = explainedOf(candidates);
  explained.forEach((candidate, index) => {
    lines.push("", ...causeLines(candidate, index, { colours, pastes, told }));
  });
  const others = candidates.slice(explained.length);
  if (others.length > 0) lines.push("", ...otherLines(others));
  if (question !== null) lines.push("", ...questionLines(question, colours));
  if (paste.length > 0) lines.push("", ...labelled("Paste", `${paste.join("; or ")}.`, colours));
  if (most?.cells[0] !== undefined && most.confidence !== "possible") {
    lines.push(
      "",
      `${colours.bold("Next")}    see it in the lab: npm run matrix -- explain \\`,
      `${indent}  ${most.cells[0]}`,
    );
  }
  const text = `${lines.join("\n")}\n`;
  return options.unicode ? text : toAscii(text);
}

/** What was not explained: what lines name too, and how many more there are. */
function otherLines(others: readonly MatchedCause[]): readonly string[] {
  const shown = others.filter(({ confidence }) => confidence === "shown");
  const more = others.length - shown.length;
  const parts = [
    ...(shown.length === 0 ? [] : [`Lines also name: ${shown.map(named).join("; ")}.`]),
    ...(more === 0 ? [] : [`${counted(more, "less likely cause")}: --json names ${more === 1 ? "it" : "them"}.`]),
  ];
  return indented(parts.join(" "));
}

/** A cause's id, and what it says in a sentence without its end. */
function named({ cause, title }: MatchedCause): string {
  return `${cause} (${title.replace(/\.$/, "")})`;
}

/** What was printed for earlier causes, with their numbers, so that it is not printed twice. */
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

/** What is known of the session; what is not known is left out. */
function seen({ symptom, candidates: [most] }: MatchReport): string {
  const { client, server, mode, data, operation, result } = symptom;
  const what = [
    client,
    mode,
    data?.toUpperCase() ?? null,
    operation,
    server === null ? null : `server ${server}`,
  ].filter((part) => part !== null);
  // Who says that a limit is reached was spoken to.
  const isSpokenTo = symptom.stage === "control-connect" && most?.cause === "server-limit-reached";
  const where = answered(symptom) ?? (isSpokenTo ? null : stopped(symptom));
  const cutOff = most === undefined ? "no failure found in it" : "failed";
  const how = { worked: "worked", "cut-off": cutOff, failed: where ?? "failed" }[result];
  return `${what.join(", ")}${what.length > 0 ? ": " : ""}${how}`;
}

/** What a client sends when it has given up. */
const givingUp = /^(?:QUIT|ABOR)\b/i;

/** The command that was refused; where no line shows it, the stage. */
function answered({ replyCode, stage, lines, grounds }: Symptom): string | null {
  if (replyCode === null) return stage === "transfer" || stage === "completion" ? unended(lines) : null;
  const [at] = grounds?.replyCode ?? [];
  const reply =
    at === undefined
      ? -1
      : lines.findIndex((line) => line.direction === "<" && line.line === at.line && line.paste === at.paste);
  const command = lines
    .slice(0, Math.max(reply, 0))
    .findLast(({ direction, text }) => direction === ">" && !givingUp.test(text));
  const verb = command?.implied === true ? undefined : command?.text.split(" ", 1)[0];
  if (verb !== undefined && /^[A-Z]{3,4}$/i.test(verb)) return `${verb.toUpperCase()} was answered ${replyCode}`;
  // BSD's ftp says so itself of a connection that has ended.
  const isClients = lines.some((line) => line.line === at?.line && line.text.includes("remote server has closed"));
  return at === undefined || isClients ? null : `${replyCode} was answered`;
}

/** Stages whose place in a session a last command shows; what happened to the data connection by then is for the causes to say. */
const ofData: readonly Symptom["stage"][] = stages.slice(stages.indexOf("data-command"));

/** The command that a reply alone shows to have been sent. */
const byReply = /^(?:PASV|EPSV|PORT|EPRT)\b/;

/** The last command that is shown; without one, the stage, as far as no more is said by it than lines show. */
function stopped({ stage, lines, data, mode }: Symptom): string | null {
  if (stage === null) return null;
  const commands = lines.filter(
    ({ direction, text, implied }) =>
      direction === ">" && (implied !== true || byReply.test(text)) && !givingUp.test(text),
  );
  // Both ends may log the same session.
  const command = commands.findLast(({ by }) => by !== "server") ?? commands.at(-1);
  const verb = /^[A-Z]{3,4}\b/i.exec(command?.text ?? "")?.[0] ?? null;
  // Another command may have gone through after the one that matters.
  if (stage === "data-command" && verb !== null && !dataVerbs.includes(verb.toUpperCase())) return null;
  // Some programs show what they arrange and not by which line, behind the last command that they show.
  if (stage === "data-connect" && verb !== null && ![...dataVerbs, ...transferVerbs].includes(verb.toUpperCase()))
    return data === null ? null : `stopped after ${data.toUpperCase()}`;
  if (ofData.includes(stage) && command !== undefined && goesOnUnread(lines, command)) return null;
  if (ofData.includes(stage)) return verb === null ? null : `stopped after ${verb.toUpperCase()}`;
  // Implicit TLS has no command.
  if (stage === "auth-tls" && mode === "ftps-implicit") return "stopped at TLS";
  return stage === "login" && verb === null ? null : `stopped at ${stage}`;
}

/** A transfer of which nothing but its beginning is shown; `null` if more is. */
function unended(lines: Symptom["lines"]): string | null {
  const begun = lines.findLastIndex(({ direction, text }) => direction === "<" && /^1[25]\d\b/.test(text));
  const command = lines.slice(0, Math.max(begun, 0)).findLast(({ direction }) => direction === ">");
  const isAnswered = lines
    .slice(begun + 1)
    // A line in the other end's log is not an answer that came here.
    .some(({ direction, text, by }) => direction === "<" && by === lines[begun]?.by && /^[2-5]\d\d\b/.test(text));
  const verb = command?.text.split(" ", 1)[0] ?? "";
  const isElsewhere = lines.some(
    ({ direction, text, by }) => direction === "<" && by !== lines[begun]?.by && /^226\b/.test(text),
  );
  return begun < 0 || isAnswered || command?.implied === true || !/^[A-Z]{4}$/.test(verb)
    ? null
    : `${verb} has no final reply${isElsewhere ? " at the client" : ""}`;
}

function besideLines({ beside, lines }: Symptom, pastes: readonly string[]): readonly string[] {
  const sessions = beside.filter(({ isAttempt }) => isAttempt !== true);
  const [attempt] = beside.filter(({ isAttempt }) => isAttempt === true);
  const place = (line: number): string => placeOf({ ...lines[0], line }, pastes);
  return [
    ...(sessions.length === 0
      ? []
      : indented(
          `What was pasted looks like more than one dialogue. This answer is about the one around ${place(lines[0]?.line ?? 1)}.`,
        )),
    ...(attempt === undefined
      ? []
      : indented(
          `The log has other attempts too, such as from ${place(attempt.line)}${attempt.data === null ? "" : ` with ${attempt.data.toUpperCase()}`}.`,
        )),
  ];
}

/** Why no cause is named. */
function nothingToExplain({ symptom, pastes, unknown }: MatchReport): readonly string[] {
  const strange =
    unknown === null
      ? []
      : indented(
          `But ${placeOf(unknown, pastes)} reports a failure in words that are not known: “${shownText(unknown.text)}”.`,
        );
  if (symptom.result === "worked")
    return strange.length > 0
      ? [...indented("As far as the dialogue shows, the session worked."), ...strange]
      : workedWith(symptom, pastes);
  const last = symptom.lines.findLast(({ direction }) => direction !== "*") ?? symptom.lines.at(-1);
  const end =
    last === undefined
      ? "No failure was found in it"
      : `The dialogue ends after “${shownText(last.text)}” (${placeOf(last, pastes)}), and no failure was found in it`;
  return [
    ...indented(`${end}.`),
    ...strange,
    ...indented("Paste the rest: from there to the message that says what failed."),
  ];
}

/** That it worked, and what was refused in it all the same. */
function workedWith({ lines }: Symptom, pastes: readonly string[]): readonly string[] {
  const refused = lines.filter(({ direction, text }) => direction === "<" && /^[45]\d\d[ -]/.test(text));
  const [first, ...others] = refused;
  if (first === undefined) return indented("As far as the log shows, the session worked: no failure is in it.");
  const more = others.length === 0 ? "" : `, and ${counted(others.length, "more refusal")}`;
  return [
    ...indented("As far as the log shows, the session worked."),
    ...indented(
      `It went on after ${placeOf(first, pastes)}: “${shownText(first.text)}”${more}: what the server refused there did not stop it.`,
    ),
  ];
}

/** What firewalls say of a packet that they stop. */
const verdict = /\b(?:deny|denied|drop(?:ped)?|reject(?:ed)?|block(?:ed)?|refused|failed|error)\b/i;

/** Shortened around the numbers that its meaning names, and around a verdict; else in the middle. */
function cut(text: string, meaning = ""): string {
  if (text.length <= longestQuote) return text;
  const words = text.split(" ");
  const numbers = meaning.match(/\d{3,}(?:\.\d+)*/g) ?? [];
  const isTelling = (word: string): boolean => verdict.test(word) || numbers.some((number) => word.includes(number));
  const telling = words.flatMap((word, index) => (isTelling(word) ? [index] : []));
  const kept = new Set(
    telling.length > 0 && words.length > 20 ? [0, 1, 2, ...telling, ...telling.map((at) => at - 1)] : [],
  );
  const short = words
    .map((word, index) => (kept.has(index) ? word : "…"))
    .filter((word, index, all) => word !== "…" || all[index - 1] !== "…")
    .join(" ");
  if (kept.size > 0 && short.length <= longestQuote) return short;
  // The important part of a message is at its beginning or its end.
  const half = longestQuote / 2;
  const [head, tail] = [text.slice(0, half), text.slice(-half)];
  return `${head.replace(/(?<=\s)\S+$/, "").trimEnd()} … ${tail.replace(/^\S+(?=\s)/, "").trimStart()}`;
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
    ...indented(confidence === "shown" ? title : `Hypothesis: ${title}`),
    ...because.slice(0, shownReasons).flatMap(({ meaning, lines }) => {
      const places = lines.map((line) => placeOf(line, pastes));
      const before = toldWith(told.reasons, `${meaning} ${places.join()}`, index);
      return before === null
        ? [...lines.flatMap((line) => quoted(line, pastes, meaning)), ...indented(`→ ${visible(meaning)}`, 2)]
        : indented(`→ ${visible(meaning)} (${[...new Set(places)].join(", ")}, as for ${before})`);
    }),
    ...(confidence !== "possible" ? networkLines(cells, colours) : []),
    ...onePerParty(cures).flatMap((cure) => {
      const before = toldWith(told.cures, `${cure.party} ${cure.onlyIf} ${cure.what} ${cure.lines.join()}`, index);
      return before === null
        ? cureLines(cure, colours)
        : indented(`${colours.bold("Cure")} (${cure.party}): as for ${before}.`);
    }),
  ];
}

function quoted(line: QuotedLine, pastes: readonly string[], meaning: string): readonly string[] {
  return wrap(`${placeOf(line, pastes)}: ${shownText(line.text, meaning)}`, width - indent.length - 2).map(
    (text, index) => `${indent}${index === 0 ? "" : "  "}${text}`,
  );
}

/** A quote on one line: tabs are blanks, and what a terminal would obey is spelt out. */
function shownText(text: string, meaning = ""): string {
  return visible(cut(text.replaceAll("\t", " "), meaning));
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
  const its = cells.length === 1 ? "its network" : "its networks";
  return indented(`The lab shows the same in ${its} ${networks.join(", ")}${more}.`).map((line) => colours.dim(line));
}

function onePerParty(cures: readonly MatchedCure[]): readonly MatchedCure[] {
  return cures.filter(({ party }, index) => cures.findIndex((other) => other.party === party) === index);
}

function cureLines({ party, what, lines, onlyIf }: MatchedCure, colours: Colors): readonly string[] {
  const told = onlyIf === null ? what : `If ${onlyIf}: ${what.slice(0, 1).toLowerCase()}${what.slice(1)}`;
  return [
    ...indented(`${colours.bold("Cure")} (${party}): ${told}`),
    // Lines to paste are not wrapped.
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

/** The same for machines: `{schemaVersion, symptom, pastes, candidates, question, unknown, paste}`. */
export function matchJson({ symptom, pastes, candidates, question, unknown, paste }: MatchReport): string {
  const report = { schemaVersion: matchSchemaVersion, symptom, pastes, candidates, question, unknown, paste };
  return `${JSON.stringify(report, null, 2)}\n`;
}
