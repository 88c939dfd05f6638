import { isPassive } from "../../model/axes";
import type { ClientProgram, OutputLine, ProgramOutcome, ProgramSession, ProgramStory } from "../../model/program";
import { lacksCommands } from "./binary-words";
import type { ClientDefinition, Usage } from "./definition";
import { firstLine, lastLine, namesIn, transcriptOf, type DialogueLine } from "./read";

/**
 * tnftp, NetBSD's `ftp`, in Debian's `tnftp`. It takes EPSV and EPRT unless told otherwise (`epsv4 off`), is passive, and active
 * when its passive connection fails unless it is forced to either. It gives up over an address in 227 that is not the control
 * connection's peer. It has TLS for https and none for FTP, and ends with 0 whatever came of its commands.
 */
const program: ClientProgram = {
  image: "programs",
  version: {
    argv: ["grep", "--text", "--only-matching", "--extended-regexp", "\\b20[0-9]{6}\\b", "/usr/bin/tnftp"],
    pattern: /(20\d{6})/,
  },
  lacks: ({ mode }) =>
    mode === "ftp"
      ? null
      : lacksCommands("tnftp has no TLS for FTP.", "/usr/bin/tnftp", {
          sends: "PASV",
          lacks: ["AUTH", "PBSZ", "PROT"],
        }),
  command: (session) => ({
    // By lines, since they are stamped when they are printed; in one stream, since two would lose their order.
    argv: ["sh", "-c", 'exec stdbuf --output=L tnftp "$@" 2>&1', "tnftp", ...flags(session)],
    input: commands(session)
      .map((line) => `${line}\n`)
      .join(""),
  }),
  read,
};

/** No login of its own, no questions, the dialogue in full; `-q` ends connections that stand still. */
function flags({ data, host, port, connectSeconds }: ProgramSession): string[] {
  return ["-n", "-i", "-v", "-d", isPassive(data) ? "-p" : "-A", "-q", String(connectSeconds), host, String(port)];
}

function commands({ data, family, user, password, folder, operation, files }: ProgramSession): string[] {
  const isExtended = data === "epsv" || data === "eprt";
  return [
    ...(family === 4 && !isExtended ? ["epsv4 off"] : []),
    `user ${user} ${password}`,
    ...(operation === "list" ? [`ls ${folder}`] : ["binary", `cd ${folder}`]),
    ...(operation === "download" ? files.map(({ name }) => `get ${name}`) : []),
    ...(operation === "upload" ? files.map(({ name }) => `put ${name}`) : []),
    "quit",
  ];
}

function read({ output }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const transcript = transcriptOf(output, dialogueLine).filter(
    // It prints replies to EPSV and EPRT twice.
    ({ direction, text }, index, lines) => direction !== "<" || text !== lines[index - 1]?.text,
  );
  const completed = transcript.filter(({ direction, text }) => direction === "<" && text.startsWith("226 ")).length;
  const succeeded = completed === (session.operation === "list" ? 1 : session.files.length);
  return {
    transcript,
    listed: session.operation === "list" && succeeded ? namesIn(output, session.files) : null,
    message: succeeded ? null : (firstLine(output, complaint) ?? lastLine(output, /^[45]\d\d /)),
    succeeded,
    lack: null,
  };
}

/** What it says in the server's place when that says nothing, or has gone. */
const ownReply = /^421 Service not available, (?:remote server|user)/;

const complaint = /^(?:tnftp: (?!setsockopt SO_DEBUG)|Passive mode|Login failed|Not connected|No control)/;

/** `---> PASV` and the replies as they came, with what it complains of. */
function dialogueLine({ text }: OutputLine): DialogueLine {
  if (text.startsWith("---> ")) return { direction: ">", text: text.slice(5) };
  if (ownReply.test(text)) return { direction: "*", text };
  if (/^\d{3}[ -]/.test(text)) return { direction: "<", text };
  return complaint.test(text) ? { direction: "*", text } : null;
}

/** A command line, and what is typed at its prompt. */
function usage({ data, family, host, port }: Usage): readonly string[] {
  const isExtended = data === "epsv" || data === "eprt";
  const place = [host, ...([21, 990].includes(port) ? [] : [String(port)])].join(" ");
  return [`tnftp ${isPassive(data) ? "-p" : "-A"} ${place}`, ...(family === 4 && !isExtended ? ["epsv4 off"] : [])];
}

export const tnftp: ClientDefinition = {
  id: "tnftp",
  title: "tnftp of Debian 13, NetBSD's ftp",
  debian: { package: "tnftp" },
  defaults: { foreignAddress: "reject", resumeSession: false },
  options: {},
  program,
  usage,
};
