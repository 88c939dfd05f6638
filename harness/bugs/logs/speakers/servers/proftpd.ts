import { nothingSaid, remark, type LineReader, type Reading, type SpeakerForm } from "../speaker-form";

/** `2026-02-03 10:00:00,123 mod_tls/2.9.2[123]: ...`: the log of one module. */
const ofModule = /\b(mod_\w{1,30})\/[\w.-]{1,20}\[(\d{1,10})\]:? (.*)$/;

/** `host proftpd[1234]: 10.0.0.2 (client[192.0.2.1]) - FTP session opened.`; a colon, or none, and a dash, or a colon, by release. */
const ofDaemon = /\bproftpd\[(\d{1,10})\]:? (?:\S{1,255} )?\(([^()\s]{0,255}\[[^()\s]{0,64}\])\)(?: -|:) (.*)$/;

/** The same without the program's name, as a server in the foreground writes. */
const inForeground = /^(?:\S{1,255} )?\(([^()\s]{1,255}\[[^()\s]{1,64}\])\)(?: -|:) (.*)$/;

/** A line of the daemon itself: it starts, or reads its configuration. */
const withoutClient = /\bproftpd\[(\d{1,10})\](?:: | )(?:\S{1,255}: )?(?:- )?(.*)$/;

/** `2026-02-03 10:00:00,123 [1234] <tls:9>: ...`: a TraceLog. */
const traced = /\[(\d{1,10})\] <([a-z.]{1,30}):(\d{1,2})>: (.*)$/;

/** What OpenSSL says, on lines of its own (tls_get_errors). */
const detailOfTls = /^\s{1,10}\(\d{1,2}\) error:[0-9A-F]{8}:/;

/** Channels of a TraceLog that speak of sessions. */
const telling = new Set(["tls", "data", "ctrl", "response", "netio", "inet", "ftp"]);

/** `dispatching PRE_CMD command 'PASV' to mod_core`, once for each module. */
const dispatched = /^dispatching ((?:PRE_|POST_|LOG_)?CMD(?:_ERR)?) command '([^']*)'? ?(?:to \w+)?/;
const phases: readonly string[] = ["PRE_CMD", "CMD", "POST_CMD", "POST_CMD_ERR", "LOG_CMD", "LOG_CMD_ERR"];

/** What ProFTPD writes to syslog, to a SystemLog, to the logs of its modules, and with `-d 10`. */
export const proftpd: SpeakerForm = {
  id: "proftpd-log",
  title: "ProFTPD's log",
  by: "server",
  software: "proftpd",
  begin: () => {
    const commands = commandsOnce();
    return (text) => {
      if (detailOfTls.test(text)) return remark(text.trim());
      const [, module, process, message] = ofModule.exec(text) ?? [];
      // SSH is none of FTP's.
      if (module === "mod_sftp") return nothingSaid;
      if (process !== undefined && message !== undefined) return remark(message, process);
      const [, pid, , words] = ofDaemon.exec(text) ?? [];
      if (pid !== undefined && words !== undefined) return commands(words, pid);
      const [, peer, plain] = inForeground.exec(text) ?? [];
      if (peer !== undefined && plain !== undefined) return commands(plain, peer);
      const [, tracing, channel = "", , event] = traced.exec(text) ?? [];
      if (event !== undefined) return telling.has(channel) ? remark(event, tracing) : nothingSaid;
      const [, daemon, told] = withoutClient.exec(text) ?? [];
      return told === undefined ? null : remark(told, daemon);
    };
  },
};

/** Reads messages of sessions: a command is dispatched to module after module, in one phase after another, and is one command. */
function commandsOnce(): (message: string, session: string) => Reading {
  const current = new Map<string, { readonly command: string; readonly phase: number }>();
  return (message, session) => {
    const [, phaseName, command] = dispatched.exec(message) ?? [];
    if (phaseName === undefined || command === undefined) return remark(message, session);
    const phase = phases.indexOf(phaseName);
    const before = current.get(session);
    current.set(session, { command, phase });
    if (before?.command === command && phase >= before.phase) {
      const isNews = phaseName.endsWith("_ERR") && phase > before.phase;
      return isNews ? remark(message, session) : nothingSaid;
    }
    return { said: [{ direction: ">", text: command, session }] };
  };
}

/** `"PASV" 227 -`, between a stamp and a count: an ExtendedLog in the default format, or one made after it. */
const logged = /\[[^\]]{8,60}\] "([A-Z]{3,4}(?: [^"]*)?)" (\d{3}|-)(?= (?:\d+|-)(?: |$)| *$)/;

/** ProFTPD's ExtendedLog: each command with the code of its reply. */
export const extendedLog: SpeakerForm = {
  id: "proftpd-extended-log",
  title: "ProFTPD's ExtendedLog",
  by: "server",
  software: "proftpd",
  begin: (): LineReader => (text) => {
    const [, command, code] = logged.exec(text) ?? [];
    // A web server's log has the same form.
    if (command === undefined || /^(?:GET|HEAD|POST|PUT) .*\bHTTP\//.test(command)) return null;
    const sent = { direction: ">", text: command } as const;
    return { said: code === undefined || code === "-" ? [sent] : [sent, { direction: "<", text: code }] };
  },
};

/** What mod_tls writes (mod_tls.c), where the stamp before it is lost. */
const wordsOfTls =
  /^(?:\w{3,12}: )?(?:TLS\/TLS-C requested, starting TLS handshake|received CCC, clearing control channel protection|SSL_shutdown error\b|unable to (?:accept|open) (?:TLS|data) connection\b|client (?:did not reuse|reused) (?:SSL|TLS) session\b|starting TLS negotiation on data connection|TLSv?[\d.]* (?:connection|renegotiation) accepted, using cipher|Protection set to (?:Clear|Private)$|client supports secure renegotiations|TLS negotiation failed on control channel|panic: SSL_accept)/;

/** mod_tls's messages alone, as people quote them. */
export const modTlsWords: SpeakerForm = {
  id: "proftpd-tls-log",
  title: "ProFTPD's TLSLog",
  by: "server",
  software: "proftpd",
  begin: (): LineReader => (text) => (wordsOfTls.test(text.trimStart()) ? remark(text.trim()) : null),
};
