import { demandsOf, type ServerProfile, type ServerTls } from "../../model/server-profile";
import { addressOf, familyOf } from "../../model/network";
import { readAddress } from "../../evidence/text/lines";
import { accountsFile, addAccounts } from "./accounts";
import { amendSettings } from "./amend";
import { certificatePaths } from "./certificate-paths";
import type { ServerSetup, ServerSettings, ServerSoftware, ServerTraits } from "./definition";
import { pureFtpdFiles } from "./pure-ftpd-files";
import { lackOfAbility, undemanding, withoutModTls } from "./demands";
import { receivedPath, receiverFile, receiveSyslog, settleSyslog } from "./log-receiver";
import { portRange } from "./port-range";
import { readPureFtpdLogs } from "./pure-ftpd-log";

const paths = { configuration: "/etc/ftp-lab/pure-ftpd.conf", ...certificatePaths } as const;
const pidFile = "/run/lab-pure-ftpd.pid";

/** Pure-FTPd 1.0.50. It has no implicit TLS: such sites put a TLS proxy in front of it. */
export const pureFtpd: ServerSoftware = {
  id: "pure-ftpd",
  name: "Pure-FTPd",
  isUnixOnly: true,
  logging: { plain: "syslog, with VerboseLog yes", tls: "syslog, with VerboseLog yes" },
  greeting: /\bPure-FTPd\b/i,
  strangerRefusal: null,
  // src/messages_en.h
  says: {
    limit:
      /users \(the maximum\) are already logged in|Too many connections \(\d+\) from this IP|can't accept more than \d+ connections as the same user/i,
    address: null,
    command: /Active mode is disabled|anonymous users? (are|can) not/i,
    file: /Can't (open|change directory|find file size|check for file|create directory)|that file doesn't exist|only retrieve regular files|Prohibited (file|directory) name|Disk full|Quota exceeded|won't be overwritten|Restart offset .* too large/i,
    setting:
      /Home directory not available|Unable to (set up secure anonymous|open the .*puredb|read the indexed)|unable to read \[/i,
    died: null,
    range: /All reserved TCP ports are busy/i,
  },
  deniedBy: (verb, configuration) =>
    verb === "EPSV" ? (/^\s*BrokenClientsCompatibility\s+yes/im.exec(configuration)?.[0].trim() ?? null) : null,
  debianPackage: "pure-ftpd",
  images: { trixie: "server-pure-ftpd" },
  version: { command: "dpkg-query -W -f 'pure-ftpd ${Version}' pure-ftpd", pattern: /pure-ftpd (\d[\d.]*)/ },
  // It keeps these for itself, and does not start where it cannot (src/caps_p.h).
  capabilities: ["SYS_NICE", "DAC_READ_SEARCH"],
  paths,
  logs: { dialogue: receivedPath, tlsLog: null, systemLog: null, transferLog: null },
  lacks: (profile) =>
    lackOfAbility(profile, {
      name: "Pure-FTPd",
      choosesVersions: false,
      demandsReuse: false,
      demands: ["off", "auth", "on"],
    }),
  traits,
  files: (setup) => [
    { path: paths.configuration, text: amend(render(setup), setup.profile.amendments ?? []), mode: "600" },
    accountsFile,
    receiverFile,
  ],
  ports: ({ server }) => [server.controlPort],
  start: () => [...addAccounts, ...receiveSyslog, `pure-ftpd ${paths.configuration}`],
  stop: [`if [ -e ${pidFile} ]; then kill "$(cat ${pidFile})" 2>/dev/null || true; fi`, `rm -f ${pidFile}`],
  settle: settleSyslog,
  readLogs: ({ dialogue }) => readPureFtpdLogs(dialogue),
  readSettings,
  userFiles: pureFtpdFiles,
  userConfig: null,
  directives: {
    passivePorts: ({ first, last }) => [`PassivePortRange ${first} ${last}`],
    masqueradeAddress: (address) => [`ForcePassiveIP ${address}`],
    // It grants CCC whatever `TLS` says.
    grantCcc: null,
    acceptNewSessions: null,
    demandNothing: ["TLS 1"],
    freeProtection: ["TLS 2"],
    certificate: () => ['CertFileAndKey "/etc/ssl/certs/ftp-fullchain.pem" "/etc/ssl/private/ftp.key"'],
    reload: ["# then: systemctl restart pure-ftpd"],
    currentVersions: ["TLSCipherSuite HIGH"],
    offerTls: ["TLS 1", 'CertFileAndKey "/etc/ssl/certs/ftp-fullchain.pem" "/etc/ssl/private/ftp.key"'],
    acceptForeignAddress: ["AllowUserFXP yes"],
    acceptForeignPeer: null,
    implicitTls: null,
    port: (port) => [`Bind ,${port}`],
    logMore: ["VerboseLog yes"],
    answerSooner: ["DontResolve yes"],
    check: ["pure-ftpd --help # names each option"],
    moreSessions: ["MaxClientsNumber 1000", "MaxClientsPerIP 1000"],
    allowAddress: [],
    // EPSV is the one command that a setting turns off (src/ftp_parser.c).
    denyCommand: (verb) => (verb === "EPSV" ? ["BrokenClientsCompatibility yes"] : null),
    allowCommand: (verb) => (verb === "EPSV" ? ["BrokenClientsCompatibility no"] : null),
  },
  amend,
};

/** A `no` further down does not undo a `yes`: each line becomes an option of the command line, and `no` is none (simpleconf). */
function amend(configuration: string, lines: readonly string[]): string {
  return amendSettings(configuration, lines, (line) => /^\s*([A-Za-z0-9]+)\s/.exec(line)?.[1]?.toLowerCase() ?? null);
}

function render({ topology, server, profile }: ServerSetup): string {
  const { first, last } = server.passivePorts;
  return [
    `# ${topology.id}: Pure-FTPd on ${server.id}, profile ${profile.id}`,
    `Bind ${addressOf(topology, server.id)},${server.controlPort}`,
    familyOf(topology, server.id) === "ipv6" ? "IPV6Only yes" : "IPV4Only yes",
    "Daemonize yes",
    `PIDFile ${pidFile}`,
    // Any lab's clients may share one address.
    "MaxClientsNumber 1000",
    "MaxClientsPerIP 1000",
    "NoAnonymous yes",
    "UnixAuthentication yes",
    "MinUID 1000",
    "ChrootEveryone yes",
    "Umask 133:022",
    // No name server is in reach.
    "DontResolve yes",
    "LogPID yes",
    "# The first makes it log commands, the second replies too.",
    "VerboseLog yes",
    "VerboseLog yes",
    `PassivePortRange ${first} ${last}`,
    ...(server.masqueradeAddress === null ? [] : [`ForcePassiveIP ${server.masqueradeAddress}`]),
    ...(profile.tls === null
      ? ["TLS 0"]
      : [`TLS ${levelOf(profile.tls)}`, `CertFileAndKey "${paths.certificate}" "${paths.privateKey}"`]),
    ...(profile.directives ?? []),
    "",
  ].join("\n");
}

/** 1 offers TLS, 2 demands it for the login, 3 for data too. */
function levelOf({ required }: ServerTls): string {
  const { auth, data } = demandsOf(required);
  return data === "required" ? "3" : auth ? "2" : "1";
}

/** src/ftp_parser.c, src/ftpd.c doport2. */
function traits({ tls }: ServerProfile): ServerTraits {
  const demands = demandsOf(tls?.required ?? "off");
  return {
    ...undemanding,
    explicitTls: tls !== null,
    implicitTls: false,
    // As measured with 1.0.50: `openssl s_client` gets a ticket over TLS 1.2 and none over TLS 1.3.
    sendsTickets: false,
    refusesClearLogin: demands.auth ? "Its TLS setting refuses a login without TLS (421)." : null,
    refusesClearTransfer:
      demands.data === "required" ? "Its TLS setting refuses transfers without PROT P (521)." : null,
    refusesCcc: null,
    refusesNewSession: null,
    foreignAddressCode: 500,
    otherFamily: "not-supported",
    // As measured with 1.0.50: it closes the connection, says nothing and goes on waiting for the client's.
    refusesForeignPeer: "Pure-FTPd closes it without a word",
    connects: "at-transfer",
  };
}

function readSettings(configuration: string): ServerSettings {
  const values = new Map(
    configuration.split("\n").flatMap((line) => {
      const [, name, value] = /^\s*([A-Za-z0-9]+)\s+(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value.trim()] as const];
    }),
  );
  const [first, last] = (values.get("passiveportrange") ?? "").split(/\s+/);
  return {
    address: readAddress((values.get("bind") ?? "").replace(/,[^,]*$/, "")),
    passivePorts: portRange(first, last),
    masqueradeAddress: readAddress(values.get("forcepassiveip")),
    ...withoutModTls,
    implicitPorts: [],
  };
}
