/** The forms of single texts, told by what their lines look like. */
import type { PieceKind } from "./piece";

type Form = {
  readonly kind: PieceKind;
  readonly isOf: (text: string, lines: readonly string[], base: string) => boolean;
};

const vsftpdOption =
  /^(listen|listen_ipv6|listen_port|anonymous_enable|local_enable|write_enable|pasv_\w+|ssl_\w+|rsa_cert_file|chroot_local_user|connect_from_port_20|xferlog_enable|port_enable|port_promiscuous|require_ssl_reuse|implicit_ssl|force_local_\w+|local_umask|dirmessage_enable|use_localtime|allow_writeable_chroot|secure_chroot_dir|pam_service_name|userlist_\w+|tcp_wrappers)\s*=/m;
const proftpdDirective =
  /^\s*(ServerName|ServerType|DefaultServer|PassivePorts|MasqueradeAddress|TLSEngine|TLSProtocol|TLSRequired|TLSOptions|TLSRSACertificateFile|TLSLog|DefaultRoot|RequireValidShell|AllowForeignAddress|UseReverseDNS|MaxInstances|LoadModule\s+mod_\w+\.c|ModulePath|ServerIdent|AuthUserFile|TimeoutIdle|UseIPv6|<(Global|VirtualHost|Anonymous|IfModule\s+!?mod_))/im;
/** What only ProFTPD has; words such as Umask and TLSCipherSuite are in Pure-FTPd's file too. */
const proftpdOnly =
  /^\s*(ServerName|ServerType|DefaultServer|TLSEngine|LoadModule\s|<(Global|IfModule|Limit|VirtualHost|Anonymous))/im;
/** Options of Pure-FTPd that no other server has, as in pure-ftpd.conf(5) and Debian's `conf/` folder. */
export const pureFtpdOptions: ReadonlySet<string> = new Set(
  (
    "AllowAnonymousFXP AllowDotFiles AllowUserFXP AltLog AnonymousBandwidth AnonymousCanCreateDirs AnonymousCantUpload AnonymousOnly " +
    "AnonymousRatio AntiWarez AutoRename Bind BrokenClientsCompatibility CallUploadScript CertFile CertFileAndKey ChrootEveryone " +
    "CreateHomeDir CustomerProof Daemonize DisplayDotFiles DontResolve ExtAuth FileSystemCharset ForcePassiveIP FortunesFile " +
    "FSCharset IPV4Only IPV6Only KeepAllFiles LDAPConfigFile LimitRecursion LogPID MaxClientsNumber MaxClientsPerIP MaxDiskUsage " +
    "MaxIdleTime MaxLoad MinUID MySQLConfigFile NATmode NoAnonymous NoChmod NoRename NoTruncate PAMAuthentication PassivePortRange " +
    "PerUserLimits PGSQLConfigFile PIDFile ProhibitDotFilesRead ProhibitDotFilesWrite PureDB Quota SyslogFacility TLS TLSCipherSuite " +
    "TrustedGID TrustedIP Umask UnixAuthentication UserBandwidth UserRatio VerboseLog"
  ).split(" "),
);

/** A command that changes rules: `iptables`, with a path or `sudo`, or a variable that stands for it. */
export const iptablesCommand =
  /^\s*(?:sudo\s+)?(?:\S*\/)?(?:iptables(?:-legacy|-nft)?|"?\$\{?I(?:P_?)?(?:T|PT|PTABLES|PTS|PT4|PTABLES4)?\}?"?)\s+.*(?:-[AIPNDFX]\b|--(?:append|insert|policy|new-chain|delete|flush)\b)/;

/** A compose file, what `docker inspect CONTAINER` prints, or a `docker run`. */
const containers =
  /^services:\s*$|^\s{2,}image:\s*\S|"PortBindings": ?\{|^\s*(?:sudo )?(?:docker|podman)(?: container)? run\s/m;

/** The order matters: what is most special comes first. */
const forms: readonly Form[] = [
  { kind: "pure-ftpd-option", isOf: (_, lines, base) => pureFtpdOptions.has(base) && meaningful(lines).length === 1 },
  { kind: "ifupdown", isOf: (text) => /^\s*iface \S+ inet6? \w+/m.test(text) },
  { kind: "modules", isOf: (_, lines) => isOfModules(meaningful(lines)) },
  { kind: "iptables-script", isOf: (_, lines) => lines.some((line) => iptablesCommand.test(line)) },
  { kind: "compose", isOf: (text) => containers.test(text) },
  { kind: "uci-show", isOf: (text) => /^(firewall|network|wireless|dhcp)\.[@\w]+(\[-?\d+\])?(\.\w+)?=/m.test(text) },
  {
    kind: "uci-config",
    isOf: (text) =>
      /^config\s+'?(defaults|zone|rule|redirect|forwarding|interface|device|globals|include|switch)\b/m.test(text),
  },
  { kind: "ufw-defaults", isOf: (text) => /^DEFAULT_(?:INPUT|FORWARD)_POLICY=/m.test(text) },
  { kind: "ufw-status", isOf: (text) => /^Status: (active|inactive)/m.test(text) },
  { kind: "firewalld", isOf: (text) => /^\s+target: \S+/m.test(text) && /^\s+services:/m.test(text) },
  { kind: "vsftpd", isOf: (text) => vsftpdOption.test(text) },
  {
    kind: "pure-ftpd",
    isOf: (text, lines) =>
      /(^|\s)(\S*\/)?pure-ftpd(-\w+)?\s+-/m.test(text) ||
      (!proftpdOnly.test(text) &&
        meaningful(lines).filter((line) => pureFtpdOptions.has(line.trim().split(/\s+/)[0] ?? "")).length >= 2),
  },
  { kind: "proftpd", isOf: (text) => proftpdDirective.test(text) },
];

/** `/etc/modprobe.d/*.conf` (modprobe.d(5)), or a list of modules such as `/etc/modules`, that speaks of connection tracking. */
function isOfModules(lines: readonly string[]): boolean {
  const settings = /^\s*(?:options|alias|blacklist|install|remove|softdep)\s+\S|^\s*[a-z]\w*(?:\s+\w+=\S+)*\s*$/;
  return (
    lines.length > 0 &&
    lines.every((line) => settings.test(line)) &&
    lines.some((line) => /\b(?:nf|ip)_(?:conntrack|nat)(?:_\w+)?\b/.test(line))
  );
}

/** The form of a whole text; `null` if it is none of those that fill a file by themselves. */
export function formOf(lines: readonly string[], base: string): PieceKind | null {
  const text = lines.join("\n");
  return forms.find(({ isOf }) => isOf(text, lines, base))?.kind ?? null;
}

export function meaningful(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.trim() !== "" && !/^\s*[#;]/.test(line));
}
