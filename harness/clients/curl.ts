import { traitsOf } from "../model/axes";
import type { ClientProgram, OutputLine, ProgramOutcome, ProgramSession, ProgramStory } from "../model/program";
import type { ClientDefinition } from "./definition";
import { lastLine, namesIn, transcriptOf } from "./read";

/**
 * curl as Debian 13 packages it. It takes EPSV first and PASV when that fails, resumes the control connection's TLS session,
 * checks certificates, and dials the control connection's peer whatever 227 names (`--ftp-skip-pasv-ip`, on since 7.74).
 */
const program: ClientProgram = {
  image: "programs",
  version: { argv: ["curl", "--version"], pattern: /^curl (\S+)/ },
  lacks: ({ mode }) =>
    mode === "ftps-ccc-unprimed"
      ? { what: "curl sends PWD by itself between CCC and the data command.", proof: { kind: "session" } }
      : null,
  command: (session) => ({
    argv: ["curl", "--verbose", "--no-progress-meter", ...connection(session), ...transfers(session)],
  }),
  read,
};

function connection({ mode, data, options, caFile, user, password, connectSeconds }: ProgramSession): string[] {
  const { tls, protection, ccc } = traitsOf(mode);
  return [
    ...["--user", `${user}:${password}`, "--connect-timeout", String(connectSeconds)],
    ...(tls === "none" ? [] : ["--cacert", caFile]),
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

/** All on one connection, as curl does with several addresses of one server. */
function transfers(session: ProgramSession): string[] {
  const { mode, host, port, folder, operation, files } = session;
  const scheme = traitsOf(mode).tls === "implicit" ? "ftps" : "ftp";
  // Two slashes: the path from the root of the login.
  const base = `${scheme}://${host}:${String(port)}/${folder}`;
  switch (operation) {
    case "list":
      return [`${base}/`];
    case "download":
      return files.flatMap(({ name }) => ["--output", name, `${base}/${name}`]);
    case "upload":
      return files.flatMap(({ name }) => ["--upload-file", name, `${base}/${name}`]);
  }
}

function read({ output, exitCode }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const transcript = transcriptOf(output, dialogueLine);
  const afterCcc = transcript.slice(transcript.findIndex(({ text }) => text === "CCC") + 1);
  const isPrimed = transcript.length > afterCcc.length && afterCcc.some(({ text }) => text === "PWD");
  return {
    transcript,
    listed: session.operation === "list" && exitCode === 0 ? namesIn(output, session.files) : null,
    message: lastLine(output, /^curl: \(\d+\)/),
    succeeded: exitCode === 0,
    lack: session.mode === "ftps-ccc-unprimed" && isPrimed ? "It sent PWD before the data command." : null,
  };
}

/** `> PASV`, `< 227 ...` on stderr; what it says of itself begins with `* `. */
function dialogueLine({ stream, text }: OutputLine): ReturnType<Parameters<typeof transcriptOf>[1]> {
  if (stream !== "stderr") return null;
  if (text.startsWith("> ")) return { direction: ">", text: text.slice(2) };
  if (text.startsWith("< ")) return { direction: "<", text: text.slice(2) };
  return text.startsWith("* ") ? { direction: "*", text: text.slice(2) } : null;
}

export const curl: ClientDefinition = {
  id: "curl",
  title: "curl of Debian 13",
  defaults: { foreignAddress: "ignore", resumeSession: true },
  options: {
    "use-pasv-ip": {
      description: "dials the address that 227 names (--no-ftp-skip-pasv-ip)",
      set: { foreignAddress: "trust" },
    },
    "ccc-active": { description: "closes TLS first after CCC (--ftp-ssl-ccc-mode active)", set: {} },
  },
  program,
};
