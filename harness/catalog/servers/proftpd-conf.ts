import type { ServerProfile, ServerTls } from "../../model/server-profile";
import type { ServerNode, Topology } from "../../model/topology";
import { dialogueLogFormat } from "../../evidence/text/server-log";
import { addressOf, implicitPortOf } from "../../model/network";
import { account, siteName, siteRoot } from "../../model/ftp-site";
import { proftpdPaths } from "./proftpd-paths";

/**
 * Renders `proftpd.conf` (ProFTPD 1.3.8). What a profile decides is TLS; what the topology decides is addresses and ports;
 * the rest makes the server quick and quiet without touching how it speaks FTP.
 */
export function renderProftpdConf(topology: Topology, server: ServerNode, profile: ServerProfile): string {
  const address = addressOf(topology, server.id);
  return [
    `# ${topology.id}: ProFTPD on ${server.id}, profile ${profile.id}`,
    ...moduleDirectives(profile.tls !== null),
    `ServerName "${siteName}"`,
    `Port ${server.controlPort}`,
    "Umask 022",
    ...daemonDirectives(address),
    "TimeoutNoTransfer 60",
    // Known to the whole server alone, and to no virtual host (mod_tls.c, set_tlssessioncache).
    ...(profile.tls?.sessionSeconds === undefined ? [] : [`TLSSessionCache internal: ${profile.tls.sessionSeconds}`]),
    "",
    "<Global>",
    ...indent(siteDirectives(server, profile)),
    "</Global>",
    ...(profile.tls === null ? [] : ["", ...implicitHost(address, implicitPortOf(server), profile.tls)]),
    ...(profile.directives ?? []),
    "",
  ].join("\n");
}

/** Debian builds even LIST (mod_ls) and RETR (mod_xfer) as modules to be loaded. */
export function moduleDirectives(hasTls: boolean): readonly string[] {
  return ["LoadModule mod_ls.c", "LoadModule mod_xfer.c", ...(hasTls ? ["LoadModule mod_tls.c"] : [])];
}

/** How the daemon runs in its container, whatever FTP it speaks. */
export function daemonDirectives(address: string): readonly string[] {
  return [
    "ServerType standalone",
    `DefaultAddress ${address}`,
    "DefaultServer on",
    "SocketBindTight on",
    `UseIPv6 ${address.includes(":") ? "on" : "off"}`,
    "User proftpd",
    "Group nogroup",
    `PidFile ${proftpdPaths.pidFile}`,
    `ScoreboardFile ${proftpdPaths.scoreboard}`,
    "MaxInstances none",
    "",
    "# No name server is in reach: a look-up would hold each login and data connection for seconds.",
    "UseReverseDNS off",
    "ServerIdent off",
    "WtmpLog off",
    `SystemLog ${proftpdPaths.systemLog}`,
    "SyslogLevel info",
    `TransferLog ${proftpdPaths.transferLog}`,
    `LogFormat dialogue "${dialogueLogFormat}"`,
    "",
    "# The server would wait an hour for a blocked data connection (TimeoutStalled's default).",
    "TimeoutStalled 20",
    "TimeoutLinger 1",
  ];
}

/** Who may log in, where to, and what is logged of it. */
export const accountDirectives: readonly string[] = [
  "AuthOrder mod_auth_file.c",
  `AuthUserFile ${proftpdPaths.passwords}`,
  "RequireValidShell off",
  `DefaultRoot ${siteRoot}`,
  `ExtendedLog ${proftpdPaths.dialogueLog} ALL dialogue`,
];

/** The lab's certificate, and the log of TLS. */
export const certificateDirectives: readonly string[] = [
  `TLSLog ${proftpdPaths.tlsLog}`,
  `TLSECCertificateFile ${proftpdPaths.certificate}`,
  `TLSECCertificateKeyFile ${proftpdPaths.privateKey}`,
];

function siteDirectives(server: ServerNode, profile: ServerProfile): string[] {
  const { first, last } = server.passivePorts;
  return [
    ...accountDirectives,
    "AllowOverwrite on",
    `PassivePorts ${first} ${last}`,
    ...(server.masqueradeAddress === null ? [] : [`MasqueradeAddress ${server.masqueradeAddress}`]),
    ...(profile.foreignAddress === undefined ? [] : [`AllowForeignAddress ${profile.foreignAddress}`]),
    ...(profile.tls === null ? [] : ["", ...tlsDirectives(profile.tls, profile.tls.options)]),
  ];
}

function tlsDirectives(tls: ServerTls, options: readonly string[]): string[] {
  return [
    "TLSEngine on",
    ...certificateDirectives,
    `TLSProtocol ${tls.protocol}`,
    ...(options.length === 0 ? [] : [`TLSOptions ${options.join(" ")}`]),
    `TLSVerifyClient ${tls.verifyClient}`,
    `TLSRequired ${tls.required}`,
  ];
}

/** Implicit TLS is an option of a whole server block, so its port is a virtual host of its own (mod_tls UseImplicitSSL). */
function implicitHost(address: string, port: number, tls: ServerTls): string[] {
  return [
    `<VirtualHost ${address}>`,
    ...indent([
      `ServerName "${siteName} (implicit TLS)"`,
      `Port ${port}`,
      `TLSOptions ${[...tls.options, "UseImplicitSSL"].join(" ")}`,
    ]),
    "</VirtualHost>",
  ];
}

/** `AuthUserFile`: one account under many names. */
export function renderPasswordFile(): string {
  return passwordFile;
}

const passwordFile = Array.from({ length: account.users }, (_, slot) => {
  const { userPrefix, passwordHash, uid, gid } = account;
  return `${userPrefix}${slot}:${passwordHash}:${uid}:${gid}::${siteRoot}:/bin/false\n`;
}).join("");

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}
