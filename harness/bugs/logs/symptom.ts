import { endingOf } from "../../ftp/stage";
import { endpointOf, validAddress } from "../../ftp/endpoint";
import { dataVerbs, isNegative, isPositive, lastExchange, readDialogue, transferVerbs } from "../../ftp/dialogue";
import type { DialogueExchange } from "../../ftp/dialogue";
import { stages, traitsOf, type DataCommand, type Mode, type Operation } from "../../model/axes";
import type { TranscriptLine } from "../../model/cell";
import type { LogLine, Symptom } from "../../model/symptom";
import type { LogFormat } from "./format";
import type { PastedLog } from "./read-log";
import { withImplied } from "./implied";
import { loneEndingIn, refusedSessionIn } from "./lone-ending";
import { sessionsIn } from "./sessions";
import { serverNameIn } from "../../catalog/servers/greetings";

/** What a pasted log says of its session: how it was protected, what it was to do, and where it stopped. */
export function symptomOf({ format, lines }: PastedLog): Symptom {
  const sessions = sessionsIn(format, withImplied(withoutGoodbyes(lines))).map((session) => sessionOf(format, session));
  const told = mostTelling(sessions);
  const beside = sessions.filter((session) => session !== told);
  return {
    ...told,
    beside: beside.map(({ mode, data, result, lines: [first] }) => ({ mode, data, result, line: first?.line ?? 0 })),
  };
}

/** 421 behind the answer to a command is none: the server has waited in vain for what was to follow (RFC 959 section 4.2.1). */
function withoutGoodbyes(lines: readonly LogLine[]): readonly LogLine[] {
  return lines.filter(({ text }, index) => {
    const before = lines.slice(0, index).findLast(({ direction }) => direction !== "*");
    return !(text.startsWith("421 ") && before?.direction === "<" && /^[23]\d\d /.test(before.text));
  });
}

/** Of those that failed the first that came furthest: others were cut short, or tried before something was set right. */
function mostTelling(sessions: readonly Symptom[]): Symptom {
  // Within the login, and once there are data connections, the first attempt tells why the next was made.
  const [login, data] = [stages.indexOf("protection"), stages.indexOf("data-connect")];
  const rank = ({ stage }: Symptom): number =>
    stage === null ? -1 : Math.min(Math.max(stages.indexOf(stage), login), data);
  return sessions.reduce((one, other) => (rank(other) > rank(one) ? other : one));
}

function sessionOf(format: LogFormat, lines: readonly LogLine[]): Symptom {
  const lone = loneEndingIn(lines) ?? refusedSessionIn(lines);
  const shown = modeOf(format, lines);
  const mode = shown === "ftp" ? (lone?.mode ?? shown) : shown;
  const transcript = transcriptOf(format, lines);
  const traits = traitsOf(mode);
  const { greeting, exchanges } = readDialogue(transcript, traits);
  const complaint = complaintIn(format, lines);
  const dataExchange = lastExchange(exchanges, dataVerbs);
  const hides227 = lines.some(({ text }) => format.tells?.privateAddress?.test(text) === true);
  const named = dataExchange === null ? (hides227 ? "pasv" : null) : (dataExchange.verb.toLowerCase() as DataCommand);
  const data = lone?.data ?? named;
  const transfer = lastExchange(exchanges, transferVerbs);
  const isDone =
    transfer !== null && isPositive(transfer.code) && complaint === null && !isRefusedAfter(exchanges, transfer);
  const message = complaint?.text.replace(/^Error: /, "") ?? null;
  const ending = isDone
    ? null
    : endingOf({ transcript: beforeGivingUp(transcript), message }, { mode, data: data ?? "pasv" });
  return {
    format: format.id,
    client: format.client,
    server: serverNameIn(greeting),
    // Where no command is shown, nothing tells that there was no TLS.
    mode: lone !== null && mode === "ftp" ? null : mode,
    data,
    operation: operationOf(transfer),
    result: isDone ? "worked" : "failed",
    stage:
      lone?.stage ?? (ending?.stage === "transfer" && neverConnected(lines) ? "data-connect" : (ending?.stage ?? null)),
    replyCode: lone?.code ?? ending?.replyCode ?? null,
    message,
    dialled: dialledIn(lines),
    announced: announcedIn(dataExchange),
    hidesPrivateAddress: hides227,
    beside: [],
    lines,
  };
}

/** What servers that answer 150 before they have a data connection say when none comes, and clients that tried to make it. */
const neverConnectedWords =
  /data connection could not be established|passive data channel timed out|^150 .*about to open data connection/i;

/** Whether 150 was all that came of the data connection. */
function neverConnected(lines: readonly LogLine[]): boolean {
  const sent = lines.findLastIndex(({ direction, text }) => direction === ">" && !givingUp.test(text));
  const since = lines.slice(sent + 1);
  const isIdle = since.some(({ direction, text }) => direction === "<" && /^421\b/.test(text));
  const isAnnounced = since.some(({ direction, text }) => direction === "<" && /^1[25]0\b/.test(text));
  return since.some(({ text }) => neverConnectedWords.test(text)) || (isIdle && !isAnnounced);
}

/** Whether a data command that followed a transfer was refused. */
function isRefusedAfter(exchanges: readonly DialogueExchange[], transfer: DialogueExchange): boolean {
  const later = exchanges.slice(exchanges.indexOf(transfer) + 1);
  return later.some(({ verb, code }) => dataVerbs.includes(verb) && isNegative(code));
}

function transcriptOf(format: LogFormat, lines: readonly LogLine[]): readonly TranscriptLine[] {
  return lines.map(({ direction, text }) => {
    const tellsTls = direction === "*" && format.tells?.explicitTls?.test(text) === true;
    // The words by which the dialogue's reader knows that TLS has begun.
    return { atMs: 0, direction, text: tellsTls ? `control TLS (${text})` : text };
  });
}

/** What says no more than that it failed. */
const sayingNothing =
  /Failed to retrieve directory listing|Could not (connect to server|retrieve)|max-retries exceeded|Disconnected from server/i;

/** What the client told its user: the first word about it since the last command, not what it then gave up for. */
function complaintIn(format: LogFormat, lines: readonly LogLine[]): LogLine | null {
  const complaints = lines.filter(({ direction, text }) => direction === "*" && format.complaint.test(text));
  const telling = complaints.filter(({ text }) => !sayingNothing.test(text));
  const last = lines.findLast(({ direction, text }) => direction === ">" && !givingUp.test(text))?.line ?? 0;
  return telling.find(({ line }) => line > last) ?? telling.at(-1) ?? complaints.at(-1) ?? null;
}

const givingUp = /^(QUIT|ABOR)\b/i;

/** Without what a client sends when it has given up: it says nothing of where the session stopped. */
function beforeGivingUp(transcript: readonly TranscriptLine[]): readonly TranscriptLine[] {
  const end = transcript.findLastIndex(({ direction, text }) => direction === ">" && !givingUp.test(text));
  const quit = transcript.findIndex(
    ({ direction, text }, index) => index > end && direction === ">" && givingUp.test(text),
  );
  return quit < 0 ? transcript : transcript.slice(0, quit);
}

/** How control and data connections were protected, from AUTH, PROT and CCC as they were answered. */
function modeOf(format: LogFormat, lines: readonly LogLine[]): Mode {
  const { exchanges } = readDialogue(
    lines.map(({ direction, text }) => ({ atMs: 0, direction, text })),
    traitsOf("ftp"),
  );
  const answered = (verb: string): DialogueExchange | undefined =>
    exchanges.findLast((exchange) => exchange.verb === verb && isPositive(exchange.code));
  const remarks = lines.filter(({ direction }) => direction === "*");
  const tells = (pattern: RegExp | undefined): boolean =>
    pattern !== undefined && remarks.some(({ text }) => pattern.test(text));
  const isExplicit = exchanges.some(({ verb }) => verb === "AUTH") || tells(format.tells?.explicitTls);
  const isImplicit =
    !isExplicit &&
    (tells(format.tells?.implicitTls) ||
      answered("PROT") !== undefined ||
      remarks.some(({ text }) => port990.test(text)));
  const ccc = exchanges.findIndex(({ verb }) => verb === "CCC");
  const isClear = /^PROT C/i.test(answered("PROT")?.command ?? "");
  if (ccc >= 0) {
    const next = exchanges[ccc + 1];
    if (next !== undefined && dataVerbs.includes(next.verb)) return "ftps-ccc-unprimed";
    return isClear ? "ftps-ccc-clear-data" : "ftps-ccc";
  }
  if (isImplicit) return "ftps-implicit";
  if (isExplicit) return isClear ? "ftps-clear-data" : "ftps";
  return "ftp";
}

const port990 = /\bport 990\b|:990\b/;

function operationOf(transfer: DialogueExchange | null): Operation | null {
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

/** `Connected to 192.0.2.1:21`, `Trying 192.0.2.1:21...`, `Connected to name (192.0.2.1) port 21`, `Connecting to name|192.0.2.1|:21`. */
const connecting =
  /(?:Connect(?:ed|ing) to|Trying|Connexion à|Verbinde mit|Conectando a|Connessione a)\s.*?((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{1,4}:[0-9a-f:]*:[0-9a-f]+)/i;

function dialledIn(lines: readonly LogLine[]): string | null {
  for (const { direction, text } of lines) {
    // What is dialled once data commands have been sent may be a data connection.
    if (direction === ">" && dataVerbs.includes(text.slice(0, 4).toUpperCase())) return null;
    const address = direction === "*" ? validAddress(connecting.exec(text)?.[1] ?? null) : null;
    if (address !== null) return address;
  }
  return null;
}

function announcedIn(exchange: DialogueExchange | null): Symptom["announced"] {
  if (exchange === null) return null;
  return endpointOf(exchange.verb === "PASV" || exchange.verb === "EPSV" ? exchange.reply : exchange.command);
}
