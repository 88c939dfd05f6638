import { aboutCertificates } from "./certificate-words";
import { isPassive, stages, traitsOf, type Stage } from "../model/axes";
import type { ProgramSession, ProgramStory } from "../model/program";
import {
  controlSessions,
  dataVerbs,
  isNegative,
  isPositive,
  missedPassiveCode,
  readDialogue,
  transferVerbs,
} from "./dialogue";
import type { DialogueExchange } from "./dialogue";

/** Where a session ended, and the code of the reply that ended it; `null` if none did. */
export type Ending = { readonly stage: Stage; readonly replyCode: number | null };

/** A client's words for an address in 227 that it does not dial. */
const addressWords = /address mismatch/i;

/**
 * basic-ftp's words once its data connection has done its part (TransferResolver.onDataDone); before, it names the data socket. And
 * curl's where it waits for a reply (pingpong.c), which after a 150 is the transfer's last.
 */
const confirmationWords = /timeout \(control socket\)|FTP response timeout/i;
/** PHP's words where the server left it no TLS session to resume: the data connection is there, and its TLS has not begun. */
const keptSessionWords = "failed to retrieve the existing SSL session";

/**
 * The stage at which a program's session ended. Of several control connections one is told of: see {@link failedSessionOf}.
 */
export function endingOf(
  { transcript, message }: Pick<ProgramStory, "transcript" | "message">,
  session: Pick<ProgramSession, "mode" | "data">,
): Ending {
  return endingOfOne({ transcript: failedSessionOf(transcript, session), message }, session);
}

/**
 * The control connection that failed: of those that did the first that came furthest, since a client may have tried in another way before
 * it, and connects again after it. The last one where none of them failed by its own dialogue.
 */
export function failedSessionOf(
  transcript: ProgramStory["transcript"],
  session: Pick<ProgramSession, "mode" | "data">,
): ProgramStory["transcript"] {
  const sessions = controlSessions(transcript);
  const [last = []] = sessions.slice(-1);
  if (sessions.length < 2) return transcript;
  const failed = sessions.flatMap((lines) => {
    const { stage, replyCode } = endingOfOne({ transcript: lines, message: null }, session);
    return stage === "integrity" && replyCode === null ? [] : [{ lines, rank: stages.indexOf(stage) }];
  });
  return failed.reduce((one, other) => (other.rank > one.rank ? other : one), failed[0] ?? { lines: last, rank: 0 })
    .lines;
}

/**
 * The stage at which one control connection ended, from the dialogue that it shows: programs have no stages of their own, and what
 * they say of a failure is often about something else.
 */
export function endingOfOne(
  { transcript, message }: Pick<ProgramStory, "transcript" | "message">,
  session: Pick<ProgramSession, "mode" | "data">,
): Ending {
  const traits = traitsOf(session.mode);
  const { greeting, exchanges } = readDialogue(transcript, traits);
  const said = message ?? "";
  if (greeting.length === 0 && exchanges.length === 0) {
    const stage = traits.tls === "implicit" && isTlsTrouble(said) ? "auth-tls" : "control-connect";
    return named(stage, null, said);
  }
  const turnedAway = /^([45]\d\d) /.exec(greeting.at(-1) ?? "")?.[1];
  // Some send a command before they have read what the server says.
  if (turnedAway !== undefined && exchanges.every(({ code }) => code === null))
    return { stage: "greeting", replyCode: Number(turnedAway) };
  let ending: Ending = { stage: traits.tls === "explicit" ? "auth-tls" : "login", replyCode: null };
  const preliminary = isAnnounced(transcript);
  // A server that refuses PROT C may protect data all the same.
  const refused = exchanges.some(({ verb, code }) => verb === "PROT" && isNegative(code));
  const isProtected = traits.protection === "P" || refused;
  const lastTransfer = exchanges.findLastIndex(({ verb }) => transferVerbs.includes(verb));
  const lastAnswered = exchanges.findLastIndex(({ code }) => code !== null);
  for (const [index, exchange] of exchanges.entries()) {
    const later: Later = { isThere: index + 1 < exchanges.length, isAnswered: index < lastAnswered };
    // A client that was refused a transfer may arrange another data connection before it gives up.
    if (isRefused(ending) && dataVerbs.includes(exchange.verb) && index >= lastTransfer) continue;
    ending = afterExchange(exchange, later, { session, preliminary, isProtected }) ?? ending;
    // Some show what was to follow the refused command, and never send it.
    if (ending.stage === "data-command" && ending.replyCode !== null && !later.isAnswered) break;
    // Some show the next command before the handshake is over, and then what came of that.
    if (ending.stage === "auth-tls" && !later.isAnswered && isTlsTrouble(said)) break;
    // Some go on as if they were logged in, and every other command is refused for that.
    if (ending.stage === "login" && ending.replyCode !== null) break;
  }
  const other = refusedOtherwise(exchanges);
  // A client that goes on under TLS where CCC is refused did not fail from that.
  const isSurvived = ending.stage === "ccc" && ending.replyCode !== null;
  const isAwaited = (ending.stage === "data-command" || ending.stage === "integrity") && ending.replyCode === null;
  if (other !== null && (isSurvived || isAwaited)) return { stage: "data-command", replyCode: other };
  if (said.includes(keptSessionWords)) return { stage: "data-tls", replyCode: null };
  // What a client says of a certificate after the data command is said of the data connection's.
  const isLate = ending.stage === "data-connect" || ending.stage === "transfer" || ending.stage === "integrity";
  // With TLS 1.3 the handshake is over for the server before the client has looked: it tells of a lost connection, or of a transfer.
  const isToldLate = ending.replyCode === null || ending.replyCode === 426;
  if (isProtected && isLate && isToldLate && aboutCertificates.test(said)) {
    return { stage: "data-tls", replyCode: ending.replyCode };
  }
  if (ending.stage === "data-connect" && addressWords.test(said)) return { stage: "data-command", replyCode: null };
  if (ending.stage === "transfer" && confirmationWords.test(said)) return { stage: "completion", replyCode: null };
  return named(ending.stage, ending.replyCode, said);
}

/** A transfer was refused: what comes before it is refused at stages of its own. */
function isRefused({ stage, replyCode }: Ending): boolean {
  return (
    replyCode !== null &&
    (stages.indexOf(stage) > stages.indexOf("data-command") || replyCode === 522 || replyCode === 521)
  );
}

/** The code with which a server refused the last thing that it was asked, where that is no step of a stage of its own (CWD, TYPE). */
function refusedOtherwise(exchanges: readonly DialogueExchange[]): number | null {
  const last = exchanges.findLast(({ verb }) => verb !== "QUIT" && verb !== "ABOR");
  if (
    last === undefined ||
    !isNegative(last.code) ||
    !/^(CWD|XCWD|CDUP|PWD|TYPE|MKD|SIZE|MDTM|REST|OPTS)$/.test(last.verb)
  )
    return null;
  return last.code;
}

type Position = {
  readonly session: Pick<ProgramSession, "mode" | "data">;
  /** Whether the server has announced the last transfer (125 or 150). */
  readonly preliminary: boolean;
  /** Whether the server may want TLS on data connections. */
  readonly isProtected: boolean;
};

function isAnnounced(transcript: ProgramStory["transcript"]): boolean {
  const isTransfer = ({ direction, text }: ProgramStory["transcript"][number]): boolean =>
    direction === ">" && transferVerbs.includes((text.split(" ", 1)[0] ?? "").toUpperCase());
  const since = transcript.slice(transcript.findLastIndex(isTransfer) + 1);
  return since.some(({ direction, text }) => direction === "<" && /^1[25]\d /.test(text));
}

/** What follows an exchange: whether anything does, and whether any of it was answered. */
type Later = { readonly isThere: boolean; readonly isAnswered: boolean };

/** What stage a session is in once an exchange is over; `null` if the exchange says nothing about that. */
function afterExchange({ verb, code, firstClear }: DialogueExchange, later: Later, position: Position): Ending | null {
  const { protection, ccc } = traitsOf(position.session.mode);
  const at = (stage: Stage): Ending => ({ stage, replyCode: isNegative(code) ? code : null });
  const failed = code === null || isNegative(code);
  const afterLogin = protection !== null ? "protection" : "data-command";
  switch (verb) {
    case "AUTH":
      // What is answered came through TLS: the handshake was a success. Some show a command before it has come so far.
      return failed || !later.isAnswered ? at("auth-tls") : at("login");
    case "USER":
    case "PASS":
    case "ACCT":
      return isPositive(code) ? at(afterLogin) : at("login");
    case "PBSZ":
      return at("protection");
    case "PROT":
      if (failed) return at("protection");
      return at(ccc === "none" ? "data-command" : "ccc");
    case "CCC":
      return failed || !later.isThere ? at("ccc") : at("data-command");
    case "PASV":
    case "EPSV":
    case "PORT":
    case "EPRT":
      // Whatever is asked, 530 says that nobody is logged in (RFC 959 section 4.2.2).
      if (code === 530) return at("login");
      return at(failed || missedPassiveCode({ verb, code }) !== null ? "data-command" : "data-connect");
    default:
      if (transferVerbs.includes(verb)) return afterTransfer(code, position, at);
      // Where the first clear line gets no answer, the control connection is not clear at both ends.
      return firstClear && code === null ? at("ccc") : null;
  }
}

function afterTransfer(code: number | null, position: Position, at: (stage: Stage) => Ending): Ending {
  const { session, preliminary, isProtected } = position;
  if (isPositive(code)) return at("integrity");
  if (code === null || code < 200) return at(preliminary ? "transfer" : "data-connect");
  switch (code) {
    // RFC 4217 section 10.2, and IIS for data without TLS.
    case 521:
    case 522:
    case 533:
    case 534:
    case 536:
      return at("protection");
    case 425:
      // mod_tls answers 150 before the handshake of a data connection, and 425 when it refuses it.
      return at(preliminary && isProtected ? "data-tls" : "data-connect");
    case 426:
    case 450:
    case 451:
    case 550:
      return at(preliminary || isPassive(session.data) ? "transfer" : "data-connect");
    default:
      return at("transfer");
  }
}

function named(stage: Stage, replyCode: number | null, said: string): Ending {
  return { stage: stage === "auth-tls" && aboutCertificates.test(said) ? "certificate" : stage, replyCode };
}

function isTlsTrouble(said: string): boolean {
  return aboutCertificates.test(said) || /\b(GnuTLS|TLS|SSL|handshake)\b/i.test(said);
}
