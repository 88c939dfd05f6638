import { traitsOf } from "../../model/axes";
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
import type { ClientDefinition, Usage } from "./definition";
import { accountPlaceholder, byAddress, noCheck, oneVersion } from "./tls-options";
import { namesIn, transcriptOf, type DialogueLine } from "./read";

/**
 * rclone's `ftp` backend (Go, github.com/jlaffaye/ftp), in Debian's `rclone`. It is passive: EPSV, then PASV. Whenever it uses TLS, data
 * are protected, and by default they resume the control connection's session.
 */
const program: ClientProgram = {
  image: "programs",
  version: { argv: ["rclone", "version"], pattern: /^rclone v(\d[\d.]*)/ },
  lacks,
  command: (session) => ({
    // It takes a password only in its own obscured form. One stream: lines get their time when they are printed.
    argv: [
      "sh",
      "-c",
      'exec rclone "$@" --ftp-pass="$(rclone obscure -)" 2>&1',
      "rclone",
      ...transfer(session),
      ...connection(session),
    ],
    // Go looks for the system's certificates there, and nowhere else then.
    environment: { SSL_CERT_FILE: session.caFile, RCLONE_CONFIG: "/dev/null" },
    input: `${session.password}\n`,
  }),
  read,
};

function lacks({ mode, data }: Parameters<ClientProgram["lacks"]>[0]): Lack | null {
  const { protection, ccc } = traitsOf(mode);
  if (ccc !== "none") return { what: "rclone has no CCC.", proof: noOption(/ccc/) };
  if (protection === "C") {
    return { what: "rclone protects data whenever it uses TLS.", proof: noOption(/ccc|clear|prot/) };
  }
  if (data === "port" || data === "eprt") {
    return { what: "rclone is always passive.", proof: { kind: "session", shownBy: "data-command" } };
  }
  return null;
}

/** The help names all of the backend's options, and none of such a name. */
function noOption(name: RegExp): Lack["proof"] {
  return {
    kind: "command",
    argv: ["rclone", "help", "backend", "ftp"],
    expect: "present",
    pattern: new RegExp(`^(?![^]*--ftp-\\S*(?:${name.source}))[^]*--ftp-explicit-tls`),
  };
}

function connection(session: ProgramSession): readonly string[] {
  const { options, user, connectSeconds } = session;
  return [
    ...protocolOptions({ ...session, words: options }),
    `--ftp-user=${user}`,
    ...[`--contimeout=${connectSeconds}s`, "--retries=1", "--low-level-retries=1"],
    // One session at a time, and its dialogue in the log.
    ...["--checkers=1", "--transfers=1", "--log-level=DEBUG", "--dump=headers"],
  ];
}

function protocolOptions({ mode, data, words, host, port }: Omit<Usage, "family" | "caFile">): readonly string[] {
  const { tls } = traitsOf(mode);
  return [
    `--ftp-host=${host}`,
    ...(port === 21 ? [] : [`--ftp-port=${port}`]),
    ...(tls === "explicit" ? ["--ftp-explicit-tls"] : []),
    ...(tls === "implicit" ? ["--ftp-tls"] : []),
    ...(data === "pasv" ? ["--ftp-disable-epsv"] : []),
    ...(words.includes("no-check") ? ["--ftp-no-check-certificate"] : []),
    ...(words.includes("no-resume") ? ["--ftp-tls-cache-size=0"] : []),
    ...(words.includes("tls1.2") ? ["--ftp-disable-tls13"] : []),
  ];
}

function transfer({ operation, folder, files, home }: ProgramSession): readonly string[] {
  const names = files.map(({ name }) => `--include=/${name}`);
  switch (operation) {
    case "list":
      return ["lsf", `:ftp:${folder}`];
    case "download":
      return ["copy", ...names, `:ftp:${folder}`, home];
    case "upload":
      return ["copy", ...names, home, `:ftp:${folder}`];
  }
}

function read({ output, exitCode }: ProgramOutcome, session: ProgramSession): ProgramStory {
  const succeeded = exitCode === 0;
  const logged = transcriptOf(withoutListings(output), dialogueLine);
  const isAnswered = logged.some(({ direction }) => direction === "<");
  // Where the greeting does not come, it logs a QUIT that it cannot send.
  const transcript = logged.filter(({ direction }) => isAnswered || direction !== ">");
  const printed = output.filter(({ text }) => !stamped.test(text));
  return {
    transcript,
    listed: session.operation === "list" && succeeded ? namesIn(printed, session.files) : null,
    message: succeeded ? null : messageIn(output),
    succeeded,
    lack: lackIn(transcript, session),
  };
}

/** Of several errors it says how many there are, and then each in a line of its own. */
function messageIn(output: readonly OutputLine[]): string | null {
  const last = output.findLastIndex(({ text }) => complaint.test(text));
  const said = output[last]?.text.replace(complaint, "") ?? null;
  const first =
    said?.endsWith(" occurred:") === true ? /^\s*\* (.*)$/.exec(output[last + 1]?.text ?? "")?.[1] : undefined;
  return first ?? said;
}

const stamped = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /;
const complaint = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (?:(?:ERROR|CRITICAL) *: |(?=Failed to ))/;

function lackIn(transcript: readonly TranscriptLine[], { data }: ProgramSession): string | null {
  const sent = transcript.flatMap(({ direction, text }) => (direction === ">" ? [text.split(" ", 1)[0] ?? ""] : []));
  const first = sent.find((verb) => dataVerbs.includes(verb));
  return first === undefined || first === data.toUpperCase() ? null : `It sent ${first} first.`;
}

/** `2026/11/30 12:00:00 DEBUG : FTP Tx: "EPSV"`, as Go quotes a string; a masked password has no quotes. */
const debugLine = /^\S+ \S+ DEBUG *: FTP (Rx|Tx): "?(PASS |(?<=").*(?="$))/;

/** It logs what it reads of a listing as it logs replies, cut at any place. */
function withoutListings(output: readonly OutputLine[]): readonly OutputLine[] {
  let openCode: string | null = null;
  return output.filter(({ text }) => {
    const [, direction, received = ""] = debugLine.exec(text) ?? [];
    if (direction !== "Rx") return true;
    const [, code = null, mark = ""] = /^(\d{3})([ -])/.exec(received) ?? [];
    const isOfReply = openCode !== null || code !== null;
    if (openCode === null && mark === "-") openCode = code;
    else if (mark === " " && code === openCode) openCode = null;
    return isOfReply;
  });
}

function dialogueLine({ text }: OutputLine): DialogueLine {
  const [, direction, quoted] = debugLine.exec(text) ?? [];
  if (quoted !== undefined) {
    return { direction: direction === "Tx" ? ">" : "<", text: quoted.replace(/\\(["\\])/g, "$1") };
  }
  return complaint.test(text) ? { direction: "*", text: text.replace(complaint, "") } : null;
}

/** A command line that prints the list of the server's first folder. */
function usage(wish: Usage): readonly string[] | null {
  const trust = wish.caFile === null || traitsOf(wish.mode).tls === "none" ? "" : `SSL_CERT_FILE=${wish.caFile} `;
  const options = [...protocolOptions(wish), `--ftp-user=${accountPlaceholder}`, "--ftp-ask-password"];
  return [`${trust}rclone lsf :ftp: ${options.join(" ")}`];
}

export const rclone: ClientDefinition = {
  id: "rclone",
  title: "rclone of Debian 13",
  defaults: { foreignAddress: "trust", resumeSession: true },
  options: {
    "no-resume": {
      description: "data connections start a new TLS session (--ftp-tls-cache-size=0)",
      set: { resumeSession: false },
    },
    ...noCheck("--ftp-no-check-certificate"),
    ...byAddress,
    "tls1.2": oneVersion("--ftp-disable-tls13")["tls1.2"],
  },
  program,
  usage,
  expects: ({ server, client }, predict, _version, traits) => {
    // Go resumes a session of TLS 1.2 by its ticket alone (crypto/tls); mod_tls without TLS 1.3 has ids in place of tickets.
    const isKnownById = server.includes("+tls1.2") && traits?.refusesNewSession?.stage === "data-tls";
    const expected = predict({}, isKnownById ? { resumeSession: false } : {});
    // Go looks at the name before it looks for the authority (crypto/x509, Certificate.Verify).
    const isNameFirst = expected.cause === "certificate-untrusted" && client.includes("+by-address");
    return isNameFirst ? { ...expected, cause: "certificate-name-mismatch" } : expected;
  },
};
