import { isPassive } from "../../model/axes";
import type { TranscriptLine } from "../../model/cell";
import type {
  ClientProgram,
  Lack,
  ProgramCommand,
  ProgramOutcome,
  ProgramSession,
  ProgramStory,
} from "../../model/program";
import { dataVerbs } from "../../ftp/dialogue";
import { lacksCommands } from "./binary-words";
import type { ClientDefinition, Usage } from "./definition";
import { accountPlaceholder, serverUrl } from "./tls-options";
import { kioDialogue } from "./kio-dialogue";
import { lastLine, namesIn } from "./read";

/**
 * KDE's file access, which Konqueror and Dolphin use, by `kioclient` of Debian 13 (KDE Frameworks 6.13). It takes PASV, then EPSV
 * when that fails, then PORT (EPRT over IPv6), and nothing turns the last one off; it dials the control connection's peer whatever 227
 * names. It has no TLS for FTP, and no protocol of the name `ftps`.
 */
const program: ClientProgram = {
  image: "kio",
  isHeavy: true,
  version: { argv: ["sh", "-c", "ls /usr/lib/*/libKF6KIOCore.so.6.*"], pattern: /libKF6KIOCore\.so\.(\S+)/ },
  // It waits as long as the kernel, and dials each of two passive connections twice; it lists three times over.
  deadlineMs: 60_000,
  lacks,
  command,
  read,
};

/** No display, and the worker's log on standard error. */
const environment = {
  QT_QPA_PLATFORM: "offscreen",
  QT_LOGGING_RULES: "kf.kio.workers.ftp.debug=true",
  QT_FORCE_STDERR_LOGGING: "1",
} as const;

function lacks({ mode, data, family }: Parameters<ClientProgram["lacks"]>[0]): Lack | null {
  if (mode === "ftps-implicit") {
    return {
      what: "KIO has no protocol for ftps:.",
      proof: {
        kind: "command",
        argv: ["env", "QT_QPA_PLATFORM=offscreen", "kioclient", "ls", "ftps://ftp.example.net/"],
        expect: "present",
        pattern: /^kioclient: .*Unknown protocol 'ftps'/m,
      },
    };
  }
  if (mode !== "ftp") {
    return lacksCommands("KIO has no TLS for ftp:, and so no CCC.", worker, {
      sends: "PASV",
      lacks: ["AUTH", "PBSZ", "PROT", "CCC"],
    });
  }
  if (family === 6) return null;
  if (data === "epsv")
    return { what: "KIO sends PASV before EPSV over IPv4.", proof: { kind: "session", shownBy: "data-command" } };
  return data === "eprt"
    ? { what: "KIO sends PORT over IPv4.", proof: { kind: "session", shownBy: "data-command" } }
    : null;
}

const worker = "/usr/lib/x86_64-linux-gnu/qt6/plugins/kf6/kio/kio_ftp.so";

function command(session: ProgramSession): ProgramCommand {
  const { data } = session;
  return {
    argv: ["kioclient", "--noninteractive", ...transfers(session)],
    environment,
    files: isPassive(data) ? [] : [{ path: ".config/kio_ftprc", text: "DisablePassiveMode=true\n" }],
  };
}

function transfers({ host, port, user, password, folder, operation, files, home }: ProgramSession): readonly string[] {
  const base = `ftp://${user}:${password}@${host}:${port}${folder}`;
  switch (operation) {
    case "list":
      return ["ls", base];
    case "download":
      return ["copy", ...files.map(({ name }) => `${base}/${name}`), `${home}/`];
    case "upload":
      return ["copy", ...files.map(({ name }) => `${home}/${name}`), `${base}/`];
  }
}

function read({ output, exitCode }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const succeeded = exitCode === 0;
  const transcript = kioDialogue(output);
  return {
    transcript,
    listed: session.operation === "list" && succeeded ? namesIn(output, session.files) : null,
    message: succeeded ? null : (lastLine(output, /^kioclient: /)?.replace(/^kioclient: /, "") ?? null),
    succeeded,
    lack: lackIn(transcript, session),
  };
}

function lackIn(transcript: readonly TranscriptLine[], { data, family }: ProgramSession): string | null {
  const first = transcript.find(({ direction, text }) => direction === ">" && dataVerbs.includes(text))?.text;
  const isOther = first !== undefined && first !== data.toUpperCase();
  return family === 4 && isOther ? `It sent ${first}, and not ${data.toUpperCase()}, first.` : null;
}

/** The URL, and for active mode the line of its settings (System Settings > Network > FTP: passive mode). */
function usage(wish: Usage): readonly string[] {
  const active = isPassive(wish.data) ? "false" : "true";
  return [
    `kwriteconfig6 --file kio_ftprc --key DisablePassiveMode ${active}`,
    `kioclient ls ${serverUrl("ftp", wish).replace("://", `://${accountPlaceholder}@`)}`,
  ];
}

export const kio: ClientDefinition = {
  id: "kio",
  title: "kioclient of KDE Frameworks 6, Debian 13: the FTP of Konqueror and Dolphin",
  defaults: { foreignAddress: "ignore", resumeSession: false },
  options: {},
  program,
  usage,
  expects: (cell, predict) => {
    if (cell.mode !== "ftp" || !isPassive(cell.data)) return null;
    const passive = predict({});
    if (passive.result !== "failed" || !fallsBackFrom(passive.stage)) return passive;
    // Over IPv6 it begins with EPSV.
    const others = cell.data === "pasv" ? (["epsv", "port"] as const) : (["eprt"] as const);
    const tried = others.map((data) => predict({ data }));
    const end = tried.find(({ result }) => result === "worked") ?? tried.at(-1) ?? passive;
    // The causes refer to the data command that the cell names, not to the one with which KIO ended.
    return { ...end, cause: null, reason: `KIO goes on to another data command where one fails. ${end.reason}` };
  },
};

function fallsBackFrom(stage: string | null): boolean {
  return stage === "data-command" || stage === "data-connect";
}
