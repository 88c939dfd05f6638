import { account, siteRoot } from "../../model/ftp-site";
import { addressOf } from "../../model/network";
import { demandsSessionReuse, type ServerProfile } from "../../model/server-profile";
import { emptyScript } from "../../model/server-script";
import { parseDialogue, parseSessionLines, parseSessionPeers } from "../../evidence/text/server-log";
import { readAddress } from "../../evidence/text/lines";
import { certificatePaths } from "./certificate-paths";
import type { ServerSettings, ServerSetup, ServerSoftware, ServerTraits } from "./definition";
import { lackOfAbility, undemanding, withoutModTls } from "./demands";
import { portRange } from "./port-range";
import { denialIn, withLines } from "./scripted/lines";
import { scriptedProgram } from "./scripted/program";
import { decidedBy } from "./scripted/decides";

const paths = { configuration: "/etc/ftp-lab/scripted.json", ...certificatePaths } as const;
const dataCertificate = { certificate: "/etc/ftp-lab/data-certificate.pem", privateKey: "/etc/ftp-lab/data-key.pem" };
const program = "/usr/local/sbin/lab-scripted";
const pidFile = "/run/lab-scripted.pid";
const outputLog = "/var/log/ftp-lab/scripted.out";
const logs = {
  dialogue: "/var/log/ftp-lab/scripted-dialogue.log",
  tlsLog: "/var/log/ftp-lab/scripted-tls.log",
  systemLog: "/var/log/ftp-lab/scripted-system.log",
} as const;
const implicitPort = 990;

/** A server whose replies are data: a small program of the lab's own, which stands for servers that the lab does not have. */
export const scripted: ServerSoftware = {
  id: "scripted",
  name: "Scripted server",
  // It stands for servers of whose logs nobody knows the names.
  logging: { plain: "log with commands and replies", tls: "log with commands and replies" },
  isStandIn: true,
  greeting: /\bScripted server\b/,
  strangerRefusal: null,
  says: { limit: null, address: null, command: null, file: null, setting: null, died: null, range: null },
  deniedBy: denialIn,
  images: { trixie: "server-pyftpdlib" },
  version: { command: "python3 --version", pattern: /Python (\S+)/ },
  capabilities: [],
  paths,
  logs: { ...logs, transferLog: null },
  lacks: (profile) =>
    lackOfAbility(profile, {
      name: "the scripted server",
      choosesVersions: true,
      demandsReuse: true,
      demands: ["off"],
    }),
  traits,
  undecided: decidedBy,
  files: (setup) => [
    {
      path: paths.configuration,
      text: withLines(textOf(settingsFor(setup)), setup.profile.amendments ?? []),
      mode: "600",
    },
    { path: program, text: scriptedProgram, mode: "755" },
  ],
  dataCertificate: ({ script }) => {
    const kind = script?.data.certificate ?? null;
    return kind === null ? null : { kind, ...dataCertificate };
  },
  ports: ({ server, profile }) => [server.controlPort, ...(hasImplicit(profile) ? [implicitPort] : [])],
  start: () => [
    `: > ${outputLog}`,
    `setsid -f sh -c 'echo $$ > ${pidFile}; exec python3 ${program} ${paths.configuration}' </dev/null >>${outputLog} 2>&1`,
  ],
  stop: [`if [ -e ${pidFile} ]; then kill "$(cat ${pidFile})" 2>/dev/null || true; fi`, `rm -f ${pidFile}`],
  settle: [],
  readLogs: ({ dialogue, tlsLog, systemLog }) => ({
    exchanges: parseDialogue(dialogue),
    tlsLog: parseSessionLines(tlsLog),
    systemLog: parseSessionLines(systemLog),
    peers: parseSessionPeers(systemLog),
    transferLog: new Map(),
  }),
  readSettings,
  userFiles: null,
  userConfig: null,
  // Its script contains its settings.
  takesDirectives: false,
  // The words of the servers that it represents are unknown: these are keys of its script.
  directives: {
    passivePorts: ({ first, last }) => [`data.ports: ${first}-${last}`],
    masqueradeAddress: (address) => [`data.address: ${address}`],
    grantCcc: ["CCC: default"],
    acceptNewSessions: () => ["tls.options: [NoSessionReuseRequired]"],
    demandNothing: ["USER: default", "PASS: default"],
    freeProtection: ["PROT: default"],
    certificate: () => [],
    reload: [],
    currentVersions: ["tls.protocol: TLSv1.2 TLSv1.3"],
    offerTls: ["AUTH: default"],
    acceptForeignAddress: [],
    acceptForeignPeer: null,
    implicitTls: () => ["script.tls.accepts: both"],
    port: () => [],
    logMore: [],
    answerSooner: [],
    check: [],
    moreSessions: [],
    allowAddress: [],
    denyCommand: (verb) => [`${verb}: 502 Command not implemented.`],
    allowCommand: (verb) => [`${verb}: default`],
  },
  amend: withLines,
};

function hasImplicit({ tls, script = emptyScript }: ServerProfile): boolean {
  return tls !== null && script.tls.accepts !== "explicit";
}

function textOf(settings: ReturnType<typeof settingsFor>): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** What the program reads. */
function settingsFor({ topology, server, profile }: ServerSetup) {
  const { tls, script = emptyScript } = profile;
  const address = addressOf(topology, server.id);
  const { first, last } = script.data.ports ?? server.passivePorts;
  const usual = [{ kind: "default" as const }];
  return {
    address,
    port: server.controlPort,
    implicitPort,
    passivePorts: [first, last],
    masqueradeAddress: script.data.address ?? server.masqueradeAddress,
    home: siteRoot,
    userPrefix: account.userPrefix,
    password: account.password,
    logs,
    tls: tls === null ? null : { ...certificatePaths, ...tlsFor(tls, script) },
    script: { greeting: script.greeting ?? usual, commands: script.commands, data: script.data },
    lines: [] as readonly string[],
  };
}

/** Oldest first, in Python's words (ssl.TLSVersion). */
const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

function tlsFor(tls: NonNullable<ServerProfile["tls"]>, script: NonNullable<ServerProfile["script"]>) {
  const words = tls.protocol.split(" ");
  const isAny = /^(ALL|SSLv23)$/.test(tls.protocol);
  return {
    versions: versions
      .filter((version) => words.includes(version) || (isAny && version > "TLSv1.1"))
      .map((version) => version.replace(".", "_")),
    accepts: script.tls.accepts,
    ccc: script.tls.ccc,
    demandsReuse: demandsSessionReuse(tls),
    dataCertificate: script.data.certificate === null ? null : dataCertificate,
  };
}

/** Those of what it does by default: session-program.ts, commands-program.ts. */
function traits({ tls, script = emptyScript }: ServerProfile): ServerTraits {
  const { accepts } = script.tls;
  return {
    ...undemanding,
    explicitTls: tls !== null && accepts !== "implicit",
    implicitTls: tls !== null && accepts !== "explicit",
    refusesCcc: null,
    refusesNewSession:
      tls !== null && demandsSessionReuse(tls)
        ? {
            reason: "It wants the control connection's TLS session resumed, and the client does not (425).",
            stage: "data-tls",
          }
        : null,
    foreignAddressCode: 500,
    otherFamily: "not-supported",
    refusesForeignPeer: null,
    connects: "at-transfer",
  };
}

function readSettings(configuration: string): ServerSettings {
  const [, address] = /^ {2}"address": "([^"]*)"/m.exec(configuration) ?? [];
  const [, first, last] = /"passivePorts": \[\s*(\d+),\s*(\d+)\s*\]/.exec(configuration) ?? [];
  const [, announced] = /^ {2}"masqueradeAddress": "([^"]*)"/m.exec(configuration) ?? [];
  return {
    address: readAddress(address),
    passivePorts: portRange(first, last),
    masqueradeAddress: readAddress(announced),
    ...withoutModTls,
    implicitPorts: [],
  };
}
