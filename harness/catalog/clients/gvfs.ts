import { traitsOf, type DataCommand } from "../../model/axes";
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
import { findsIn, lacksCommands } from "./binary-words";
import type { ClientDefinition, Usage } from "./definition";
import { accountPlaceholder, serverUrl } from "./tls-options";
import { lastLine, namesIn, transcriptOf, type DialogueLine } from "./read";

/**
 * GNOME's file access by `gio`, in Debian's `gvfs-backends` (1.57): what Files uses. `ftps:` is explicit TLS and `ftpis:` implicit, data are
 * always protected, and resume the control connection's session. It takes PASV, dials the address that 227 names and then the control
 * connection's peer, and goes on to EPSV, PORT and EPRT where these fail; no setting changes that.
 */
const program: ClientProgram = {
  image: "gvfs",
  isHeavy: true,
  version: { argv: ["dpkg-query", "--show", "gvfs-backends"], pattern: /^gvfs-backends\t([^\s-]+)/ },
  // As long as the kernel for each connection, and there are up to four ways.
  deadlineMs: 60_000,
  lacks,
  command: (session) => ({
    argv: ["dbus-run-session", "--", "sh", "session.sh", baseOf(session), ...transfers(session)],
    environment: {
      GVFS_DEBUG: "1",
      // Nothing of disks and telephones.
      GIO_USE_VOLUME_MONITOR: "unix",
    },
    input: `${session.password}\n`,
    files: [{ path: "session.sh", text: 'gio mount "$1" || exit\nshift\nexec "$@"\n' }],
  }),
  read,
};

const binary = "/usr/libexec/gvfsd-ftp";

function lacks({ mode, data, family }: Parameters<ClientProgram["lacks"]>[0]): Lack | null {
  const { protection, ccc } = traitsOf(mode);
  if (ccc !== "none") return lacksCommands("gvfs has no CCC.", binary, { sends: "PROT", lacks: ["CCC"] });
  if (protection === "C") {
    return {
      what: "gvfs protects data whenever it uses TLS.",
      proof: {
        kind: "command",
        argv: findsIn(binary, "PROT [CSEP%]"),
        expect: "present",
        pattern: /^(?![^]*PROT [^P])[^]*PROT P/,
      },
    };
  }
  const first = firstCommand(family);
  return data === first
    ? null
    : { what: `gvfs sends ${first.toUpperCase()} first.`, proof: { kind: "session", shownBy: "data-command" } };
}

function firstCommand(family: 4 | 6): DataCommand {
  return family === 6 ? "epsv" : "pasv";
}

function baseOf({ mode, user, host, port }: ProgramSession): string {
  const scheme = { none: "ftp", explicit: "ftps", implicit: "ftpis" }[traitsOf(mode).tls];
  return `${scheme}://${user}@${host}:${port}`;
}

function transfers(session: ProgramSession): readonly string[] {
  const { folder, operation, files, home } = session;
  const base = `${baseOf(session)}${folder}`;
  switch (operation) {
    case "list":
      return ["gio", "list", base];
    case "download":
      return ["gio", "copy", ...files.map(({ name }) => `${base}/${name}`), `${home}/`];
    case "upload":
      return ["gio", "copy", ...files.map(({ name }) => `${home}/${name}`), `${base}/`];
  }
}

function read({ output, exitCode }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const succeeded = exitCode === 0;
  const transcript = transcriptOf(output, dialogueLine);
  const printed = output.filter(({ text }) => !text.startsWith("ftp: "));
  return {
    transcript,
    listed: session.operation === "list" && succeeded ? namesIn(printed, session.files) : null,
    message: succeeded ? null : (lastLine(output, complaint)?.replace(complaint, "") ?? null),
    succeeded,
    lack: lackIn(transcript, session),
  };
}

/** The mount is what fails where anything before the transfer does; that nothing is mounted follows from it. */
const complaint = /^gio: (?!.* is not mounted$)/;

function lackIn(transcript: readonly TranscriptLine[], { data }: ProgramSession): string | null {
  const sent = transcript.flatMap(({ direction, text }) => (direction === ">" ? [text.split(" ", 1)[0] ?? ""] : []));
  const first = sent.find((verb) => dataVerbs.includes(verb));
  return first === undefined || first === data.toUpperCase() ? null : `It sent ${first} first.`;
}

/** `ftp: -- 0 ->  PASV`, `ftp: <- 0 --  227 ...` from the daemon; a prompt without an end may stand before it. */
function dialogueLine({ text }: OutputLine): DialogueLine {
  const [, arrow, said] = /ftp: (--|<-) *\d+ (?:->|--) {2}(.*)$/.exec(text) ?? [];
  if (said !== undefined) return { direction: arrow === "--" ? ">" : "<", text: said };
  const note = /ftp: # (?!feature|site feature)(.*)$/.exec(text)?.[1];
  if (note !== undefined) return { direction: "*", text: note };
  return complaint.test(text) ? { direction: "*", text } : null;
}

/** The place that is opened; nothing else can be set. */
function usage(wish: Usage): readonly string[] {
  const scheme = { none: "ftp", explicit: "ftps", implicit: "ftpis" }[traitsOf(wish.mode).tls];
  return [`gio mount ${serverUrl(scheme, wish).replace("://", `://${accountPlaceholder}@`)}`];
}

export const gvfs: ClientDefinition = {
  id: "gvfs",
  title: "gio and gvfs of Debian 13: the FTP of GNOME's Files",
  defaults: { foreignAddress: "trust", resumeSession: true },
  options: {},
  program,
  usage,
  expects: ({ data }, predict) => {
    const first = predict({});
    if (first.stage !== "data-command" && first.stage !== "data-connect") return first;
    const others =
      data === "pasv"
        ? [predict({}, { foreignAddress: "ignore" }), ...(["epsv", "port", "eprt"] as const).map(as)]
        : [as("eprt")];
    const end = others.find(({ result }) => result === "worked") ?? others.at(-1) ?? first;
    // The causes refer to the data command that the cell names, not to the one with which gvfs ended.
    return { ...end, cause: null, reason: `gvfs goes on to another way where one fails. ${end.reason}` };

    function as(command: DataCommand): ReturnType<typeof predict> {
      return predict({ data: command });
    }
  },
};
