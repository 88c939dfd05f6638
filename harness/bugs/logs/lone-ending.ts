import type { DataCommand, Mode, Stage } from "../../model/axes";
import type { LogLine } from "../../model/symptom";
import { dataNotEstablished, saysRejected } from "./formats/filezilla-words";

/** What a refusal or a client's message tells by itself. `null`: it leaves that open. */
export type LoneEnding = {
  readonly stage: Stage | null;
  readonly code: number | null;
  readonly data: DataCommand | null;
  readonly mode: Mode | null;
};

/** In a line of its own, or as a program's error tells it: `FTPError: 425 ...`, `ftplib.error_temp: 425 ...`. */
const refusal = /(?:^|[Ee]rror\w{0,20}:? )([45]\d\d)(?:[ -](.*))?$/;

/** The ending in a log that shows no command; `null` where it shows one, or tells what may happen at several stages. */
export function loneEndingIn(lines: readonly LogLine[]): LoneEnding | null {
  if (lines.some(({ direction, by }) => direction === ">" && by !== "server")) return null;
  const traced = tracedEndingIn(lines);
  if (traced !== null) return traced;
  if (lines.some(({ direction }) => direction === ">")) return null;
  const endings = lines.flatMap((line) => {
    const [, code, text = ""] = refusal.exec(line.text) ?? [];
    return code === undefined ? [] : [endingOfReply(Number(code), text)];
  });
  // Of a reply of several lines, one may say more than the last.
  const refused = endings.find((ending) => ending.stage === "protection") ?? endings.at(-1) ?? null;
  if (refused !== null && refused.stage !== null) return refused;
  const told = lines.map((line) => endingOfMessage(line.text)).filter((ending) => ending !== null);
  // Of a traceback, one line may say more than the first.
  const said = told.find(({ stage, data }) => stage === told[0]?.stage && data !== null) ?? told[0] ?? null;
  return refused === null || said === null ? (refused ?? said) : { ...said, code: refused.code };
}

/** A function of Python's ftplib in a traceback, which has the most recent call last. */
const frame = /\bftplib\.py", line \d+, in (\w+)/;

/** A function of Ruby's Net::FTP in a backtrace, which has the most recent call first; Ruby 3.4 names the class too. */
export const rubyFrame =
  /\bnet\/ftp(?:\.rb|\/\w+\.rb):\d+:in [`'](?:(?:block|rescue|ensure) (?:\(\d+ levels\) )?in )?(?:[\w:]+[#.])?(\w+)'/;

/** curl has nothing more to send (lib/transfer.c, lib/sendf.c). */
const allSent = /\b(?:completely uploaded and fine|upload completely sent off)\b/i;

/** What each function of ftplib does (Lib/ftplib.py); those that only read a reply are left out. */
const doneIn: Readonly<Record<string, Stage>> = {
  connect: "greeting",
  auth: "auth-tls",
  login: "login",
  prot_p: "protection",
  makepasv: "data-command",
  makeport: "data-command",
  sendport: "data-command",
  sendeprt: "data-command",
  ntransfercmd: "data-connect",
};

/** Where a session of ftplib stopped: at the last step that its traceback shows. A transfer that then awaits a reply has sent all. */
function tracedEndingIn(lines: readonly LogLine[]): LoneEnding | null {
  const sent = lines.findIndex(({ text }) => allSent.test(text));
  if (sent >= 0 && lines.slice(sent).some(({ text }) => /response timeout/i.test(text))) return told("completion");
  const ruby = lines.flatMap(({ text }) => rubyFrame.exec(text)?.[1] ?? []).toReversed();
  if (ruby.length > 0) return rubyEndingIn(ruby, lines);
  const called = lines.flatMap(({ text }) => frame.exec(text)?.[1] ?? []);
  const step = called.findLast((name) => name in doneIn);
  if (step !== undefined) {
    // A client that has read no reply was not connected.
    const isDialling = step === "connect" && !called.includes("getresp");
    return told(isDialling ? "control-connect" : (doneIn[step] ?? null));
  }
  const isTransfer = called.some((name) => /^(?:stor|retr)(?:binary|lines)$/.test(name));
  if (!isTransfer || called.includes("voidcmd")) return null;
  // Behind the last byte it ends TLS, and then awaits the final reply.
  const isSent = called.includes("voidresp") || lines.some(({ text }) => unwrapping.test(text));
  return told(isSent ? "completion" : "transfer");
}

/** Python ends TLS on a data connection by a method of this name (ftplib.py, FTP_TLS). */
const unwrapping = /\bunwrap\(\)|, in unwrap$/;

/** The same of Ruby's Net::FTP (lib/net/ftp.rb). */
const doneInRuby: Readonly<Record<string, Stage>> = {
  connect: "greeting",
  start_tls_session: "auth-tls",
  login: "login",
  makepasv: "data-command",
  makeport: "data-command",
  sendport: "data-command",
  transfercmd: "data-connect",
};

const readsReply = ["getline", "getmultiline", "getresp", "voidresp"];

/** @param called the outermost function first */
function rubyEndingIn(called: readonly string[], lines: readonly LogLine[]): LoneEnding | null {
  const isReading = called.some((name) => readsReply.includes(name));
  const step = called.findLast((name) => name in doneInRuby);
  if (step === "connect") return told(isReading ? "greeting" : "control-connect");
  if (step === "start_tls_session" && called.includes("transfercmd")) return told("data-tls", null, "ftps");
  if (step === "transfercmd" && isReading) return told("transfer");
  if (step !== undefined) return told(doneInRuby[step] ?? null);
  const isTransfer = called.some((name) => /^(?:stor|retr)(?:binary|lines)$/.test(name));
  if (!isTransfer || lines.some(({ direction }) => direction !== "*")) return null;
  return told(isReading ? "completion" : "transfer");
}

/** A server wants the control connection's TLS session on the data connection: vsftpd, FileZilla Server, ProFTPD's TLSLog. */
const wantsSession =
  /session reuse|session of data connection not resumed|did not reuse (?:the )?(?:SSL|TLS)|cached TLS session/i;

/** Pure-FTPd, Cerberus, ProFTPD: a data connection without TLS. */
const wantsProtection = /requires? (?:a )?protected data connection|PROT P required/i;

/** Servers that want TLS before they hear a name: ProFTPD, vsftpd. */
const wantsTls = /SSL\/TLS required on the control channel|must use encryption|SSL is required to connect/i;

/** PORT for an address that is not the client's own: pyftpdlib, Pure-FTPd, ftp-srv. */
const foreignAddress = /(?:connect|connection) to a? ?foreign address|won't open a connection to|address is not yours/i;

/** TLS on a data connection was refused. What follows such a reply is its consequence. */
export function refusedSessionIn(lines: readonly LogLine[]): LoneEnding | null {
  const refused = lines.find(({ direction, text }) => {
    return direction === "<" && /^(?:425|522) /.test(text) && (wantsSession.test(text) || text.includes(permission));
  });
  return refused === undefined
    ? null
    : { stage: "data-tls", code: Number(refused.text.slice(0, 3)), data: null, mode: "ftps" };
}

/** mod_tls's refusal is EPERM; a connection that nobody answers never is. */
const permission = "Operation not permitted";

/** Where a session is refused so (RFC 959 section 4.2.2, RFC 4217); no stage for a code that is given at several. */
function endingOfReply(code: number, text: string): LoneEnding {
  const at = (stage: Stage | null, data: DataCommand | null = null): LoneEnding => ({ stage, code, data, mode: null });
  if (wantsSession.test(text)) return at("data-tls");
  if (wantsProtection.test(text)) return at("protection");
  if (foreignAddress.test(text)) return at("data-command", "port");
  if (wantsTls.test(text)) return at("login");
  const named = /\b(PASV|EPSV|PORT|EPRT)\b/.exec(text)?.[1];
  if (named !== undefined && code >= 500) return at("data-command", named.toLowerCase() as DataCommand);
  switch (code) {
    case 425:
      return at(text.includes(permission) ? "data-tls" : "data-connect");
    case 421:
      return at(null);
    case 426:
      return at("transfer");
    case 521:
    case 536:
      return at("protection");
    case 522:
      // RFC 4217 has it for clear data, RFC 2428 for the other family.
      return at(/network prot/i.test(text) ? "data-command" : null);
    case 530:
      return at("login");
    default:
      return at(null);
  }
}

const told = (stage: Stage | null, data: DataCommand | null = null, mode: Mode | null = null): LoneEnding => ({
  stage,
  code: null,
  data,
  mode,
});

/** Messages of clients from their own sources: of the dialling for data, of waiting for the server to dial, of the control connection, of the login. */
const ofClients: readonly (readonly [RegExp, LoneEnding])[] = [
  // frox, a proxy that opens data connections to its client.
  [/\bFailed to contact client data port\b/, told("data-connect")],
  // lftp, Wget, FlashFXP, WinSCP, jsftp, Qt, FluentFTP: they dialled for data.
  [
    /^(?:Error: )?Data socket error[ :]|couldn't connect to \S+ port \d+: |^(?:\W*[\d: .-]{19,24})?Transfer channel can't be opened|\bPassive socket timeout|Connection refused for data connection|^at .*\bOpenPassiveDataStream/i,
    told("data-connect", "pasv"),
  ],
  // basic-ftp's name of the socket, where it connects.
  [/\bconnect E[A-Z]{5,} \S+ \(data socket\)/, told("data-connect", "pasv")],
  // curl, FluentFTP, WinSCP, ftplib, Commons Net, z/OS: they waited for the server.
  [
    /Accept timeout occurred|Accepting server connect has timed out|server failed to connect to (?:the )?data port|accept\(\)ing server connect|Error while waiting for server connect|server to connect to the active data socket|server cannot open connection in active mode|= sock\.accept\(\)$|\bSocketTimeoutException: Accept timed out|^EZA2589E .*Waiting for data connection|^at .*\bOpenActiveDataStream/i,
    told("data-connect", "port"),
  ],
  [/can't open a data-transfer connection/i, told("data-connect")],
  // PHP and Perl.
  [/\bdata_accept: SSL\/TLS handshake failed|\bfailed to ssl upgrade dataconn/, told("data-tls", null, "ftps")],
  [/\bftp_login\(\): SSL\/TLS handshake failed/, told("auth-tls")],
  // Flysystem, WordPress, Qt, aria2, WinINet, CuteFTP, ftp-deploy, z/OS.
  [
    /\bUnable to connect to host \S+ at port|^Could not connect to host: |(?:[Ff]ailed to connect to|Unable to connect to) (?:the )?FTP [Ss]erver\b(?! using)|Failed to connect, are you sure your server works via FTP|Failed to establish connection, cause: |\bA connection with the server could not be established|\bERROR_INTERNET_CANNOT_CONNECT\b|^EZA2589E .*Initial (?:IPv6 )?connection|\bUnable to connect to the remote server ---> /,
    told("control-connect"),
  ],
  [
    /\bUnable to login\/authenticate with FTP|\bCould not login with (?:connection|the username)\b|\bserver refuses login|\bThe (?:password|user name) was not allowed|\bERROR_INTERNET_(?:INCORRECT_PASSWORD|INCORRECT_USER_NAME|LOGIN_FAILURE)\b|username and\/or password was not accepted|\bACCT requested but none available|\bLogging in to \S+ failed/,
    told("login"),
  ],
  [/Error in server greeting|ftp-server response when 220 was expected/, told("greeting")],
  [
    /Cannot initiate PASV transfer|failed the passive mode request|Could not set passive mode/,
    told("data-command", "pasv"),
  ],
  [/command PORT failed|^Invalid PORT\b/, told("data-command", "port")],
  [/Server did not accept the 'P(?:BSZ|ROT) /, told("protection", null, "ftps")],
  [/Bad passive host\/port combination/, told("data-command", "pasv")],
  [/remote certificate (?:is invalid|not trusted)/i, told("certificate", null, "ftps")],
];

/** Messages of clients that name the connection that failed, and a server's log of why it refused. */
const messages: readonly (readonly [RegExp, LoneEnding])[] = [
  [wantsSession, told("data-tls", null, "ftps")],
  [wantsTls, told("login")],
  [foreignAddress, told("data-command", "port")],
  ...ofClients,
  [/altnames.*\(data socket\)/, told("data-tls", null, "ftps")],
  [
    /match certificate's altnames|self.signed certificate|certificate verif\w+( failed|: (?!ok\b))/i,
    told("certificate", null, "ftps"),
  ],
  // Go's net package: a reply was awaited, before what was stored or behind it.
  [/\bstor: read tcp \S+:21: i\/o timeout/, told(null)],
  // Go's crypto/tls: there was a connection, explicit TLS or implicit.
  [/: (?:remote error: )?tls: /, told(null)],
  // netkit's and BSD's ftp.
  [/^Passive mode refused\b/i, told("data-command", "pasv")],
  // It says the same of PASV and of EPSV.
  [/^Passive mode address scan failure/i, told("data-command")],
  [/response to 'EPSV'|extended passive host information/i, told("data-command", "epsv")],
  [/response to 'PASV'|\bpassive host information/i, told("data-command", "pasv")],
  [/^ftp: bind ?:/, told("data-command")],
  // The words of .NET's FtpWebRequest for a 227 with another address.
  [/in response to the PASV command that is different/i, told("data-command", "pasv")],
  // PHP dials nothing else so: control connections are made by ftp_connect().
  [/php_connect_nonb\(\) failed/, told("data-connect", "pasv")],
  // PHP warns with the last reply, without its code.
  [/\bftp_(?!connect|login)\w+\(\): PORT command successful/i, told("data-connect", "port")],
  [
    /\bftp_(?!connect|login)\w+\(\): (?:Failed to establish connection|Can(?:no|')t (?:open|build|establish) (?:a )?data connection|Unable to (?:open|build) data connection(?!: Operation))/i,
    told("data-connect"),
  ],
  [/\bftp_login\(\): /, told("login")],
  [/data connection in passive mode/i, told("data-connect", "pasv")],
  [/Unable to build data connection: Operation not permitted/, told("data-tls")],
  // ProFTPD's TLSLog (contrib/mod_tls.c, `tls_netio_postopen`).
  [/unable to open data connection: TLS negotiation failed/, told("data-tls")],
  // Functions in traces of Commons Net, edtFTP and others that open the data connection.
  [/^at .*\b_?(?:open|create|init|make)\w{0,20}DataConn\w*/i, told("data-connect")],
  // basic-ftp's names of its sockets.
  [/before secure TLS connection.*\(data socket\)/, told("data-tls")],
  [/\(data socket\)/, told("transfer")],
  [/^(?:[a-z]{3,12}: )?data connection (?:timed out|failed|refused|could not)/i, told("data-connect")],
  [/Requested SSL level failed/i, told("auth-tls")],
  [/Login denied|Login incorrect|authentication failed/i, told("login")],
  [/Failed to do PORT|couldn't use PORT/i, told("data-command", "port")],
  [
    /(?:open|mak(?:e|ing)|build|establish|creat(?:e|ing)) (?:a |the )?data (?:connection|socket|channel)|^Data Socket Error|\(data connection\)|passive data connection/i,
    told("data-connect"),
  ],
  // NcFTP.
  [/^Falling back to PORT instead of PASV mode/, told("data-connect", "pasv")],
  // WinSCP's dialog, whichever connection it says the time-out was on.
  [/^(?:Could not retrieve directory listing|Error listing directory)\b/, told("data-connect")],
];

/** curl's messages with the code of the reply in them (lib/ftp.c). */
const withCode: readonly (readonly [RegExp, Stage | null])[] = [
  [/Access denied: (\d{3})/, "login"],
  [/bad PASV\/EPSV response: (\d{3})/i, "data-command"],
  [/(?:RETR response|Failed FTP upload): (\d{3})/, "transfer"],
  [/did not report OK, got (\d{3})/, "completion"],
  // FluentFTP's, Commons Net's, aria2's.
  [/\bCode: (\d{3}) Message: (.*)/, null],
  [/FTP response (\d{3}) received/, null],
  [/response status is not successful\. status=(\d{3})/, null],
];

/** What a message by itself tells; `null` for one that may be about anything. */
export function endingOfMessage(text: string): LoneEnding | null {
  for (const [pattern, stage] of withCode) {
    const [, code, words = ""] = pattern.exec(text) ?? [];
    if (code !== undefined)
      return { ...endingOfReply(Number(code), words), ...(stage === null || code === "425" ? {} : { stage }) };
  }
  if (dataNotEstablished.test(text)) return told("data-connect", "pasv");
  if (saysRejected(text)) return told("data-command", "pasv");
  const known = messages.find(([pattern]) => pattern.test(text))?.[1];
  return known ?? (dialsHighPort(text) ? told("data-connect") : null);
}

/** `connect ETIMEDOUT 192.0.2.1:50000`, `connect(2) for 192.0.2.1:50000`: servers of control connections have low ports. */
export function dialsHighPort(text: string): boolean {
  const port = /\b(?:connect|dial)\b.{0,80}?(?:\d{1,3}\.){3}\d{1,3}"?(?::| port )(\d+)/i.exec(text)?.[1];
  return port !== undefined && Number(port) >= 10_000 && /tim(?:ed|e)[ -]?out|refused|E[A-Z]{5,}|no route/i.test(text);
}
