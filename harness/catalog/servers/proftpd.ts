import { implicitPortOf } from "../../model/network";
import { demandsOf, demandsSessionReuse, type ServerProfile } from "../../model/server-profile";
import {
  parseDialogue,
  parseDenials,
  parseSessionLines,
  parseSessionPeers,
  parseTransferLines,
} from "../../evidence/text/server-log";
import { renderPasswordFile, renderProftpdConf } from "./proftpd-conf";
import { proftpdLimitOf } from "./proftpd-limit";
import { proftpdPaths } from "./proftpd-paths";
import { replacedInProftpdConf } from "./proftpd-replaced";
import type { ServerSetup, ServerSoftware, ServerTraits } from "./definition";
import { proftpdFiles } from "./proftpd-files";
import { amendProftpdConf } from "./proftpd-amend";
import { proftpdPorts, proftpdUndecided, proftpdUserConfig } from "./proftpd-user-config";
import { readProftpdSettings } from "./proftpd-settings";

/** ProFTPD 1.3.8 with mod_tls: the server of the core matrix. */
export const proftpd: ServerSoftware = {
  id: "proftpd",
  name: "ProFTPD",
  alsoCalled: /\bmod_tls\b/i,
  isUnixOnly: true,
  logging: { plain: "SystemLog, with DebugLevel 10", tls: "TLSLog, with TLSOptions EnableDiags" },
  greeting: /\bProFTPD(?: Version)?(?: [\d.]+\w*)?/i,
  // With `AllowForeignAddress` in its configuration (inet.c).
  strangerRefusal: "SECURITY VIOLATION: Passive connection from foreign IP address",
  says: {
    // modules/mod_auth.c, mod_core.c, mod_xfer.c; src/main.c
    limit:
      /maximum number (of )?.*(are |is )?already connected|maximum number of data transfers|\(Max(Clients|Hosts|Connections)\w*|Max(Instances|ConnectionRate) \(.*\) reached|: Too many transfers\b/i,
    // src/main.c; modules/mod_auth.c; contrib/mod_wrap.c, mod_geoip.c, mod_ban.c
    address:
      /^Connection from .* denied$|Limit (access|configuration) denies login|^(\d{3} )?Access denied\.?$|Connection denied to .*(GeoIP|polic)|refused connection from|denied connection from/i,
    // src/dirtree.c (`<Limit>`); modules/mod_core.c (DenyFilter)
    command:
      /^(?:\d{3}[ -])?[A-Z]{3,4}: (Permission denied|Operation not permitted)|: Operation not permitted$|Forbidden command argument|command denied by/,
    file: /: (No such file or directory|Permission denied|Not a (regular file|directory)|Is a directory|File exists|No space left on device|Disk quota exceeded|Read-only file system|File too large|Forbidden filename|Overwrite permission denied|(Append\/)?Restart not permitted)|No files found|quota exceeded|Max(Store|Retrieve)FileSize .*reached/i,
    setting: /fatal: |unable to (load|read|use) .*(certificate|key|file)\b/i,
    // src/main.c, src/signals.c
    died: /(killed|terminating|exceeded) \(signal (?!15\))\d+\)|signal (11|6|4|8|7)\b/i,
    // mod_core.c core_pasv, core_epsv
    range: /unable to find open port in PassivePorts range/i,
  },
  // src/main.c, src/session.c: a session that leaves by itself says so.
  sessionLines: { begins: "FTP session opened.", ends: "FTP session closed." },
  deniedBy: proftpdLimitOf,
  debianPackage: "proftpd-core",
  images: { trixie: "server", bookworm: "server-bookworm" },
  version: { command: "proftpd --version", pattern: /ProFTPD Version (\S+)/ },
  capabilities: [],
  paths: {
    configuration: proftpdPaths.config,
    certificate: proftpdPaths.certificate,
    privateKey: proftpdPaths.privateKey,
  },
  logs: {
    dialogue: proftpdPaths.dialogueLog,
    tlsLog: proftpdPaths.tlsLog,
    systemLog: proftpdPaths.systemLog,
    transferLog: proftpdPaths.transferLog,
  },
  // Profiles are written in its words.
  lacks: () => null,
  traits,
  files: (setup) => [
    {
      path: proftpdPaths.config,
      text: amendProftpdConf(configurationOf(setup), setup.profile.amendments ?? []),
      mode: "644",
    },
    { path: proftpdPaths.passwords, text: renderPasswordFile(), mode: "600" },
  ],
  ports: ({ server, profile }) => [
    ...(isOnlyImplicit(profile) ? [] : [server.controlPort]),
    ...(implicitTlsOf(profile) ? [implicitPortOf(server)] : []),
  ],
  start: () => [`proftpd -c ${proftpdPaths.config}`],
  stop: [
    `if [ -e ${proftpdPaths.pidFile} ]; then kill "$(cat ${proftpdPaths.pidFile})" 2>/dev/null || true; fi`,
    `rm -f ${proftpdPaths.pidFile}`,
  ],
  settle: [],
  readLogs: ({ dialogue, tlsLog, systemLog, transferLog }) => ({
    exchanges: parseDialogue(dialogue),
    tlsLog: parseSessionLines(tlsLog),
    systemLog: parseSessionLines(systemLog),
    transferLog: parseTransferLines(transferLog),
    peers: parseSessionPeers(systemLog),
    denials: parseDenials(systemLog),
  }),
  readSettings: readProftpdSettings,
  userFiles: proftpdFiles,
  userConfig: proftpdUserConfig,
  undecided: proftpdUndecided,
  directives: {
    passivePorts: ({ first, last }) => [`PassivePorts ${first} ${last}`],
    replaced: replacedInProftpdConf,
    masqueradeAddress: (address) => [`MasqueradeAddress ${address}`],
    grantCcc: ["TLSRequired auth+data"],
    acceptNewSessions: (options) => [
      `TLSOptions ${[...options.filter((option) => option !== "NoSessionReuseRequired"), "NoSessionReuseRequired"].join(" ")}`,
    ],
    // mod_tls's own default, where the directive is not set.
    rememberSessions: (seconds) => [
      `# in place of TLSSessionCache internal: ${seconds}`,
      "TLSSessionCache internal: 15840",
    ],
    asksKeepAlive: true,
    demandNothing: ["TLSRequired off"],
    freeProtection: ["TLSRequired auth"],
    // One of another kind beside it would be shown too.
    certificate: (configuration) => {
      const kind = /^\s*TLSECCertificateFile/m.test(configuration) ? "EC" : "RSA";
      return [
        `TLS${kind}CertificateFile /etc/ssl/certs/ftp-fullchain.pem`,
        `TLS${kind}CertificateKeyFile /etc/ssl/private/ftp.key`,
      ];
    },
    reload: ["# then: systemctl reload proftpd"],
    currentVersions: ["TLSProtocol TLSv1.2 TLSv1.3"],
    // Server blocks of their own take them from there.
    offerTls: [
      "LoadModule mod_tls.c",
      "<Global>",
      "  TLSEngine on",
      "  TLSRSACertificateFile /etc/ssl/certs/ftp-fullchain.pem",
      "  TLSRSACertificateKeyFile /etc/ssl/private/ftp.key",
      "</Global>",
    ],
    acceptForeignAddress: ["AllowForeignAddress on"],
    acceptForeignPeer: ["AllowForeignAddress on"],
    implicitTls: (address) => [
      `<VirtualHost ${address}>`,
      "  Port 990",
      "  TLSOptions UseImplicitSSL",
      "</VirtualHost>",
    ],
    port: (port) => [`Port ${port}`],
    logMore: ["SystemLog /var/log/proftpd/system.log", "DebugLevel 3"],
    answerSooner: ["UseReverseDNS off", "IdentLookups off", "DelayEngine off"],
    check: ["proftpd --configtest"],
    moreSessions: ["MaxClients none", "MaxClientsPerHost none", "MaxClientsPerUser none"],
    allowAddress: ["<Limit LOGIN>", "  AllowAll", "</Limit>"],
    denyCommand: (verb) => [`<Limit ${verb}>`, "  DenyAll", "</Limit>"],
    allowCommand: (verb) => [`<Limit ${verb}>`, "  AllowAll", "</Limit>"],
  },
  amend: amendProftpdConf,
};

function configurationOf(setup: ServerSetup): string {
  const { topology, server, profile } = setup;
  return profile.userConfig === undefined
    ? renderProftpdConf(topology, server, profile)
    : proftpdUserConfig.compose(setup).text;
}

function implicitTlsOf({ tls, userConfig }: ServerProfile): boolean {
  return userConfig === undefined ? tls !== null : proftpdPorts(userConfig.text).implicit !== null;
}

function isOnlyImplicit({ userConfig }: ServerProfile): boolean {
  return userConfig !== undefined && proftpdPorts(userConfig.text).control === null;
}

/** contrib/mod_tls.c: tls_auth, tls_any, tls_prot, tls_ccc, tls_data_connect; modules/mod_core.c: core_port, core_eprt. */
function traits(profile: ServerProfile): ServerTraits {
  const { tls } = profile;
  const demands = tls === null ? null : demandsOf(tls.required);
  const required = tls?.required ?? "off";
  const prot = (level: string): string => `TLSRequired ${required} refuses PROT ${level} (534).`;
  return {
    explicitTls: tls !== null,
    implicitTls: implicitTlsOf(profile),
    ...(isOnlyImplicit(profile) ? { onlyImplicit: true } : {}),
    refusesClearLogin:
      demands?.auth === true ? `TLSRequired ${required} refuses USER on a clear control connection (550).` : null,
    refusesProt: {
      C: demands?.data === "required" ? prot("C") : null,
      P: demands?.data === "forbidden" ? prot("P") : null,
    },
    wantsPbsz: false,
    sendsTickets: true,
    refusesCcc:
      demands?.control === true ? `TLSRequired ${required} refuses a clear control channel: CCC gets 534.` : null,
    refusesClearTransfer:
      demands?.data === "required"
        ? `TLSRequired ${required} refuses a transfer on a clear data connection (522).`
        : null,
    // The check is passed over after CCC: the control connection's session is gone.
    refusesNewSession:
      tls !== null && demandsSessionReuse(tls)
        ? {
            reason: "The server wants the control connection's TLS session resumed, and the client does not (425).",
            stage: "data-tls",
          }
        : null,
    foreignAddress: "takes-peer-for-private",
    foreignAddressCode: 500,
    otherFamily: "not-supported",
    // Unless the directive is written it does not look who comes (pr_inet_accept_nowait, inet.c).
    refusesForeignPeer: foreignAddressOf(profile) === "off" ? "AllowForeignAddress off refuses it (425)" : null,
    connects: "at-transfer",
  };
}

function foreignAddressOf({ foreignAddress, amendments = [] }: ServerProfile): string | undefined {
  const written = amendments.findLast((line) => line.startsWith("AllowForeignAddress "));
  return written?.split(" ")[1] ?? foreignAddress;
}
