import type { LogLine } from "../../model/symptom";
import { givingUp } from "./exchanges";

/** What only one command is answered with (RFC 959, 2428, 4217). */
const answers: readonly (readonly [RegExp, string])[] = [
  [/^234\b/, "AUTH TLS"],
  [/^331\b/, "USER ###"],
  [/^230\b/, "PASS ###"],
  [/^227\b(?=.*(?:\d, ?\d|passive))/i, "PASV"],
  [/^229\b/, "EPSV"],
  [/^200 .*\bEPRT\b/i, "EPRT"],
  [/^200 .*\b(?:PORT|Port request)\b/, "PORT"],
];
/** Such a reply shows how the data connection was arranged: a session is told, and not one refusal. */
const arranges = /^(?:227\b(?=.*(?:\d, ?\d|passive))|229\b|200 .*(?:PORT|EPRT|Port request)\b)/i;

/** Commons Net's words for a reply to EPSV, which it shows in the next line. */
const ofPassive = /could not parse extended passive/i;

/** Commands of data connections and files (RFC 959, 2428, 3659). */
const verbNames =
  "PASV|EPSV|PORT|EPRT|LIST|NLST|MLSD|MLST|RETR|STOR|STOU|APPE|DELE|MKD|RMD|RNFR|RNTO|CWD|SIZE|MDTM|SITE|PROT|PBSZ|CCC|AUTH";

/** What a person typed at a classic client's prompt, as the command that it leads to. */
const typed: readonly (readonly [RegExp, string])[] = [
  [/^ftp> ?(?:m?get|recv|reget)\b/, "RETR"],
  [/^ftp> ?(?:m?put|send|append)\b/, "STOR"],
  [/^ftp> ?(?:ls|m?dir|nlist|mls)\b/, "LIST"],
];

/**
 * Puts what a log leaves out beside what it shows. Classic clients show replies alone, and some servers commands alone: the one implies
 * the other. A log that shows both stays as it is, and so does one that shows nothing of how a data connection was arranged.
 */
export function withImplied(lines: readonly LogLine[]): readonly LogLine[] {
  const commands = lines.filter(({ direction }) => direction === ">");
  const replies = lines.filter(({ direction }) => direction === "<");
  if (commands.length + replies.length === 0) return lines.flatMap(withQuoted);
  // A person types QUIT where the client shows no other command.
  const isAlone = commands.every(({ text }) => givingUp.test(text));
  const isArranged = replies.some(({ text }) => arranges.test(text)) || lines.some(({ text }) => ofPassive.test(text));
  // 234 is a grant of TLS: what ends behind it is a session that has one.
  const isProtected = replies.length > 1 && replies.some(({ text }) => text.startsWith("234"));
  if (isAlone && (isArranged || isProtected)) return withCommands(lines);
  if (commands.length === 0) return lines.flatMap(withNamed);
  if (replies.length === 0 && commands.length > 1) return withReplies(lines, commands.at(-1));
  return withOwnCommands(lines);
}

/** A message that quotes a command with its reply leaves nothing of it to later replies: those answer what is not shown. */
function withOwnCommands(lines: readonly LogLine[]): readonly LogLine[] {
  let asked: LogLine | null = null;
  let answered: LogLine | null = null;
  return lines.flatMap((line): LogLine[] => {
    if (line.direction === "*") return [line];
    if (line.direction === ">") {
      [asked, answered] = [line, null];
      return [line];
    }
    const isQuoted =
      answered !== null && asked !== null && asked.line === answered.line && asked.paste === answered.paste;
    // A preliminary reply has a final one behind it.
    const isSame = answered !== null && (line.line === answered.line || answered.text.startsWith("1"));
    answered = line;
    if (!isQuoted || isSame) return [line];
    asked = null;
    return [{ ...placed(line), direction: ">", text: "(not shown)" }, line];
  });
}

/** `Can't parse response to 'EPSV': 229 ...`: a client's message that quotes both. */
const quoting = /response to '(PASV|EPSV|PORT|EPRT)': (\d{3}[ -].*)$/;

/** `ftplib.error_perm: 500 Command "CCC" not understood.`: an exception whose message is the server's reply. */
export const repeating = /^[\w.]*(?:error|exception)\w*: ([45]\d\d[ -].*)$/i;

function withQuoted(line: LogLine): readonly LogLine[] {
  const [, told = line.text] = repeating.exec(line.text) ?? [];
  const [, command = named.exec(told)?.[1], reply = told] = quoting.exec(line.text) ?? [];
  if (command === undefined) return [line];
  return [{ ...placed(line), direction: ">", text: command }, { ...line, direction: "<", text: reply }, line];
}

/** `501 PASV: Operation not permitted`, `500 EPSV command not understood.`: a refusal that begins with the command's name answers that. */
const named = new RegExp(
  String.raw`^[45]\d\d[ -](?:Command )?["'\`]?(${verbNames})\b(?: command)?(?:["'\`:]|\s+(?:not|is|denied|disabled|failed|refused|rejected)\b)`,
);

function withNamed(line: LogLine): readonly LogLine[] {
  const command = line.direction === "<" ? named.exec(line.text)?.[1] : undefined;
  return command === undefined ? [line] : [{ ...placed(line), direction: ">", text: command }, line];
}

/** Where a line stands that another implies. */
function placed({ line, paste, by, at }: LogLine): Omit<LogLine, "direction" | "text"> {
  return {
    line,
    ...(paste === undefined ? {} : { paste }),
    ...(by === undefined ? {} : { by }),
    ...(at === undefined ? {} : { at }),
    implied: true,
  };
}

function withCommands(lines: readonly LogLine[]): readonly LogLine[] {
  let transfer = "LIST";
  let isUnderWay = false;
  let isAsked = false;
  // What the client says of EPSV, before the reply to it.
  let isExtended = false;
  return lines.flatMap((line): LogLine[] => {
    const { direction, text } = line;
    if (direction !== "<") {
      transfer = commandFor(text, typed) ?? transfer;
      if (ofPassive.test(text)) isExtended = true;
      return [line];
    }
    const begins = !isUnderWay && /^(?:125|150|425)\b/.test(text);
    const isAnswer = isUnderWay || !isAsked;
    const known = commandFor(text, answers);
    const command =
      (known === "PASV" && isExtended ? "EPSV" : known) ?? (begins ? transfer : isAnswer ? null : "(not shown)");
    isAsked ||= command !== null;
    isUnderWay = text.startsWith("1") || /^\d{3}-/.test(text);
    return command === null ? [line] : [{ ...placed(line), direction: ">", text: command }, line];
  });
}

/** A client goes on when it is answered, so every command but the last was granted. */
function withReplies(lines: readonly LogLine[], last: LogLine | undefined): readonly LogLine[] {
  return lines.flatMap((line): LogLine[] => {
    if (line.direction !== ">" || line === last) return [line];
    return [line, { ...placed(line), direction: "<", text: grantOf(line.text) }];
  });
}

function grantOf(command: string): string {
  const known = answers.find(([, answered]) => answered.split(" ")[0] === command.split(" ")[0]);
  return `${/^\^(\d{3})/.exec(known?.[0].source ?? "")?.[1] ?? "200"} (not shown)`;
}

function commandFor(text: string, table: typeof answers): string | null {
  return table.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
