import { versionIn } from "../releases/registry";
import { isOlder } from "../releases/version";
import { demandsOf, demandsSessionReuse, type ServerProfile } from "../../model/server-profile";
import { addressOf, familyOf, implicitPortOf } from "../../model/network";
import { readAddress } from "../../evidence/text/lines";
import { accountsFile, addAccounts } from "./accounts";
import { amendSettings } from "./amend";
import { certificatePaths } from "./certificate-paths";
import type { ServerSetup, ServerSettings, ServerSoftware, ServerTraits } from "./definition";
import { vsftpdFiles } from "./vsftpd-files";
import { lackOfAbility, undemanding, withoutModTls } from "./demands";
import { pipePath, receivedPath, receivePipe, receiverFile, settlePipe } from "./log-receiver";
import { portRange } from "./port-range";
import { readVsftpdLogs } from "./vsftpd-log";
import { isOn, settingsIn, vsftpdPorts, vsftpdUndecided, vsftpdUserConfig } from "./vsftpd-user-config";

const paths = { configuration: "/etc/ftp-lab/vsftpd.conf", ...certificatePaths } as const;
const implicitConfiguration = "/etc/ftp-lab/vsftpd-implicit.conf";
const outputPath = "/var/log/ftp-lab/vsftpd.out";
const pam = "ftp-lab";

const own = vsftpdUserConfig(
  (setup, hasTls) => [...daemonLines(setup, isOnlyImplicit(setup.profile)), ...certificateLines(hasTls)],
  paths.configuration,
);

/** vsftpd 3.0.5. One process has one port, so implicit TLS is a second one beside it. */
export const vsftpd: ServerSoftware = {
  id: "vsftpd",
  name: "vsftpd",
  isUnixOnly: true,
  logging: { plain: "log, with log_ftp_protocol=YES", tls: "log, with debug_ssl=YES" },
  greeting: /\bvsFTPd\b(?: [\d.]+)?/i,
  // privops.c
  strangerRefusal: "Security: Bad IP connecting",
  says: {
    // prelogin.c
    limit:
      /too many connected users|too many connections from your internet address|Connection refused: too many sessions/i,
    // prelogin.c, where tcp_wrappers deny the address; the dot keeps off what BSD's ftp prints of any lost connection.
    address: /Connection refused: tcp_wrappers denial|^(421 )?Service not available\.$/i,
    // postlogin.c: cmds_denied, write_enable and the like
    command: /^(?:550 )?Permission denied\.$/,
    // postlogin.c, ftpdataio.c
    file: /Failed to (open file|change directory)|Could not create file|Failure (reading|writing) (to )?local file|failed to open directory|Could not get file/i,
    // utility.c die(): what it says of itself before it ends
    setting: /\bOOPS: (?!child died|priv_sock|vsf_sysutil_bind)/,
    died: /\bOOPS: (child died|priv_sock_get)/,
    range: /\bOOPS: vsf_sysutil_bind\b/i,
  },
  deniedBy,
  debianPackage: "vsftpd",
  images: { trixie: "server-vsftpd" },
  // It says its version, and what is wrong with its configuration, to its standard input: the client of an inetd.
  version: { command: "vsftpd -v 0>&1", pattern: /vsftpd: version (\S+)/ },
  capabilities: [],
  paths,
  logs: { dialogue: receivedPath, tlsLog: null, systemLog: null, transferLog: null },
  lacks: (profile) =>
    lackOfAbility(profile, {
      name: "vsftpd",
      choosesVersions: knowsVersions(profile),
      demandsReuse: true,
      demands: ["off", "auth", "on"],
    }),
  traits,
  files: (setup) => [
    {
      path: paths.configuration,
      text: amend(
        setup.profile.userConfig === undefined ? render(setup, false) : own.compose(setup).text,
        setup.profile.amendments ?? [],
      ),
      mode: "600",
    },
    { path: implicitConfiguration, text: amend(render(setup, true), setup.profile.amendments ?? []), mode: "600" },
    { path: `/etc/pam.d/${pam}`, text: "auth required pam_unix.so\naccount required pam_unix.so\n", mode: "644" },
    accountsFile,
    receiverFile,
  ],
  ports: ({ server, profile }) => [
    ...(isOnlyImplicit(profile) ? [] : [server.controlPort]),
    ...(hasImplicit(profile) ? [implicitPortOf(server)] : []),
  ],
  start: ({ profile }) => [
    ...addAccounts,
    ...receivePipe,
    `: > ${outputPath}`,
    ...[
      paths.configuration,
      ...(profile.userConfig === undefined && hasImplicit(profile) ? [implicitConfiguration] : []),
    ].map((file) => `setsid -f sh -c 'echo $$ >> /run/lab-vsftpd.pids; exec vsftpd ${file}' >>${outputPath} 2>&1 0>&1`),
  ],
  stop: [
    "for id in $(cat /run/lab-vsftpd.pids 2>/dev/null); do kill $id 2>/dev/null || true; done",
    "rm -f /run/lab-vsftpd.pids",
  ],
  settle: settlePipe,
  readLogs: ({ dialogue }) => readVsftpdLogs(dialogue),
  readSettings,
  userFiles: vsftpdFiles,
  userConfig: own,
  undecided: vsftpdUndecided,
  directives: {
    passivePorts: ({ first, last }) => [`pasv_min_port=${first}`, `pasv_max_port=${last}`],
    masqueradeAddress: (address) => [`pasv_address=${address}`],
    grantCcc: null,
    acceptNewSessions: () => ["require_ssl_reuse=NO"],
    asksKeepAlive: true,
    demandNothing: ["force_local_logins_ssl=NO", "force_local_data_ssl=NO"],
    freeProtection: ["force_local_data_ssl=NO"],
    certificate: () => [
      "rsa_cert_file=/etc/ssl/certs/ftp-fullchain.pem",
      "rsa_private_key_file=/etc/ssl/private/ftp.key",
    ],
    reload: ["# then: systemctl restart vsftpd"],
    currentVersions: ["ssl_tlsv12=YES", "ssl_tlsv13=YES"],
    offerTls: [
      "ssl_enable=YES",
      "rsa_cert_file=/etc/ssl/certs/ftp-fullchain.pem",
      "rsa_private_key_file=/etc/ssl/private/ftp.key",
    ],
    acceptForeignAddress: ["port_promiscuous=YES"],
    acceptForeignPeer: ["pasv_promiscuous=YES"],
    implicitTls: () => ["# in a second configuration, for a second vsftpd", "listen_port=990", "implicit_ssl=YES"],
    port: (port) => [`listen_port=${port}`],
    logMore: ["log_ftp_protocol=YES", "xferlog_enable=YES", "xferlog_std_format=NO"],
    answerSooner: ["reverse_lookup_enable=NO", "delay_successful_login=0"],
    check: ["vsftpd /etc/vsftpd.conf -olisten=NO"],
    moreSessions: ["max_clients=0", "max_per_ip=0"],
    allowAddress: ["tcp_wrappers=NO"],
    denyCommand: (verb) => [`cmds_denied=${verb}`],
    allowCommand,
  },
  amend,
};

/** An empty value is a list of none (parseconf.c). */
function allowCommand(verb: string, configuration: string): readonly string[] {
  const settings = settingsIn(configuration);
  const words = (name: string): readonly string[] =>
    (settings.get(name) ?? "")
      .split(",")
      .map((word) => word.trim())
      .filter((word) => word !== "");
  const [denied, allowed] = [words("cmds_denied"), words("cmds_allowed")];
  const lines = [
    ...(/^(PASV|EPSV)$/.test(verb) && !isOn(settings, "pasv_enable", true) ? ["pasv_enable=YES"] : []),
    ...(/^(PORT|EPRT)$/.test(verb) && !isOn(settings, "port_enable", true) ? ["port_enable=YES"] : []),
    ...(denied.includes(verb) ? [`cmds_denied=${denied.filter((word) => word !== verb).join(",")}`] : []),
    ...(allowed.length > 0 && !allowed.includes(verb) ? [`cmds_allowed=${[...allowed, verb].join(",")}`] : []),
  ];
  if (lines.length > 0) return lines;
  return [`${/^(PASV|EPSV)$/.test(verb) ? "pasv" : "port"}_enable=YES`, "cmds_denied=", "cmds_allowed="];
}

/** Settings that switch commands off, by the commands (postlogin.c). */
const switches: readonly (readonly [RegExp, string])[] = [
  [/^(STOR|STOU|APPE|DELE|MKD|XMKD|RMD|XRMD|RNFR|RNTO|SITE)$/, "write_enable"],
  [/^RETR$/, "download_enable"],
  [/^(LIST|NLST|STAT)$/, "dirlist_enable"],
  [/^(PASV|EPSV)$/, "pasv_enable"],
  [/^(PORT|EPRT)$/, "port_enable"],
];

function deniedBy(verb: string, configuration: string): string | null {
  const settings = settingsIn(configuration);
  const lists = (name: string): boolean => (settings.get(name) ?? "").split(",").some((word) => word.trim() === verb);
  if (lists("cmds_denied")) return `cmds_denied=${settings.get("cmds_denied") ?? ""}`;
  if ((settings.get("cmds_allowed") ?? "") !== "" && !lists("cmds_allowed"))
    return `cmds_allowed=${settings.get("cmds_allowed") ?? ""}`;
  // write_enable alone is off where the file does not name it (tunables.c).
  const off = switches.find(
    ([verbs, name]) => verbs.test(verb) && configuration !== "" && !isOn(settings, name, name !== "write_enable"),
  );
  return off === undefined ? null : `${off[1]}=${settings.get(off[1]) ?? "NO"}`;
}

function amend(configuration: string, lines: readonly string[]): string {
  return amendSettings(configuration, lines, (line) => /^([a-z0-9_]+)=/.exec(line)?.[1] ?? null);
}

/** A user's own file is one configuration, and one process with one port. */
function hasImplicit({ tls, userConfig: file }: ServerProfile): boolean {
  return file === undefined ? tls !== null : vsftpdPorts(file.text).implicit !== null;
}

function isOnlyImplicit(profile: ServerProfile): boolean {
  return profile.userConfig !== undefined && hasImplicit(profile);
}

function render(setup: ServerSetup, isImplicit: boolean): string {
  const { topology, server, profile } = setup;
  const { tls } = profile;
  const demands = demandsOf(tls?.required ?? "off");
  const speaks = (version: string): string =>
    is(new RegExp(`(^|\\s)(${version}|ALL|SSLv23)(\\s|$)`).test(tls?.protocol ?? ""));
  return [
    `# ${topology.id}: vsftpd on ${server.id}, profile ${profile.id}`,
    ...daemonLines(setup, isImplicit),
    "anonymous_enable=NO\nwrite_enable=YES\nlocal_umask=022",
    `pasv_min_port=${server.passivePorts.first}\npasv_max_port=${server.passivePorts.last}`,
    ...(server.masqueradeAddress === null ? [] : [`pasv_address=${server.masqueradeAddress}`]),
    `ssl_enable=${is(tls !== null)}`,
    ...certificateLines(tls !== null),
    ...(tls === null
      ? []
      : [
          `implicit_ssl=${is(isImplicit)}`,
          `force_local_logins_ssl=${is(demands.auth)}\nforce_local_data_ssl=${is(demands.data === "required")}`,
          `require_ssl_reuse=${is(demandsSessionReuse(tls))}`,
          knowsVersions(profile)
            ? `ssl_tlsv1=NO\nssl_tlsv11=NO\nssl_tlsv12=${speaks("TLSv1\\.2")}\nssl_tlsv13=${speaks("TLSv1\\.3")}`
            : "ssl_tlsv1=NO",
          "ssl_ciphers=HIGH",
        ]),
    ...(profile.directives ?? []),
    "",
  ].join("\n");
}

/** 3.0.3 can only leave TLS 1.0 out, and speaks what its OpenSSL speaks (parseconf.c, ssl.c). */
function knowsVersions({ release }: Pick<ServerProfile, "release">): boolean {
  return !isOlder(versionIn(release, "vsftpd") ?? "", "3.0.5");
}

/** Where it listens, whom it knows and where it logs. */
function daemonLines({ topology, server }: ServerSetup, isImplicit: boolean): readonly string[] {
  const address = addressOf(topology, server.id);
  return [
    familyOf(topology, server.id) === "ipv6"
      ? `listen_ipv6=YES\nlisten=NO\nlisten_address6=${address}`
      : `listen=YES\nlisten_ipv6=NO\nlisten_address=${address}`,
    `listen_port=${isImplicit ? implicitPortOf(server) : server.controlPort}`,
    "background=NO",
    // Any lab's clients may share one address.
    "max_clients=0\nmax_per_ip=0",
    "local_enable=YES\nchroot_local_user=YES\nallow_writeable_chroot=YES",
    `pam_service_name=${pam}`,
    // A pipe cannot be locked.
    `xferlog_enable=YES\nxferlog_std_format=NO\nlog_ftp_protocol=YES\nno_log_lock=YES\nvsftpd_log_file=${pipePath}`,
    // Process ids tell sessions apart: each in a namespace of its own would be number 2.
    "isolate=NO\nisolate_network=NO",
  ];
}

function certificateLines(hasTls: boolean): readonly string[] {
  return hasTls
    ? [`rsa_cert_file=${paths.certificate}\nrsa_private_key_file=${paths.privateKey}`, "debug_ssl=YES"]
    : [];
}

function is(condition: boolean): string {
  return condition ? "YES" : "NO";
}

/** postlogin.c handle_port and handle_eprt; ssl.c; ftpdataio.c. */
function traits(profile: ServerProfile): ServerTraits {
  const { tls } = profile;
  const demands = demandsOf(tls?.required ?? "off");
  return {
    ...undemanding,
    explicitTls: tls !== null,
    implicitTls: hasImplicit(profile),
    ...(isOnlyImplicit(profile) ? { onlyImplicit: true } : {}),
    refusesClearLogin: demands.auth ? "Its force_local_logins_ssl refuses a login without TLS (530)." : null,
    refusesClearTransfer:
      demands.data === "required" ? "Its force_local_data_ssl refuses transfers without PROT P (522)." : null,
    refusesCcc: "CCC is no command of vsftpd's (500).",
    refusesNewSession:
      tls !== null && demandsSessionReuse(tls)
        ? {
            reason:
              "Its require_ssl_reuse wants the control connection's TLS session resumed, and the client does not (522).",
            // RFC 4217 has 522 for data connections that should be protected: clients take it for that.
            stage: "protection",
          }
        : null,
    foreignAddressCode: 500,
    otherFamily: "foreign-address",
    refusesForeignPeer: isOn(settingsIn(writtenBy(profile)), "pasv_promiscuous", false)
      ? null
      : "vsftpd refuses it unless pasv_promiscuous is on (425)",
    connects: "at-transfer",
  };
}

/** What is not rendered from the profile's other keys. */
function writtenBy({ userConfig: file, directives = [], amendments = [] }: ServerProfile): string {
  return [file?.text ?? directives.join("\n"), ...amendments].join("\n");
}

function readSettings(configuration: string): ServerSettings {
  const values = new Map(
    configuration.split("\n").flatMap((line) => {
      const [, name, value] = /^([a-z0-9_]+)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value.trim()] as const];
    }),
  );
  return {
    address: readAddress(values.get("listen_address") ?? values.get("listen_address6")),
    passivePorts: portRange(values.get("pasv_min_port"), values.get("pasv_max_port")),
    masqueradeAddress: readAddress(values.get("pasv_address")),
    ...withoutModTls,
    implicitPorts: values.get("implicit_ssl") === "YES" ? [Number(values.get("listen_port") ?? 21)] : [],
  };
}
