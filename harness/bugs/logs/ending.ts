/** Where a pasted session stopped, or that it did not. */
import { dataVerbs, isNegative, isPositive, transferVerbs } from "../../ftp/dialogue";
import { endingOfOne } from "../../ftp/stage";
import { isPassive, type DataCommand, type Mode, type Stage } from "../../model/axes";
import type { DataReply, LogLine, Place, Symptom } from "../../model/symptom";
import { finalLineOf, givingUp, transcriptOf, type PlacedDialogue, type PlacedExchange } from "./exchanges";
import type { LogFormat } from "./format";
import type { LoneEnding } from "./lone-ending";
import { saysAllDone, saysDone } from "./done-words";
import { nameUnknown, windowsTimedOut } from "./system-words";

/** How a session ended, and on which lines that rests. */
export type SessionEnding = Pick<Symptom, "result" | "stage" | "replyCode"> & {
  readonly complaint: LogLine | null;
  readonly refusal: LogLine | null;
  /** What shows the result. */
  readonly on: readonly Place[];
};

/** A session, read up to its ending. */
export type ReadSession = {
  readonly format: LogFormat;
  readonly lines: readonly LogLine[];
  readonly dialogue: PlacedDialogue;
  readonly mode: Mode | null;
  readonly data: DataCommand | null;
  readonly dataReply: DataReply | null;
  /** What a line by itself tells of the ending. */
  readonly lone: LoneEnding | null;
  /** Where the person who pasted the log says that it hangs. */
  readonly waiting: Place | null;
};

/** How a session ended: it did what was asked, something failed, or the log ends before that. */
export function endingIn(session: ReadSession): SessionEnding {
  const { format, lines, dialogue, lone, waiting } = session;
  const { exchanges } = dialogue;
  const complaint = complaintIn(format, lines);
  const transfer = transferIn(dialogue);
  const said = lines.findLast(({ direction, implied }) => direction !== "*" && implied !== true);
  const shown = said === undefined ? lines.slice(-1) : [said];
  if (
    transfer !== null &&
    isPositive(transfer.code) &&
    complaint === null &&
    lone === null &&
    !isRefusedAfter(exchanges, transfer)
  ) {
    return { result: "worked", stage: null, replyCode: null, complaint: null, refusal: null, on: transfer.answered };
  }
  // What is done in spite of refusals was not stopped by them, such as a folder that could not be made again.
  const isDone = saysAllDone(lines.at(-1)?.text ?? "");
  if (transfer === null && isDone && refusedAside(lines))
    return { result: "worked", stage: null, replyCode: null, complaint: null, refusal: null, on: lines.slice(-1) };
  // A client that shows no commands says what it has done.
  if (transfer === null && exchanges.length === 0 && complaint === null && said === undefined) {
    const [last] = lines.slice(-1);
    if (last !== undefined && saysDone(last.text))
      return { result: "worked", stage: null, replyCode: null, complaint: null, refusal: null, on: [last] };
  }
  const { stage, replyCode } = stoppedAt(session, complaint);
  const refusal = replyCode === null ? null : lineOfReply(lines, replyCode);
  const failed = { stage, replyCode, complaint, refusal } as const;
  const telling: readonly Place[] = [
    ...(complaint === null ? [] : [complaint]),
    ...(refusal === null ? [] : [refusal]),
  ];
  if (telling.length === 0 && lone === null && isUnfinished(lines)) return { result: "cut-off", ...failed, on: shown };
  const isMalformed = stage === "data-command" && isUnreadable(session, null) && !isCutOff(said);
  if (telling.length > 0 || lone !== null || isMalformed)
    return { result: "failed", ...failed, on: telling.length > 0 ? telling : shown };
  // The session ends with the last refusal, unless the client asked for its own sake.
  const last = exchanges.findLast(({ command }) => !givingUp.test(command));
  const isRefused = last !== undefined && isNegative(last.code) && !forItself.test(last.verb);
  // A log that ends between two steps does not show which step hangs.
  const isPlaced = last === undefined || last.code === null || placing.test(last.verb);
  if (waiting !== null && isPlaced) return { result: "failed", ...failed, on: [...shown, waiting] };
  const refusedFile = isRefused ? null : lastRefusalOfFile(lines);
  if (refusedFile !== null)
    return {
      ...{ result: "failed", stage: "transfer", replyCode: Number(refusedFile.text.slice(0, 3)) },
      ...{ complaint, refusal: refusedFile, on: [refusedFile] },
    };
  const isUnanswered = isRefused || unansweredIn(exchanges);
  return { result: isUnanswered ? "failed" : "cut-off", ...failed, on: shown };
}

/**
 * The last reply before the goodbye, if it refuses a file after a data connection was arranged. Classic clients show no commands: nothing
 * else tells that a transfer was asked for. `null` if a line shows the command.
 */
function lastRefusalOfFile(lines: readonly LogLine[]): LogLine | null {
  if (lines.some(({ direction, text, implied }) => direction === ">" && implied !== true && !givingUp.test(text)))
    return null;
  const replies = lines.filter(({ direction, text }) => direction === "<" && /^\d{3} /.test(text));
  const [before, last] = replies.filter(({ text }) => !text.startsWith("221")).slice(-2);
  const isArranged = before !== undefined && /^22[79] /.test(before.text);
  return isArranged && last !== undefined && /^(?:45[0-2]|55[0-3]) /.test(last.text) ? last : null;
}

/** Whether all that was refused is a command beside the transfer, as far as the lines tell: they have replies alone. */
function refusedAside(lines: readonly LogLine[]): boolean {
  const others = lines.slice(0, -1).filter(({ direction }) => direction !== "<");
  return others.length === 0 && lines.slice(0, -1).every(({ text }) => /^(?:[1-3]\d\d|5[05]\d)\b/.test(text));
}

/** Whether the log's last line is the beginning of the words that servers answer PASV and EPSV with, and no more of them. */
function isCutOff(last: LogLine | undefined): boolean {
  const usual = ["227 Entering Passive Mode (", "229 Entering Extended Passive Mode ("];
  return last !== undefined && usual.some((words) => words.length > last.text.length && words.startsWith(last.text));
}

/** Whether the log's last line is one of a reply of several lines that goes on (RFC 959 section 4.2). */
function isUnfinished(lines: readonly LogLine[]): boolean {
  const last = lines.at(-1);
  return last?.direction === "<" && /^\d{3}-/.test(last.text);
}

/** Whether the log ends with a command that nobody answers. */
function unansweredIn(exchanges: readonly PlacedExchange[]): boolean {
  const last = exchanges.findLast(({ command }) => !givingUp.test(command));
  return last?.code === null && last.answered.length === 0;
}

/** Whether a data command that followed a transfer was refused. */
function isRefusedAfter(exchanges: readonly PlacedExchange[], transfer: PlacedExchange): boolean {
  const later = exchanges.slice(exchanges.indexOf(transfer) + 1);
  return later.some(({ verb, code }) => dataVerbs.includes(verb) && isNegative(code));
}

/** Clients' words once they have reached the server and wait for its greeting. */
const established =
  /^Connect(?:ed (?:to|with)\b|ion established)|waiting for (?:the )?welcome|established|hergestellt|établie|establ(?:ecida|erta)|estabelecida|stabilit|nawiązan|navázán|nadviazan|etabl(?:er|eret|ert)|upprättad|muodostet|létrejött|uspostavljen|vzpostavljen|gemaakt|установлен|встановлен|установена|kuruldu|連線已建立|确立|確立|建立|연결됨|수립|thiết lập/i;

/** Whether a client says that it has reached the server. */
export const saysConnected = (text: string): boolean => established.test(text) && !inVain.test(text);

/** Systems name what was not established: Windows' 10060 and 10061. */
const inVain = new RegExp(
  `${windowsTimedOut.source}|konnte keine Verbindung|Aucune connexion|No se puede establecer|Impossibile stabilire|не установлен|Nebylo možné|Unable to connect|could not be (?:made|established)`,
  "i",
);

const dialled =
  /connect|dial tcp|Trying|Verbind|Connexion|Conectando|Conectar|Connessione|Verbinden|Łączenie|Соединя|Ansluter|接続中|正在连接|正在連線|resolv|unreachable|no route|\bE(?:CONNREFUSED|TIMEDOUT|HOSTUNREACH|NETUNREACH)\b/i;
/** Commands that clients send for their own sake. They go on after a refusal. */
const forItself =
  /^(?:SIZE|MDTM|FEAT|OPTS|SITE|CLNT|HOST|STAT|SYST|MFMT|MFCT|MACB|LANG|ALLO|HASH|RANG|XCRC|XMD5|XSHA(?:1|256|512)?|X?PWD|HELP|NOOP)$/;
/** What a person types at a classic client's prompt once the control connection is there. */
const typedTransfer = /^ftp> ?(?:ls|m?dir|nlist|mls|m?get|recv|reget|m?put|send|append)\b/;
const ofData = /data (?:connection|socket|channel)|passive/i;
/** Node's words for a socket that ended in its handshake (lib/_tls_wrap.js). */
const beforeTls = "before secure TLS connection was established";
/** Words that say that the received file differs from the sent one. */
const integrityWords = /\bsize\b|hash|checksum|corrupt|truncat|mismatch/i;
/** A server that waits for something has greeted. */
const ofTimeLimit = /\b421\b.*(?:time-?outs?|timed out|idle|inactiv|no transfer)/i;
/** Commands that do not show the stage by themselves: the steps before them do. */
const placing = /^(?:AUTH|USER|PASS|ACCT|PBSZ|PROT|CCC|PASV|EPSV|PORT|EPRT|LIST|NLST|MLSD|RETR|STOR|STOU|APPE)$/;

const whileTransferring = /^425\b.*\bwhile transferr?ing\b/i;

function stoppedAt(session: ReadSession, complaint: LogLine | null): { stage: Stage | null; replyCode: number | null } {
  const { format, lines, dialogue, mode, data, lone } = session;
  const { greeting, exchanges } = dialogue;
  const message = complaint?.text.replace(/^Error: /, "") ?? null;
  const transcript = beforeGivingUp(lines);
  const arranging = refusedBefore(exchanges);
  if (arranging !== null) return { stage: "data-command", replyCode: arranging.code };
  const { stage, replyCode } = endingOfOne(
    { transcript: transcriptOf(format, transcript), message },
    { mode: mode ?? "ftp", data: data ?? "pasv" },
  );
  const code = lone?.code ?? replyCode;
  // A log of replies alone shows no other step behind the grant of TLS.
  const lastOf = exchanges.at(-1);
  if (lastOf?.verb === "AUTH" && lastOf.sent.implied === true && isPositive(lastOf.code) && stage === "login")
    return { stage: "auth-tls", replyCode: code };
  if (lone !== null && lone.stage !== null) return { stage: lone.stage, replyCode: code };
  // Nothing tells which command this refusal answers.
  if (
    lone !== null &&
    (code !== 421 || lines.some(({ text }) => ofTimeLimit.test(text))) &&
    !lines.some(({ direction, text }) => direction === "*" && saysConnected(text))
  ) {
    return { stage: null, replyCode: code };
  }
  // A server's words alone do not tell how far the client got.
  if (greeting.length === 0 && exchanges.length === 0 && (format.by ?? "client") !== "client")
    return { stage: null, replyCode: code };
  // A greeting after the complaint belongs to another try.
  const [greeted] = greeting;
  if (exchanges.length === 0 && isSoonerThan(complaint, greeted)) return { stage: null, replyCode: code };
  if (greeting.length === 0 && exchanges.length === 0) return { stage: beforeGreeting(lines, stage), replyCode: code };
  if (exchanges.every(({ command }) => givingUp.test(command)) && !greeting.some(({ text }) => /^\d{3}/.test(text))) {
    return { stage: "greeting", replyCode: code };
  }
  // A log that begins with the reply to a transfer is an excerpt.
  if (stage === "greeting" && greeting.some(({ text }) => /^(?:1[25][05]|2(?!20)\d\d|42[56]|45\d|55\d)\b/.test(text)))
    return { stage: code === 425 ? "data-connect" : null, replyCode: code };
  // A classic client shows no commands: 331 tells that the name was sent.
  if (stage === "greeting" && greeting.some(({ text }) => /^(?:331|332|230)\b/.test(text)))
    return { stage: "login", replyCode: code };
  if (stage === "data-connect" && code === null && isUnreadable(session, message))
    return { stage: "data-command", replyCode };
  if (stage === "transfer" && message?.includes(beforeTls) === true) return { stage: "data-tls", replyCode };
  // Servers that answer 150 first say with 425 that nothing came (RFC 959 section 4.2.2).
  if (stage === "transfer" && replyCode === 425) return { stage: "data-connect", replyCode };
  // In active mode the server connects, and most servers announce the transfer first. Their words are about the connection, not about TLS.
  if (stage === "data-tls" && replyCode === 425 && isActive(data) && cannotConnect(exchanges))
    return { stage: "data-connect", replyCode };
  // FileZilla Server says so when the connection breaks off during the transfer.
  if (
    stage === "data-tls" &&
    replyCode === 425 &&
    lines.some(({ direction, text }) => direction === "<" && whileTransferring.test(text))
  )
    return { stage: "transfer", replyCode };
  if (stage === "transfer" && neverConnected(lines)) return { stage: "data-connect", replyCode };
  if (stage === "integrity") return { stage: afterDone(dialogue, complaint), replyCode };
  const isPlaced = exchanges.some(({ verb }) => placing.test(verb));
  // An excerpt that begins after the login.
  if (
    !isPlaced &&
    !greeting.some(({ text }) => text.startsWith("220")) &&
    (stage === "login" || stage === "auth-tls")
  ) {
    const refused = exchanges.findLast(({ code: answer }) => isNegative(answer));
    if (refused !== undefined && finalLineOf(refused) !== null)
      return { stage: "data-command", replyCode: refused.code };
    return { stage: null, replyCode };
  }
  return { stage, replyCode };
}

function isActive(data: DataCommand | null): boolean {
  return data !== null && !isPassive(data);
}

/** The 425 says that there is no connection. It says nothing of its protection. */
function cannotConnect(exchanges: readonly PlacedExchange[]): boolean {
  const reply = exchanges.findLast(({ code }) => code === 425)?.reply ?? "";
  return (
    /\b(?:connect\w*|open|establish|build|make|create)\b/i.test(reply) &&
    !/\b(?:TLS|SSL|secur\w+|encrypt\w*|protect\w*|session|permitted|handshake|negotiat\w*)\b/i.test(reply)
  );
}

function isSoonerThan(one: LogLine | null, other: LogLine | undefined): boolean {
  return one !== null && other !== undefined && one.paste === other.paste && one.line < other.line;
}

/** A transfer got 503 (out of turn, RFC 959) or 425 (no data connection). The session stopped at the refused data command before it. */
function refusedBefore(exchanges: readonly PlacedExchange[]): PlacedExchange | null {
  const [before, last] = exchanges.filter(({ command }) => !givingUp.test(command)).slice(-2);
  const isBare = (last?.code === 503 || last?.code === 425) && transferVerbs.includes(last.verb);
  return isBare && before !== undefined && dataVerbs.includes(before.verb) && isNegative(before.code) ? before : null;
}

/** Where a session failed although every transfer was confirmed: the client says it, by its words about the file and their place. */
function afterDone(dialogue: PlacedDialogue, complaint: LogLine | null): Stage | null {
  if (complaint === null) return null;
  if (integrityWords.test(complaint.text)) return "integrity";
  const transfer = transferIn(dialogue);
  const confirmed = transfer === null ? null : finalLineOf(transfer);
  return confirmed !== null && complaint.line < confirmed.line ? "transfer" : null;
}

/** Clients' words for a reply that they cannot read: basic-ftp, Commons Net, curl, BSD's ftp, Wget, and others. */
const cannotRead =
  /(?:can(?:no|')t|could not|couldn't|unable to) (?:parse|interpret|understand|decode)|\berror parsing .{0,20}(?:PASV|EPSV|227|229|passive)|weirdly formatted|address scan failure|unknown PASV reply|(?:invalid|malformed|bad|unexpected|unknown) (?:PASV|EPSV|passive|227|229)|MalformedServerReply|^ftplib\.error_(?:proto|reply): 2|\bin [`']parse_?(?:227|229)'/i;

/** Whether the data command got no reply, or one that the client could not read. */
function isUnreadable({ dataReply, dialogue }: ReadSession, message: string | null): boolean {
  if (message !== null && cannotRead.test(message)) return true;
  const isNone = dataReply?.form === "malformed" || dataReply?.form === "other";
  return (
    isNone && !transferVerbs.includes(dialogue.exchanges.findLast(({ command }) => !givingUp.test(command))?.verb ?? "")
  );
}

/** Where a session ended that shows no reply. */
function beforeGreeting(lines: readonly LogLine[], stage: Stage): Stage | null {
  if (stage !== "control-connect") return stage;
  if (lines.some(({ text }) => typedTransfer.test(text))) return "data-connect";
  if (lines.some(({ text }) => saysConnected(text))) return "greeting";
  const isOfDialling = (text: string): boolean =>
    (dialled.test(text) || nameUnknown.test(text)) && !ofData.test(text) && !ofScript.test(text);
  return lines.some(({ text }) => isOfDialling(text)) ? stage : null;
}

/** PHP says so to a script that has no connection. It does not say why there is none. */
const ofScript =
  /\bmust be of type\b|\bexpects (?:parameter|argument|at least|exactly)\b|\bnot a valid (?:FTP\S* )?resource\b/i;

/** Some servers answer 150 before they have a data connection. These are their words when none comes, and the words of clients that tried. */
const neverConnectedWords =
  /data connection could not be established|passive data channel timed out|accept timeout occurred|server failed to connect to (?:the )?data port|^150 .*about to open data connection/i;

/** Whether 150 was all that came of the data connection. */
function neverConnected(lines: readonly LogLine[]): boolean {
  const sent = lines.findLastIndex(({ direction, text }) => direction === ">" && !givingUp.test(text));
  const since = lines.slice(sent + 1);
  const isIdle = since.some(({ direction, text }) => direction === "<" && /^421\b/.test(text));
  const isAnnounced = since.some(({ direction, text }) => direction === "<" && /^1[25]0\b/.test(text));
  return since.some(({ text }) => neverConnectedWords.test(text)) || (isIdle && !isAnnounced);
}

/** Words that say only that something failed. */
const sayingNothing =
  /Failed to retrieve directory listing|Could not (connect to server|retrieve)|max-retries exceeded|Disconnected from server/i;

/** What the client told its user: its first words since the last command, not its later reason for giving up. */
function complaintIn(format: LogFormat, lines: readonly LogLine[]): LogLine | null {
  const complaints = lines.filter(({ direction, text }) => direction === "*" && format.complaint.test(text));
  const telling = complaints.filter(({ text }) => !sayingNothing.test(text));
  const asked = lines.findLast(({ direction, text }) => direction === ">" && !givingUp.test(text));
  const greeted = lines.findLast(({ direction, text }) => direction === "<" && text.startsWith("220"));
  const last = (asked ?? greeted)?.line ?? 0;
  return telling.find(({ line }) => line > last) ?? telling.at(-1) ?? complaints.at(-1) ?? null;
}

function lineOfReply(lines: readonly LogLine[], code: number): LogLine | null {
  return (
    lines.findLast(({ direction, text }) => direction === "<" && text.startsWith(String(code))) ??
    lines.findLast(({ text }) => text.includes(String(code))) ??
    null
  );
}

/** Without the commands of a client that has given up: they do not show where the session stopped. */
function beforeGivingUp(lines: readonly LogLine[]): readonly LogLine[] {
  const end = lines.findLastIndex(({ direction, text }) => direction === ">" && !givingUp.test(text));
  const quit = lines.findIndex(({ direction, text }, index) => index > end && direction === ">" && givingUp.test(text));
  return quit < 0 ? lines : lines.slice(0, quit);
}

/** The last command that used a data connection; `null` where none did. */
export function transferIn({ exchanges }: PlacedDialogue): PlacedExchange | null {
  return exchanges.findLast(({ verb }) => transferVerbs.includes(verb)) ?? null;
}

/** The last command that arranged a data connection; `null` where none did. */
export function dataExchangeIn({ exchanges }: PlacedDialogue): PlacedExchange | null {
  return exchanges.findLast(({ verb }) => dataVerbs.includes(verb)) ?? null;
}
