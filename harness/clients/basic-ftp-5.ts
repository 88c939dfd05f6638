import { isPassive, traitsOf } from "../model/axes";
import type { TranscriptLine } from "../model/cell";
import type { ClientProgram, Lack, OutputLine, ProgramOutcome, ProgramSession, ProgramStory } from "../model/program";
import { basicFtp5Path } from "../plan/site";
import { findsIn, lacksCommands } from "./binary-words";
import type { ClientDefinition } from "./definition";
import { lastLine, namesIn, transcriptOf, type DialogueLine } from "./read";
import { scriptSettings } from "./script-settings";

/**
 * basic-ftp 5 (npm) in a user's own script. It is passive, tries EPSV first and PASV when that or its connection fails, puts the
 * control peer in place of a private address in 227 when the peer is public, and checks certificates. It sends PROT P whenever it
 * uses TLS, and resumes the session that the control connection's socket knows (`getSession`).
 */
const program: ClientProgram = {
  image: "client",
  version: { argv: ["node", basicFtp5Path, "--version"], pattern: /^basic-ftp (\S+)/ },
  keepsPlace: true,
  lacks,
  command: (session) => ({ argv: ["node", basicFtp5Path], input: scriptSettings(session) }),
  read,
};

function lacks({ mode, data }: Parameters<ClientProgram["lacks"]>[0]): Lack | null {
  const { ccc, protection } = traitsOf(mode);
  if (ccc !== "none") return lacksCommands("basic-ftp 5 has no CCC.", basicFtp5Path, { sends: "PROT", lacks: ["CCC"] });
  if (!isPassive(data)) {
    return lacksCommands("basic-ftp 5 has no active mode.", basicFtp5Path, { sends: "PASV", lacks: ["PORT", "EPRT"] });
  }
  if (protection !== "C") return null;
  return {
    what: "basic-ftp 5 protects data whenever it uses TLS.",
    proof: {
      kind: "command",
      argv: findsIn(basicFtp5Path, "PROT [A-Z]|socket instanceof [a-z0-9_.]+TLSSocket"),
      expect: "present",
      // PROT P alone, and TLS on data connections as on the control connection.
      pattern: /^(?![^]*PROT [^P])[^]*(?:PROT P[^]*TLSSocket|TLSSocket[^]*PROT P)/,
    },
  };
}

function read({ output, exitCode }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const succeeded = exitCode === 0;
  const shown = transcriptOf(output, dialogueLine);
  // It shows QUIT for a control connection that it never had, too.
  const answered = shown.some(({ direction }) => direction === "<");
  const transcript = answered ? shown : shown.map((line) => ({ ...line, direction: "*" as const }));
  const message = lastLine(output, /^basic-ftp: /)?.replace(/^basic-ftp: /, "") ?? null;
  const listing = output.filter(({ text }) => text.startsWith("listed "));
  return {
    transcript,
    listed: session.operation === "list" && succeeded ? namesIn(listing, session.files) : null,
    message,
    succeeded,
    lack: null,
    redraw: endedTooSoon(transcript, message, session.files)
      ? "basic-ftp 5 ended the TLS of an empty upload before its handshake was over"
      : null,
  };
}

/**
 * It takes TLS on a data connection for ready once the cipher is known (transfer.js, uploadFrom), which is so before the client has
 * said Finished. With nothing to send it may then close amid the handshake, and the server's alert ends the session.
 */
function endedTooSoon(
  transcript: readonly TranscriptLine[],
  message: string | null,
  files: ProgramSession["files"],
): boolean {
  const stored = transcript.findLast(({ text }) => text.startsWith("STOR "))?.text ?? "";
  const isEmpty = files.some(({ name, size }) => size === 0 && stored.endsWith(`/${name}`));
  return isEmpty && (message ?? "").includes("alert decode error");
}

/** `> PASV`, `< 227 ...`; of a reply of several lines only the first has the mark, and the last one its code again. */
function dialogueLine({ stream, text }: OutputLine): DialogueLine {
  if (stream !== "stdout" || text === "" || text.startsWith("listed ")) return null;
  if (text.startsWith("> ")) return { direction: ">", text: text.slice(2) };
  if (text.startsWith("< ")) return { direction: "<", text: text.slice(2) };
  return { direction: /^(?:\d{3} | )/.test(text) ? "<" : "*", text };
}

export const basicFtp5: ClientDefinition = {
  id: "basic-ftp-5",
  title: "basic-ftp 5 (npm), in a user's own script",
  defaults: { foreignAddress: "replace-private", resumeSession: true },
  options: {},
  tellsCompletion: true,
  program,
};
