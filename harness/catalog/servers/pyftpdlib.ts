import type { ServerProfile } from "../../model/server-profile";
import { addressOf } from "../../model/network";
import { account, siteRoot } from "../../model/ftp-site";
import { parseDialogue } from "../../evidence/text/server-log";
import { readAddress } from "../../evidence/text/lines";
import { certificatePaths } from "./certificate-paths";
import type { ServerSetup, ServerSettings, ServerSoftware, ServerTraits } from "./definition";
import { lackOfAbility, undemanding, withoutModTls } from "./demands";
import { portRange } from "./port-range";
import { pyftpdlibProgram } from "./pyftpdlib-program";

const paths = { configuration: "/etc/ftp-lab/pyftpdlib.json", ...certificatePaths } as const;
const program = "/usr/local/sbin/lab-pyftpdlib";
const pidFile = "/run/lab-pyftpdlib.pid";
const dialogueLog = "/var/log/ftp-lab/dialogue.log";
const outputLog = "/var/log/ftp-lab/pyftpdlib.out";

/** pyftpdlib 2.0.1 with its TLS_FTPHandler. It has no implicit TLS. */
export const pyftpdlib: ServerSoftware = {
  id: "pyftpdlib",
  name: "pyftpdlib",
  logging: { plain: "log at level DEBUG", tls: "log at level DEBUG" },
  greeting: /\bpyftpdlib(?: [\d.]+)?/i,
  // handlers.py
  strangerRefusal: "Rejected data connection from foreign address",
  says: {
    // handlers.py, handle_max_cons and handle_max_cons_per_ip
    limit: /^(?:\d{3} )?Too many connections\b/i,
    address: null,
    command: /Not enough privileges\./i,
    file: /^(?:\d{3} )?(No such file or directory|Permission denied|Is a directory|Not a directory|No space left on device|File exists|.* is not retrievable|No such directory)\.?$/i,
    setting: null,
    died: null,
    range: /Can't find a valid passive port/i,
  },
  deniedBy: (verb, configuration) =>
    configuration.includes(`proto_cmds.pop(\\"${verb}\\"`) ? `handler.proto_cmds.pop("${verb}", None)` : null,
  images: { trixie: "server-pyftpdlib" },
  version: {
    command: `python3 -c 'import pyftpdlib; print("pyftpdlib", pyftpdlib.__ver__)'`,
    pattern: /pyftpdlib (\S+)/,
  },
  capabilities: [],
  paths,
  logs: { dialogue: dialogueLog, tlsLog: null, systemLog: outputLog, transferLog: null },
  lacks: (profile) =>
    lackOfAbility(profile, { name: "pyftpdlib", choosesVersions: true, demandsReuse: false, demands: ["off"] }),
  traits,
  files: (setup) => [
    { path: paths.configuration, text: textOf(settingsFor(setup)), mode: "600" },
    { path: program, text: pyftpdlibProgram, mode: "755" },
  ],
  ports: ({ server }) => [server.controlPort],
  start: () => [
    `setsid -f sh -c 'echo $$ > ${pidFile}; exec ${program} ${paths.configuration}' </dev/null >>${outputLog} 2>&1`,
  ],
  stop: [`if [ -e ${pidFile} ]; then kill "$(cat ${pidFile})" 2>/dev/null || true; fi`, `rm -f ${pidFile}`],
  settle: [],
  readLogs: ({ dialogue }) => ({
    exchanges: parseDialogue(dialogue),
    tlsLog: new Map(),
    systemLog: new Map(),
    transferLog: new Map(),
  }),
  readSettings,
  userFiles: null,
  userConfig: null,
  // They would be a stranger's program.
  takesDirectives: false,
  directives: {
    passivePorts: ({ first, last }) => [`handler.passive_ports = range(${first}, ${last + 1})`],
    masqueradeAddress: (address) => [`handler.masquerade_address = "${address}"`],
    grantCcc: null,
    acceptNewSessions: null,
    demandNothing: ["handler.tls_control_required = False", "handler.tls_data_required = False"],
    freeProtection: ["handler.tls_data_required = False"],
    certificate: () => [
      'handler.certfile = "/etc/ssl/certs/ftp-fullchain.pem"',
      'handler.keyfile = "/etc/ssl/private/ftp.key"',
    ],
    reload: ["# then start the program again"],
    currentVersions: ["handler.ssl_options &= ~(SSL.OP_NO_TLSv1_2 | SSL.OP_NO_TLSv1_3)"],
    offerTls: [
      "handler = TLS_FTPHandler",
      'handler.certfile = "/etc/ssl/certs/ftp-fullchain.pem"',
      'handler.keyfile = "/etc/ssl/private/ftp.key"',
    ],
    acceptForeignAddress: ["handler.permit_foreign_addresses = True"],
    acceptForeignPeer: ["handler.permit_foreign_addresses = True"],
    implicitTls: null,
    port: (port) => [`server = FTPServer(("", ${port}), handler)`],
    logMore: ["logging.basicConfig(level=logging.DEBUG)"],
    answerSooner: [],
    check: ["python3 -X dev YOUR_PROGRAM.py"],
    moreSessions: ["server.max_cons = 0", "server.max_cons_per_ip = 0"],
    allowAddress: [],
    denyCommand: (verb) => [`handler.proto_cmds.pop("${verb}", None)`],
    allowCommand,
  },
  // Of two assignments the later one counts.
  amend: (configuration, lines) => {
    if (lines.length === 0) return configuration;
    const settings = JSON.parse(configuration) as ReturnType<typeof settingsFor>;
    return textOf({ ...settings, directives: [...settings.directives, ...lines] });
  },
};

/** Whether a data command has an argument; EPSV may have one. */
const argumentOf: Readonly<Record<string, string | undefined>> = {
  PASV: "False",
  EPSV: "None",
  PORT: "True",
  EPRT: "True",
};

/** `proto_cmds` says of each command what is asked before its method is called (handlers.py). */
function allowCommand(verb: string): readonly string[] | null {
  const argument = argumentOf[verb];
  if (argument === undefined) return null;
  return [`handler.proto_cmds["${verb}"] = {"perm": None, "auth": True, "arg": ${argument}, "help": "${verb}"}`];
}

function textOf(settings: ReturnType<typeof settingsFor>): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** What the program reads. */
function settingsFor({ topology, server, profile }: ServerSetup) {
  const { tls, directives = [], amendments = [] } = profile;
  const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"].filter(
    (version) =>
      tls !== null &&
      (tls.protocol.split(" ").includes(version) || (/^(ALL|SSLv23)$/.test(tls.protocol) && version > "TLSv1.1")),
  );
  return {
    address: addressOf(topology, server.id),
    port: server.controlPort,
    passivePorts: [server.passivePorts.first, server.passivePorts.last],
    masqueradeAddress: server.masqueradeAddress,
    tls:
      tls === null
        ? null
        : {
            certificate: paths.certificate,
            privateKey: paths.privateKey,
            versions: versions.map((version) => version.replace(".", "_")),
          },
    users: Array.from({ length: account.users }, (_, slot) => `${account.userPrefix}${slot}`),
    password: account.password,
    home: siteRoot,
    log: dialogueLog,
    directives: [...directives, ...amendments],
  };
}

/** pyftpdlib/handlers.py: ftp_AUTH, ftp_PROT, _make_eport. */
function traits({ tls, directives = [], amendments = [] }: ServerProfile): ServerTraits {
  const permission = [...directives, ...amendments].findLast((line) => /\bpermit_foreign_addresses *=/.test(line));
  return {
    ...undemanding,
    explicitTls: tls !== null,
    implicitTls: false,
    wantsPbsz: true,
    refusesCcc: "CCC is no command of pyftpdlib's (500).",
    refusesNewSession: null,
    foreignAddressCode: 501,
    otherFamily: "not-supported",
    refusesForeignPeer: /= *True\b/.test(permission ?? "")
      ? null
      : "pyftpdlib refuses it unless permit_foreign_addresses is set (425)",
    connects: "at-command",
  };
}

function readSettings(configuration: string): ServerSettings {
  const text = (name: string): string | undefined =>
    new RegExp(`^ {2}"${name}": "([^"]*)"`, "m").exec(configuration)?.[1];
  const [, first, last] = /"passivePorts": \[\s*(\d+),\s*(\d+)\s*\]/.exec(configuration) ?? [];
  // Python's range ends before its second number.
  const [, from, end] = [...configuration.matchAll(/handler\.passive_ports = range\((\d+), (\d+)\)/g)].at(-1) ?? [];
  const [, named] = [...configuration.matchAll(/handler\.masquerade_address = \\"([^"\\]*)\\"/g)].at(-1) ?? [];
  return {
    address: readAddress(text("address")),
    passivePorts: end === undefined ? portRange(first, last) : portRange(from, String(Number(end) - 1)),
    masqueradeAddress: readAddress(named ?? text("masqueradeAddress")),
    ...withoutModTls,
    implicitPorts: [],
  };
}
