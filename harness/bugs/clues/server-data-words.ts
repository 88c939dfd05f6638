/** What servers say of TLS, of data connections and of transfers, in sentences that their sources and manuals have; `test/fixtures/words/servers.yaml` names each. */
import { notOnTheWay, wordsClue, type Words } from "./clue";

const demands: readonly Words[] = [
  {
    // ftpserverlib, FileZilla Server 0.9 and 1.x, Serv-U, wu-ftpd, mod_tls, IIS.
    says: /^(?:421|530|534|550) (?:explicit )?(?:TLS|SSL|FTPS) (?:is )?required\.?$|\bneed secure connection\b|\babsent for authentication, denying\b|\bdenied by TLSRequired\b|\bnot valid on insecure control connection|\bmust perform authentication before identifying USER|^533 All commands must be protected|^503 Use AUTH first|\bSSL policy requires SSL for (?:control channel|credentials)|\bsessions en clair ne sont pas acceptees|\bakzeptiert keine unverschlüsselten Verbindungen/i,
    means: "the server wants TLS before it goes on",
    votes: { "tls-required": "names", "login-refused": "denies" },
  },
  {
    // mod_tls, FileZilla Server 0.9 and 1.x, ftpserverlib, IIS, Pure-FTPd, wu-ftpd.
    says: /\babsent on data channel, denying\b|\bPROT: (?:TLSRequired (?:requires|does not allow) protection|unwilling to accept)|\bTLSRequired (?:requires|does not allow) protection for data|\bPROT C is not allowed\b|^5\d\d PROT P required|^53[46] Protection level \w+ not (?:allowed|supported)|\brequires an encrypted data connection|\bSSL policy (?:requires|denies) SSL for data channel|\bPROT command with recognized parameter must precede|\bunable to open transfer: TLS is required|\bniveau de protection \(PROT\)|\bmit diesen PROT Einstellungen|^522 Command invalid with this data PROT level|^431 Security is disabled/i,
    means: "the server takes data connections under another protection than this one's",
    votes: { ...notOnTheWay, "protection-refused": "names", "server-denies-file": "denies" },
  },
  {
    // mod_tls, FileZilla Server 0.9, IIS, mod_proxy.
    says: /\bAUTH: (?:TLS|SSL) protocol denied by Protocols config|\bexplicit TLS authentication not allowed|\bSSL policy denies SSL for (?:credentials|commands|control channel)|\bdoes not support AUTH TLS\b|\bTLSEngine not enabled for SNI\b/i,
    means: "the server does not take TLS",
    votes: { "tls-not-offered": "names", "tls-required": "denies" },
  },
  {
    says: /^431 Could not initialize TLS connection|\bUnable to accept AUTH \w+ due to lack of certificates/i,
    means: "the server cannot begin TLS itself",
    votes: { "server-setting-broken": "hints", "tls-not-offered": "speaks" },
  },
  {
    // mod_tls (tls_accept), Pure-FTPd.
    says: /\bdoes not support any cipher from\b|\blacks support for client requested TLS\b|\bTLS: Cipher too weak\b/i,
    means: "the two ends have no version of TLS or no way of encryption in common",
    votes: { "tls-versions-do-not-meet": "names" },
  },
  {
    // mod_tls with TLSVerifyClient, IIS.
    says: /\bclient did not provide certificate, but one is\b|\binvalid client certificate\b|\bSSL policy requires client certificate/i,
    means: "the server wants a certificate of the client's that it can trust",
    votes: { ...notOnTheWay, "certificate-untrusted": "hints" },
  },
  {
    // contrib/mod_tls.c, tls_ccc.
    says: /^CCC: (?:TLSRequired setting|denied by|unwilling to accept)/,
    means: "the server does not allow the control connection to be cleared",
    votes: { "ccc-refused": "names" },
  },
  {
    // FileZilla Server 0.9 and 1.x, Serv-U, mod_proxy, servers in Java.
    says: /\bFailed making the data connection secure\b|\bNo or wrong ALPN on data connection|\bUnknown TLS error on data connection|\bData connection closed \(SSL\/TLS negotiation failed|\brefuses to initiate secure data connection|\bSSLHandshakeException: Remote host (?:terminated|closed connection during)\b.{0,12}\bhandshake|\bunable to open data connection to \S{1,80}: TLS negotiation failed/i,
    means: "TLS on the data connection did not come about",
    votes: { ...notOnTheWay, "data-tls-broken-off": "hints", "protection-refused": "denies" },
  },
];

const ends: readonly Words[] = [
  {
    // ProFTPD (modules/mod_core.c), Pure-FTPd in German and in French, Serv-U, FileZilla Server 0.9, ftpserverlib.
    says: /\bRefused (?:PORT|EPRT) \S{1,80} \((?:address mismatch|port \d+ below 1024)|\bJe n'ouvrirai pas de connexion vers\b|\bIch werde keine Verbindung mit \S{1,80} herstellen\b|\bport number has to be between 1024\b|\brejected command, requested IP address does not match\b|\bPORT (?:command )?.{0,20}\bconfigured security requirements|^501 Your request does not meet the configured security requirements/i,
    means: "the server does not connect to the address or port that the client names",
    votes: { "active-address-refused": "names" },
  },
  {
    // pyftpdlib (dispatchers.py), ftpserverlib.
    says: /\bActive data (?:channel|connection) timed out|\bCan't connect to specified address|\bcould not establish active connection\b/i,
    in: "reply",
    means: "the server could not connect to the client",
    votes: {
      "active-connection-blocked": "hints",
      "client-host-firewall": "speaks",
      "active-address-refused": "denies",
    },
  },
  {
    // FileZilla Server 1.x, uftpd.
    says: /\bFailed connection for data socket\b|\b(?:failed|unable|cannot|could not) (?:to )?connect(?:ing)? (?:the )?(?:data )?(?:socket |connection )?to (?:the )?client\b/i,
    by: "server",
    means: "the server could not connect to the client",
    votes: {
      "active-connection-blocked": "hints",
      "client-host-firewall": "speaks",
      "active-address-refused": "denies",
    },
  },
  {
    // ProFTPD, FileZilla Server, wu-ftpd, Pure-FTPd.
    says: /\(IPv4\/IPv6 address mismatch\)|\bYou are connected using IPv6\. (?:PASV|PORT) is only for IPv4|\bNetwork protocol mismatch\b|\bunknown network protocol\. Supported\b|\bSupported address families are\b|\bIPv6-conformant client\b|\bcannot use PASV on IPv6\b|^522 Use EPSV for IPv6/i,
    means: "this command is not for the version of IP of this session",
    votes: {
      "address-family-refused": "names",
      "active-address-refused": "denies",
      "protection-refused": "denies",
      "passive-range-exhausted": "denies",
    },
  },
  {
    // FileZilla Server 0.9 and 1.x, ftp-srv, IIS, Serv-U, ftpserverlib, Apache FtpServer.
    says: /\bData peer IP \[[^\]]{1,50}\] differs\b|\bIP addresses? of control and data connections? do not match|^550 Remote addresses do not match|\bClient IP on the control channel didn't match\b|\ballowed to connect to PASV socket|\bdata connection security requirements not met|\bPassive IP Check failed\b|\bpassive connection from a different\b/i,
    means: "the data connection came from another address than the control connection",
    votes: { ...notOnTheWay, "foreign-data-peer": "names", "active-address-refused": "denies" },
  },
  {
    // FileZilla Server 1.x.
    says: /\bCould not open listen port for passive data connection|\bFailed listen\(\d+, \d+\) for data connection\b|^425 Cannot prepare for data connection|\b421 Could not create socket\b/i,
    means: "the server could not make the socket on which it waits for a passive connection",
    votes: {
      ...notOnTheWay,
      "passive-range-exhausted": "hints",
      "server-setting-broken": "speaks",
      "server-denies-address": "denies",
    },
  },
  {
    // Pure-FTPd, ProFTPD (modules/mod_xfer.c), IIS, goftp.
    says: /\bError during (?:read from|write to) data connection|\baborting transfer: (?:Data connection closed|Connection reset|Broken pipe)|\bsc-win32-status 64\b|^ ?Win32 error: +The specified network name is no longer available|^(?:426|451|550) The specified network name is no longer available|\bduring transfer: .{1,120}(?:reset by peer|broken pipe)|\bData channel was aborted by client/i,
    means: "the data connection broke off while data was under way",
    votes: { "transfer-end-lost": "hints", "server-denies-file": "denies" },
  },
  {
    // IIS, before any byte came.
    says: /\bsc-substatus 15 \(data channel timed out\)|^ ?Error details: Data channel timed out/i,
    means: "the server waited for the data connection, and none came",
    votes: {
      "passive-port-not-forwarded": "hints",
      "server-host-firewall": "speaks",
      "active-connection-blocked": "allows",
    },
  },
];

const files: readonly Words[] = [
  {
    // FileZilla Server, IIS, Serv-U, wu-ftpd, z/OS, Pure-FTPd, ProFTPD.
    says: /\bdirectory (?:is )?not empty\b|\bdirectory and is not empty\b|^\d{3} (?:Writing to|Reading from) file failed|\bfile extension (?:was denied|is not allowed)|\bmaximum file size was exceeded|\bForbidden filename\b|\bASCII resume is unsafe\b|\bcannot (?:read|write) file\b|^\d{3} Not enough space\b|\bMax(?:Store|Retrieve)FileSize \(.{1,40}\) reached|\b(?:Overwrite|Rename) permission denied\b|\bchange perms on\b/i,
    unless: /\bSSL|\bTLS/,
    means: "the server cannot give or take the file as it is",
    votes: { "server-denies-file": "hints", "tls-session-not-reused": "denies" },
  },
  {
    says: /\bdenying file (?:write|read) due to quota limits/i,
    means: "a quota of the server is used up",
    votes: { "server-denies-file": "names", "server-limit-reached": "speaks" },
  },
];

/** Between the client and the server stand a proxy or a balancer that say so of the server behind them. */
const proxies: readonly Words[] = [
  {
    // mod_proxy (lib/proxy/conn.c), nginx' stream module, HAProxy's health checks and its termination states.
    says: /\bunable to (?:connect to|open control connection to) \S{1,80}#\d+: |\btimed out connecting to \S{1,80}:\d+ after\b|^530 Unable to connect to \S{1,80}: |\bwhile connecting to upstream\b.{1,300}:(?:21|990)\b|\bServer \S{1,80} is DOWN, reason: Layer4|\bbackend \S{1,80} has no server available|\/<NOSRV> -?\d+\/-?\d+\/\d+ \d+ SC |\/\S{1,60} \d+\/-1\/\d+ \d+ [sS]C /i,
    // A balancer's line may be of a data connection, once the server has answered.
    when: ({ stage }) => stage === null || ["control-connect", "greeting", "auth-tls", "login"].includes(stage),
    means: "the proxy in between does not reach the server behind it",
    votes: { "port-unreachable": "names", "login-refused": "denies", "control-connection-dropped-idle": "denies" },
  },
];

export const serverDataWords = wordsClue([...demands, ...ends, ...files, ...proxies]);
