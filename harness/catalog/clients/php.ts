import { isPassive, traitsOf } from "../../model/axes";
import type { ClientProgram, Lack, ProgramOutcome, ProgramSession, ProgramStory } from "../../model/program";
import type { ClientDefinition, Usage } from "./definition";
import { byAddress } from "./tls-options";
import { singleTickets } from "./expects";
import { phpDialogue } from "./php-dialogue";
import { phpCommands } from "./php-proof";
import { phpScript } from "./php-script";
import { lastLine, namesIn } from "./read";
import { scriptSettings } from "./script-settings";

/**
 * PHP's `ftp` extension, in Debian's `php-cli`. It is active unless `ftp_pasv` is called; the address family alone decides
 * between PASV and EPSV, PORT and EPRT. It dials the address that 227 names, protects data whenever it uses TLS, and resumes the
 * control connection's TLS session. It checks no certificate, and shows nothing of the control dialogue.
 */
const program: ClientProgram = {
  image: "programs",
  version: { argv: ["php", "--version"], pattern: /^PHP (\S+)/ },
  lacks,
  command: (session) => ({
    argv: ["php", "session.php"],
    files: [{ path: "session.php", text: phpScript }],
    input: scriptSettings(session),
  }),
  read,
};

function lacks({ mode, data, family }: Parameters<ClientProgram["lacks"]>[0]): Lack | null {
  const { tls, protection, ccc } = traitsOf(mode);
  if (tls === "implicit") {
    return {
      what: "PHP has no implicit TLS: ftp_ssl_connect greets in clear text and says AUTH TLS.",
      proof: { ...sent, pattern: /^AUTH TLS$/m },
    };
  }
  if (ccc !== "none") return { what: "PHP has no function for CCC.", proof: functions(/ccc|clear/) };
  if (protection === "C") {
    return {
      what: "PHP has no function for PROT: ftp_ssl_connect protects data too.",
      proof: functions(/prot|clear/),
    };
  }
  if (data === "epsv" && family === 4) {
    return {
      what: "PHP sends PASV and nothing else over IPv4.",
      proof: { ...sent, pattern: /^(?![^]*EPSV)[^]*^PASV$/m },
    };
  }
  if (data === "eprt" && family === 4) {
    return {
      what: "PHP sends PORT and nothing else over IPv4.",
      proof: { ...sent, pattern: /^(?![^]*EPRT)[^]*^PORT /m },
    };
  }
  return null;
}

const sent = { kind: "command", argv: ["php", "-r", phpCommands], expect: "present" } as const;

/** The list of functions is complete, and none of them has such a name. */
function functions(name: RegExp): Lack["proof"] {
  return {
    kind: "command",
    argv: ["php", "-r", "print(implode(' ', get_extension_funcs('ftp')));"],
    expect: "present",
    pattern: new RegExp(`^(?!.*ftp_\\w*(?:${name.source})).*\\bftp_ssl_connect\\b`),
  };
}

function read({ output, exitCode }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const succeeded = exitCode === 0;
  return {
    transcript: phpDialogue(output, session),
    listed: session.operation === "list" && succeeded ? namesIn(output, session.files) : null,
    message: succeeded ? null : messageIn(output),
    succeeded,
    lack: null,
  };
}

/**
 * The first warning that is not about the end of TLS: a later one only repeats the last reply, as "ftp_get(): Type set to I" after
 * a connection that failed.
 */
function messageIn(output: ProgramOutcome["output"]): string | null {
  const warnings = output.flatMap(({ stream, text }) =>
    stream === "stderr" && /^ftp_\w+\(\): /.test(text) ? [text] : [],
  );
  const told = warnings.find((text) => !/\(\): SSL_(shutdown|read)/.test(text)) ?? warnings[0];
  return told ?? lastLine(output, /^ftp_\w+ = false$/);
}

/** Calls for a session. */
function usage({ mode, data, words, host, port }: Usage): readonly string[] {
  const connect = traitsOf(mode).tls === "none" ? "ftp_connect" : "ftp_ssl_connect";
  return [
    `$ftp = ${connect}("${host}", ${port});`,
    "ftp_login($ftp, $user, $password);",
    ...(words.includes("ignore-227") ? ["ftp_set_option($ftp, FTP_USEPASVADDRESS, false);"] : []),
    `ftp_pasv($ftp, ${isPassive(data) ? "true" : "false"});`,
  ];
}

export const php: ClientDefinition = {
  id: "php",
  title: "PHP's ftp functions, Debian 13",
  debian: { package: "php-cli" },
  defaults: { foreignAddress: "trust", resumeSession: true, checks: "nothing" },
  options: {
    "ignore-227": {
      description: "dials the control peer whatever 227 names (FTP_USEPASVADDRESS off)",
      set: { foreignAddress: "ignore" },
    },
    ...byAddress,
  },
  program,
  usage,
  expects: ({ mode, data, operation }, predict, version, server) => {
    const expected = predict({}, singleTickets({ operation }, version));
    if (
      expected.result === "worked" &&
      traitsOf(mode).protection === "P" &&
      version !== "tls1.2" &&
      server?.sendsTickets === false
    ) {
      const reason =
        "PHP wants to resume the TLS session on data connections, and the server has sent no ticket for it.";
      return { result: "failed", stage: "data-tls", cause: null, reason };
    }
    // It does not show the 150 before a 425; and of a listing it does not even show which command was refused.
    const isHidden = operation === "list" && !isPassive(data) && expected.stage === "data-command";
    return isHidden || expected.stage === "data-tls" ? { ...expected, stage: "data-connect" } : expected;
  },
};
