import { traitsOf } from "../../model/axes";
import type {
  ClientProgram,
  Lack,
  OutputLine,
  ProgramOutcome,
  ProgramSession,
  ProgramStory,
} from "../../model/program";
import { lacksCommands } from "./binary-words";
import type { ClientDefinition, Usage } from "./definition";
import { accountPlaceholder, serverUrl, tlsOptions, urlHost, versionIn } from "./tls-options";
import { firstLine, lastLine, namesIn, transcriptOf, type DialogueLine } from "./read";

/**
 * GNU Wget 1.x, in Debian's `wget` (GnuTLS). It is passive, and the address family alone decides between PASV and EPSV, PORT and
 * EPRT; it sends `EPSV 2`, and LPSV (RFC 1639) where that is refused. It dials whatever address 227 names, resumes the control connection's TLS session on data connections, and checks
 * certificates. It only fetches.
 */
const program: ClientProgram = {
  image: "programs",
  version: { argv: ["wget", "--version"], pattern: /^GNU Wget (\S+)/ },
  lacks,
  command: (session) => ({
    argv: ["wget", "--no-config", "--debug", ...connection(session), ...transfers(session)],
  }),
  read,
};

const binary = "/usr/bin/wget";

function lacks({ mode, data, operation, family }: Parameters<ClientProgram["lacks"]>[0]): Lack | null {
  if (operation === "upload") {
    const lacking = ["STOR", "STOU", "APPE"];
    return lacksCommands("wget only fetches.", binary, { sends: "RETR", lacks: lacking });
  }
  if (traitsOf(mode).ccc !== "none") {
    return lacksCommands("wget has no CCC.", binary, { sends: "PROT", lacks: ["CCC"] });
  }
  if (family === 4 && (data === "epsv" || data === "eprt")) {
    return {
      what: "wget sends PASV or PORT over IPv4, and no option changes that.",
      proof: { kind: "command", argv: ["wget", "--help"], expect: "present", pattern: onlyPassiveOption },
    };
  }
  return null;
}

/** The help shows the one option about the data connection, and no word of EPSV and EPRT. */
const onlyPassiveOption = /^(?![^]*(?:epsv|eprt))[^]*--no-passive-ftp/i;

function connection(session: ProgramSession): string[] {
  const { options, user, password, connectSeconds } = session;
  return [
    ...[`--user=${user}`, `--password=${password}`],
    ...["--tries=1", `--connect-timeout=${connectSeconds}`],
    ...protocolOptions({ ...session, words: options }),
  ];
}

/** A command line that prints the list of the server's first folder. */
function usage(wish: Usage): readonly string[] {
  const scheme = traitsOf(wish.mode).tls === "none" ? "ftp" : "ftps";
  const options = ["--output-document=-", `--user=${accountPlaceholder}`, "--ask-password", ...protocolOptions(wish)];
  return [["wget", ...options, serverUrl(scheme, wish)].join(" ")];
}

/** How wget is told to speak FTP and TLS. */
function protocolOptions({ mode, data, words: options, caFile }: Omit<Usage, "host" | "port" | "family">): string[] {
  const { tls, protection } = traitsOf(mode);
  const version = versionIn(options);
  return [
    ...(tls === "none" || caFile === null ? [] : [`--ca-certificate=${caFile}`]),
    ...(options.includes("no-check") ? ["--no-check-certificate"] : []),
    // A priority of GnuTLS; `--secure-protocol` names the least version.
    ...(version === null ? [] : [`--ciphers=NORMAL:-VERS-ALL:+VERS-TLS${version}`]),
    ...(tls === "implicit" ? ["--ftps-implicit"] : []),
    ...(protection === "C" ? ["--ftps-clear-data-connection"] : []),
    ...(options.includes("no-resume") ? ["--no-ftps-resume-ssl"] : []),
    ...(data === "port" || data === "eprt" ? ["--no-passive-ftp"] : []),
  ];
}

/** A pattern, since several URLs would each have a control connection of their own; wget lists the folder first to match it. */
function transfers({ mode, host, port, folder, operation }: ProgramSession): string[] {
  const scheme = traitsOf(mode).tls === "none" ? "ftp" : "ftps";
  // A slash in code: the path from the root of the login.
  const base = `${scheme}://${urlHost(host)}:${port}/%2F${folder.slice(1)}`;
  return operation === "list" ? ["--output-document=-", `${base}/`] : [`${base}/*`];
}

function read({ output, exitCode }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const succeeded = exitCode === 0;
  const page = output.map((line) => ({ ...line, text: line.text.replace(/<[^>]*>/g, " ") }));
  return {
    transcript: transcriptOf(output, dialogueLine),
    listed: session.operation === "list" && succeeded ? namesIn(page, session.files) : null,
    message: succeeded ? null : (firstLine(output, tlsComplaint) ?? lastLine(output, complaint)),
    succeeded,
    lack: null,
    redraw: isLuckless(output) ? "wget said that it resumed the TLS session, and its handshake did not" : null,
  };
}

/** With TLS 1.3, about one session in twenty on a busy machine; with TLS 1.2 in none of twenty. */
function isLuckless(output: readonly OutputLine[]): boolean {
  const tries = firstLine(output, /^Resuming SSL session in data connection/) !== null;
  return tries && firstLine(output, /^FTPS server rejects new SSL sessions/) !== null;
}

/**
 * The alert that ended a handshake, or what is wrong with a certificate, the chain first; that it "is not trusted" is said whatever that is. Over implicit TLS its last
 * word is that the server "does not like implicit FTPS connections", whatever the reason.
 */
const tlsComplaint =
  /^GnuTLS: received alert|^(?:ERROR: )?The certificate(?: of .*|'s owner)? (?!is not trusted)(?:has|is|does)/;

const complaint =
  /^(?:couldn't|(?:Connecting .* )?failed:|Cannot|Unable|ERROR:|Error|Server|The server|Login inc|Invalid|Bind|No such)/;

/** `--> PASV`, `227 ...`, and among what it says of itself where data connections lead, all on stderr. */
function dialogueLine({ stream, text }: OutputLine): DialogueLine {
  if (stream !== "stderr") return null;
  if (text.startsWith("--> ")) return { direction: ">", text: text.slice(4) };
  if (/^\d{3}[ -]/.test(text)) return { direction: "<", text };
  return /^(?:trying to connect|Resuming SSL)/.test(text) || complaint.test(text) ? { direction: "*", text } : null;
}

/** Debian 11's corrupts its memory: after all was done it mostly ends by SIGSEGV or SIGABRT, and not always. */
const crashes: NonNullable<ClientDefinition["expects"]> = (_, predict) => {
  if (predict({}).result !== "worked") return null;
  const reason = "Nothing is predicted: wget 1.21 corrupts its memory, and mostly crashes.";
  return { result: "not-run", stage: null, cause: null, reason, unpredicted: true };
};

export const wget: ClientDefinition = {
  id: "wget",
  tlsLibrary: "gnutls",
  title: "GNU Wget of Debian 13",
  toldAll: "--debug",
  debian: {
    package: "wget",
    at: (version) => (version === "1.21" ? { expects: crashes } : {}),
  },
  defaults: { foreignAddress: "trust", resumeSession: true, namesFamily: true },
  options: {
    "no-resume": {
      description: "data connections start a new TLS session (--no-ftps-resume-ssl)",
      set: { resumeSession: false },
    },
    ...tlsOptions("--no-check-certificate", "--ciphers"),
  },
  program,
  usage,
  resumed: (line) =>
    line.replace(/^wget (?:--output-document=- )?/, "wget --continue ").replace(/(ftps?:\/\/\S+)/, "$1FILE"),
};
