import { isPassive, stages, traitsOf } from "../../model/axes";
import type { TranscriptLine } from "../../model/cell";
import type {
  ClientProgram,
  Lack,
  OutputLine,
  ProgramOutcome,
  ProgramSession,
  ProgramStory,
} from "../../model/program";
import { dataVerbs } from "../../ftp/dialogue";
import type { ClientDefinition, Usage } from "./definition";
import { filezillaCommand } from "./filezilla-session";
import { lastLine, namesIn, transcriptOf, type DialogueLine } from "./read";

/**
 * * FileZilla as Debian 13 packages it (3.68.1, GnuTLS), on a virtual display. It takes PASV and PORT over IPv4, EPSV and EPRT over IPv6,
 * puts the control connection's peer in place of a private address in 227, protects data whenever it uses TLS, resumes the control
 * connection's session, and asks about certificates, also those of a CA that the system trusts, unless told to trust these.
 */
const program: ClientProgram = {
  image: "filezilla",
  isHeavy: true,
  // Two dozen displays that start at once take 20 s on two cores, before the first packet.
  deadlineMs: 90_000,
  version: { argv: ["dpkg-query", "--show", "filezilla"], pattern: /^filezilla\t([^\s-]+)/ },
  lacks,
  command: filezillaCommand,
  read,
};

function lacks({ mode, data, family }: Parameters<ClientProgram["lacks"]>[0]): Lack | null {
  const { protection, ccc } = traitsOf(mode);
  if (ccc !== "none") return lacksWords("FileZilla has no CCC.", "CCC");
  if (protection === "C") return lacksWords("FileZilla protects data whenever it uses TLS.", "PROT C");
  const isExtended = data === "epsv" || data === "eprt";
  if (family === 6 || !isExtended) return null;
  const used = data === "epsv" ? "PASV" : "PORT";
  return { what: `FileZilla sends ${used} over IPv4.`, proof: { kind: "session", shownBy: "data-command" } };
}

/** The engine keeps its commands as whole strings, of wide characters: `PROT P` shows that they can be read. */
function lacksWords(what: string, missing: string): Lack {
  return {
    what,
    proof: {
      kind: "command",
      argv: [
        "sh",
        "-c",
        'set -- /usr/lib/*/libfzclient-private.so; (strings "$@"; strings --encoding=L "$@") | grep -E "PROT|CCC"',
      ],
      expect: "present",
      pattern: new RegExp(`^(?![^]*${missing})[^]*PROT P`),
    },
  };
}

function read({ output, exitCode }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const succeeded = exitCode === 0;
  const transcript = transcriptOf(output, dialogueLine);
  const listed = session.operation === "list" && succeeded ? namesIn(output.filter(isPaneLine), session.files) : null;
  return {
    transcript,
    listed,
    message: succeeded ? null : messageIn(output),
    succeeded,
    lack: lackIn(transcript, session),
    // The log is written before the pane is filled, and what opens the pane's menu may be quicker.
    redraw: succeeded && listed !== null && !output.some(isPaneLine) ? "FileZilla's pane was still empty" : null,
  };
}

/** A name in FileZilla's remote pane, as its queue has it. */
function isPaneLine({ text }: OutputLine): boolean {
  return text.startsWith("Pane: ");
}

/** `2026-11-22 15:57:51 362 1 Command: PASV`: when, the process, the connection, and what it is. */
const logLine = /^\S+ \S+ \d+ \d+ (\w+): ?(.*)$/;

function dialogueLine({ text }: OutputLine): DialogueLine {
  const [, kind, said = ""] = logLine.exec(text) ?? [];
  switch (kind) {
    case "Command":
      return { direction: ">", text: said };
    case "Response":
      return { direction: "<", text: said };
    case "Status":
    case "Error":
      return { direction: "*", text: said.trim() };
    default:
      return text.startsWith("Dialog: ") ? { direction: "*", text } : null;
  }
}

/** The first thing that went wrong: the last one only says that there is no connection or listing. */
function messageIn(output: readonly OutputLine[]): string | null {
  const errors = output.flatMap(({ text }) => {
    const [, kind, said = ""] = logLine.exec(text) ?? [];
    return kind === "Error" ? [said.trim()] : [];
  });
  return errors[0] ?? lastLine(output, /^Dialog: /);
}

function lackIn(transcript: readonly TranscriptLine[], { data }: ProgramSession): string | null {
  const sent = transcript.flatMap(({ direction, text }) => (direction === ">" ? [text.split(" ", 1)[0] ?? ""] : []));
  const first = sent.find((verb) => dataVerbs.includes(verb));
  return first === undefined || first === data.toUpperCase() ? null : `It sent ${first}.`;
}

/** Settings of a site in the site manager, by their names there. */
function usage({ mode, data, host, port }: Usage): readonly string[] {
  const encryption = {
    none: "Only use plain FTP (insecure)",
    explicit: "Require explicit FTP over TLS",
    implicit: "Require implicit FTP over TLS",
  }[traitsOf(mode).tls];
  const place = `Host: ${host}${[21, 990].includes(port) ? "" : `, Port: ${port}`}`;
  return [
    `File > Site Manager > General: ${place}, Encryption: ${encryption}`,
    `File > Site Manager > Transfer Settings: Transfer mode: ${isPassive(data) ? "Passive" : "Active"}`,
  ];
}

export const filezilla: ClientDefinition = {
  id: "filezilla",
  title: "FileZilla of Debian 13, under Xvfb",
  toldAll: "debug level 4 in its settings",
  defaults: { foreignAddress: "replace-private", resumeSession: true },
  options: {
    untrusted: {
      description: "the certificate is not trusted beforehand, and declined when FileZilla asks",
      set: {},
    },
  },
  program,
  usage,
  expects: ({ client, mode }, predict) => {
    const expected = predict({});
    const isEarlier = expected.stage !== null && stages.indexOf(expected.stage) < stages.indexOf("certificate");
    if (traitsOf(mode).tls === "none" || !client.includes("+untrusted") || isEarlier) return expected;
    const reason = "FileZilla asks about a certificate that it does not know, and is told to cancel.";
    return { result: "failed", stage: "certificate", cause: "certificate-untrusted", reason };
  },
};
