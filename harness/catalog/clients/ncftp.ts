import { isPassive } from "../../model/axes";
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
import { accountPlaceholder, serverUrl } from "./tls-options";
import { lastLine, namesIn, transcriptOf, type DialogueLine } from "./read";

/**
 * NcFTP's `ncftpls`, `ncftpget` and `ncftpput`, in Debian's `ncftp`. They are passive, know PASV and PORT alone and therefore no IPv6,
 * put the control connection's peer in place of a private address in 227, and have no TLS.
 */
const program: ClientProgram = {
  image: "programs",
  version: { argv: ["ncftpls", "--version"], pattern: /NcFTPLs (\S+)/ },
  lacks,
  command: (session) => ({ argv: commandOf(session) }),
  read,
};

const binaries = { list: "ncftpls", download: "ncftpget", upload: "ncftpput" } as const;

function lacks({ mode, data, operation }: Parameters<ClientProgram["lacks"]>[0]): Lack | null {
  const name = binaries[operation];
  const binary = `/usr/bin/${name}`;
  if (mode !== "ftp") {
    return lacksCommands(`${name} has no TLS.`, binary, { sends: "PASV", lacks: ["AUTH", "PBSZ", "PROT"] });
  }
  return data === "epsv" || data === "eprt"
    ? lacksCommands(`${name} has neither EPSV nor EPRT.`, binary, { sends: "PASV", lacks: ["EPSV", "EPRT"] })
    : null;
}

function commandOf({
  data,
  host,
  port,
  user,
  password,
  folder,
  operation,
  files,
  connectSeconds,
}: ProgramSession): string[] {
  const flags = [
    ...["-d", "stderr", isPassive(data) ? "-F" : "-E"],
    ...["-t", String(connectSeconds), "-r", "1"],
    ...["-u", user, "-p", password, "-P", String(port)],
  ];
  const names = files.map(({ name }) => name);
  switch (operation) {
    case "list":
      // A slash in code: the path from the root of the login. Without -m it sends `NLST -CF`, in which some servers see a file's name.
      return [binaries.list, "-m", ...flags, `ftp://${host}/%2F${folder.slice(1)}/`];
    case "download":
      return [binaries.download, "-V", ...flags, host, ".", ...names.map((name) => `${folder}/${name}`)];
    case "upload":
      return [binaries.upload, "-V", ...flags, host, folder, ...names];
  }
}

function read({ output, exitCode }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const succeeded = exitCode === 0;
  return {
    transcript: transcriptOf(output, dialogueLine),
    listed: session.operation === "list" && succeeded ? namesIn(output, session.files) : null,
    message: succeeded ? null : lastLine(output, complaint),
    succeeded,
    lack: null,
  };
}

const complaint = /(?:failed|refused|timed out|Could not|did not originate|cannot open|unreachable|error)/i;

/** `Cmd: PASV`, `227: ...` on stderr, the further lines of a reply indented; and what it says of itself. */
function dialogueLine({ stream, text }: OutputLine): DialogueLine {
  if (stream !== "stderr") return null;
  if (text.startsWith("Cmd: ")) return { direction: ">", text: text.slice(5) };
  const [, code, words] = /^(\d{3}): (.*)$/.exec(text) ?? [];
  if (code !== undefined && words !== undefined) return { direction: "<", text: `${code} ${words}` };
  return /^(?:Fixing|Connected)/.test(text) || complaint.test(text) ? { direction: "*", text } : null;
}

/** A command line that lists the server's first folder. */
function usage(wish: Usage): readonly string[] {
  return [`ncftpls ${isPassive(wish.data) ? "-F" : "-E"} -u ${accountPlaceholder} ${serverUrl("ftp", wish)}`];
}

export const ncftp: ClientDefinition = {
  id: "ncftp",
  title: "NcFTP's ncftpls, ncftpget and ncftpput of Debian 13",
  debian: { package: "ncftp" },
  defaults: { foreignAddress: "replace-private", resumeSession: false },
  options: {},
  program,
  usage,
};
