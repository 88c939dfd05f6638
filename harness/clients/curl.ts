import { stages, traitsOf } from "../model/axes";
import type { ExpectedResult } from "../model/cell";
import type { ClientProgram, OutputLine, ProgramOutcome, ProgramSession, ProgramStory } from "../model/program";
import type { ClientDefinition } from "./definition";
import { singleTickets, withoutRefusedCcc } from "./expects";
import { tlsOptions, urlHost, versionIn } from "./tls-options";
import { lastLine, namesIn, transcriptOf, type DialogueLine } from "./read";

/**
 * curl as Debian 13 packages it (8.14.1). It takes EPSV first and PASV when that fails or its connection is refused, EPRT first
 * in active mode, resumes the control connection's TLS session, checks certificates, and dials the control connection's peer
 * whatever 227 names (`--ftp-skip-pasv-ip`, on since 7.74).
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

/** Stages of a session with CCC at which curl is no worse off than any other client. */
const untilCcc = stages.slice(0, stages.indexOf("ccc") + 1);

/**
 * `--connect-timeout` counts from the start: the whole login falls under it, and connecting to what 227 or 229 names. It has to be
 * long enough for a login on a busy machine.
 */
const connectTimeout = 5;
/** For all that comes after the login. */
const transferTimeout = 10;

function connection({ mode, data, options, caFile, user, password, connectSeconds }: ProgramSession): string[] {
  const { tls, protection, ccc } = traitsOf(mode);
  const version = versionIn(options);
  const mostSeconds = connectTimeout + transferTimeout + connectSeconds;
  return [
    ...["--user", `${user}:${password}`],
    ...["--connect-timeout", String(connectTimeout), "--max-time", String(mostSeconds)],
    ...(tls === "none" ? [] : ["--cacert", caFile, ...(options.includes("no-check") ? ["--insecure"] : [])]),
    ...(version === null ? [] : [`--tlsv${version}`, "--tls-max", version]),
    ...(tls === "none" ? [] : [protection === "C" ? "--ftp-ssl-control" : "--ssl-reqd"]),
    ...(ccc === "none"
      ? []
      : [
          ...["--ftp-ssl-ccc", "--ftp-ssl-ccc-mode", options.includes("ccc-active") ? "active" : "passive"],
          // Shows what still passes through TLS.
          ...["--trace-config", "ssl"],
        ]),
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
  const base = `${scheme}://${urlHost(host)}:${String(port)}/${folder}`;
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
  const succeeded = exitCode === 0;
  return {
    transcript: transcriptOf(output, dialogueLine),
    listed: session.operation === "list" && succeeded ? namesIn(output, session.files) : null,
    message: lastLine(output, /^curl: \(\d+\)/),
    succeeded,
    lack: lackIn(output, session.mode),
    redraw: isCutOff(output)
      ? "curl was sending when the server refused the data connection, and did not read the reply"
      : null,
  };
}

/**
 * Whether the reset of a refused data connection met curl in the midst of a write: it then ends without a look at the server's 425,
 * which it otherwise shows. Which of the two comes first is chance, about one in five.
 */
function isCutOff(output: readonly OutputLine[]): boolean {
  if (lastLine(output, /^curl: \(55\) Send failure/) === null) return false;
  return lastLine(output, /^< \d/)?.startsWith("< 150 ") ?? false;
}

/** What the session shows that curl does not do after CCC. */
function lackIn(output: readonly OutputLine[], mode: ProgramSession["mode"]): string | null {
  if (traitsOf(mode).ccc === "none") return null;
  const lines = output.map(({ text }) => text);
  const cleared = lines.findIndex((text) => text.includes("[SSL] shutdown and remove SSL, done -> 0"));
  if (cleared < 0) return null;
  const since = lines.slice(cleared + 1);
  const answered = since.findIndex((text) => text.startsWith("< "));
  const next = answered < 0 ? since : since.slice(0, answered);
  const kept = next.find((text) => /ossl_bio_cf_out_write|SSL_write\(\) error/.test(text));
  if (kept !== undefined) return `It goes on to speak TLS after CCC (${kept.replace(/^\* /, "")}).`;
  return mode === "ftps-ccc-unprimed" && next.includes("> PWD") ? "It sends PWD before the data command." : null;
}

/** `> PASV`, `< 227 ...` on stderr; what it says of itself begins with `* `. */
function dialogueLine({ stream, text }: OutputLine): DialogueLine {
  if (stream !== "stderr") return null;
  if (text.startsWith("> ")) return { direction: ">", text: text.slice(2) };
  if (text.startsWith("< ")) return { direction: "<", text: text.slice(2) };
  // What TLS does inside is no remark on FTP.
  return text.startsWith("* ") && !text.startsWith("* [SSL]") ? { direction: "*", text: text.slice(2) } : null;
}

/**
 * It goes on after a refused PROT. It has said AUTH SSL, upon which ProFTPD protects data by default (tls_auth): the server waits for
 * TLS on the data connection and curl for data, until curl's time is up.
 */
function afterRefusedProtection(
  refused: ExpectedResult,
  predict: Parameters<NonNullable<ClientDefinition["expects"]>>[1],
): ExpectedResult {
  const unrefused = predict({ mode: "ftps" }, { resumeSession: true });
  return unrefused.stage === "data-command" || unrefused.stage === "data-connect"
    ? unrefused
    : { ...refused, stage: "transfer" };
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
    ...tlsOptions("--insecure", "--tlsv1.x --tls-max 1.x"),
  },
  program,
  fallsBackTo: withoutRefusedCcc,
  /**
   * curl 8.1.0 to 8.16.0 take the TLS filter off the control connection in name only (Curl_ssl_cfilter_remove; mended by curl's
   * pull request 18596 in 8.17.0): after CCC their PWD goes out inside TLS, or not at all.
   */
  expects: (cell, predict, version) => {
    if (traitsOf(cell.mode).ccc === "none") {
      const expected = predict({}, singleTickets(cell, version));
      return expected.cause === "protection-refused" ? afterRefusedProtection(expected, predict) : expected;
    }
    const { result, stage, ...rest } = predict({});
    // A refused PROT does not end the session, and CCC follows.
    if (result === "failed" && stage !== null && stage !== "protection" && untilCcc.includes(stage))
      return { result, stage, ...rest };
    const reason = "curl 8.1.0 to 8.16.0 go on to speak TLS on the control connection after CCC.";
    return { result: "unsupported", stage: null, cause: null, reason };
  },
};
