import { isPassive, traitsOf } from "../../model/axes";
import type { TranscriptLine } from "../../model/cell";
import type { ClientProgram, Lack, ProgramOutcome, ProgramSession, ProgramStory } from "../../model/program";
import { nodeClientPath } from "../../model/ftp-site";
import { findsIn, lacksCommands } from "./binary-words";
import type { ClientDefinition, Usage } from "./definition";
import { readNodeScript } from "./node-script";
import { scriptSettings } from "./script-settings";
import { tlsOptions } from "./tls-options";

/** `basic-ftp 5`: the release's name in sentences. */
type Release = {
  readonly id: string;
  readonly name: string;
  /** Where its library lies, if the script does not hold it. */
  readonly library?: string;
  /** Whether it has implicit TLS; left out: it has. */
  readonly hasImplicit?: boolean;
};

export const basicFtpOptions: ClientDefinition["options"] = {
  ...tlsOptions("rejectUnauthorized: false", "minVersion, maxVersion in secureOptions"),
  stepwise: {
    description: "begins explicit TLS by connect(), useTLS() and login(), in the place of access()",
    set: {},
  },
};

/**
 * In implicit mode and step by step it forgets the server's name on data connections, and Node asks the certificate for `localhost`.
 * Debian's Node (20.19.2+dfsg-1+deb13u3) does so of resumed sessions too; before, one that was resumed hid it.
 */
export const forgetsName: NonNullable<ClientDefinition["expects"]> = ({ mode, client }, predict) => {
  const { tls, protection } = traitsOf(mode);
  const [, ...options] = client.split("+");
  const forgets = tls === "implicit" || (tls === "explicit" && options.includes("stepwise"));
  if (!forgets || protection !== "P" || options.includes("no-check") || predict({}).result !== "worked") return null;
  return {
    result: "failed",
    stage: "data-tls",
    cause: "certificate-name-mismatch",
    reason: "It forgets the server's name on data connections, and Node asks the certificate for localhost.",
  };
};

/** Calls of basic-ftp for a passive session; it has no other way to dial the control connection's peer than to send EPSV. */
export function basicFtpUsage({ mode, data, words, host, port, caFile }: Usage): readonly string[] | null {
  if (words.includes("ignore-227")) return null;
  const { tls } = traitsOf(mode);
  const secure = { none: "false", explicit: "true", implicit: '"implicit"' }[tls];
  const place = [`host: "${host}"`, ...([21, 990].includes(port) ? [] : [`port: ${port}`])].join(", ");
  const trust = tls === "none" || caFile === null ? "" : `, secureOptions: { ca: readFileSync("${caFile}") }`;
  const isAllowed = words.includes("trust-227") || words.includes("replace-227");
  const strategy = { pasv: "IPv4", epsv: "IPv6", port: null, eprt: null }[data];
  return [
    `const client = new Client(30000${isAllowed ? ", { allowSeparateTransferHost: true }" : ""})`,
    // Its name for EPSV, over IPv4 too.
    ...(strategy === null ? [] : [`client.prepareTransfer = enterPassiveMode${strategy}`]),
    `await client.access({ ${place}, user, password, secure: ${secure}${trust} })`,
  ];
}

/** A release of basic-ftp (npm) in a user's own script, whose dialogue is told by `verbose`. */
export function basicFtpProgram(release: Release): ClientProgram {
  const script = nodeClientPath(release.id);
  return {
    image: "client",
    version: { argv: ["node", script, "--version"], pattern: /^basic-ftp (\S+)/ },
    keepsPlace: true,
    isNodeScript: true,
    lacks: (session) => lacksOf(session, { ...release, script: release.library ?? script }),
    command: (session) => ({ argv: ["node", script], input: scriptSettings(session) }),
    read: (outcome, session) => read(outcome, session, release),
  };
}

function lacksOf(
  { mode, data }: Parameters<ClientProgram["lacks"]>[0],
  { name, script, hasImplicit = true }: Release & { readonly script: string },
): Lack | null {
  const { ccc, protection, tls } = traitsOf(mode);
  if (tls === "implicit" && !hasImplicit) {
    return {
      what: `${name} has no implicit TLS.`,
      proof: {
        kind: "command",
        argv: findsIn(script, "PROT P|implicit"),
        expect: "present",
        pattern: /^(?![^]*implicit)[^]*PROT P/,
      },
    };
  }
  if (ccc !== "none") return lacksCommands(`${name} has no CCC.`, script, { sends: "PROT", lacks: ["CCC"] });
  if (!isPassive(data)) {
    return lacksCommands(`${name} has no active mode.`, script, { sends: "PASV", lacks: ["PORT", "EPRT"] });
  }
  if (protection !== "C") return null;
  return {
    what: `${name} protects data whenever it uses TLS.`,
    proof: {
      kind: "command",
      argv: findsIn(script, "PROT [A-Z]|socket instanceof [a-z0-9_.]+TLSSocket"),
      expect: "present",
      // PROT P alone, and TLS on data connections as on the control connection.
      pattern: /^(?![^]*PROT [^P])[^]*(?:PROT P[^]*TLSSocket|TLSSocket[^]*PROT P)/,
    },
  };
}

function read(outcome: ProgramOutcome, session: ProgramSession, { name }: Release): ProgramStory {
  const story = readNodeScript("basic-ftp", outcome, session);
  // It shows QUIT for a control connection that it never had, too.
  const answered = story.transcript.some(({ direction }) => direction === "<");
  const transcript = answered
    ? story.transcript
    : story.transcript.map((line) => ({ ...line, direction: "*" as const }));
  return {
    ...story,
    transcript,
    redraw: endedTooSoon(transcript, story.message, session.files)
      ? `${name} ended the TLS of an empty upload before its handshake was over`
      : null,
  };
}

/**
 * It takes TLS on a data connection for ready once the cipher is known (transfer.js, uploadFrom), which is so before the client has
 * said Finished. With nothing to send it may then close amid the handshake, and the server's alert ends the session.
 */
function endedTooSoon(
  transcript: readonly TranscriptLine[],
  message: string | null,
  files: ProgramSession["files"],
): boolean {
  const stored = transcript.findLast(({ text }) => text.startsWith("STOR "))?.text ?? "";
  const isEmpty = files.some(({ name, size }) => size === 0 && stored.endsWith(`/${name}`));
  return isEmpty && (message ?? "").includes("alert decode error");
}
