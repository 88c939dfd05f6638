/** What clients and libraries say of themselves when a session fails, from their own sources and manuals. */
import { saysRejected } from "../logs/formats/filezilla-words";
import { notUnderstood } from "../logs/unreadable";
import { notOnTheWay, wordsClue, type Clue, type Words } from "./clue";
import { nameUnknown } from "../logs/system-words";
import { isNowhere, isPrivate, quoteOf, type Scene } from "./scene";

const isPlaceless = ({ stage }: Scene): boolean => stage === null;
/** No command or reply is shown that would tell more. */
const isAlone = ({ exchanges }: Scene): boolean => exchanges.length === 0;
const isBeforeLogin = ({ stage }: Scene): boolean => stage === null || stage === "control-connect" || stage === "login";

const words: readonly Words[] = [
  {
    says: nameUnknown,
    in: "remark",
    when: (scene) => isPlaceless(scene) && isAlone(scene),
    means: "the server's name led to no address",
    votes: { "port-unreachable": "speaks", "return-route-missing": "denies" },
  },
  {
    // Flysystem, WordPress, WinINet, NcFTP, curl, Wget, Erlang's ftp, Qt, aria2.
    says: /\bUnable to login\/authenticate with FTP|\bCould not login with (?:connection|the username)\b|\bserver refuses login|\bThe (?:password|user name) was not allowed|\bERROR_INTERNET_(?:INCORRECT_PASSWORD|INCORRECT_USER_NAME|LOGIN_FAILURE)\b|username and\/or password was not accepted|\bACCT requested but none available|\bLogging in to \S+ failed: authentication|\{error, ?euser\}|error_reply: 332\b|\(530\) (?:Nicht angemeldet|Non connecté|No ha iniciado sesión)/,
    when: isBeforeLogin,
    means: "the client says that the login was refused",
    votes: { "login-refused": "hints" },
  },
  {
    // WinSCP and others repeat Windows' word to who may not use a socket (WSAEACCES).
    says: /\bsocket in a way forbidden by its access permissions|\bWSAEACCES\b/,
    in: "remark",
    when: isAlone,
    means: "the client's own system did not permit the connection",
    votes: { ...notOnTheWay, "client-host-firewall": "hints", "client-never-dialled": "speaks" },
  },
  {
    // curl, Wget.
    says: /ftp-server response when 220 was expected|Error in server greeting/,
    means: "the client says that the server did not greet it with 220",
    votes: { "server-denies-address": "speaks", "server-limit-reached": "allows", "server-setting-broken": "allows" },
  },
  {
    // curl, basic-ftp, WinSCP, NcFTP.
    says: /\bFTP response timeout|\bTimeout \(control socket\)|\bTimeout detected\. \(control connection\)/,
    when: isAlone,
    means: "the client waited in vain for a reply on the control connection",
    votes: { "server-slow": "hints", "control-line-blocked": "allows", "control-connection-dropped-idle": "allows" },
  },
  {
    // BSD's ftp, Wget, Flysystem, .NET, WinINet, aioftp, basic-ftp.
    says: /^Passive mode refused|Cannot initiate PASV transfer|Could not set passive mode|failed the passive mode request with status response|\bERROR_FTP_NO_PASSIVE_MODE\b|Waiting for \('2(?:27|29)',\) but got 5|transfer strategies work\. Last error response was 'FTPError: 5/,
    when: ({ last, lines }) =>
      (last === null || last.verb === "PASV" || last.verb === "EPSV") &&
      !lines.some(({ text }) => /^530\b|\bOOPS\b/.test(text) || notUnderstood.test(text)),
    means: "the client says that the server refused the data command",
    votes: { "data-command-refused": "hints", "server-denies-command": "allows" },
  },
  {
    says: /command PORT failed|^Invalid PORT\b/,
    means: "the client says that the server refused PORT",
    votes: { "active-address-refused": "speaks", "data-command-refused": "allows" },
  },
  {
    // lftp (ftp:verify-address), Commons Net, .NET, Indy.
    says: /Data connection peer has mismatching address|unexpected connection attempt by \S+|data connection was made from an address that is different|Data connection assurance check failed/,
    in: "remark",
    means: "the client takes no data connection with another host than that of the control connection",
    votes: {
      "foreign-data-peer": "hints",
      "data-connection-to-other-server": "speaks",
      "passive-port-not-forwarded": "denies",
      "no-helper": "denies",
      "active-connection-blocked": "denies",
    },
  },
  {
    // lftp (ftp:verify-port) wants port 20, or the one that 227 named.
    says: /Data connection peer has wrong port number/,
    in: "remark",
    means: "the data connection has another port at its other end than the client expects",
    votes: { "port-altered-on-the-way": "hints", "foreign-data-peer": "speaks" },
  },
  {
    // FluentFTP, node-ftp, Commons Net's execAUTH, z/OS.
    says: /\bAUTH TLS command failed|\bUnable to secure connection\(s\)|SSLException: 50[0-4]\b|^at .*\.execAUTH\(|Unable to successfully negotiate required authentication/,
    when: ({ exchanges }) => !exchanges.some(({ verb, code }) => verb === "AUTH" && code === 234),
    means: "the client says that the server did not grant TLS",
    votes: { "tls-not-offered": "hints" },
  },
  {
    // FileZilla compares the certificates of both (tlssocket_impl.cpp).
    says: /Primary connection and data connection certificates don't match/,
    means: "another server answers on the data connection than on the control connection",
    votes: { "data-connection-to-other-server": "hints" },
  },
  {
    // Erlang's ftp: the name is unknown, or nobody takes the connection.
    says: /\{error, ?ehost\}/,
    means: "the client found no server at this address",
    votes: { "port-unreachable": "speaks" },
  },
  {
    // FileZilla: the server asks for more than a name and a password.
    says: /Server might require an account|Server sent an additional login prompt/,
    means: "the client says that the server wants more for the login",
    votes: { "login-refused": "speaks" },
  },
  {
    says: /Transfer connection interrupted: |Server did not properly shut down TLS connection/,
    means: "the data connection broke off",
    votes: { "transfer-end-lost": "speaks" },
  },
  {
    says: /Server did not accept the 'P(?:BSZ|ROT) [0-9A-Z]' command/,
    means: "the client says that the server refused the protection of data",
    votes: { "protection-refused": "names" },
  },
  {
    says: /\bftp_login\(\): SSL\/TLS handshake failed/,
    means: "TLS of the control connection did not come about",
    votes: { "tls-versions-do-not-meet": "speaks", "implicit-explicit-mismatch": "allows" },
  },
  {
    says: /Failed to clear the command channel \(CCC\)/,
    means: "the client could not end TLS on the control connection after CCC",
    votes: { "ccc-shutdown-mismatch": "hints" },
  },
  {
    // curl, aria2, libfetch, PHP, Wget; in clear words of a file.
    says: /\bcurl: \(78\) (?:The file does not exist|Remote file not found)|\bcurl: \(9\) Access denied to remote resource|\bcurl(?: error|:) \(?70\)?:? |-> Resource not found$|^fetch: .*: File unavailable \(|\bftp_mkdir\(\): Create directory operation failed|^No such (?:file|directory) [‘`'"“]|\b550\)? Datei nicht verfügbar|\{error, ?epath\}/,
    when: ({ transfer, exchanges }) => transfer !== null || isAloneOrFile(exchanges.map(({ verb }) => verb)),
    means: "the client says that the server refused the folder or the file",
    votes: { "server-denies-file": "hints", "passive-port-not-forwarded": "denies", "no-helper": "denies" },
  },
  {
    // BSD's ftp, basic-ftp.
    says: /^netin: |\bread E[A-Z]{5,} \(data socket\)/,
    in: "remark",
    means: "the data connection broke while data came",
    votes: { "transfer-end-lost": "speaks" },
  },
  {
    // FileZilla, basic-ftp, WinSCP, Indy.
    says: /Received a line exceeding \d+ characters|FTP control response exceeded maximum|FTP server returned invalid response|Server sent invalid port number/,
    in: "remark",
    means: "the client did not get a reply of a form that a reply has",
    votes: { "server-reply-malformed": "hints", "client-cannot-parse-reply": "allows" },
  },
];

const isAloneOrFile = (verbs: readonly string[]): boolean =>
  verbs.every((verb) => ["CWD", "RETR", "STOR", "MKD", "SIZE", "LIST"].includes(verb));

/** FileZilla's, in its languages. */
const rejected: Clue = ({ lines }) => {
  const said = lines.filter(({ direction, text }) => direction === "*" && saysRejected(text));
  return said.length === 0
    ? []
    : [
        {
          meaning: "the client does not accept the address that the reply names",
          lines: said.slice(-2).map(quoteOf),
          votes: { "passive-address-rejected-by-client": "names", "passive-address-unroutable": "speaks" },
        },
      ];
};

/** lftp: `Connecting data socket to (192.0.2.1) port 50000`. */
const forData = /^(?:Connecting data socket|.{0,80}\bdata connection) to \(?((?:\d{1,3}\.){3}\d{1,3})\b/;

/** Where no reply is shown, the address that it dials for data tells what the reply named. */
const dialsPrivate: Clue = ({ symptom, arranged, stage, lines: all }) => {
  const { dialled } = symptom;
  const lines = all.filter(({ by }) => by === undefined);
  const address = lines.map(({ text }) => forData.exec(text)?.[1]).find((found) => found !== undefined) ?? "";
  if (arranged !== null || stage !== "data-connect" || !isPrivate(address) || isNowhere(address)) return [];
  if (dialled === address || isPrivate(dialled ?? "")) return [];
  const said = lines.filter(({ text }) => text.includes(address));
  return said.length === 0
    ? []
    : [
        {
          meaning: `the client dials ${address} for data, an address of private networks`,
          lines: said.slice(-2).map(quoteOf),
          votes: { "passive-address-unroutable": "hints" },
        },
      ];
};

export const clientClues: readonly Clue[] = [rejected, dialsPrivate, wordsClue(words)];
