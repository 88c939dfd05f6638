import type { UserFiles } from "./definition";

/** Options of Pure-FTPd that no other server has, as in pure-ftpd.conf(5) and Debian's `conf/` folder. */
const options: ReadonlySet<string> = new Set(
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

/** What only ProFTPD has; words such as Umask and TLSCipherSuite are in Pure-FTPd's file too. */
const proftpdOnly =
  /^\s*(ServerName|ServerType|DefaultServer|TLSEngine|LoadModule\s|<(Global|IfModule|Limit|VirtualHost|Anonymous))/im;

/** Its options stand in one file, in files of one line each, or on its command line. */
export const pureFtpdFiles: UserFiles = {
  name: "pure-ftpd.conf",
  isConfiguration: (text, lines) =>
    /(^|\s)(\S*\/)?pure-ftpd(-\w+)?\s+-/m.test(text) ||
    (!proftpdOnly.test(text) && lines.filter((line) => options.has(line.trim().split(/\s+/)[0] ?? "")).length >= 2),
  isOption: (name) => options.has(name),
  images: /pure-?ftpd/i,
};
