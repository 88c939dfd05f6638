import { parseDialogue } from "../../evidence/text/server-log";
import { linesOf, readAddress } from "../../evidence/text/lines";
import { account, siteRoot } from "../../model/ftp-site";
import { addressOf } from "../../model/network";
import { aioftpProgram } from "./aioftp-program";
import { amendSettings } from "./amend";
import { certificatePaths } from "./certificate-paths";
import type { ServerSettings, ServerSetup, ServerSoftware } from "./definition";
import { lackOfAbility, undemanding, withoutModTls } from "./demands";
import { portRange } from "./port-range";

const paths = { configuration: "/etc/ftp-lab/aioftp.py", ...certificatePaths } as const;
const program = "/usr/local/sbin/lab-aioftp";
const pidFile = "/run/lab-aioftp.pid";
const dialogueLog = "/var/log/ftp-lab/dialogue.log";
const outputLog = "/var/log/ftp-lab/aioftp.out";

/** aioftp 0.24 (server.py), without TLS; it has implicit TLS, and no AUTH. It has no active mode. */
export const aioftp: ServerSoftware = {
  id: "aioftp",
  name: "aioftp",
  logging: { plain: "log at level DEBUG", tls: "log at level DEBUG" },
  // It does not name itself.
  greeting: /^(?:220 )?welcome$/,
  strangerRefusal: null,
  says: {
    limit: /^(?:\d{3} )?Too many connections\b/,
    address: null,
    command: null,
    file: /^(?:\d{3} )?(?:path (?:does not exists|already exists|is not a (?:file|dir))|permission denied)$/,
    setting: null,
    died: null,
    range: /^(?:\d{3} )?no free ports$/,
  },
  deniedBy: () => null,
  images: { trixie: "server-aioftp" },
  version: { command: `python3 -c 'import aioftp; print("aioftp", aioftp.__version__)'`, pattern: /aioftp (\S+)/ },
  capabilities: [],
  paths,
  logs: { dialogue: dialogueLog, tlsLog: null, systemLog: outputLog, transferLog: null },
  lacks: (profile) =>
    profile.tls === null
      ? lackOfAbility(profile, { name: "aioftp", choosesVersions: false, demandsReuse: false, demands: [] })
      : { key: "tls", what: "the lab sets aioftp up with `tls: none` only" },
  // server.py: commands_mapping has neither PORT nor EPRT; _start_passive_server takes whoever connects.
  traits: () => ({
    ...undemanding,
    explicitTls: false,
    implicitTls: false,
    refusesCcc: "CCC is no command of aioftp's (502).",
    refusesNewSession: null,
    refusesActive: "aioftp has no active mode",
    foreignAddressCode: 502,
    otherFamily: "not-supported",
    refusesForeignPeer: null,
    connects: "at-transfer",
  }),
  undecided: (_, { client, operation }) => {
    if (client.startsWith("wget")) return "wget says LIST -a, and aioftp takes any argument of LIST for a path";
    return client.startsWith("ncftp") && operation === "list" ? "ncftpls says NLST, which aioftp does not know" : null;
  },
  files: (setup) => [
    { path: paths.configuration, text: render(setup), mode: "600" },
    { path: program, text: aioftpProgram, mode: "755" },
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
    passivePorts: ({ first, last }) => [`data_ports = range(${first}, ${last + 1})`],
    masqueradeAddress: (address) => [`ipv4_pasv_forced_response_address = "${address}"`],
    grantCcc: null,
    acceptNewSessions: null,
    demandNothing: [],
    freeProtection: [],
    certificate: () => [],
    reload: ["# arguments of aioftp.Server, and of its run(): then start the program again"],
    currentVersions: [],
    offerTls: [],
    acceptForeignAddress: [],
    acceptForeignPeer: null,
    implicitTls: null,
    port: (port) => [`port = ${port}`],
    logMore: ["logging.basicConfig(level=logging.DEBUG)"],
    moreSessions: ["maximum_connections = None"],
    allowAddress: [],
    answerSooner: [],
    check: ["python3 -X dev YOUR_PROGRAM.py"],
    denyCommand: () => null,
    allowCommand: () => null,
  },
  amend: (configuration, lines) => amendSettings(configuration, lines, (line) => /^(\w+) =/.exec(line)?.[1] ?? null),
};

/** Arguments of `aioftp.Server` and of its `run`, and what the lab's program wants besides. */
function render({ topology, server, profile }: ServerSetup): string {
  const { first, last } = server.passivePorts;
  return [
    `# ${topology.id}: aioftp on ${server.id}, profile ${profile.id}`,
    `host = "${addressOf(topology, server.id)}"`,
    `port = ${server.controlPort}`,
    `data_ports = range(${first}, ${last + 1})`,
    ...(server.masqueradeAddress === null ? [] : [`ipv4_pasv_forced_response_address = "${server.masqueradeAddress}"`]),
    `users = ${account.users}`,
    `prefix = "${account.userPrefix}"`,
    `password = "${account.password}"`,
    `home = "${siteRoot}"`,
    `log = "${dialogueLog}"`,
    ...(profile.amendments ?? []),
    "",
  ].join("\n");
}

function readSettings(configuration: string): ServerSettings {
  const values = new Map(
    linesOf(configuration).flatMap((line) => {
      const [, name, value] = /^(\w+) = (.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
  const text = (name: string): string | undefined => /^"(.*)"$/.exec(values.get(name) ?? "")?.[1];
  // Python's range ends before its second number.
  const [, first, end] = /^range\((\d+), (\d+)\)$/.exec(values.get("data_ports") ?? "") ?? [];
  return {
    address: readAddress(text("host")),
    passivePorts: portRange(first, end === undefined ? undefined : String(Number(end) - 1)),
    masqueradeAddress: readAddress(text("ipv4_pasv_forced_response_address")),
    ...withoutModTls,
    implicitPorts: [],
  };
}
