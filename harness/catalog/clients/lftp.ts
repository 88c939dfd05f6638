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
import type { ClientDefinition, Usage } from "./definition";
import { modeAfterRefusals, withoutWanted } from "./expects";
import { accountPlaceholder, idle, idleSeconds, serverUrl, tlsOptions, urlHost, versionIn } from "./tls-options";
import { lastLine, namesIn, transcriptOf, type DialogueLine } from "./read";

/**
 * lftp as Debian 13 packages it (4.9.2, GnuTLS). It takes PASV (EPSV on IPv6, or with `ftp:prefer-epsv`), PORT with IPv4 and EPRT
 * with IPv6, resumes the control connection's TLS session, checks certificates, and dials the control connection's peer where one
 * of the addresses is private and the other is not (`ftp:fix-pasv-address`).
 */
const program: ClientProgram = {
  image: "programs",
  version: { argv: ["lftp", "--version"], pattern: /^LFTP \| Version (\S+)/ },
  lacks,
  command: (session) => ({ argv: ["lftp", "--norc", "-c", [...settings(session), ...commands(session)].join("; ")] }),
  read,
};

function lacks({ mode, data, operation, family }: Parameters<ClientProgram["lacks"]>[0]): Lack | null {
  if (data === "eprt" && family === 4)
    return {
      what: "lftp sends EPRT with IPv6 alone; with IPv4 it sends PORT.",
      proof: { kind: "session", shownBy: "data-command" },
    };
  if (mode === "ftps-ccc-unprimed" && operation !== "list")
    return {
      what: "lftp sends TYPE by itself between CCC and a file's data command.",
      proof: { kind: "session", shownBy: "first-clear-line" },
    };
  return null;
}

/** What the login takes on a busy machine; `net:timeout` is for each wait, and so for this one too. */
const loginSeconds = 2;

function settings(session: ProgramSession): string[] {
  const { options, caFile, connectSeconds } = session;
  return [
    "debug 9",
    "set cmd:fail-exit yes",
    ...[`set net:timeout ${loginSeconds + connectSeconds}`, "set net:max-retries 1"],
    // It connects again after an upload that the server took for aborted, and would wait 15 s for that.
    "set net:reconnect-interval-base 1",
    // It would ask again the other way round.
    "set ftp:auto-passive-mode no",
    ...protocolSettings({ ...session, words: options, caFile }),
  ];
}

/** How lftp is told to speak FTP and TLS. */
function protocolSettings({ mode, data, words: options, caFile }: Omit<Usage, "host" | "port" | "family">): string[] {
  const { tls, protection, ccc } = traitsOf(mode);
  const version = versionIn(options);
  const isProtected = protection === "P" ? "yes" : "no";
  return [
    ...dataSettings(data),
    ...(options.includes("ignore-pasv-address") ? ["set ftp:ignore-pasv-address yes"] : []),
    ...(options.includes("no-fix-pasv-address") ? ["set ftp:fix-pasv-address no"] : []),
    ...(tls === "none"
      ? ["set ftp:ssl-allow no"]
      : [
          ...(caFile === null ? [] : [`set ssl:ca-file ${caFile}`]),
          ...(options.includes("no-check") ? ["set ssl:verify-certificate no"] : []),
          ...(version === null ? [] : [`set ssl:priority NORMAL:-VERS-ALL:+VERS-TLS${version}`]),
          "set ftp:ssl-force yes",
          ...[`set ftp:ssl-protect-data ${isProtected}`, `set ftp:ssl-protect-list ${isProtected}`],
        ]),
    // Where a server has PRET, lftp sends it before each data command.
    ...(ccc === "unprimed" ? ["set ftp:use-pret no"] : []),
    // It has effect only after the other settings of TLS.
    ...(ccc === "none" ? [] : ["set ftp:ssl-use-ccc yes"]),
  ];
}

/** A command line that lists the server's first folder. */
function usage(wish: Usage): readonly string[] {
  const { tls, ccc } = traitsOf(wish.mode);
  const scheme = tls === "implicit" ? "ftps" : "ftp";
  const primes = ccc === "primed" ? primingSettings : [];
  const commands = [...protocolSettings(wish), ...primes].join("; ");
  const settings = commands === "" ? "" : `-e "${commands}" `;
  return [`lftp -u ${accountPlaceholder} ${settings}${serverUrl(scheme, wish)}`];
}

/** A folder is then changed to by CWD, which goes out after CCC and before the data command. */
const primingSettings = ["set ftp:use-tvfs no", "set cmd:verify-path no"] as const;

function dataSettings(data: DataCommand): string[] {
  switch (data) {
    case "pasv":
      return [];
    case "epsv":
      return ["set ftp:prefer-epsv yes"];
    case "port":
    case "eprt":
      return ["set ftp:passive-mode no"];
  }
}

function commands(session: ProgramSession): string[] {
  const { mode, host, port, user, password, folder, operation, files, options } = session;
  const scheme = traitsOf(mode).tls === "implicit" ? "ftps" : "ftp";
  return [
    `open -u ${user},${password} ${scheme}://${urlHost(host)}:${port}`,
    // It logs in when it first has something to do.
    ...(options.includes("idle") ? ["quote NOOP", `sleep ${idleSeconds}`] : []),
    ...transfers(operation, {
      folder,
      files,
      isPrimed: traitsOf(mode).ccc === "primed",
      isParallel: options.includes("parallel"),
    }),
  ];
}

type Target = Pick<ProgramSession, "folder" | "files"> & { readonly isPrimed: boolean; readonly isParallel: boolean };

function transfers(
  operation: ProgramSession["operation"],
  { folder, files, isPrimed, isParallel }: Target,
): readonly string[] {
  switch (operation) {
    case "list":
      // Its first listing sends nothing before the data command, unless it has to change to the folder. A command of its own
      // (`quote NOOP`) would let lftp connect again when the listing fails, and that connection would not be primed.
      return isPrimed ? [...primingSettings, `cd ${folder}`, "ls"] : [`ls ${folder}`];
    case "download":
      return together(
        files.map(({ name }) => `get ${folder}/${name} -o ${name}`),
        isParallel,
      );
    case "upload":
      return together(
        files.map(({ name }) => `put ${name} -o ${folder}/${name}`),
        isParallel,
      );
  }
}

/** Jobs in the background have a control connection each. */
function together(commands: readonly string[], isParallel: boolean): readonly string[] {
  return isParallel ? [commands.map((command) => `${command} &`).join(" "), "wait all"] : commands;
}

function read({ output, exitCode }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const transcript = transcriptOf(output, dialogueLine);
  const succeeded = exitCode === 0;
  return {
    transcript,
    listed: session.operation === "list" && succeeded ? namesIn(output, session.files) : null,
    message: succeeded ? null : messageIn(output),
    succeeded,
    lack: lackIn(transcript, session),
    redraw: lostClearing(transcript) ? "lftp had read the server's close_notify together with its reply to CCC" : null,
  };
}

/** What it says at the end; where it only says that it gave up, why. */
function messageIn(output: readonly OutputLine[]): string | null {
  const end = lastLine(output, /^\w+: .*(Fatal error|Access failed|Login failed|Not connected)/);
  const trouble = lastLine(output, /^\*{4} /)?.replace(/^\*+ /, "") ?? null;
  return end === null || end.includes("max-retries exceeded") ? (trouble ?? end) : end;
}

function lackIn(transcript: readonly TranscriptLine[], { mode, data }: ProgramSession): string | null {
  const sent = transcript.flatMap(({ direction, text }) => (direction === ">" ? [text.split(" ", 1)[0] ?? ""] : []));
  if (data === "eprt" && sent.includes("PORT")) return "It sent PORT in place of EPRT.";
  const first = sent[sent.indexOf("CCC") + 1];
  const isPrimed = isCleared(transcript) && first !== undefined && !/^(PASV|EPSV|PORT|EPRT)$/.test(first);
  return mode === "ftps-ccc-unprimed" && isPrimed ? `It sent ${first} before the data command.` : null;
}

/** Whether CCC was granted: what follows a refused one is no clear line. */
function isCleared(transcript: readonly TranscriptLine[]): boolean {
  const ccc = transcript.findLastIndex(({ direction, text }) => direction === ">" && text === "CCC");
  const reply = transcript.slice(ccc + 1).find(({ direction }) => direction === "<");
  return ccc >= 0 && /^2\d\d /.test(reply?.text ?? "");
}

/**
 * Whether lftp took the end of TLS for the connection's end (Ftp::ReceiveOneLine): that happens where it reads the server's
 * close_notify before it has acted upon the reply to CCC, and the two are microseconds apart.
 */
function lostClearing(transcript: readonly TranscriptLine[]): boolean {
  const ccc = transcript.findLastIndex(({ direction, text }) => direction === ">" && text === "CCC");
  const [reply, next] = transcript.slice(ccc + 1);
  return ccc >= 0 && /^2\d\d /.test(reply?.text ?? "") && next?.text === "Peer closed connection";
}

/** `---> PASV`, `<--- 227 ...`; what it notes begins with `---- `, what went wrong with `**** `. */
function dialogueLine({ stream, text }: OutputLine): DialogueLine {
  if (stream !== "stderr") return null;
  const [, arrow, rest = ""] = /^(--->|<---|----|\*{4}) (.*)$/.exec(text) ?? [];
  switch (arrow) {
    case "--->":
      return { direction: ">", text: rest };
    case "<---":
      return { direction: "<", text: rest };
    case undefined:
      return /^(ERROR|WARNING): /.test(text) ? { direction: "*", text } : null;
    default:
      return { direction: "*", text: rest };
  }
}

export const lftp: ClientDefinition = {
  id: "lftp",
  tlsLibrary: "gnutls",
  title: "lftp of Debian 13",
  toldAll: "debug 9",
  debian: { package: "lftp" },
  defaults: { foreignAddress: "replace-private", resumeSession: true },
  options: {
    "ignore-pasv-address": {
      description: "dials the control peer whatever 227 names (ftp:ignore-pasv-address)",
      set: { foreignAddress: "ignore" },
    },
    "no-fix-pasv-address": {
      description: "dials whatever address 227 names (ftp:fix-pasv-address no)",
      set: { foreignAddress: "trust" },
    },
    ...idle("sleep"),
    parallel: {
      description: "transfers all files at once, each over a control connection of its own (get ... &)",
      set: {},
    },
    ...tlsOptions("ssl:verify-certificate no", "ssl:priority"),
  },
  program,
  usage,
  // lftp(1): `-c` goes on where a file ends.
  resumed: (line, operation) =>
    line.replace(/ -e "([^"]*)"/, ` -e "$1; ${operation === "upload" ? "put" : "get"} -c FILE"`),
  // Upon 522, which follows a refused PROT C, it sends PROT P by itself.
  expects: (cell, predict) => {
    const mode = modeAfterRefusals(cell, predict);
    if (mode === cell.mode) return null;
    const { reason, ...expected } = withoutWanted(cell, mode, predict({ mode }));
    return {
      ...expected,
      reason: `lftp goes on after a refused PROT C with PROT P, and after a refused CCC with TLS. ${reason}`,
    };
  },
};
