/** What servers say of their own decisions and troubles: logins, limits, addresses, commands, files, settings, faults. */
import { softwareCalled } from "../../catalog/servers/greetings";
import { refusesStranger } from "../../catalog/servers/greetings";
import { serverSays } from "../../catalog/servers/decision-words";
import { dataVerbs } from "../../ftp/dialogue";
import type { ServerWordKind } from "../../catalog/servers/definition";
import type { CauseId } from "../../model/diagnosis";
import type { LogLine } from "../../model/symptom";
import { fileClue, fileVerbs } from "./files";
import { wordsClue, type Clue, type Votes, type Words } from "./clue";
import { outcomeIn } from "./outcome";
import { wantsTls } from "./tls";
import { isProse } from "../logs/trouble";
import { quoteOf, quotesOf, type Scene } from "./scene";

/** Commands that change something on the server. */
const changing = ["STOR", "STOU", "APPE", "DELE", "MKD", "RMD", "RNFR", "RNTO", "SITE"];

/** Quota, rights, names: which of them, the line says. */
const reasonOfFile = "the reason that the server gives is one of files, rights or space";

const kinds: readonly { readonly kind: ServerWordKind; readonly cause: CauseId; readonly means: string }[] = [
  {
    kind: "limit",
    cause: "server-limit-reached",
    means: "the server says that a limit of sessions or transfers is reached",
  },
  {
    kind: "setting",
    cause: "server-setting-broken",
    means: "the server complains of its own configuration, or of what that names",
  },
  {
    kind: "died",
    cause: "server-process-died",
    means: "these are the server's words when one of its processes has ended",
  },
  {
    kind: "range",
    cause: "passive-range-exhausted",
    means: "the server had no port left for a passive connection, or none in its range",
  },
  { kind: "address", cause: "server-denies-address", means: "the server turns this address away" },
  { kind: "command", cause: "server-denies-command", means: "a rule of the server denies the command" },
  { kind: "file", cause: "server-denies-file", means: reasonOfFile },
];

/** The catalogue's words of each software, in replies and in what servers log. */
const ownWords: Clue = (scene) => {
  const software = softwareCalled(scene.symptom.server);
  return kinds.flatMap(({ kind, cause, means }) => {
    const said = serverLines(scene, kind).filter(
      ({ text }) => serverSays(kind, textOf(text), software) || serverSays(kind, text, software),
    );
    const isNamed = kind !== "file" && kind !== "command";
    return said.length === 0
      ? []
      : [{ meaning: means, lines: said.slice(-2).map(quoteOf), votes: { [cause]: isNamed ? "names" : "speaks" } }];
  });
};

/** "fatal" is a word of TLS too. */
const tlsAlert = /\balert\b|SSL routines/i;

/** A refusal that a client repeats, without what it puts before it. */
function textOf(text: string): string {
  return /\b([45]\d\d[ -].*)$/.exec(text)?.[1] ?? text;
}

/** Where a server says so of what ended the session: refusals, what its log says, and what a client repeats of it. */
function serverLines(scene: Scene, kind: ServerWordKind): readonly LogLine[] {
  const { lines, end, exchanges, unread } = scene;
  // Where a dialogue shows what the server said, what a person tells of other times is not it.
  const isShown = lines.some(({ direction }) => direction === "<");
  const coded = unread.filter(({ text }) => /\b[45]\d\d[ -]|\bOOPS:/.test(text) && !(isShown && isProse(text)));
  // Whoever is turned away by his address has sent nothing that was granted.
  if (kind === "address" && exchanges.some(({ verb, code }) => verb === "PASS" && code !== null && code < 400))
    return [];
  // What a file is refused for may be said of others before; the words for a broken configuration mean nothing else.
  const from = kind === "file" || kind === "command" ? end : [...lines, ...coded];
  if ((kind === "file" || kind === "command") && scene.last !== null && dataVerbs.includes(scene.last.verb)) return [];
  // What a connection or a login is refused for is no file's fault.
  const isOther = (text: string): boolean => /\b(?:425|530)\b|data (?:connection|channel|socket)/i.test(text);
  return from.filter(({ direction, text, by }) => {
    if (tlsAlert.test(text)) return false;
    if (direction === ">" || (kind === "command" && isOther(text))) return false;
    if (kind === "file" && isOther(text)) return false;
    // A client that met nobody has heard nothing of the server's settings.
    if (
      kind === "setting" &&
      direction === "*" &&
      by === undefined &&
      outcomeIn([{ direction, text, line: 0 }]) !== null
    )
      return false;
    // Whose data connection is turned away has a session.
    if (kind === "address" && (refusesStranger(text) || strangerWords.test(text))) return false;
    // A shell's or a kernel's words are not the server's.
    if (by === "kernel" || by === "listing" || by === "packets") return false;
    return (
      (direction === "<" ? /^[45]/.test(text) : by === "server" || /\b[45]\d\d\b|OOPS/.test(text)) ||
      (kind !== "address" && kind !== "command" && direction === "*")
    );
  });
}

/** A refusal of a command at the session's end, by what was refused, for servers whose words say no more. */
const refused: Clue = (scene) => {
  const { last, symptom } = scene;
  if (symptom.result === "worked") return [];
  if (last === null) {
    const alone = scene.lines.find(({ direction, text }) => direction === "<" && /^530\b/.test(text));
    const ofFile = scene.lines.find(
      ({ direction, text }) =>
        direction === "<" &&
        /^(?:45[02]|55[1-3]|451\b.*\b(?:local|file|disk|writ\w+))\b/i.test(text) &&
        !ofConnection.test(text),
    );
    if (alone === undefined && ofFile !== undefined)
      return [
        {
          meaning: `${ofFile.text.slice(0, 3)} is a server's code for a file that it cannot give or take (RFC 959)`,
          lines: [quoteOf(ofFile)],
          votes: { "server-denies-file": "speaks" },
        },
      ];
    return alone === undefined
      ? []
      : [
          {
            meaning: "530 is the server's code for a session without login (RFC 959)",
            lines: [quoteOf(alone)],
            votes: { "login-refused": "speaks" },
          },
        ];
  }
  const reply = last.replies.findLast(({ text }) => /^[45]\d\d(?:[ -]|$)/.test(text));
  if (reply === undefined || last.code === null || last.code < 400) return [];
  const lines = quotesOf(last);
  const { verb, code } = last;
  if (["USER", "PASS", "ACCT"].includes(verb)) {
    const isLogin = [430, 530, 532, 331, 332, 501, 500, 503, 421, 550].includes(code);
    return isLogin
      ? [
          {
            meaning: "the login was refused",
            lines,
            votes: { "login-refused": "speaks", "tls-required": "allows", "server-denies-address": "allows" },
          },
        ]
      : [];
  }
  if (verb === "AUTH")
    return [
      {
        meaning: "the server did not grant TLS",
        lines,
        votes: { "tls-not-offered": "speaks", ...(code === 431 ? { "server-setting-broken": "speaks" } : {}) },
      },
    ];
  if (code === 530)
    return [
      {
        meaning: "530 is the server's code for a session without login (RFC 959)",
        lines,
        votes: { "login-refused": "speaks", "tls-required": "allows" },
      },
    ];
  // 503: something has to come before it (RFC 2228).
  if (verb === "PROT" || verb === "PBSZ")
    return [
      {
        meaning: `the server refused ${verb}`,
        lines,
        votes: { "protection-refused": code === 503 ? "speaks" : "names" },
      },
    ];
  if (verb === "CCC")
    return [
      { meaning: "the server refused to clear the control connection", lines, votes: { "ccc-refused": "names" } },
    ];
  if (fileVerbs.includes(verb) && [450, 452, 501, 550, 551, 552, 553].includes(code)) {
    return [
      {
        meaning: `the server answered ${verb} with ${code}`,
        lines,
        votes: {
          "server-denies-file": "speaks",
          ...(changing.includes(verb) ? { "server-denies-command": "allows" } : {}),
        },
      },
    ];
  }
  if (fileVerbs.includes(verb) && code === 451 && !lines.some(({ text }) => ofConnection.test(text)))
    return [
      {
        meaning: `the server answered ${verb} with 451, its code for an error on its own side (RFC 959)`,
        lines,
        votes: { "server-denies-file": "speaks", "transfer-end-lost": "allows" },
      },
    ];
  if (fileVerbs.includes(verb) && [500, 502, 504].includes(code))
    return [
      { meaning: "the server does not carry out this command", lines, votes: { "server-denies-command": "speaks" } },
    ];
  if (isOfProtection(code))
    return [
      {
        meaning: `the server answered ${verb} with ${code}, ${ofProtection[code]}`,
        lines,
        votes: { "protection-refused": "speaks", "tls-required": "allows", "tls-session-not-reused": "allows" },
      },
    ];
  return [];
};

const ofConnection = /\b(?:aborted|lost|link)\b|connection|network|socket|\bdata\b|client|peer|remote|TLS|SSL/i;

const ofProtection = {
  521: "its code for data that it does not carry with this protection (RFC 4217)",
  522: "its code for TLS of the data connection that failed or does not suit it (RFC 4217)",
  534: "its code for a request that its policy denies (RFC 2228)",
} as const;

function isOfProtection(code: number): code is keyof typeof ofProtection {
  return code in ofProtection;
}

/** A refusal's code at the end of a client's own message: `curl: (25) Failed FTP upload: 553`. */
const codeAlone: Clue = ({ last, lines, unread, symptom }) => {
  if (last !== null || symptom.result === "worked") return [];
  const told = [...lines, ...unread].findLast(({ direction, text }) => direction === "*" && codeAtEnd.test(text));
  const code = codeAtEnd.exec(told?.text ?? "")?.[1];
  if (told === undefined || code === undefined) return [];
  const votes: Votes = code === "530" ? { "login-refused": "speaks" } : { "server-denies-file": "speaks" };
  return [{ meaning: `the client repeats the server's code ${code}`, lines: [quoteOf(told)], votes }];
};

const codeAtEnd = /(?:curl: \(\d+\)|[Ee]rror|[Ff]ailed|denied|refused|response).*?: ?(45[0-2]|530|55[0-3])\.?$/;

const stranger: Clue = ({ lines, unread }) => {
  const said = [...lines, ...unread].filter(
    ({ direction, text }) =>
      direction !== ">" && (refusesStranger(text) || strangerWords.test(text)) && !/\brequested IP/.test(text),
  );
  return said.length === 0
    ? []
    : [
        {
          meaning: "the data connection came from another address than the control connection",
          lines: said.slice(-2).map(quoteOf),
          votes: { "foreign-data-peer": "names" },
        },
      ];
};

/** vsftpd (ftpdataio.c), glftpd, pyftpdlib, Serv-U, FileZilla Server. */
const strangerWords =
  /Bad IP connecting|PASV port theft|passive connection from (?:a )?(?:foreign|different|wrong)|data connection (?:from|ip address).{0,60}(?:does not|doesn't|not) match|(?:IP|peer|address) of (?:the )?data connection|data connection .*(?:different|other|another|wrong) (?:IP|address|host)|Rejected data connection to foreign address.*passive/i;

const loginWords =
  /\bFAIL LOGIN\b|login incorrect|not logged in|log(?:ged)? ?in (?:failed|incorrect|denied|not)|authentication (?:failed|rejected|failure)|(?:invalid|incorrect|wrong|bad) (?:user|login|password|credentials)|user .*(?:cannot log in|unknown|not found|denied)|password (?:is )?(?:incorrect|expired|rejected|wrong)|(?:permission|access) denied.*(?:user|login|password)|too many (?:login|failed|authentication|password)|maximum login attempts|no such user|(?:user|account) (?:is )?(?:disabled|locked|expired)|anonymous .*(?:not|denied|disabled)|Access denied: 530|can't trust you|ftp_login\(\): |sc-win32-status \d+ \((?:logon failure|account (?:disabled|locked out))\)/i;
const notOfLogin =
  /unauthori[sz]ed (?:IP|address|host)|sessions? from|\bbanned\b|backend error|\bOOPS\b|home directory|too many (?:users|connections|clients)|\bmax(?:imum)?\b.{0,20}\busers|maximum number|session reuse|must use|TLS|SSL|encrypt|\bsecure\b/i;

/** Whether the session may have ended from its login. Whoever is to use TLS has not been asked for his password yet. */
function mayBeLogin({ stage, exchanges, end }: Scene): boolean {
  return (
    (stage === null || stage === "login" || stage === "greeting") &&
    !end.some(({ direction, text }) => direction === "<" && wantsTls(text)) &&
    !exchanges.some(({ verb, code }) => verb === "PASS" && code !== null && code < 300)
  );
}

/** Whether a reply of the server's gives another reason, in any words but 530's (RFC 959). */
function isReasoned({ last }: Scene): boolean {
  return last?.replies.some(({ text }) => /^[45]\d\d/.test(text) && !/^(?:530|430)\b/.test(text)) === true;
}

const more: readonly Words[] = [
  {
    says: loginWords,
    unless: notOfLogin,
    notClients: true,
    when: mayBeLogin,
    means: "the login was refused",
    votes: { "login-refused": "names" },
  },
  {
    // A client says so too of a login that ended from something else.
    says: loginWords,
    unless: notOfLogin,
    in: "remark",
    when: (scene) => mayBeLogin(scene) && !isReasoned(scene),
    means: "the login was refused",
    votes: { "login-refused": "hints" },
  },
  {
    says: /\bmax(?:imum)?\.? \d+ (?:users|connections|clients|sessions)|too many (?:concurrent |simultaneous |open |connected )?(?:users|connections|clients|sessions|logins from|transfers)|(?:maximum|max\.?|limit) .{0,40}(?:connections?|clients?|sessions?|users?|instances?|transfers?).{0,40}(?:reached|exceeded|already|allowed)|(?:connections?|sessions?|clients?|users?) .{0,30}(?:limit|maximum).{0,20}(?:reached|exceeded)|server (?:is )?(?:full|busy)|(?:there are|already) (?:too many )?\d+ (?:users|connections)|can(?:no|')t accept (?:any )?more|connection limit|10 connections|no more connections/i,
    unless: /login attempts|password|not (?:reached|exceeded)/i,
    means: "the server says that a limit is reached",
    votes: { "server-limit-reached": "names" },
  },
  {
    says: /\b(?:unauthori[sz]ed|disallowed|forbidden|banned|blocked|blacklisted|denied) (?:(?:client|source|remote|host|user) )?(?:IP|address|host)\b|\b(?:IP|address|host)\b.{0,30}(?:banned|blacklisted|blocked|denied|not allowed|not permitted|not authori[sz]ed|refused|rejected)|(?:banned|blacklisted|blocked)\b.{0,30}\b(?:IP|address|host|you)|refused connect(?:ion)? from|access denied from|connections? from .{0,40} (?:is |are )?(?:not allowed|denied|refused|rejected)|tcp_wrappers|hosts\.(?:deny|allow)|you are (?:banned|not welcome)|\bautoban\b|\bfail2ban\b(?!\.\w)/i,
    unless:
      /host refused connection|connect to (?:remote host|address)|\bOOPS\b|data connection|\bPORT\b|\bEPRT\b|\bEPSV\b|\bPASV\b|Address family|foreign|bounce|server address|UFW|DST=|connect(?:ing)? to (?:address|host)/i,
    when: ({ stage }) => stage === null || ["control-connect", "greeting", "auth-tls", "login"].includes(stage),
    means: "the server turns this address away",
    votes: { "server-denies-address": "names" },
  },
  {
    says: /\bOOPS: (?!child died|priv_sock|vsf_sysutil_bind)|invalid pasv_address|home directory (?:not available|inaccessible|not found)|home dir.{0,30}(?:does not exist|inaccessible|not)|cannot change directory:|can'?t (?:chdir|chroot)|writable root|bad bool value|missing value in config|unrecogni[sz]ed variable|unknown configuration directive|Unable to find the '\w+' account|\bno start line\b|key values mismatch|PAM .*(?:unable|fail|cannot)|SSL_CTX_\w+|(?:unable|cannot|can't|failed|could not) to? ?(?:load|read|use|open) .{0,40}(?:certificate|private key|\.pem|config|passwd|database)|configuration (?:error|file .*(?:error|invalid))|server (?:is )?(?:not configured|misconfigured)|^Fatal: unknown|Unable to set up|no certificate(?! subject| was)|unrecoverable backend error|error in your SQL syntax|(?:SQL|LDAP|database) .{0,30}(?:error|failed|unavailable)/i,
    unless: /client certificate|verify|trust|no peer certificate/i,
    means: "the server complains of its own configuration, or of what that names",
    votes: { "server-setting-broken": "names" },
  },
  {
    says: /no (?:more |free |available |unused )*(?:passive |data )?ports?\b(?! command)|(?:can(?:no|')t|could ?n[o']t|unable to|fail(?:ed)? to) (?:find|get|obtain|allocate|reserve|acquire) (?:an? |any )?(?:[a-z]+ ){0,3}ports?\b|(?:all|passive) ports (?:are )?(?:busy|in use|exhausted|used)|can(?:no|')t (?:find|get|open|bind|allocate) (?:a )?(?:free |open |passive )*(?:port|socket|passive)|(?:unable|failed|fail) to (?:find|get|bind|open|allocate) .{0,30}(?:\bport|passive|listen)|port range.{0,30}exhaust|vsf_sysutil_bind|passive .*Address already in use|(?:EADDRINUSE|Address already in use)/i,
    // Who reads a port out of a reply looks for none that is free.
    unless:
      /\bports? (?:\w+ )?(?:from|in|of)\b|\bport (?:21|990)\b|:(?:21|990)\b|^ftp: bind|standalone|htons\(21\)|listening/i,
    notClients: true,
    when: ({ passive }) => passive !== false,
    means: "the server had no port left for a passive connection, or none in its range",
    votes: { "passive-range-exhausted": "names" },
  },
  {
    says: /(?:can(?:no|')t|could ?n[o']t|unable to|fail(?:ed|ure)? to|error) (?:(?:create|creating|open|opening|bind|binding|allocate|get) (?:an? |the )?(?:\w+ )?(?:socket|listener)|listen)/i,
    in: "reply",
    at: "end",
    when: ({ last, passive }) => passive !== false && last !== null && ["PASV", "EPSV"].includes(last.verb),
    means: "the server could not make the socket on which it waits for a passive connection",
    votes: { "passive-range-exhausted": "hints", "server-limit-reached": "speaks", "server-setting-broken": "allows" },
  },
  {
    says: /(?:^|error: )421\b.*(?:time-?outs?|timed out|idle|inactiv|no transfer|too slow)|\bno.transfer time-?out/i,
    unless: /data (?:channel|connection|socket)/i,
    at: "end",
    when: ({ stage }) => stage === null || stage === "login" || stage === "completion",
    means: "the server ends the session by a time limit of its own",
    votes: { "server-limit-reached": "hints", "control-connection-dropped-idle": "allows" },
  },
  {
    says: /no such file|not found|(?:cannot|can't|could not|failed to|unable to) (?:find|open|create|access|write|read|rename|delete|remove|retrieve|get|stat)\b.{0,60}|disk (?:is )?full|no space|quota|exceeded storage|allocation exceeded|insufficient (?:storage|disk)|file (?:is )?(?:busy|locked|unavailable|too large|exists)|already exists|is (?:a|not a) directory|not a (?:plain|regular)|access is denied|permission denied|being used by another|filename|file name|read-only/i,
    unless: /data connection|data channel|passive|port\b|socket|session|TLS|SSL|host|connect/i,
    in: "reply",
    at: "end",
    when: ({ last }) => last !== null && fileVerbs.includes(last.verb) && (last.code ?? 0) >= 400,
    means: reasonOfFile,
    votes: { "server-denies-file": "speaks" },
  },
  {
    // vsftpd.log has no replies (logging.c): what needs no data connection failed for the folder or the file.
    says: /^FAIL (?:MKDIR|RMDIR|DELETE|RENAME|CHMOD)\b/,
    by: "server",
    means: "the server's log has it that a folder or a file could not be changed",
    votes: { "server-denies-file": "hints" },
  },
  {
    says: /^FAIL (?:UPLOAD|DOWNLOAD)\b.*\b0\.00 ?Kbyte/,
    by: "server",
    means: "the server's log has a transfer that failed before its first byte",
    votes: { "server-denies-file": "speaks", "passive-port-not-forwarded": "allows", "transfer-end-lost": "allows" },
  },
  {
    // modules/mod_xfer.c noxfer_timeout_cb: after PASV or EPSV, and without any transfer since.
    says: /Passive data transfer failed, possibly due to network/,
    by: "server",
    means: "the server has waited for a transfer after PASV or EPSV, and none began",
    votes: { "passive-port-not-forwarded": "hints", "server-host-firewall": "speaks", "no-helper": "allows" },
  },
  {
    // curl's words (lib/strerror.c).
    says: /Server denied you to change to the given directory|The file does not exist/,
    means: "the server refused the folder or the file",
    votes: { "server-denies-file": "speaks" },
  },
  {
    says: /quota (?:is )?(?:exceeded|reached|full|used)|(?:over|out of|exceed\w*) (?:the |your |its )?(?:\w+ )?quota/i,
    at: "end",
    means: "a quota of the server is used up",
    votes: { "server-denies-file": "names", "server-limit-reached": "speaks" },
  },
  {
    says: /^(?:452|552)\b|no space left|disk full|exceeded storage/i,
    unless: /quota|^(?:OSError|IOError|Cannot write to)\b/i,
    at: "end",
    means: "the server has no room for the file",
    votes: { "server-denies-file": "names", "server-limit-reached": "speaks" },
  },
  {
    says: /(?:command|operation|action|function) .{0,20}(?:denied|disabled|not allowed|not permitted|forbidden|prohibited)|(?:uploads?|downloads?|writing|deletion|renam\w+|overwrit\w+) .{0,20}(?:denied|disabled|not allowed|not permitted|forbidden)|\bread[- ]only (?:mode|account|user|server)|not (?:allowed|permitted|authori[sz]ed) to (?:upload|store|write|delete|list|use|change|create|perform)|\bdenied by\b|filtered by/i,
    in: "reply",
    at: "end",
    unless:
      /^425|Operation not permitted|\bPORT\b|\bEPRT\b|\bCCC\b|\bPROT\b|\bAUTH\b|data connection|log ?in|symlink|TLSRequired|Protocols config|\b(?:overwrite|rename) permission/i,
    means: "a rule of the server denies the command",
    votes: ({ last }) =>
      last !== null && dataVerbs.includes(last.verb)
        ? { "data-command-refused": "names", "server-denies-command": "speaks" }
        : { "server-denies-command": "names" },
  },
  {
    says: /\b(?:may|can|must) ?not (?:be )?(?:upload|download|store|write|overwrite|delete|remove|rename|create|list)|(?:upload|download|write|delete|rename|overwrite)\w* (?:rights?|permissions?|access) (?:is |are )?(?:not|missing|denied|required)|no (?:upload|download|write|delete|rename) (?:rights?|permissions?|access)/i,
    in: "reply",
    at: "end",
    unless: /^425|data connection|log ?in/i,
    means: "the server says that this login may not do so there",
    votes: { "server-denies-file": "speaks", "server-denies-command": "speaks" },
  },
  {
    says: /\bavc:\s+denied\b.*\bcomm="[^"]*ftpd?[^"]*"/i,
    unless: /permissive=1/,
    means: "SELinux denied it to the server's process",
    votes: { "server-denies-file": "hints", "server-setting-broken": "allows" },
  },
  {
    // The crash handlers of small systems: Espressif's, ARM's, Arduino's.
    says: /\bException \(\d+\):|Guru Meditation|\bhard ?fault\b|\b(?:Soft|Hardware|Task) (?:WDT|watchdog)\b.{0,20}(?:reset|trigger|got)|stack smashing detected|abort\(\) was called at|Unhandled exception in (?:thread|main)\b|Brownout detector/i,
    notClients: true,
    means: "the machine or program of the server crashed",
    votes: { "server-process-died": "names" },
  },
  {
    says: /child died|\breason="seccomp"|\bseccomp\b.*\bsig=\d|\b(?:general protection fault|trap int3|traps:)\b|\bsignal (?:11|6|4|8|7|9)\b|SIGSEGV|segfault|segmentation fault|core dumped|Out of memory: Kill|oom-kill|panic:(?! SSL_)|assert(?:ion)? failed|unhandled exception in server|process .*(?:exited|terminated|crashed)|killed by the OOM killer|\btype=SECCOMP\b.*\bsig=\d/i,
    unless: /code=exited/,
    notClients: true,
    means: "a process of the server ended",
    votes: { "server-process-died": "names" },
  },
  {
    // Who answers so is still there.
    says: /internal (?:server )?error/i,
    unless: /^[45]\d\d[ -]|\b(?:TLS|SSL)\b|\balert\b/i,
    notClients: true,
    means: "a process of the server ended",
    votes: { "server-process-died": "names" },
  },
];

export const serverDecisions: readonly Clue[] = [ownWords, refused, fileClue, codeAlone, stranger, wordsClue(more)];
