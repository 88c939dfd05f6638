import { dataVerbs, transferVerbs } from "../../ftp/dialogue";
import { hidesCommands, isPassive, traitsOf, type Stage } from "../../model/axes";
import { givingUp } from "../logs/exchanges";
import type { OtherSession } from "../match/known-traits";
import type { QuotedLine } from "../../model/match";
import type { LogLine, PastedFact, Place, Symptom } from "../../model/symptom";
import { isPrivateIPv4 } from "../../net/blocks";
import { parseAddress } from "../../net/address";

/** A command and what followed it, as lines of the paste. */
export type Exchange = {
  readonly verb: string;
  readonly command: LogLine;
  readonly replies: readonly LogLine[];
  /** Of the last line of its last reply; `null` where none is shown. */
  readonly code: number | null;
};

/** What clues look at: a symptom, and what follows from its lines. */
export type Scene = {
  readonly symptom: Symptom;
  readonly lines: readonly LogLine[];
  /** What stands in the pastes and no reader took for a part of the dialogue or a remark: errors in unknown forms, and prose. */
  readonly unread: readonly LogLine[];
  /** The server's software by the form of its log or of its settings; `null` where no form tells. */
  readonly software: string | null;
  /** The dialogue's lines before the told session: an earlier session, or an earlier try in the same one. */
  readonly earlier: readonly Exchange[];
  /** What else works or fails from the same place. */
  readonly others: readonly OtherSession[];
  /** From the command on at which the session stopped; all lines where none is shown. */
  readonly end: readonly LogLine[];
  readonly exchanges: readonly Exchange[];
  /** The exchange at which the session stopped, and the last one that arranged a data connection or used one. */
  readonly last: Exchange | null;
  readonly arranged: Exchange | null;
  readonly transfer: Exchange | null;
  readonly facts: readonly PastedFact[];
  readonly stage: Stage | null;
  /** Whether TLS hides the commands; `null` where nothing tells. */
  readonly isHidden: boolean | null;
  /** Whether the client opens the data connection; `null` where nothing tells. */
  readonly passive: boolean | null;
  /** What the data command or its reply names is an address that only its own network knows. */
  readonly namesPrivate: boolean;
};

/** What stands around the told session's lines in the pastes. */
export type Surroundings = {
  readonly unread: readonly LogLine[];
  readonly earlier: readonly LogLine[];
  /** What the person who pasted it says of other sessions that work. */
  readonly said: readonly OtherSession[];
  /** The server's software by the form of its log or of its settings; `null` where no form tells. */
  readonly software: string | null;
};

export const nothingAround: Surroundings = { unread: [], earlier: [], said: [], software: null };

/** What a client sends for its own sake when the failure is behind it. */
const aside = /^(?:QUIT|ABOR|NOOP)\b/i;

export function sceneOf(
  symptom: Symptom,
  around: Surroundings = nothingAround,
  others: readonly OtherSession[] = [],
): Scene {
  const { lines, mode, data, stage, grounds } = symptom;
  const exchanges = exchangesOf(lines);
  const stop = grounds?.replyCode?.[0] ?? grounds?.stage?.[0] ?? null;
  const last = exchangeAt(exchanges, stop) ?? exchanges.findLast(({ command }) => !aside.test(command.text)) ?? null;
  const from = last === null ? 0 : lines.indexOf(last.command);
  const address = symptom.announced?.address ?? null;
  return {
    symptom,
    lines,
    unread: around.unread,
    software: around.software,
    earlier: exchangesOf(around.earlier),
    others,
    end: lines.slice(Math.max(from, 0)),
    exchanges,
    last,
    arranged: exchanges.findLast(({ verb }) => dataVerbs.includes(verb)) ?? null,
    transfer: transferOf(exchanges),
    facts: symptom.facts ?? [],
    // How far a log goes that is cut off is not where it failed.
    stage: symptom.result === "failed" ? stage : null,
    isHidden: mode === null ? null : hidesCommands(traitsOf(mode)) || isClearingRefused(exchanges),
    // Who dials for data is in passive mode, whatever the log shows of commands.
    passive: data === null ? (symptom.dataDialled === null ? null : true) : isPassive(data),
    namesPrivate:
      address !== null &&
      isPrivate(address) &&
      (isNowhere(address) || !isPrivate(symptom.dialled ?? "")) &&
      !isNowhere(symptom.dialled ?? ""),
  };
}

/** Whether the server refused CCC: the control connection stays encrypted, if the client goes on. */
export function isClearingRefused(exchanges: readonly Exchange[]): boolean {
  return exchanges.some(({ verb, code }) => verb === "CCC" && code !== null && code >= 400);
}

/** Whether the server refused the transfer itself, for its file or its command, before any data connection mattered (RFC 959 section 4.2). */
export function isTransferRefused({ last }: Scene): boolean {
  if (last === null || !transferVerbs.includes(last.verb)) return false;
  const isBegun = last.replies.some(({ text }) => text.startsWith("1"));
  const isOfFile = [450, 452, 500, 501, 502, 504, 532, 550, 551, 552, 553].includes(last.code ?? 0);
  return isOfFile && !isBegun && !last.replies.some(({ text }) => ofDataConnection.test(text));
}

const ofDataConnection =
  /\bdata\b.{0,20}\b(?:connection|channel|socket|port)|\bconnect|\bport\b|passive|socket|network|tim(?:ed? ?-?out)|TLS|SSL/i;

/** This host, whoever reads it (RFC 6890). */
export function isNowhere(address: string): boolean {
  return /^(?:0|127)\./.test(address);
}

/** Addresses that nobody outside can reach (RFC 1918, RFC 6890). */
export function isPrivate(address: string): boolean {
  return /^(?:0|127)\.|^169\.254\./.test(address) || (parseAddress(address) !== null && isPrivateIPv4(address));
}

export function quoteOf({ line, paste, text }: Place & { readonly text: string }): QuotedLine {
  return { line, ...(paste === undefined ? {} : { paste }), text };
}

/** The last transfer as the client saw it; as the server logged it where no client shows one. */
function transferOf(exchanges: readonly Exchange[]): Exchange | null {
  const transfers = exchanges.filter(({ verb }) => transferVerbs.includes(verb));
  return transfers.findLast(({ command }) => command.by !== "server") ?? transfers.at(-1) ?? null;
}

/** The command and the last line of what answered it, as they are quoted together. */
export function quotesOf({ command, replies }: Exchange): readonly QuotedLine[] {
  const reply = replies.at(-1);
  return [quoteOf(command), ...(reply === undefined ? [] : [quoteOf(reply)])];
}

function exchangesOf(lines: readonly LogLine[]): readonly Exchange[] {
  const exchanges: { verb: string; command: LogLine; replies: LogLine[]; code: number | null }[] = [];
  for (const line of lines) {
    const last = exchanges.at(-1);
    if (line.direction === ">") {
      if (givingUp.test(line.text) && last === undefined) continue;
      exchanges.push({
        verb: (line.text.split(" ", 1)[0] ?? "").toUpperCase(),
        command: line,
        replies: [],
        code: null,
      });
    } else if (line.direction === "<" && last !== undefined && isOfOne(line, last.command)) {
      last.replies.push(line);
      const code = /^(\d{3})(?: |$)/.exec(line.text)?.[1];
      if (code !== undefined) last.code = Number(code);
    }
  }
  return exchanges;
}

/** What one end's log has of replies answers what it has of commands. */
function isOfOne({ by = "client" }: LogLine, { by: other = "client" }: LogLine): boolean {
  return by === other;
}

function exchangeAt(exchanges: readonly Exchange[], place: Place | null): Exchange | null {
  if (place === null) return null;
  const isBefore = ({ line, paste }: Place): boolean => (paste ?? 0) === (place.paste ?? 0) && line <= place.line;
  // What several pastes say need not stand in the order of its lines.
  const before = exchanges.filter(({ command }) => isBefore(command) && !aside.test(command.text));
  const line = Math.max(...before.map(({ command }) => command.line));
  return before.findLast(({ command }) => command.line === line) ?? null;
}
