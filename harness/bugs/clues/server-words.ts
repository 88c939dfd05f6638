/** What servers say of logins, limits, addresses and their own state, in sentences that their sources and manuals have; `test/fixtures/words/servers.yaml` names each. */
import { notOnTheWay, wordsClue, type Words } from "./clue";
import type { Scene } from "./scene";

/** Nobody has logged in yet, or nothing shows how far it got. */
function isBeforeLogin({ exchanges }: Scene): boolean {
  return !exchanges.some(({ verb, code }) => verb === "PASS" && code !== null && code < 300);
}

const logins: readonly Words[] = [
  {
    // BSD's ftpd, wu-ftpd, pyftpdlib, Apache FtpServer, ProFTPD (modules/mod_auth.c, contrib/mod_tls.c).
    says: /\blog ?in refused \((?!access denied)|\bFTP LOGIN REFUSED\b|\b(?:repeated )?login failures? (?:from\b|- )|\bfailed log ?ins?(?: from\b|, session\b|\.$)|^Login failure - |\bAnonRejectPasswords denies login|^Refusing empty password from user\b|: Root login attempted\b|: user is not a UserAlias\b|\bTLSUserName '.{1,60}' check failed|\bSorry, only anonymous\b|\b(?:Account is|Password has) expired\b/i,
    means: "the login was refused",
    votes: { "login-refused": "names" },
  },
  {
    // Serv-U.
    says: /\b43[01]\b.{0,4}Account temporarily locked\b/i,
    means: "the account is locked for a time",
    votes: { "login-refused": "hints", "server-limit-reached": "allows" },
  },
];

const limits: readonly Words[] = [
  {
    // ProFTPD (mod_load, mod_xfer), Apache FtpServer, FileZilla Server, Serv-U, Pure-FTPd, SFTPGo, IIS.
    says: /\bMaxLoad \([\d.]+\) reached|\bsystem busy, try again later|\bserver too busy\b|\bMaxTransfersPer\w+ \d+ exceeded|\bmax(?:imum|\.)? (?:\w+ ){0,3}(?:limit|count) (?:has been |was |is )?reached|\bonly (?:\d+|one|two|three) sessions? from (?:the )?same (?:IP|host|address)|\bmaximum number of \w+ reached\b|\bdenying transfer due to count limits|\bdo not allow downloads\b.{0,80}\bload\b|^\d{3}-The load was [\d.]+ when you connected|\bMaximum connections for this site\b/i,
    // What a client tries again is its own count.
    unless: /passwords?\b|\bretries\b|\bretry (?:count|limit)|\battempts?\b|\bredirect/i,
    notClients: true,
    means: "the server says that a limit is reached",
    votes: { "server-limit-reached": "names", "login-refused": "denies" },
  },
  {
    // Pure-FTPd in German and in French (messages_de.h, messages_fr.h).
    says: /\b421 (?:\d+ Benutzer \(maximal\)|Zuviele Verbindungen|Mehr als \d+ Verbindungen|\d+ utilisateurs \(le maximum\)|Trop de connexions|Je ne peux pas accepter plus de \d+ connexions)/,
    means: "the server says that a limit is reached",
    votes: { "server-limit-reached": "names", "server-denies-address": "denies", "login-refused": "denies" },
  },
  {
    says: /\bout of network sockets\b|\btoo many pending PASV requests\b/i,
    means: "the server has no socket left",
    votes: { ...notOnTheWay, "server-limit-reached": "hints", "passive-range-exhausted": "speaks" },
  },
];

const addresses: readonly Words[] = [
  {
    // ProFTPD's modules, FileZilla Server, Apache FtpServer, wu-ftpd (src/access.c), IIS.
    says: /\bhas been (?:temporarily )?banned\b|: Login denied: (?:host|class) '[^']{0,80}' banned|\bclient not allowed by DNSBLPolicy|\bno server access from the IP\b|\bforward proxying not allowed from\b|\bACCESS DENIED \((?:host access|deny command)\) TO\b|\bIP restriction rules denied\b|\baccess denied: you are banned\b|\buser '[^']{1,80}' banned$/i,
    when: isBeforeLogin,
    means: "the server turns this address away",
    votes: { "server-denies-address": "names" },
  },
];

const settings: readonly Words[] = [
  {
    // FileZilla Server, Serv-U, Pure-FTPd, SFTPGo, IIS, z/OS.
    says: /\b(?:cannot|can't|could not) find (?:the )?home directory|\bhome directory lookup failed|\binvalid home dir\b|\baccess own home directory|\b(?:cannot access|invalid) FTP root\b|\bHome-Verzeichnis nicht erreichbar|\brepertoires utilisateurs sont inaccessibles|\bUnknown HOME directory|^421 \/\S{1,200} (?:does not exist or is unreachable|existiert nicht oder ist nicht erreichbar|n'existe pas, ou est inaccessible)/i,
    means: "the server cannot use the login's home directory",
    votes: { "server-setting-broken": "names", "login-refused": "allows" },
  },
  {
    // ProFTPD (modules/mod_auth.c), wu-ftpd and inetutils (ftpd.c).
    says: /\bunable to set (?:anonymous privileges|DefaultRoot directory)|\bcan(?:'t|not) set (?:guest privileges|[ug]id\b)|\bcan't change root\b|^chroot to '[^']{1,200}' failed\b|\bDefaultRoot \S{1,200} is a symlink|\bchdir\("[^"]{1,200}"\) failed\b/i,
    means: "the server cannot take up the login's rights or its directory",
    votes: { "server-setting-broken": "names", "login-refused": "allows", "tls-session-not-reused": "denies" },
  },
  {
    // Pure-FTPd, ProFTPD, FileZilla Server, IIS, z/OS, ftp-srv.
    says: /\bSQL server seems to be down|\binvalid (?:LDAP|SQL) configuration file|\bno userPassword attribute\b|^421 Configuration error|\billegal ports range\b|\berror opening scoreboard\b|\bdue to lack of certificates|\berror initializing OpenSSL\b|\bcouldn't get the impersonation token|\bEZYFT5[34]E\b|\b(?:TLS|SSL) subsystem failed|\bfailed to set certificate and private key|^Host '[^']{1,200}' lookup failed\b|\bsc-substatus 1[78] \(|\ball authentication methods are disabled|\bSSL certificate was not (?:configured|found)|\bprivate key was not found for\b|\bpassive URL not set\b|\bNecessary security resource unavailable|\bno matching server found for client-sent SNI\b|\bTLSEngine not enabled for SNI\b/i,
    notClients: true,
    means: "the server complains of its own configuration, or of what that names",
    votes: { "server-setting-broken": "names" },
  },
  {
    // libunftp: the name that it was told to announce.
    says: /^425 .{0,40}\b(?:resolve|look up|lookup)\b/i,
    means: "the server cannot find the address that it is to announce",
    votes: { ...notOnTheWay, "server-setting-broken": "hints", "passive-range-exhausted": "denies" },
  },
  {
    // IIS, where several sites share an address.
    says: /^530 Valid hostname is expected/,
    means: "the server has several sites, and the login does not say which of them it is for",
    votes: { "server-setting-broken": "hints", "login-refused": "speaks" },
  },
  {
    // FileZilla Server, mod_proxy, z/OS: a server that says so is still there.
    says: /\b530\b.{0,60}\binternal (?:server )?error\b/i,
    means: "the server says that the login failed for an error of its own",
    votes: { "server-setting-broken": "hints", "login-refused": "allows" },
  },
  {
    // A daemon that starts: FileZilla Server, ProFTPD (src/inet.c), Python's socketserver.
    says: /\b(?:couldn't bind on|failed binding to|bind(?:ing)? to) \S{1,60}(?::(?:21|990)\b|, port (?:21|990):).{0,40}\bin use\b/i,
    means: "something else has the port on which the server listens for sessions",
    votes: { "server-setting-broken": "names", "port-unreachable": "speaks", "passive-range-exhausted": "denies" },
  },
  {
    // BSD's ftpd: fork(2) or a pipe failed.
    says: /^451 Error in server: /,
    means: "the server's system refused it what it needs to go on",
    votes: { "server-process-died": "speaks", "server-limit-reached": "speaks", "server-denies-file": "denies" },
  },
];

const deaths: readonly Words[] = [
  {
    says: /\breceived SIG(?:ABRT|SEGV|BUS|ILL|FPE) signal\b|\bexiting on signal (?:Segmentation|Bus|Abort)/i,
    means: "a process of the server ended",
    votes: { "server-process-died": "names" },
  },
];

const commands: readonly Words[] = [
  {
    // wu-ftpd, ProFTPD (AllowRetrieveRestart), IIS, ftp-srv.
    says: /^50\d REST has been disabled|^451 REST (?:STOR|RETR) not allowed|\bcommand filtering rules denied\b|^402 Not supported by file system/i,
    means: "the server does not carry out this command, whatever file it names",
    votes: { "server-denies-command": "names", "server-denies-file": "denies" },
  },
  {
    // Pure-FTPd, FileZilla Server, Serv-U, Apache FtpServer, pyftpdlib, ftpserverlib, ProFTPD after EPSV ALL (RFC 2428).
    says: /\bMode actif desactive\b|\bAktives FTP ist auf diesem Server verboten|\b(?:PORT|EPRT|PASV|EPSV)(?: command)? is disabled\b|\bEPSV ALL in effect\b|\bnot allowed after EPSV ALL\b|\b(?:active|passive) (?:mode|FTP|transfers?) (?:is |are )?(?:not (?:enabled|allowed|supported|permitted|available)|disabled|forbidden)\b|\bEPSV not supported\b/i,
    in: "reply",
    means: "the server does not take this data command",
    votes: { "data-command-refused": "names", "active-address-refused": "denies" },
  },
];

export const serverWords = wordsClue([...logins, ...limits, ...addresses, ...settings, ...deaths, ...commands]);
