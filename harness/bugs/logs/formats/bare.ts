import type { LogFormat, SaidLine } from "../format";
import { saysAllDone } from "../done-words";
import { endingOfMessage } from "../lone-ending";
import { saidElsewhere } from "../system-words";
import { isProse, tellsTrouble } from "../trouble";
import { withoutTail } from "../wrapping";

/** Commands that have no argument, so that what a person says of PASV is none. */
const alone = "(?:PASV|PWD|SYST|FEAT|QUIT|CCC|NOOP|CDUP|ABOR|EPSV(?: [12]| ALL)?)";
const verbs =
  "(?:USER|PASS|ACCT|AUTH|PBSZ|PROT|OPTS|TYPE|STRU|MODE|CWD|PORT|EPRT|LIST|NLST|MLSD|MLST|RETR|STOR|STOU|APPE|SIZE|MDTM|CLNT|HOST|REST" +
  // IANA's registry of FTP commands, and what servers have beside it.
  "|ALLO|DELE|HASH|LANG|LPRT|MACB|MFCT|MFMT|RANG|RNFR|RNTO|SITE|SMNT|X?MKD|X?RMD|XCRC|XCWD|XMD5|XSHA(?:1|256|512)?)";
/** What people and programs put before a line to say who spoke: `--->`, `C:`, CuteFTP's `COMMAND:>`, FFFTP's `>`. */
const mark = "(?:-{1,3}>|<-{1,3}|[CcSs]:|[A-Za-z]+:>?|[<>]{1,3})?";
const command = new RegExp(String.raw`^(?:${mark}|ftp>)\s*(${alone}|${verbs}(?: .*)?)$`);
const reply = new RegExp(String.raw`^${mark}\s*(\d{3}[ -].*|\d{3})$`, "s");

/** `400 level error`: a class of replies, and no reply. */
const classOfCodes = /^[1-5]00[ -](?:(?:level|series|class|range)\b|type (?:error|repl|response|code))/i;

/**
 * A line of the dialogue behind anything else that a library or a server logs before it. What stands there may be prose, so the codes are
 * those that there are (RFC 959, 2228, 2389, 2428), and commands have no more arguments than they can have. Of quotes and spaces a few
 * are enough: with any number of them a hostile line of quotes alone would be tried from each place.
 */
const lead = String.raw`^.*[:=\][(<>|"'-]["'\s]{0,4}`;
const codes =
  "110|120|125|150|20[02]|21[1-5]|22[015-9]|23[0-4]|25[0-79]|33[1-6]|350|42[156]|43[014]|45[0-2]|50[0-4]|52[12]|53[0-7]|55[0-3]|63[1-3]";
/** Behind a source file's name a number is that of a line. */
const loggedReply = new RegExp(String.raw`${lead}(?<!\.[a-z]{1,4}:)((?:${codes})[ -].*)$`);
const loggedCommand = new RegExp(String.raw`${lead}(${alone}|${verbs}(?: \S{1,200}){0,2})$`);
/** secsy/goftp (Go): `goftp: 0.046 #1 got 331-Password required`, with a dash behind the code of any reply, and its own words. */
const goftp = /^(?:\S+: )?\d+\.\d{3} #\d+ (?:got (\d{3})-(.*)|sending command (.+)|(.+))$/;
/** `[code=425, message=...]`, as libraries print their exceptions. */
const coded = /\bcode ?[=:] ?(\d{3})[,;]? (?:message|text) ?[=:] ?(?:\d{3} )?(.*)$/i;
/** .NET's `The remote server returned an error: (530) Not logged in.`, and not the web's codes. */
const parenthesized = new RegExp(
  String.raw`[:.] \(((?:${codes}))\) (?!Internal Server|Not Impl|Bad Gateway|Service Unav|Gateway)(\w.*)$`,
);
/** PHP's stream wrapper (ext/standard/ftp_fopen_wrapper.c). */
const reported = new RegExp(String.raw`\bFTP server reports ((?:${codes}) .*)$`);
/** LibNcFTP, and Transmit with it: `227: Entering Passive Mode (...)`, `Cmd: PASV`. */
const colon = new RegExp(String.raw`^(${codes}): (.*)$`);
/** ProFTPD's ExtendedLog: `"PASV" 530`. */
const extended = new RegExp(String.raw`"((?:${alone}|${verbs})(?: [^"]{0,400})?)" (\d{3}|-)(?: |$)`);
/** Pure-FTPd's verbose log, without replies: `Command [pasv] []`. */
const bracketed = /\bCommand \[([a-z]{3,4})\] \[(.*)\]$/;
/** A server of a small device: `PORT: '10,0,2,15,132,105'`. */
const quotedArgument = /^([A-Z]{3,4}): '(.*)'$/;
/** A client's message with both: BusyBox's `unexpected server response to STOR: 553 ...`. */
const refusedCommand = new RegExp(
  String.raw`\b(?:response|reply|answer) (?:to|for|of) ["'\`]?([A-Z]{3,4})\b["'\`]?[^:]{0,40}: ["']?([45]\d\d[ -].*)$`,
);
const prompt = /^ftp> ?(.*)$/;
/** BSD's ftp says so itself, and no server. */
const closedByServer = "421 Service not available, remote server has closed connection";
/** What classic clients say when they are connected, in the languages of Windows' ftp.exe. */
const connected =
  /^(?:Connected to|Connecté à|Conectado a|Connesso a|Połączono z|Verbonden met|Ansluten till) \S+(?: \(\S+\))?\.?$|^Verbindung mit \S+ wurde hergestellt|^Name \(\S+\):|^Связь с \S+ установлена|^Connection to \S+ established/;
/** What clients say when they dial for data, or go on in another way: FlashFXP, curl's users, NcFTP, SmartFTP. */
const goesOn =
  /^(?:STATUS:>\s*)?(?:Opening data connection|Connecting (?:to|data|FTP data)|Data connection (?:opened|established)|Trying \S*\d|dial\("tcp\d?", ?"|Opening BINARY|(?:Using|Switching to|Entering) (?:active|passive|PORT)|Passive mode (?:on|off)|Extended passive)/i;
/** Commons Net says so among the replies. */
const replacing = /^\[Replacing PASV mode reply address \S+ with \S+\]/;
/** Failures that people's own languages name. */
const troubleElsewhere =
  /Zeitüberschreitung|verweigert|fehlgeschlagen|beendet durch|abgebrochen|délai|refusée|échou|échec|fermée par|tiempo de espera|rechazad|agotado|se ha cerrado|scaduto|rifiutat|non riuscit|chiusa dal|przekroczono|odrzucon|zakończone przez|превышен|отказано|истекло|закрыто|esgotado|recusad|verlopen|geweigerd|vypršel|odmítnut|できません|失敗しました|タイムアウト|拒否|超时|逾時|拒绝|拒絕/i;

/** Windows says of a time-out what fills three lines. */
const longestMessage = 360;

/** What a program says of a command: no file is called so. */
const notSent =
  /^[A-Z]{3,4} (?:(?:not|never) (?:sent|issued|supported|implemented|reached)\b|(?:is|was|are|has|does|did|gets|got|hangs|fails|failed|works|worked|comes|came|takes|times) \S)/;

function readBare(written: string): SaidLine | readonly SaidLine[] | null {
  // Quoting of a line that is neither command nor reply.
  const line = /^> (?![A-Z]{3,4}\b|\d{3}\b)/.test(written) ? written.slice(2) : written;
  if (line.startsWith(closedByServer)) return { direction: "*", text: line };
  const own = classOfCodes.test(line) ? undefined : reply.exec(line)?.[1];
  if (own !== undefined) return { direction: "<", text: withoutTail(own) };
  const sent = command.exec(line)?.[1];
  if (sent !== undefined && !notSent.test(sent)) return { direction: ">", text: withoutTail(sent) };
  const [, labelledVerb, quoted = ""] = quotedArgument.exec(line) ?? [];
  const unlabelled = `${labelledVerb ?? ""} ${quoted}`.trim();
  if (labelledVerb !== undefined && command.test(unlabelled)) return { direction: ">", text: unlabelled };
  const [, told, code] = extended.exec(line) ?? [];
  if (told !== undefined) {
    const answer: readonly SaidLine[] = code === undefined || code === "-" ? [] : [{ direction: "<", text: code }];
    return [{ direction: ">", text: told }, ...answer];
  }
  const [, verb, argument = ""] = bracketed.exec(line) ?? [];
  if (verb !== undefined) return { direction: ">", text: `${verb.toUpperCase()} ${argument}`.trim() };
  const [, got, words = "", sending, remark] = goftp.exec(line) ?? [];
  if (got !== undefined) return { direction: "<", text: `${got} ${words}` };
  if (sending !== undefined) return { direction: ">", text: sending };
  if (remark !== undefined) return /\berror\b|fail|clos/i.test(remark) ? { direction: "*", text: remark } : null;
  const [, number, message = ""] = colon.exec(line) ?? coded.exec(line) ?? parenthesized.exec(line) ?? [];
  if (number !== undefined) return { direction: "<", text: `${number} ${withoutTail(message)}` };
  const repeated = reported.exec(withoutTail(line))?.[1];
  if (repeated !== undefined) return { direction: "<", text: repeated };
  const [, refused, refusal] = refusedCommand.exec(withoutTail(line)) ?? [];
  if (refused !== undefined && refusal !== undefined)
    return [
      { direction: ">", text: refused },
      { direction: "<", text: refusal },
    ];
  // A client's message that quotes a reply is about that reply.
  if (endingOfMessage(line)?.stage === "data-command" && /response to '|status response \(/.test(line))
    return { direction: "*", text: line };
  // Wget's word for a refusal, and BSD's of the connection that it dialled.
  if (/^Server did not accept the '|^ftp: connect ?: /.test(line)) return { direction: "*", text: line };
  const unquoted = withoutTail(line);
  const loggedText = loggedReply.exec(unquoted)?.[1];
  if (loggedText !== undefined && !isQuotedInSentence(unquoted, loggedText)) {
    const said: readonly SaidLine[] = loggedText.split(/\\r\\n|\\n/).map((text) => ({ direction: "<", text }));
    // An exception whose message is a reply that refuses nothing: the client did not expect it.
    return /^[1-3]/.test(loggedText) && /error|exception/i.test(line)
      ? [...said, { direction: "*", text: line }]
      : said;
  }
  const loggedVerb = loggedCommand.exec(unquoted.replace(/\]$/, ""))?.[1];
  if (loggedVerb !== undefined) return { direction: ">", text: loggedVerb };
  const isRemark =
    prompt.test(line) ||
    connected.test(line) ||
    goesOn.test(line) ||
    replacing.test(line) ||
    (endingOfMessage(line) !== null && !isProse(line)) ||
    tellsTrouble(line) ||
    saysAllDone(line) ||
    ((troubleElsewhere.test(line) || saidElsewhere.test(line)) && !isProse(line) && line.length < longestMessage);
  return isRemark ? { direction: "*", text: line } : null;
}

/** A sentence goes on behind the reply that it quotes: `ftp prints "200 OK" and waits`. */
function isQuotedInSentence(line: string, reply: string): boolean {
  const quote = line.at(-reply.length - 1) ?? "";
  const end = /["'`]/.test(quote) ? reply.indexOf(quote) : -1;
  const isSentence = line.slice(0, -reply.length).split(" ").length > 3;
  return end >= 0 && (isSentence ? /^[,;]? [a-z]+/i : /^[,;]? [a-z]+ [a-z]+/i).test(reply.slice(end + 1));
}

/** Nothing but commands and replies, as a person or a classic `ftp` writes them down, or a library or a server logs them. */
export const bare: LogFormat = {
  id: "transcript",
  title: "a bare transcript",
  client: null,
  signature: /^(?!)/,
  read: readBare,
  complaint: new RegExp(`^(?!ftp>)(?!${connected.source})(?!${goesOn.source})(?!${replacing.source})`, "i"),
};
