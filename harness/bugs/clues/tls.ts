/** Words about TLS: versions, sessions, demands, handshakes. OpenSSL, GnuTLS, Schannel, SecureTransport, Java, .NET, Go, Node. */
import { stages, type Stage } from "../../model/axes";
import { notOnTheWay, wordsClue, type Words } from "./clue";
import type { Scene } from "./scene";

/** The session stopped after the data connection had been arranged. */
function isAtData({ stage, arranged, transfer }: Scene): boolean {
  return stage === null ? arranged !== null || transfer !== null : from(stage, "data-connect");
}

function from(stage: Stage, first: Stage): boolean {
  return stages.indexOf(stage) >= stages.indexOf(first);
}

/** Data came, so TLS had begun. */
function isUnderWay({ stage, transfer }: Scene): boolean {
  return (stage !== null && from(stage, "transfer")) || (transfer?.code ?? 0) >= 200;
}

const isAtControl = (scene: Scene): boolean => !isAtData(scene);
const afterCcc = ({ exchanges, lines }: Scene): boolean =>
  // ProFTPD's TLSLog has its own words for it (contrib/mod_tls.c tls_ccc).
  exchanges.some(({ verb }) => verb === "CCC") ||
  lines.some(({ text }) => /received CCC|clearing control channel/i.test(text));
/** No command was answered before: TLS was begun with the connection. */
const isAtOnce = ({ exchanges }: Scene): boolean => !exchanges.some(({ verb }) => verb === "AUTH" || verb === "USER");

/** A command was sent under TLS. */
const isAfterHandshake = ({ exchanges, last }: Scene): boolean =>
  exchanges.some(({ verb }) => verb === "AUTH") && last !== null && last.verb !== "AUTH";

const sessions: readonly Words[] = [
  {
    says: /session reuse (?:is )?(?:required|needed|on data channel)|(?:TLS|SSL) session (?:of|for|on) (?:the )?data (?:connection|channel)|(?:did|does|has|was) not (?:been )?(?:re-?use|resume)d? .*(?:SSL|TLS)? ?session|(?:SSL|TLS) session (?:was |is |has )?not (?:been )?(?:re-?used|resumed)|no (?:SSL|TLS) session (?:re-?use|resumption)|cached (?:TLS|SSL) session|session resumption (?:is )?(?:required|failed|expected)|require_ssl_reuse option|must (?:re-?use|resume) .*session|rejects new (?:SSL|TLS) sessions|session ID .*(?:does not|doesn't) match/i,
    unless: /not required|\bclient reused\b/i,
    means: "the server wants the data connection to resume the control connection's TLS session",
    votes: { "tls-session-not-reused": "names" },
  },
  {
    says: /Operation not permitted|EPERM\b/,
    at: "end",
    when: ({ symptom: { mode }, stage, end }) =>
      mode !== "ftp" || stage === "data-tls" || end.some(({ text }) => text.includes("build data connection: Oper")),
    // A refusal that begins with a command's name is about that command; others are a system call's or a file's.
    unless:
      /\b(?:connect|sendto|bind|open)\b.*(?:Operation not permitted|EPERM)|Operation not permitted \(connect|\bPermissionError\b|\b[A-Z]{3,4}: ?Operation not permitted|^(?:45[0-2]|55[0-3]) |\b(?:RETR|STOR)\b.*Operation not permitted/,
    means: "the data connection was not permitted; one that nobody answers ends in another error",
    votes: { "tls-session-not-reused": "hints" },
  },
  {
    says: /EOF occurred in violation of protocol|SSL_ERROR_SYSCALL|unexpected eof|(?<![a-z_])SSL_connect|handshake.*(?:fail|closed|terminated)|closed the transport stream|Received an unexpected EOF|non-properly terminated|GnuTLS error -110|SSL.*(?:reset|EOF)|TLS.*(?:reset|EOF)/i,
    at: "end",
    when: (scene) => isAtData(scene) && !isUnderWay(scene),
    means: "TLS was broken off after a data connection had been arranged",
    votes: { "tls-session-not-reused": "speaks", "data-tls-broken-off": "allows", "transfer-end-lost": "allows" },
  },
];

/** mod_tls (contrib/mod_tls.c, `tls_accept`) of a data connection's handshake that did not end well. */
const dataHandshake = "unable to open data connection: TLS negotiation failed";

/** OpenSSL's words where the other end closed the connection in the middle of it: no error is left behind. */
const closedEarly =
  /unable to accept TLS connection: (?:system call error: \[0\]|protocol error: .*EOF|client closed|unexpected eof|.*\(reset|ECONNRESET)/i;

const ofModTls: readonly Words[] = [
  {
    says: closedEarly,
    when: ({ lines, unread }) => [...lines, ...unread].some(({ text }) => text.includes(dataHandshake)),
    means: "the client closed the data connection before its TLS handshake was over",
    votes: { "data-tls-broken-off": "hints", "client-does-not-begin-data-tls": "speaks" },
  },
  {
    says: new RegExp(dataHandshake),
    means: "TLS on the data connection did not come about",
    votes: {
      "data-tls-broken-off": "speaks",
      "client-does-not-begin-data-tls": "allows",
      ...notOnTheWay,
    },
  },
];

const tooEarly: readonly Words[] = [
  {
    // Go's crypto/tls dials and shakes hands in one call.
    says: /\btls: DialWithDialer timed out|\bclient ?hello\b.{0,20}\bsent\b|\bsent\b.{0,20}\bclient ?hello\b|\bsending\b.{0,12}\bclient ?hello\b|\b(?:TLS|SSL) handshake (?:was )?(?:started|begun|sent)\b|\b(?:starting|beginning) (?:the )?(?:TLS|SSL) handshake\b/i,
    at: "end",
    // What was transferred before, and what the control connection's handshake was, is behind it.
    when: ({ arranged, last }) => arranged !== null && arranged === last && (arranged.code ?? 0) < 300,
    means: "TLS was begun on the data connection, and no command for the transfer had been sent",
    votes: { ...notOnTheWay, "data-tls-too-early": "hints", "foreign-data-peer": "denies" },
  },
];

/** The kernel's word to the program that connects: a rule for what its own host sends (iptables' and nft's drop in OUTPUT give EPERM). */
const ownHost: readonly Words[] = [
  {
    says: /\bPermissionError: \[Errno 1\] Operation not permitted|\bconnect(?:ex)?\b(?:\(\))?.{0,120}(?:\bEPERM\b|\bEACCES\b|operation not permitted|forbidden by its access)|Operation not permitted \(connect|Permission denied: connect\b|\b10013\b/i,
    unless: /build data connection/,
    when: (scene) => isAtData(scene) || scene.stage === "control-connect",
    means: "the client's own system did not permit the connection",
    // It is the client that connects.
    votes: {
      ...notOnTheWay,
      "client-host-firewall": "hints",
      "egress-blocked": "allows",
      "active-connection-blocked": "denies",
    },
  },
];

const versions: readonly Words[] = [
  {
    // Alert 40 (RFC 8446 section 6): what the other end wants and what this one offers have nothing in common.
    says: /handshake[_ ]?failure\b|\bHandshake failed \(40\)|fatal alert: HandshakeFailure/i,
    unless: /\bhandshake failure, /i,
    when: isAtControl,
    means: "the other end found nothing in what was offered to it that it takes",
    votes: { "tls-versions-do-not-meet": "hints" },
  },
  {
    says: /alert:? '?protocol ?version|protocol[_ ]version\b|unsupported protocol|no protocols available|version too low|wrong ssl version|No appropriate protocol|protocol is disabled|unsupported (?:or illegal )?(?:TLS |SSL )?(?:protocol )?version|illegal or unsupported version|error in protocol version|unsupported version packet|-9836\b|errSSLPeerProtocolVersion|not enabled or supported by the client|SEC_E_UNSUPPORTED_FUNCTION|only supports? TLS ?v?1|TLS ?v?1\.[0123] (?:is )?(?:not supported|required)|protocol (?:version )?is not supported|tlsv1 alert|no supported versions satisfy/i,
    // An alert that this end writes says what it thinks of the other's bytes.
    unless:
      /alert (?:unknown ca|internal|decrypt|bad cert|access)|alert write|Internet Protocol Version|application protocol/i,
    when: (scene) => !afterCcc(scene),
    means: "the two ends have no version of TLS in common",
    votes: { "tls-versions-do-not-meet": "names" },
  },
  {
    unless: /\bOOPS\b/,
    says: /no shared cipher|no ciphers? available|no cipher suites? in common|No supported cipher|cipher suites? .*(?:inappropriate|not supported)|dh key too small|legacy sigalg|unsafe legacy renegotiation|insufficient security|-9824\b|could not agree|unconfigured cipher suite|no suitable signature algorithm|none of the cipher suites/i,
    means: "the two ends have no way of encryption in common",
    votes: { "tls-versions-do-not-meet": "names" },
  },
  {
    // Windows says the same of versions and of ciphers (SEC_E_ALGORITHM_MISMATCH).
    says: /do(?:es)? not possess a common algorithm|SEC_E_ALGORITHM_MISMATCH|0x80090331/i,
    when: (scene) => !afterCcc(scene),
    means: "the two ends have no version or no cipher of TLS in common",
    votes: { "tls-versions-do-not-meet": "names" },
  },
  {
    says: /alert handshake failure|handshake[_ ]failure|fatal alert.*Handshake failed|TLS alert.*Handshake failed/i,
    when: isAtControl,
    means: "the other end gave up the TLS handshake",
    votes: { "tls-versions-do-not-meet": "speaks" },
  },
  {
    says: /unexpected (?:length|eof)|EOF occurred|SSL_ERROR_SYSCALL|SSL_ERROR_ZERO|reset|closed the transport stream|terminated handshake|handshake (?:failed|aborted|terminated|error)|A call to SSPI failed|SEC_E_ILLEGAL_MESSAGE|0x80090326|gnutls_handshake|non-properly terminated|(?<![a-z_])SSL_connect|\bunable to connect\b|TLS negotiation failed|SSL(?:\/TLS)? (?:negotiation|handshake|error|connection)/i,
    unless: /certificat|verif|altname|session|SSL connection (?:using|established)/i,
    in: "remark",
    at: "end",
    when: (scene) =>
      ["auth-tls", "certificate", "control-connect", "greeting"].includes(scene.stage ?? "") && grantedTls(scene),
    means: "TLS ended before the session could go on",
    votes: {
      "tls-versions-do-not-meet": "speaks",
      "certificate-untrusted": "allows",
      "control-line-blocked": "allows",
    },
  },
  {
    says: /wrong[ _]version[ _]number|unknown protocol|unexpected TLS packet|packet length too long|plaintext connection\?|Unsupported or unrecognized SSL message|first record does not look like a TLS handshake|frame with unexpected|not an SSL\/TLS record|record layer version|oversized record received|unexpected packet format|cannot determine the frame size|exceeded the maximum permissible length|InvalidContentType|invalid SSL record/i,
    when: (scene) => !afterCcc(scene) && isAtControl(scene),
    means: "what came in the place of TLS was no TLS",
    votes: (scene) =>
      isAtOnce(scene)
        ? { "implicit-explicit-mismatch": "names" }
        : isAfterHandshake(scene)
          ? // vsftpd says in clear why it ends (utility.c), inside TLS too.
            { "server-setting-broken": "speaks", "server-process-died": "speaks" }
          : { "tls-versions-do-not-meet": "speaks", "implicit-explicit-mismatch": "allows" },
  },
  {
    says: /wrong version number|unknown protocol|unexpected TLS packet|packet length too long|Unsupported or unrecognized SSL message/i,
    when: (scene) => !afterCcc(scene) && isAtData(scene),
    at: "end",
    means: "what came in the place of TLS was no TLS",
    votes: {
      "tls-session-not-reused": "allows",
      "protection-refused": "allows",
      "data-connection-to-other-server": "allows",
    },
  },
];

function grantedTls({ exchanges }: Scene): boolean {
  return exchanges.some(({ verb, code }) => verb === "AUTH" && (code === 234 || code === 334));
}

/** Servers that go on under TLS alone, and what makes it a demand for data connections. */
const demand =
  /(?:SSL|TLS)(?:\/TLS)? (?:is )?(?:required|mandatory|needed) (?:on|to|for|before|by)?(?! ?(?:on )?the data)|SSL\/TLS required|must use (?:encryption|TLS|SSL)|requires? (?:SSL|TLS|encryption|a secure connection)|policy requires (?:SSL|TLS)|cleartext sessions|does not allow plain FTP|not allow(?:ed)? (?:plain|unencrypted|insecure|clear)|use (?:explicit )?FTP over TLS|Use AUTH (?:TLS )?first|(?:connections?|sessions?|logins?) must be (?:encrypted|secured?)|encryption (?:is )?required|only secure (?:connections|FTP)|\buse (?:an? )?(?:secure|encrypted|protected|SSL|TLS|FTPS|FTPES|AUTH (?:TLS|SSL))(?:\/(?:TLS|SSL))?(?: (?:access|connections?|logins?|sessions?|mode|FTP))?(?: (?:first|instead|before|to log)|[.!]?$)|(?:secure|encrypted) (?:access|login|session|mode) (?:is )?(?:required|only)|reconnect using TLS|plain(?:text)? (?:FTP )?(?:connections?|logins?|sessions?)? ?(?:is|are|was|were)? ?(?:not (?:allowed|accepted|supported|permitted)|disabled|refused)|secure connection (?:is )?required/i;
const ofData = /data (?:channel|connection)|\bPROT\b|\bCCC\b/i;

/** Whether a refusal asks for TLS. */
export const wantsTls = (text: string): boolean => demand.test(text) && !ofData.test(text);

const demands: readonly Words[] = [
  {
    says: demand,
    unless: ofData,
    in: "reply",
    means: "the server wants TLS before it goes on",
    // In a session with TLS the server wants it on the data. A client that never sent PROT has not asked for that.
    votes: ({ symptom: { mode }, exchanges }) =>
      mode === null || mode === "ftp"
        ? { "tls-required": "names" }
        : exchanges.some(({ verb }) => verb === "PROT")
          ? { "protection-refused": "hints", "tls-required": "speaks" }
          : { "tls-required": "hints", "protection-refused": "speaks" },
  },
  {
    says: /SSL\/TLS required on the control channel|must use encryption|SSL is required to connect|requires? (?:explicit )?(?:FTP over )?TLS|cleartext sessions|\bpolicy requires SSL/i,
    // A client's own setting (FileZilla).
    unless: /Require explicit|data (?:channel|connection)/i,
    in: "remark",
    means: "the server wants TLS before it goes on",
    votes: { "tls-required": "names" },
  },
  {
    says: /protected data connection|PROT P (?:is )?(?:required|needed)|(?:required|encrypt\w*|protected|secure) (?:on|for) (?:the )?data (?:channel|connection)|data (?:channel|connections?) .*(?:must|has to|have to|needs? to) be (?:encrypted|protected|secure)|cannot be opened with this PROT|PROT level|protection level (?:not|denied)|clear data|Only PROT P/i,
    unless: /\b200\b.*PROT|set to/i,
    means: "the server takes data connections under another protection than this one's",
    votes: { "protection-refused": "names" },
  },
  {
    says: /(?:SSL|TLS)(?:\/(?:SSL|TLS))? (?:is )?(?:not (?:available|supported|enabled|configured|allowed|implemented)|disabled|unavailable)|does not (?:support|allow|support or allow) (?:FTP over |explicit )?(?:TLS|SSL|secure)|policy .*not allow (?:TLS|SSL|secure)|AUTH .*not (?:understood|implemented|recogni[sz]ed|supported|enabled)|Requested SSL level failed|security (?:extensions?|mechanism) (?:not|is not)|no (?:TLS|SSL) support/i,
    at: "end",
    // A server that granted TLS takes it. It refuses the protection of data then.
    when: (scene) => (!isAtData(scene) || scene.stage === null) && !grantedTls(scene),
    means: "the server does not take TLS",
    votes: { "tls-not-offered": "names" },
  },
  {
    says: /did not (?:start|initiate|begin) (?:the )?(?:TLS|SSL)|(?:TLS|SSL) handshake (?:was )?(?:not|never) (?:started|begun|received)|handshake timed? ?out|client did not (?:negotiate|initiate)|no (?:TLS|SSL) (?:handshake|ClientHello) .*data/i,
    means: "TLS was not begun on the data connection",
    votes: { "client-does-not-begin-data-tls": "names" },
  },
];

const ccc: readonly Words[] = [
  {
    says: /SSL_shutdown|wrong version number|unexpected eof|bad record|decrypt|not properly|illegal|unexpected TLS packet|alert protocol version/i,
    when: afterCcc,
    means: "an error of TLS follows CCC",
    votes: { "ccc-shutdown-mismatch": "names" },
  },
];

export const tlsWords = wordsClue([...sessions, ...ofModTls, ...tooEarly, ...ownHost, ...versions, ...demands, ...ccc]);
