import { traitsOf } from "../../model/axes";
import type { TranscriptLine } from "../../model/cell";
import type {
  ClientImage,
  ClientProgram,
  Lack,
  OutputLine,
  ProgramOutcome,
  ProgramSession,
  ProgramStory,
} from "../../model/program";
import type { ClientDefinition, Usage } from "./definition";
import { accountPlaceholder, serverUrl, tlsOptions, urlHost, versionIn } from "./tls-options";
import { lastLine, namesIn, transcriptOf, type DialogueLine } from "./read";

/** What sets the curl of one release apart from that of another. */
export type CurlRelease = {
  readonly image: ClientImage;
  /** Makes it show more, where a lack has to be seen. */
  readonly trace: (session: ProgramSession) => readonly string[];
  /** What its output shows that this release does not do; left out if it does all that it is asked. */
  readonly lackIn?: (output: readonly OutputLine[], session: ProgramSession) => string | null;
};

/** Words that a client id of curl may carry. */
export const curlOptions: ClientDefinition["options"] = {
  "use-pasv-ip": {
    description: "dials the address that 227 names (--no-ftp-skip-pasv-ip)",
    set: { foreignAddress: "trust" },
  },
  "ccc-active": { description: "closes TLS first after CCC (--ftp-ssl-ccc-mode active)", set: {} },
  ...tlsOptions("--insecure", "--tlsv1.x --tls-max 1.x"),
};

/** How any curl is run and read: its options and its output have stayed the same. */
export function curlProgram({ image, trace, lackIn }: CurlRelease): ClientProgram {
  return {
    image,
    version: { argv: ["curl", "--version"], pattern: /^curl (\S+)/ },
    lacks,
    command: (session) => ({
      argv: [
        "curl",
        "--verbose",
        "--no-progress-meter",
        // Its exit status would be that of the last file alone.
        "--fail-early",
        ...connection(session),
        ...trace(session),
        ...transfers(session),
      ],
    }),
    read: (outcome, session) => read(outcome, session, lackIn),
  };
}

function lacks({ mode }: Pick<ProgramSession, "mode">): Lack | null {
  if (mode !== "ftps-ccc-unprimed") return null;
  return {
    what: "curl sends PWD by itself between CCC and the data command.",
    proof: { kind: "session", shownBy: "first-clear-line" },
  };
}

/**
 * `--connect-timeout` counts from the start: the whole login falls under it, and connecting to what 227 or 229 names. It has to be
 * long enough for a login on a busy machine.
 */
const connectTimeout = 5;
/** For all that comes after the login. */
const transferTimeout = 10;

function connection(session: ProgramSession): string[] {
  const { mode, options, caFile, user, password, connectSeconds } = session;
  const mostSeconds = connectTimeout + transferTimeout + connectSeconds;
  return [
    ...["--user", `${user}:${password}`],
    ...["--connect-timeout", String(connectTimeout), "--max-time", String(mostSeconds)],
    ...(traitsOf(mode).tls === "none" ? [] : ["--cacert", caFile]),
    ...protocolOptions({ ...session, words: options }),
  ];
}

/** How curl is told to speak FTP and TLS. */
function protocolOptions({ mode, data, words: options }: Pick<Usage, "mode" | "data" | "words">): string[] {
  const { tls, protection, ccc } = traitsOf(mode);
  const version = versionIn(options);
  return [
    ...(tls !== "none" && options.includes("no-check") ? ["--insecure"] : []),
    ...(version === null ? [] : [`--tlsv${version}`, "--tls-max", version]),
    ...(tls === "none" ? [] : [protection === "C" ? "--ftp-ssl-control" : "--ssl-reqd"]),
    ...(ccc === "none"
      ? []
      : ["--ftp-ssl-ccc", "--ftp-ssl-ccc-mode", options.includes("ccc-active") ? "active" : "passive"]),
    ...(options.includes("use-pasv-ip") ? ["--no-ftp-skip-pasv-ip"] : []),
    ...dataCommand(data),
  ];
}

function dataCommand(data: ProgramSession["data"]): string[] {
  switch (data) {
    case "pasv":
      return ["--disable-epsv"];
    case "epsv":
      return [];
    case "port":
      return ["--ftp-port", "-", "--disable-eprt"];
    case "eprt":
      return ["--ftp-port", "-"];
  }
}

/** A command line that lists the server's first folder. */
/** curl(1): `--continue-at -` asks what is there. */
export function curlResumed(line: string, operation: "download" | "upload"): string {
  const [what, target] = operation === "upload" ? ["--upload-file FILE", ""] : ["--remote-name", "FILE"];
  return line.replace(/^curl /, `curl --continue-at - ${what} `).replace(/(ftps?:\/\/\S+)/, `$1${target}`);
}

export function curlUsage(usage: Usage): readonly string[] {
  const { mode, caFile } = usage;
  const scheme = traitsOf(mode).tls === "implicit" ? "ftps" : "ftp";
  const trust = caFile === null ? [] : ["--cacert", caFile];
  return [
    ["curl", ...protocolOptions(usage), ...trust, "--user", accountPlaceholder, serverUrl(scheme, usage)].join(" "),
  ];
}

/** All on one connection, as curl does with several addresses of one server. */
function transfers(session: ProgramSession): string[] {
  const { mode, host, port, folder, operation, files } = session;
  const scheme = traitsOf(mode).tls === "implicit" ? "ftps" : "ftp";
  // Two slashes: the path from the root of the login.
  const base = `${scheme}://${urlHost(host)}:${port}/${folder}`;
  switch (operation) {
    case "list":
      return [`${base}/`];
    case "download":
      return files.flatMap(({ name }) => ["--output", name, `${base}/${name}`]);
    case "upload":
      return files.flatMap(({ name }) => ["--upload-file", name, `${base}/${name}`]);
  }
}

function read(
  { output, exitCode }: ProgramOutcome,
  session: ProgramSession,
  lackIn: CurlRelease["lackIn"],
): ProgramStory {
  const succeeded = exitCode === 0;
  const transcript = transcriptOf(output, dialogueLine);
  return {
    transcript,
    listed: session.operation === "list" && succeeded ? namesIn(output, session.files) : null,
    message: lastLine(output, /^curl: \(\d+\)/),
    succeeded,
    lack: lackIn?.(output, session) ?? primingIn(transcript, session),
    redraw: missedReply(transcript, lastLine(output, /^curl: \(55\)/)),
  };
}

/**
 * Where the server ends a data connection while curl still sends, curl may find the broken connection (exit status 55) before it
 * reads the reply that says why, such as ProFTPD's 425 for a TLS session that was not resumed.
 */
function missedReply(transcript: readonly TranscriptLine[], broken: string | null): string | null {
  const last = transcript.findLast(({ direction }) => direction !== "*");
  const isAnnounced = last?.direction === "<" && /^1[25]\d /.test(last.text);
  return broken !== null && isAnnounced ? "curl ended before it had read the server's last reply" : null;
}

/** The command that it sends by itself after CCC, where none was to be sent. */
function primingIn(transcript: readonly TranscriptLine[], { mode }: ProgramSession): string | null {
  if (mode !== "ftps-ccc-unprimed") return null;
  const lines = transcript.filter(({ direction }) => direction !== "*");
  const [reply, next] = lines.slice(lines.findLastIndex(({ text }) => text === "CCC") + 1);
  const isCleared = reply?.direction === "<" && /^2\d\d /.test(reply.text);
  return isCleared && next?.text === "PWD" ? "It sends PWD before the data command." : null;
}

/** `> PASV`, `< 227 ...` on stderr; what it says of itself begins with `* `. */
function dialogueLine({ stream, text }: OutputLine): DialogueLine {
  if (stream !== "stderr") return null;
  if (text.startsWith("> ")) return { direction: ">", text: text.slice(2) };
  if (text.startsWith("< ")) return { direction: "<", text: text.slice(2) };
  // What TLS does inside is no remark on FTP.
  return text.startsWith("* ") && !text.startsWith("* [SSL]") ? { direction: "*", text: text.slice(2) } : null;
}
