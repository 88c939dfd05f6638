import type { TranscriptLine } from "../../model/cell";
import type { OutputLine } from "../../model/program";

/** Lines of KIO's log of its FTP worker: `kf.kio.workers.ftp:     >  227 Entering ...`, and what it does in between. */
const logLine = /^kf\.kio\.workers\.ftp: (.*)$/;
const replyLine = /^ {4}> {2}((\d{3})([ -]).*)$/;

/**
 * KIO logs every reply and most of what it is about to do, but not the commands (ftp.cpp of kio 6.13, FtpInternal::ftpSendCmd): they
 * follow from the two, without ports and options.
 */
export function kioDialogue(output: readonly OutputLine[]): readonly TranscriptLine[] {
  const lines: TranscriptLine[] = [];
  let state: State = { awaited: true, last: "", verb: "LIST", file: "" };
  for (const { atMs, stream, text } of output) {
    const said = stream === "stderr" ? logLine.exec(text)?.[1] : undefined;
    if (said === undefined) {
      if (text.startsWith("kioclient: ")) lines.push({ atMs, direction: "*", text });
      continue;
    }
    const [, reply, code = "", separator] = replyLine.exec(said) ?? [];
    if (reply === undefined) {
      const { command, ...next } = afterRemark(said, state);
      if (command !== null) lines.push({ atMs, direction: ">", text: command });
      const last = said.startsWith("Can't open for listing") ? "" : state.last;
      state = { ...next, awaited: state.awaited || command !== null, last: command ?? last };
      continue;
    }
    if (!state.awaited) {
      const command = commandBefore(reply, state);
      if (command !== null) {
        lines.push({ atMs, direction: ">", text: command });
        state = { ...state, last: command };
      }
    }
    lines.push({ atMs, direction: "<", text: reply });
    // Of a reply of several lines the next one belongs to the same command, and so does what follows a 1xx.
    state = { ...state, awaited: separator === "-" || code.startsWith("1") };
  }
  return lines;
}

type State = {
  /** Whether the next reply answers what is already told. */
  readonly awaited: boolean;
  /** The last command. */
  readonly last: string;
  /** What the data connection is for. */
  readonly verb: "LIST" | "RETR" | "STOR";
  /** The remote path of what is copied. */
  readonly file: string;
};

/** What a remark of the log announces: a command, or what the next ones are about. */
function afterRemark(
  said: string,
  state: State,
): Omit<State, "awaited" | "last"> & { readonly command: string | null } {
  const { verb, file } = state;
  const about = { verb, file, command: null };
  const login = /^Sending Login name: {2}"(.*)"$/.exec(said)?.[1];
  if (login !== undefined) return { ...about, command: login };
  if (said.startsWith("Sending Login password")) return { ...about, command: "PASS ###" };
  if (said === "Login OK") return { ...about, command: "SYST" };
  if (said === "Searching for pwd") return { ...about, command: "PWD" };
  if (said.startsWith("m_bLoggedOn= true")) return { ...about, command: "QUIT" };
  const [, wanted, had] = /^want "(.*)" has "(.*)"$/.exec(said) ?? [];
  if (wanted !== undefined) return { ...about, command: wanted === had ? null : `CWD ${wanted}` };
  const [, type, set] = /^want ([AI]) has ?([AI]?)\s*$/.exec(said) ?? [];
  if (type !== undefined) return { ...about, command: type === set ? null : `TYPE ${type}` };
  const fetched = /^ftp "(.*)" -> local file /.exec(said)?.[1];
  if (fetched !== undefined) return { verb: "RETR", file: fetched, command: null };
  const sent = /^local file ".*" -> ftp "(.*)"$/.exec(said)?.[1];
  if (sent !== undefined) return { verb: "STOR", file: sent, command: null };
  const partial = /^Adding \.part extension to {2}"(.*)"$/.exec(said)?.[1];
  if (partial !== undefined) return { ...about, file: `${partial}.part` };
  return about;
}

/** The command that a reply answers where the log does not announce it; `null` if the reply tells too little. */
function commandBefore(reply: string, { last, verb, file }: State): string | null {
  if (reply.startsWith("227")) return "PASV";
  if (reply.startsWith("229")) return "EPSV";
  if (reply.startsWith("213")) return `SIZE ${file}`;
  if (reply.startsWith("350")) return "RNFR";
  if (reply.startsWith("250 Rename")) return "RNTO";
  const named = /\b(PORT|EPRT|EPSV|PASV|SITE CHMOD|MDTM)\b/.exec(reply)?.[1];
  if (named !== undefined) return named;
  const isTransfer = reply.startsWith("1") || /^(PASV|EPSV|PORT|EPRT)$/.test(last);
  if (isTransfer) return verb === "LIST" ? verb : `${verb} ${file}`;
  // It asks for the size of what it copies or could not list, and may be told that there is no such file.
  const refused = /^550 (\/.*): /.exec(reply)?.[1];
  return refused === undefined ? null : `SIZE ${refused}`;
}
