/** A report as the text of a scenario: what was recognised, what is guessed, and what is to be asked. */
import { stringify } from "yaml";
import { evidenceOf, type Candidate } from "../match/candidates";
import type { OtherSession } from "../match/known-traits";
import { askedIn, type MatchQuestion } from "../../model/match";
import { softwareCalled } from "../../catalog/servers/greetings";
import { undemanding } from "../match/table";
import { defaultSoftware } from "../../model/server-profile";
import { remediesOf } from "../../diagnose/offers";
import type { Remedy } from "../../diagnose/remedies/remedy";
import { observe } from "../../diagnose/observe/observe";
import { expectedFrom } from "../../plan/expected";
import type { Setup } from "../../plan/setup";
import { resolveClient } from "../../catalog/clients/registry";
import { mostLikely, type Choice, type ChosenServer, type ChosenSetup, type Unshown } from "./choose-setup";
import type { ChosenNetwork } from "./choose-network";
import { draftSession } from "./draft-session";
import type { Report } from "./report";
import type { Symptom } from "../../model/symptom";
import { sayingOf } from "./expected-words";
import { transfersIn } from "./told-transfers";

export type Draft = {
  readonly report: Report;
  readonly candidates: readonly Candidate[];
  readonly question: MatchQuestion | null;
} & Choice;

/** Networks and other sessions that a person is told of. */
const mostNamed = 3;
const mostFixes = 3;
const mostSaid = 6;

/** A scenario that can be run as it stands; ends with a line feed. */
export function draftText(draft: Draft): string {
  const { report, chosen } = draft;
  const { symptom } = report;
  const setup = chosen === null ? fallback(draft) : setupLines(draft, chosen);
  const lines = [
    ...head(draft),
    `title: ${scalar(report.title ?? titleOf(draft))}`,
    `reported:`,
    ...block("  text", report.text ?? quoted(report)),
    ...(symptom.stage === null ? ["  # ? At which stage does it stop?"] : [`  stage: ${symptom.stage}`]),
    ...setup,
    `variants:`,
    `  reported:`,
    `    shows:`,
    ...shownLines(draft).map((line) => `      ${line}`),
    ...(chosen === null ? [] : [...fixLines(report, chosen), ...othersLines(report, chosen)]),
  ];
  return `${lines.join("\n")}\n`;
}

function head(draft: Draft): string[] {
  const { report, candidates, question } = draft;
  const { symptom, version } = report;
  const { client, server, mode, data, dialled, announced, stage, replyCode, format } = symptom;
  const address = announced?.address ?? null;
  const seen = [
    format === null ? "no log" : `a log as ${format} writes it`,
    client === null ? "an unknown client" : `client ${client}${version === null ? "" : ` ${version}`}`,
    ...(server === null ? [] : [`server ${server}`]),
    ...(mode === null ? [] : [mode]),
    ...(data === null ? [] : [data.toUpperCase()]),
    ...(dialled === null ? [] : [`dialled ${dialled}`]),
    ...(address === null ? [] : [`the data command names ${address}`]),
    ...(stage === null ? [] : [`stopped at ${stage}${replyCode === null ? "" : ` with ${replyCode}`}`]),
  ];
  const named = candidates.slice(0, mostLikely).map(({ cause, confidence, title }, index) => {
    const cells =
      confidence === "fits" ? "known networks show the same" : confidence === "shown" ? "the log shows it" : "possible";
    return comment(`  ${index + 1}. ${cause} (${cells}): ${title}`);
  });
  return [
    comment("Drafted from a report; questions begin with `# ?`. Run it: npm run matrix -- reproduce FILE"),
    comment(`Recognised: ${seen.join(", ")}.`),
    ...besideLines(symptom),
    ...(named.length === 0
      ? [comment("No known cause fits.")]
      : [comment("Causes that fit, the likeliest first:"), ...named]),
    ...unshownLines(draft),
    ...saidLines(report),
    ...(question === null
      ? []
      : [comment(`? Ask: ${askedIn(question)} Yes speaks for ${question.ifWorks}, no for ${question.ifFails}.`)]),
    ...missingLines(report).map((line) => comment(`? ${line}`)),
  ];
}

/** Which of the likeliest causes the set-up does not show, and why. */
function unshownLines({ report, chosen, unshown }: Draft): string[] {
  if (unshown.length === 0) return [];
  const lines = unshown.map(({ cause: { cause }, stages }, index) => {
    const which = index === 0 ? `The likeliest cause, ${cause},` : `The next one, ${cause},`;
    return comment(`${which} cannot be shown by the lab: ${whyUnshown(stages, report.symptom)}.`);
  });
  const shows = chosen === null ? "No set-up shows what was reported." : `This set-up shows ${chosen.cause.cause}.`;
  return [...lines, comment(shows)];
}

function whyUnshown(stages: Unshown["stages"], { stage }: Symptom): string {
  if (stages.length === 0 || stage === null) return "none of its set-ups is predicted to fail from it";
  return `a set-up that fails from it stops at ${stages.join(" or ")}, and this log at ${stage}`;
}

/** What the reporter says of other sessions, in his own words. */
function saidLines({ said }: Report): string[] {
  return said.slice(0, mostSaid).map(({ words, session }) => {
    const note = session === null ? ": another client or place, which no variant tries" : "";
    return comment(`The reporter says “${words}”${note}.`);
  });
}

/** That the log has other sessions too, or other tries in the same one, and which of them is told. */
function besideLines({ beside, lines: [first] }: Symptom): string[] {
  const begin = first?.line ?? 1;
  const told = ({ mode, data, result }: Symptom["beside"][number]): string =>
    [[mode, data?.toUpperCase()].filter(isThere).join(" and "), result].filter((word) => word !== "").join(", ");
  const tries = beside.filter(({ line }) => line === begin).map((other) => `(${told(other)})`);
  const sessions = beside.filter(({ line }) => line !== begin);
  const others = sessions.map((other) => `line ${other.line} (${told(other)})`);
  return [
    ...(tries.length === 0 ? [] : [comment(`The session has other tries: ${firstOf(tries)}.`)]),
    ...(others.length === 0
      ? []
      : [
          comment(
            `The log has ${others.length + 1} sessions; this is the one from line ${begin}, others begin at ${firstOf(others)}.`,
          ),
        ]),
  ];
}

function firstOf(words: readonly string[]): string {
  const rest = words.length > mostNamed ? ` and ${words.length - mostNamed} more` : "";
  return `${words.slice(0, mostNamed).join(", ")}${rest}`;
}

/** Lines of a log that would say more, where it lacks them. */
function missingLines({ symptom }: Report): string[] {
  const { lines, server, dialled, data, announced, stage, mode } = symptom;
  const after = stage === null || ["data-command", "data-connect", "data-tls", "transfer"].includes(stage);
  return [
    ...(server === null ? ["Which line greets (220)? It often names the server's software."] : []),
    ...(dialled === null ? ["Which address is dialled (`Connected to`, `Connecting to`)?"] : []),
    ...(mode === null ? ["Is it plain FTP, explicit TLS (AUTH TLS) or implicit TLS (port 990)?"] : []),
    ...(after && data === null ? ["Which data command is sent: PASV, EPSV, PORT or EPRT?"] : []),
    ...(after && data === "pasv" && (announced?.address ?? null) === null
      ? ["Which address does the 227 reply name, as the client sees it?"]
      : []),
    ...(lines.length === 0 ? ["What does the client print with its debug option?"] : []),
  ];
}

function titleOf({ report, chosen }: Draft): string {
  const { client, stage, mode } = report.symptom;
  const where = stage === null ? "fails" : `stops at ${stage}`;
  return `${client ?? "A client"}${mode === null ? "" : ` with ${mode}`} ${where}${chosen === null ? "" : `: ${chosen.cause.cause}?`}`;
}

/** The log's last lines, where nobody has put it in words. */
const mostQuoted = 6;
const longestQuoted = 160;

function quoted({ symptom: { lines } }: Report): string {
  const marks = { ">": "> ", "<": "< ", "*": "" } as const;
  const last = lines
    .slice(-mostQuoted)
    .map(({ direction, text }) => `${marks[direction]}${text.slice(0, longestQuoted)}`);
  return last.length === 0 ? "The report contains only what was chosen in the form." : last.join("\n");
}

function setupLines({ report, candidates, unshown }: Draft, chosen: ChosenSetup): string[] {
  const { setup, server, cause, isClient, isSoftware } = chosen;
  const { cell, topology } = setup;
  const { symptom, network } = report;
  const others = cause.cells.map((known) => known.cell.topology).filter((id) => id !== topology.id);
  const likewise = others.length === 0 ? "" : ` The same is seen in ${others.slice(0, mostNamed).join(", ")}.`;
  const told =
    network === topology.id
      ? []
      : [comment(`? What is between client and server? In this network the cause would be ${cause.cause}.${likewise}`)];
  const more =
    network !== null && network !== topology.id
      ? [comment(`? In ${network}, as reported, ${cause.cause} is not predicted to show like this.`)]
      : [];
  const { yaml, remarks } = draftSession(transfersIn(symptom.lines), cell.operation, cell.client);
  return [
    ...(unshown.some(({ cause: { confidence } }) => confidence === "shown")
      ? needsLines(candidates[0] ?? null, symptom)
      : []),
    ...told,
    ...more,
    ...networkLines(chosen.network),
    ...(isSoftware ? [] : [comment(`? Which server is it, and how is it set up?${standIn(symptom.server)}`)]),
    ...(isSoftware && /\d/.test(symptom.server ?? "")
      ? [comment(`The report's server: ${symptom.server ?? ""}.`)]
      : []),
    ...serverLines(server),
    ...(isClient ? releaseLines(cell.client, report.version) : []),
    ...(isClient ? [] : [comment(`? Which client is it?${standIn(symptom.client)}`)]),
    `client: ${cell.client}`,
    `mode: ${cell.mode}`,
    ...(symptom.data === null ? [comment("? Which data command? The log ends before it, or does not show it.")] : []),
    `data: ${cell.data}`,
    ...remarks.map(comment),
    `session: ${yaml}`,
  ];
}

/** Which release of the report's client the lab has, where the report names one. */
function releaseLines(client: string, version: string | null): string[] {
  const definition = resolveClient(client)?.definition;
  return version === null || definition === undefined
    ? []
    : [comment(`The report's version: ${version}. This one: ${definition.title}.`)];
}

function standIn(reported: string | null): string {
  if (reported === null) return "";
  return ` This one replaces ${reported}, which the lab lacks or which is not predicted to show this.`;
}

function networkLines({ topology: { id }, announces }: ChosenNetwork): string[] {
  if (announces === null) return [`network: ${id}`];
  return [
    comment(`In it the server names the log's own address, ${announces}.`),
    ...["network:", `  from: ${id}`, "  nodes:", `    server: { masquerade-address: ${announces} }`],
  ];
}

function serverLines({ from, required }: ChosenServer): string[] {
  if (required === null) return [`server: ${from}`];
  return ["server:", `  from: ${from}`, "  tls:", `    required: ${required}`];
}

/** Nothing is predicted to show it: what was said, in the simplest network. */
function fallback({ report: { symptom, network }, candidates }: Draft): string[] {
  const client = symptom.client !== null && resolveClient(symptom.client) !== null ? symptom.client : "basic-ftp";
  return [
    comment("? No set-up of the lab is predicted to show this. Change network, server and client until one does."),
    ...needsLines(candidates[0] ?? null, symptom),
    `network: ${network ?? "direct"}`,
    `server: ${usualServer(symptom)}`,
    `client: ${client}`,
    `mode: ${symptom.mode ?? "ftp"}`,
    `data: ${symptom.data ?? "pasv"}`,
    `session: ${draftSession(transfersIn(symptom.lines), symptom.operation ?? "list", client).yaml}`,
  ];
}

/** The file of the software that greeted: those of others than the core matrix's have its name. */
function usualServer({ server }: Symptom): string {
  const software = softwareCalled(server);
  return software === null || software === defaultSoftware ? undemanding : software;
}

/** A set-up that fails from another cause than the log names does not show the report. */
function needsLines(likeliest: Candidate | null, { stage }: Symptom): string[] {
  const cause = likeliest === null ? "like this" : `from ${likeliest.cause}`;
  const where = stage === null ? "" : ` at ${stage}`;
  return [
    comment("As long as the next line is there, it is not run."),
    `needs: ${scalar(`a set-up that fails ${cause}${where}; the lab has none`)}`,
  ];
}

function shownLines({ report: { symptom }, chosen }: Draft): string[] {
  if (symptom.result === "worked") return ["result: worked"];
  const { stage, replyCode } = symptom;
  const saying = chosen === null ? null : sayingOf(chosen.cause, symptom);
  // Another software has other codes and words for the same.
  const isSoftware = chosen?.isSoftware === true;
  const isItsWords = saying?.by === "client" ? chosen?.isClient === true : isSoftware;
  const says =
    saying === null ? [] : [isItsWords ? `says: ${scalar(saying.text)}` : comment(`says: ${scalar(saying.text)}`)];
  return [
    "result: failed",
    ...(stage === null ? [] : [`stage: ${stage}`]),
    ...(chosen === null ? [] : [`cause: ${chosen.cause.cause}`]),
    ...(replyCode === null ? [] : [isSoftware ? `reply: ${replyCode}` : comment(`reply: ${replyCode}`)]),
    ...says,
  ];
}

/** The lab's remedies for the cause that are predicted to cure it, the first as `fixed`. */
function fixLines({ symptom }: Report, { setup, cause }: ChosenSetup): string[] {
  const seen = observe(evidenceOf(symptom));
  const curing = remediesOf(cause.cause).flatMap((remedy) => {
    const after = remedy.apply(setup);
    return after !== null && expectedFrom(after.cell, after).result === "worked" ? [{ remedy, after }] : [];
  });
  const fixes = curing
    .slice(0, mostFixes)
    .flatMap(({ remedy, after }, index) => [
      `  ${index === 0 ? "fixed" : `fixed-${index + 1}`}:`,
      `    change: ${scalar(remedy.what(seen))}`,
      ...changeLines(remedy, setup, after).map((line) => `    ${line}`),
      `    shows: { result: worked }`,
    ]);
  return fixes.length === 0 ? [comment("? What cures it? The lab itself has no remedy for this.")] : fixes;
}

/** A change of the cell alone is said by the report's own keys. */
function changeLines({ id }: Remedy, before: Setup, { cell, topology, server }: Setup): string[] {
  if (JSON.stringify([topology, server]) !== JSON.stringify([before.topology, before.server])) return [`remedy: ${id}`];
  return (["client", "mode", "data"] as const).flatMap((key) =>
    cell[key] === before.cell[key] ? [] : [`${key}: ${cell[key]}`],
  );
}

/** What else was reported of the same place: a variant each where it is predicted too, else a remark. */
function othersLines({ others }: Report, chosen: ChosenSetup): string[] {
  const predicted = others.filter((other) => chosen.others.includes(other)).slice(0, mostSaid);
  const rest = others.filter((other) => !chosen.others.includes(other));
  return [
    ...predicted.flatMap((other) => otherLines(other, chosen)),
    ...rest.map((other) => {
      const does = other.worked ? "works" : "fails too";
      return comment(`? The report says that the same ${otherWords(other)} ${does}; here that is not predicted.`);
    }),
  ];
}

function otherWords({ mode, data, inside }: OtherSession): string {
  const how = [mode, data?.toUpperCase()].filter(isThere).join(" and ");
  return [...(how === "" ? [] : [`with ${how}`]), ...(inside ? ["beside the server"] : [])].join(" ");
}

function otherLines(other: OtherSession, { setup }: ChosenSetup): string[] {
  const { mode, data, inside, worked } = other;
  const id = [worked ? "works" : "fails", mode, data, inside ? "inside" : null].filter(isThere).join("-");
  return [
    `  ${id}:`,
    `    change: ${scalar(`The same ${otherWords(other)}, which ${worked ? "works" : "fails too"}, as the report says.`)}`,
    ...(inside ? ["    network: direct"] : []),
    ...(mode === null ? [] : [`    mode: ${mode}`]),
    ...(data === null || data === setup.cell.data ? [] : [`    data: ${data}`]),
    `    shows: { result: ${worked ? "worked" : "failed"} }`,
  ];
}

function isThere(word: string | null | undefined): word is string {
  return typeof word === "string";
}

const widest = 120;

/** One comment, on as many lines as it needs; nothing in it can end the comment. */
function comment(text: string): string {
  const [, indent = "", rest = ""] = /^( *)(.*)$/.exec(text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")) ?? [];
  const lines: string[] = [];
  for (const word of rest.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length === 0 || indent.length + longer.length + 2 > widest) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line) => `# ${indent}${line}`).join("\n");
}

/** A key with a text of several lines, as it is where YAML allows that. */
function block(key: string, text: string): string[] {
  const lines = text.trim().split(/\r?\n/);
  const isPlain = lines.length > 1 && lines.every((line) => /^[\t\x20-\x7e\xa1-\ud7ff]*$/.test(line));
  if (!isPlain) return [`${key}: ${scalar(text)}`];
  const indent = " ".repeat(key.search(/\S/) + 2);
  return [`${key}: |-`, ...lines.map((line) => (line.trim() === "" ? "" : `${indent}${line.trimEnd()}`))];
}

/** A text as YAML on one line, whatever is in it. */
function scalar(text: string): string {
  return stringify(text, {
    defaultStringType: "QUOTE_DOUBLE",
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: 1e9,
  }).trimEnd();
}
