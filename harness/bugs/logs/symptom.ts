import type { DataCommand, Operation } from "../../model/axes";
import { stages } from "../../model/axes";
import {
  goesOnUnread,
  type LogLine,
  type Place,
  type SessionBeside,
  type Symptom,
  type SymptomTrait,
} from "../../model/symptom";
import { serverNameIn } from "../../catalog/servers/greetings";
import { announcedIn, controlDialledIn, dataDialledIn, dataReplyOf, isClients, replacedIn } from "./dialling";
import { dataExchangeIn, endingIn, saysConnected, transferIn } from "./ending";
import { dataVerbs, isPositive, transferVerbs } from "../../ftp/dialogue";
import { dialogueIn, givingUp, type Grounded, type PlacedDialogue, type PlacedExchange } from "./exchanges";
import { withImplied } from "./implied";
import { loneEndingIn, refusedSessionIn } from "./lone-ending";
import type { LogFormat } from "./format";
import { protectionIn } from "./protection";
import type { PastedLog } from "./read-log";
import { byProgram, isTyped, sessionsIn } from "./sessions";

/** What a pasted log says of its session: how it was protected, what it was to do, and where it stopped. */
export function symptomOf({ format, lines, signed = null, waiting = null }: PastedLog): Symptom {
  const parts = byProgram(withoutGoodbyes(lines)).flatMap((part) => sessionsIn(format, withImplied(part)));
  // A person who says that it hangs means the last step.
  const sessions = parts.map((part, index) =>
    sessionOf(part, { format, signed, waiting: index === parts.length - 1 ? waiting : null }),
  );
  const told = mostTelling(sessions);
  const own = ownLinesOf(parts);
  const openings = openingsIn(format, own);
  const at = openings[sessions.indexOf(told)];
  return {
    ...told,
    beside: sessions.flatMap((session, index): readonly SessionBeside[] => {
      if (session === told) return [];
      const { mode, data, result } = session;
      const lines = own[index] ?? [];
      if (isBeginning(lines, own[index + 1] ?? [])) return [];
      const isAttempt = !lines.some((line) => begins(format, line)) && !isTyped(lines);
      // Lines before a session begins are no attempt within it.
      if (isAttempt && (openings[index] !== at || !lines.some(isOfData))) return [];
      const [begin] = isAttempt ? lines.filter(isOfData) : lines;
      // Of an attempt that replies alone show, no line is the beginning.
      if (isAttempt && begin?.implied === true) return [];
      return [{ mode, data, result, line: begin?.line ?? 0, ...(isAttempt ? { isAttempt } : {}) }];
    }),
  };
}

/** For each part how many sessions have begun by then: parts with the same number are of one session. */
function openingsIn(format: LogFormat, parts: readonly (readonly LogLine[])[]): readonly number[] {
  let count = 0;
  return parts.map((part) => {
    if (part.some((line) => begins(format, line))) count += 1;
    return count;
  });
}

/** Each part without the login, which an attempt has in common with those before it. */
function ownLinesOf(parts: readonly (readonly LogLine[])[]): readonly (readonly LogLine[])[] {
  const before = new Set<LogLine>();
  return parts.map((part) => {
    const own = part.filter((line) => !before.has(line));
    for (const line of own) before.add(line);
    return own;
  });
}

/** Whether a command was logged before the end of the greeting that it waited for: what goes on right behind it is the same session. */
function isBeginning(lines: readonly LogLine[], next: readonly LogLine[]): boolean {
  const said = lines.filter(({ direction }) => direction !== "*");
  const isGreeting = said.every(({ direction, text }) => direction === ">" || text.startsWith("220"));
  const isAlone = said.filter(({ direction }) => direction === ">").length < 2;
  return isGreeting && isAlone && said.at(-1)?.by === undefined && next[0]?.line === (lines.at(-1)?.line ?? 0) + 1;
}

/** Commands that arrange a data connection or use one: without them nothing was tried. */
function isOfData({ direction, text }: LogLine): boolean {
  const verb = (text.split(" ", 1)[0] ?? "").toUpperCase();
  return direction === ">" && [...dataVerbs, ...transferVerbs].includes(verb);
}

/** Whether a session begins here: with its greeting, its login, or its client's word. */
function begins(format: LogFormat, { direction, text }: LogLine): boolean {
  if (direction === "*") return format.begins?.test(text) === true;
  return direction === "<" ? text.startsWith("220") : /^USER\b/i.test(text);
}

/** 421 after the final reply to a command answers nothing: the server waited in vain for the next command (RFC 959 section 4.2.1). */
function withoutGoodbyes(lines: readonly LogLine[]): readonly LogLine[] {
  let isAnswered = false;
  return lines.filter(({ direction, text }) => {
    const isGoodbye = isAnswered && direction === "<" && text.startsWith("421 ");
    // On a new connection it is the greeting.
    if (direction === "*" && saysConnected(text)) isAnswered = false;
    if (direction !== "*") isAnswered = direction === "<" && /^[2-5]\d\d /.test(text);
    return !isGoodbye;
  });
}

/**
 * The first of the failed sessions that came furthest: others were cut short, or ran before something was set right. If none failed,
 * one that worked, else the last.
 */
function mostTelling(sessions: readonly Symptom[]): Symptom {
  const failed = sessions.filter(({ result }) => result === "failed");
  if (failed.length === 0) {
    const told = sessions.find(({ result }) => result === "worked") ?? sessions.at(-1);
    if (told !== undefined) return told;
  }
  // Within the login, and once there are data connections, the first attempt tells why the next was made.
  const [login, data] = [stages.indexOf("protection"), stages.indexOf("data-connect")];
  const rank = ({ stage }: Symptom): number =>
    stage === null ? -1 : Math.min(Math.max(stages.indexOf(stage), login), data);
  return failed.reduce((one, other) => (rank(other) > rank(one) ? other : one));
}

type Around = Required<Pick<PastedLog, "format" | "signed" | "waiting">>;

function sessionOf(lines: readonly LogLine[], { format, signed, waiting }: Around): Symptom {
  const lone = loneEndingIn(lines) ?? refusedSessionIn(lines);
  const shown = protectionIn(format, lines);
  const isTold = lone !== null && lone.mode !== null && (shown === null || shown.value === "ftp");
  const dialogue = dialogueIn(lines, isTold ? lone.mode : (shown?.value ?? null));
  const dataExchange = dataExchangeIn(dialogue);
  const transfer = transferIn(dialogue);
  const dataReply = dataReplyOf(dataExchange);
  const replaced = replacedIn(format, lines);
  const hides = lines.find(
    ({ direction, text }) => direction === "*" && format.tells?.privateAddress?.test(text) === true,
  );
  const data = lone?.data ?? dataCommandOf(dataExchange) ?? (hides === undefined ? null : "pasv");
  const ending = endingIn({
    format,
    lines,
    dialogue,
    mode: isTold ? lone.mode : (shown?.value ?? null),
    data,
    dataReply: dataReply?.value ?? null,
    lone,
    waiting,
  });
  const mode = isTold ? { value: lone.mode, on: ending.on } : shown;
  const server = serverIn(dialogue.greeting);
  const dialled = controlDialledIn(format, lines);
  const announced = announcedIn(dataExchange);
  const dataDialled = dataDialledIn(lines);
  const complaint = ending.complaint !== null && isClients(ending.complaint) ? ending.complaint : null;
  const message = complaint?.text.replace(/^Error: /, "") ?? null;
  const operation =
    startedIn(lines) ??
    doneBy(dialogue, dataExchange, transfer, transfer !== null && goesOnUnread(lines, transfer.sent));
  const isOthers = lines.some(({ direction, text }) => direction === ">" && format.never?.test(text) === true);
  const client = isOthers ? null : format.client;
  const loneLine = lone === null ? [] : ending.on;
  return {
    format: format.id,
    client,
    server: server?.value ?? null,
    mode: mode?.value ?? null,
    data,
    operation: operation?.value ?? null,
    result: ending.result,
    stage: ending.stage,
    replyCode: ending.replyCode,
    message,
    dialled: dialled?.value ?? null,
    announced: announced?.value ?? null,
    dataReply: dataReply?.value ?? null,
    dataDialled: dataDialled?.value ?? null,
    replaced: replaced !== null,
    hidesPrivateAddress: hides !== undefined,
    beside: [],
    grounds: groundsOf({
      client: client === null || signed === null ? [] : [signed],
      server: server?.on ?? [],
      mode: mode === null ? [] : mode.on,
      data: dataExchange !== null ? [dataExchange.sent] : hides !== undefined ? [hides] : data === null ? [] : loneLine,
      operation: operation?.on ?? [],
      result: ending.on,
      stage: ending.stage === null ? [] : [...stageLines(dialogue.exchanges), ...ending.on],
      replyCode: ending.refusal === null ? [] : [ending.refusal],
      message: complaint === null ? [] : [complaint],
      dialled: dialled?.on ?? [],
      announced: announced?.on ?? [],
      dataReply: dataReply?.on ?? [],
      dataDialled: dataDialled?.on ?? [],
      replaced: replaced === null ? [] : [replaced],
      hidesPrivateAddress: hides === undefined ? [] : [hides],
    }),
    lines,
  };
}

/** What FileZilla says in English that it starts, before it sends the command for it. */
function startedIn(lines: readonly LogLine[]): Grounded<Operation> | null {
  const transfer = /^(?:RETR|STOR|APPE|LIST|MLSD|NLST)\b/;
  const sent = lines.findLastIndex(({ direction, text }) => direction === ">" && transfer.test(text));
  const started = lines
    .slice(sent + 1)
    .findLast(({ direction, text }) => direction === "*" && startingWords.test(text));
  const [, way] = startingWords.exec(started?.text ?? "") ?? [];
  return started === undefined ? null : { value: way === "up" ? "upload" : "download", on: [started] };
}

const startingWords = /^(?:Status: )?Starting (up|down)load of /;

/** The last transfer; `null` where it was confirmed before the last data command: what that one was for is not shown. */
function doneBy(
  { exchanges }: PlacedDialogue,
  data: PlacedExchange | null,
  transfer: PlacedExchange | null,
  isOvertaken: boolean,
): Grounded<Operation> | null {
  const value = operationOf(transfer);
  if (transfer === null || value === null) return null;
  const isBehind = data !== null && exchanges.indexOf(data) > exchanges.indexOf(transfer);
  if (isBehind && isPositive(transfer.code)) return null;
  return isOvertaken ? null : { value, on: [transfer.sent] };
}

/** Each value's lines once, in their order; none for a value that is not known. */
function groundsOf(on: Readonly<Record<SymptomTrait, readonly Place[]>>): NonNullable<Symptom["grounds"]> {
  const traits = Object.entries(on).filter(([, places]) => places.length > 0);
  return Object.fromEntries(
    traits.map(([trait, places]) => {
      const lines = [
        ...new Map(places.map(({ line, paste }) => [`${paste ?? 0}/${line}`, placeOf(line, paste)])).values(),
      ];
      return [trait, lines.toSorted((one, other) => (one.paste ?? 0) - (other.paste ?? 0) || one.line - other.line)];
    }),
  );
}

function placeOf(line: number, paste: number | undefined): Place {
  return paste === undefined ? { line } : { line, paste };
}

/** The last thing tried, which places the ending. */
function stageLines(exchanges: readonly PlacedExchange[]): readonly LogLine[] {
  const last = exchanges.findLast(({ command }) => !givingUp.test(command));
  return last === undefined ? [] : [last.sent, ...last.answered.slice(-1)];
}

function serverIn(greeting: readonly LogLine[]): { readonly value: string; readonly on: readonly LogLine[] } | null {
  for (const line of greeting) {
    const value = serverNameIn([line.text]);
    if (value !== null) return { value, on: [line] };
  }
  return null;
}

function dataCommandOf(exchange: PlacedExchange | null): DataCommand | null {
  return exchange === null ? null : (exchange.verb.toLowerCase() as DataCommand);
}

function operationOf(transfer: PlacedExchange | null): Operation | null {
  switch (transfer?.verb) {
    case undefined:
      return null;
    case "RETR":
      return "download";
    case "STOR":
    case "STOU":
    case "APPE":
      return "upload";
    default:
      return "list";
  }
}
