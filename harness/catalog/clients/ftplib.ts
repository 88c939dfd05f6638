import { isPassive, stages, traitsOf } from "../../model/axes";
import type {
  ClientProgram,
  Lack,
  OutputLine,
  ProgramOutcome,
  ProgramSession,
  ProgramStory,
} from "../../model/program";
import type { ClientDefinition, Usage } from "./definition";
import { tlsOptions } from "./tls-options";
import { endsAtProtection } from "./expects";
import { ftplibScript } from "./ftplib-script";
import { lastLine, namesIn, transcriptOf, type DialogueLine } from "./read";
import { scriptSettings } from "./script-settings";

/**
 * Python's `ftplib`, in Debian's `python3`. It is passive; the address family alone decides between PASV and EPSV, PORT and EPRT.
 * It dials the control connection's peer whatever 227 names, never resumes a TLS session, and checks certificates only when it
 * is given a context that does.
 */
const program: ClientProgram = {
  image: "programs",
  version: { argv: ["python3", "--version"], pattern: /^Python (\S+)/ },
  lacks,
  command: (session) => ({
    // Unbuffered: lines are to be stamped when they are printed.
    argv: ["python3", "-u", "session.py"],
    files: [{ path: "session.py", text: ftplibScript }],
    input: scriptSettings(session),
  }),
  read,
};

function lacks({ mode, data, family }: Parameters<ClientProgram["lacks"]>[0]): Lack | null {
  if (traitsOf(mode).tls === "implicit") {
    return {
      what: "ftplib has no implicit TLS: FTP_TLS connects in clear text.",
      // The method's own source, and no TLS in it.
      proof: {
        ...source("FTP_TLS.connect"),
        expect: "present",
        pattern: /^(?![^]*(?:ssl|wrap_socket))[^]*\bdef connect\b/i,
      },
    };
  }
  if (data === "epsv" && family === 4) {
    return {
      what: "ftplib sends PASV and nothing else over IPv4.",
      proof: {
        ...source("FTP.makepasv"),
        expect: "present",
        pattern: /if self\.af == socket\.AF_INET:\s+untrusted_host, port = parse227\(self\.sendcmd\('PASV'\)\)/,
      },
    };
  }
  if (data === "eprt" && family === 4) {
    return {
      what: "ftplib sends PORT and nothing else over IPv4.",
      proof: {
        ...source("FTP.makeport"),
        expect: "present",
        pattern: /if self\.af == socket\.AF_INET:\s+resp = self\.sendport\(host, port\)/,
      },
    };
  }
  return null;
}

/** Prints a function as it is installed, inherited or not. */
function source(name: string): { readonly kind: "command"; readonly argv: readonly string[] } {
  return {
    kind: "command",
    argv: ["python3", "-c", `import ftplib, inspect; print(inspect.getsource(ftplib.${name}))`],
  };
}

function read({ output, exitCode }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const succeeded = exitCode === 0;
  return {
    transcript: transcriptOf(output.flatMap(replyLines), dialogueLine),
    listed: session.operation === "list" && succeeded ? namesIn(output, session.files) : null,
    message: lastLine(output, /^ftplib: /)?.replace(/^ftplib: /, "") ?? null,
    succeeded,
    lack: null,
  };
}

/** `*cmd* 'PASV'`, `*resp* '227 ...'`, as Python writes a string. */
const debugLine = /^\*(cmd|resp)\* (['"])(.*)\2$/;

/** A reply of several lines is printed as one string. */
function replyLines(line: OutputLine): OutputLine[] {
  const [, kind, , text] = debugLine.exec(line.text) ?? [];
  if (kind !== "resp" || text === undefined) return [line];
  return text.split("\\n").map((part) => ({ ...line, text: `*resp* '${part}'` }));
}

function dialogueLine({ stream, text }: OutputLine): DialogueLine {
  const [, kind, , quoted] = debugLine.exec(text) ?? [];
  if (stream !== "stdout" || quoted === undefined) return null;
  return { direction: kind === "cmd" ? ">" : "<", text: quoted.replace(/\\(['"\\])/g, "$1") };
}

/** Calls for a session; CCC is followed by a command that says nothing, which helpers need. */
function usage({ mode, data, words, host, port, caFile }: Usage): readonly string[] {
  const { tls, protection, ccc } = traitsOf(mode);
  const trust = caFile === null ? "" : `cafile="${caFile}"`;
  const context = words.includes("no-check") ? "" : `context=ssl.create_default_context(${trust})`;
  return [
    ...(words.includes("resume") ? resuming : []),
    tls === "none"
      ? "ftp = ftplib.FTP()"
      : `ftp = ${words.includes("resume") ? "Resuming" : "ftplib.FTP_TLS"}(${context})`,
    `ftp.connect("${host}", ${port}); ftp.login(user, password)`,
    ...(protection === null ? [] : [`ftp.prot_${protection.toLowerCase()}()`]),
    ...(ccc === "none" ? [] : ['ftp.ccc(); ftp.voidcmd("NOOP")']),
    ...(isPassive(data) ? [] : ["ftp.set_pasv(False)"]),
    ...(words.includes("trust-227") ? ["ftp.trust_server_pasv_ipv4_address = True"] : []),
  ];
}

const resuming = [
  "class Resuming(ftplib.FTP_TLS):",
  "    def ntransfercmd(self, cmd, rest=None):",
  "        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)",
  "        if self._prot_p: conn = self.context.wrap_socket(conn, server_hostname=self.host, session=self.sock.session)",
  "        return conn, size",
] as const;

export const ftplib: ClientDefinition = {
  id: "ftplib",
  title: "ftplib of Python 3, Debian 13",
  toldAll: "set_debuglevel(2)",
  debian: { package: "python3" },
  defaults: { foreignAddress: "ignore", resumeSession: false },
  options: {
    "trust-227": {
      description: "dials the address that 227 names (trust_server_pasv_ipv4_address)",
      set: { foreignAddress: "trust" },
    },
    resume: {
      description: "resumes the control connection's TLS session (ntransfercmd overridden, session=self.sock.session)",
      set: { resumeSession: true },
    },
    ...tlsOptions("FTP_TLS() without a context, as most scripts have it", "minimum_version, maximum_version"),
  },
  program,
  usage,
  expects: (cell, predict, _version, server) => {
    const { cause, stage } = predict({});
    const comesToProt = stage === null || stages.indexOf(stage) >= stages.indexOf("protection");
    if (traitsOf(cell.mode).protection === "C" && server?.wantsPbsz === true && comesToProt) {
      const reason = "ftplib's prot_c sends no PBSZ, without which the server refuses PROT (503).";
      return { result: "failed", stage: "protection", cause: "protection-refused", reason };
    }
    // In OpenSSL's own check the address comes before the time (X509_verify_cert); the other clients look at names afterwards.
    const isNameFirst = cause === "certificate-expired" && cell.client.includes("+by-address");
    return isNameFirst ? { ...predict({}), cause: "certificate-name-mismatch" } : endsAtProtection(cell, predict);
  },
};
