/** What is said of a transfer that began: how its connection ended, whether data flowed, and whether the control connection lived. */
import type { Stage } from "../../model/axes";
import type { LogLine } from "../../model/symptom";
import { withinDay } from "../logs/speakers/time-line";
import { isProse } from "../logs/trouble";
import { notOnTheWay, wordsClue, type Clue, type Words } from "./clue";
import { endingLines } from "./endings";
import { outcomeIn } from "./outcome";
import { quoteOf, quotesOf, type Exchange, type Scene } from "./scene";

/** A client's word that the data connection was made; what it says of a port is the one that the reply named. */
const connected =
  /\bTCP connect(?:ed|ion established)\b|\bConnected 2nd connection to\b|\bdata (?:connection|channel|socket)(?: is)? (?:established|opened|connected|open)\b|\bconnected to data (?:port|socket)\b/i;

/** Nothing on the way has stopped a connection that was made. */
const dataConnected: Clue = ({ end, stage, arranged, symptom }) => {
  if (arranged === null || symptom.result !== "failed" || stage === "completion") return [];
  const port = symptom.announced?.port ?? null;
  const from = end.indexOf(arranged.command);
  const said = end.slice(from + 1).find(({ direction, text, by }) => {
    const isPort = port !== null && new RegExp(String.raw`^Connected to \S+ .*\bport ${port}\b`, "i").test(text);
    return direction === "*" && by === undefined && (connected.test(text) || isPort) && !/\bnot\b|n't\b/i.test(text);
  });
  return said === undefined
    ? []
    : [{ meaning: "the client says that its data connection was made", lines: [quoteOf(said)], votes: notOnTheWay }];
};

/** Bytes of the file that a program counts, more than none. */
const flowed =
  /\b(?:received|wrote|sent|got) (?:a )?chunk (?:of )?[1-9]\d* bytes\b|\bchunk (?:received|sent|written|of)?:? ?[1-9]\d*\b|\b[1-9]\d* bytes (?:received|written|sent|transferred) so far\b/i;

/** Behind 150, part of the file has come through: nothing on the way has stopped the connection, and its address is one that was reached. */
const dataFlowed: Clue = ({ symptom, lines, unread }) => {
  const begun = lines.find(({ direction, text }) => direction === "<" && /^1[25]\d\b/.test(text));
  if (begun === undefined || symptom.result !== "failed") return [];
  const said = [...unread, ...lines].find(
    ({ text, line, paste }) => paste === begun.paste && line > begun.line && !isProse(text) && flowed.test(text),
  );
  return said === undefined
    ? []
    : [
        {
          meaning: "part of the file had come through",
          lines: [quoteOf(said)],
          votes: {
            ...notOnTheWay,
            "passive-address-unroutable": "denies",
            "control-connection-dropped-idle": "allows",
          },
        },
      ];
};

const underWay: readonly (Stage | null)[] = [null, "data-connect", "data-tls", "transfer", "completion", "integrity"];
const isUnderWay = ({ stage }: Scene): boolean => underWay.includes(stage);

const words: readonly Words[] = [
  {
    // Python's ftplib ends TLS on the data connection so, and CCC ends it on the control connection.
    says: /\bconn\.unwrap\(\)|, in unwrap$|\b_sslobj\.shutdown\(\)/,
    when: ({ lines, unread }) => ![...lines, ...unread].some(({ text }) => /, in ccc$|\.ccc\(\)/.test(text)),
    means: "the client could not end TLS on the data connection",
    // It has sent all of the file by then.
    votes: { ...notOnTheWay, "transfer-end-lost": "hints" },
  },
  {
    says: /after transferring [\d.,\s]{5,} bytes/i,
    when: isUnderWay,
    means: "many bytes had been transferred when it failed",
    votes: {
      "server-slow": "speaks",
      "control-connection-dropped-idle": "speaks",
      "transfer-end-lost": "speaks",
      "path-mtu-black-hole": "denies",
      "passive-port-not-forwarded": "denies",
    },
  },
  {
    says: /\b(?:up|down)loaded\b.*\bbytes\b|\bOK (?:UP|DOWN)LOAD\b|\btransfer (?:complete|finished)|\bcompleted=1\b/i,
    when: ({ symptom, stage }) => symptom.result === "failed" && (stage === "transfer" || stage === "completion"),
    by: "server",
    means: "the server's log has the transfer as complete",
    votes: {
      "server-slow": "speaks",
      "transfer-end-lost": "allows",
      "control-connection-dropped-idle": "allows",
    },
  },
  {
    says: /passive data channel timed out|accept timeout occurred|\baccept tcp\d? \S+: i\/o timeout/i,
    means: "the server waited in vain for the client's data connection",
    votes: {
      "passive-port-not-forwarded": "speaks",
      "server-host-firewall": "speaks",
      "rule-blocks-data-connection": "allows",
    },
  },
  {
    says: /non-properly terminated|not properly (?:shut ?down|terminated|closed)|did not (?:properly )?(?:shut ?down|close) (?:the )?(?:TLS|SSL)|without (?:a )?close_?notify|(?:missing|no|expected) close_?notify|close_?notify (?:alert )?(?:missing|not received)|unexpected eof while reading|TLS connection was (?:improperly|not)|truncat(?:ed|ion)(?! server reply)|SSL_read.*(?:eof|syscall)|abort(?:ed)? (?:the )?TLS/i,
    when: (scene) =>
      isUnderWay(scene) && scene.stage !== "data-tls" && scene.exchanges.every(({ verb }) => verb !== "CCC"),
    means: "TLS on the connection ended without its closing message",
    votes: { "transfer-end-lost": "names" },
  },
  {
    says: /\bunwrap\(\)|\.shutdown\(\)|SSL_shutdown|tls.{0,12}shutdown/i,
    when: ({ transfer, stage }) =>
      transfer?.code !== null &&
      transfer?.code !== undefined &&
      transfer.code < 200 &&
      (stage === null || stage === "transfer"),
    means: "the data connection's TLS was being closed when it failed",
    votes: { "transfer-end-lost": "hints" },
  },
  {
    says: /server did not report OK, got 4(?:26|5[01])|\bgot 426\b/,
    means: "the server reported at the transfer's end that it was broken off",
    votes: { "transfer-end-lost": "speaks", "control-connection-dropped-idle": "allows" },
  },
  {
    says: /server did not report OK|transfer closed with .* remaining|(?:^|\b)426\b|(?:data connection|transfer).{0,40}(?:aborted|broken|reset|closed (?:unexpectedly|prematurely|by)|terminated|interrupted|lost)|(?:error|failure) (?:writing|reading) (?:to |from )?(?:the )?(?:network|data|socket)|broken pipe|(?:partial|incomplete) (?:file|transfer)|EPIPE|connection reset.*data/i,
    when: isUnderWay,
    at: "end",
    unless: /session reuse|resum|open data connection|Failed to (?:establish|open)|could not open/i,
    means: "the transfer was broken off",
    votes: { "transfer-end-lost": "speaks", "control-connection-dropped-idle": "allows" },
  },
  {
    says: /no (?:transfer|data|response).{0,20}time-?out|^421\b.*(?:idle|inactiv|time-?out|timed out)|control (?:connection|socket).{0,40}(?:clos(?:ed|ing)|lost|timed|reset|dropped|idle)|lost (?:the )?(?:control )?connection|connection (?:closed|lost) .*(?:226|completion)|idle time-?out/i,
    at: "end",
    when: ({ stage }) => stage === "completion" || stage === "transfer",
    means: "the control connection was lost around the transfer",
    votes: { "control-connection-dropped-idle": "speaks" },
  },
  {
    says: /read tcp \S+->\S+:(?:21|990): (?:i\/o timeout|.*reset)|(?:control|command) (?:connection|socket|channel).{0,40}(?:timed out|time-?out|reset|closed|lost|dropped|EOF)/i,
    when: ({ transfer, stage }) =>
      stage === null ||
      stage === "completion" ||
      stage === "transfer" ||
      (stage === "control-connect" && transfer === null),
    unless: /^Connected|stays? open/i,
    means: "the control connection timed out or was lost",
    votes: { "control-connection-dropped-idle": "hints", "transfer-end-lost": "speaks", "server-slow": "allows" },
  },
  {
    says: /need(?:s)? to frag|fragmentation needed|frag(?:mentation)? needed|packet too big|message too long|EMSGSIZE|path MTU|PMTU/i,
    means: "a packet was too long for a link on the way",
    votes: { "path-mtu-black-hole": "names" },
  },
];

/** 150, and no end of the transfer. */
const noEnd: Clue = (scene) => {
  const { stage, transfer, end, symptom } = scene;
  if (symptom.result !== "failed" || (stage !== "transfer" && stage !== "completion") || transfer === null) return [];
  if (transfer.code !== null && transfer.code >= 400) return [];
  const found = outcomeIn(end);
  const isSilent = found === null || found.outcome === "timed-out";
  const lines = endingLines(scene, found?.line ?? null);
  if (lines.length === 0) return [];
  const isConfirmed = transfer.code !== null && transfer.code >= 200;
  // Sent by the server, as its own log has it, and not what the client waited for.
  const sent = isConfirmed || transfer.command.by === "server" ? null : sentByServer(scene);
  if (sent !== null) {
    const isTooLate = isLater(sent.replies.at(-1), found?.line);
    return [
      {
        meaning: isTooLate
          ? `the server answered ${sent.verb} with ${sent.code ?? 0} after the client had given up`
          : `the server's log has ${sent.verb} answered ${sent.code ?? 0}, and the client shows no such reply`,
        lines: [
          quoteOf(transfer.command),
          ...(found === null ? [] : [quoteOf(found.line)]),
          ...quotesOf(sent).slice(-1),
        ],
        votes: {
          ...(isTooLate
            ? { "server-slow": "names", "control-connection-dropped-idle": "denies" }
            : { "control-connection-dropped-idle": "hints" }),
          "control-line-blocked": "allows",
          "transfer-end-lost": "denies",
          "path-mtu-black-hole": "denies",
        },
      },
    ];
  }
  const ending = isConfirmed
    ? `a failure is told although ${transfer.verb} was answered ${transfer.code}`
    : `no final reply to ${transfer.verb} is shown`;
  return [
    stage === "completion"
      ? {
          meaning: ending,
          lines,
          votes: isConfirmed
            ? { "control-connection-dropped-idle": "speaks", "server-slow": "speaks", "transfer-end-lost": "denies" }
            : { "control-connection-dropped-idle": "speaks", "transfer-end-lost": "allows" },
        }
      : isSilent
        ? {
            meaning: ending,
            lines,
            votes: {
              "path-mtu-black-hole": "allows",
              "transfer-end-lost": "allows",
              "control-connection-dropped-idle": "allows",
            },
          }
        : {
            meaning: isConfirmed ? ending : `${transfer.verb} was broken off after the reply by which it began`,
            lines,
            votes: {
              "transfer-end-lost": "speaks",
              "control-connection-dropped-idle": "allows",
              "server-process-died": "allows",
            },
          },
  ];
};

/** The final reply to the same transfer in the server's own log. */
function sentByServer({ exchanges, transfer }: Scene): Exchange | null {
  return (
    exchanges.findLast(
      ({ verb, command, code }) =>
        command.by === "server" && verb === transfer?.verb && code !== null && code >= 200 && code < 300,
    ) ?? null
  );
}

/** Routers forget connections that were silent for so long; most wait for longer. */
const longestRemembered = 5 * 60;

/** How long a transfer took, in s: from its beginning to the failure by the lines' own stamps, else in somebody's words. */
const long: Clue = (scene) => {
  const { transfer, end, stage, symptom, unread } = scene;
  if (symptom.result !== "failed" || transfer === null) return [];
  if (stage !== null && stage !== "completion" && stage !== "transfer") return [];
  const begun = transfer.replies.find(({ text }) => text.startsWith("1"));
  const goodbye = transfer.replies.find(({ text }) => text.startsWith("421"));
  if (begun === undefined || (transfer.code !== null && transfer.code >= 300 && goodbye === undefined)) return [];
  const ended =
    goodbye ?? end.findLast(({ direction, at, by }) => direction === "*" && at !== undefined && by === begun.by);
  const pause = begun.at === undefined || ended?.at === undefined ? 0 : (ended.at - begun.at) / 1000;
  const told = [...end, ...unread].find(({ text }) => secondsIn(text) >= longestRemembered);
  const line = pause >= longestRemembered ? ended : told;
  if (line === undefined) return [];
  const whole = [...end, ...unread].find(({ text, by }) => isWhole(text, by === "server"));
  if (whole?.by === "server" && isLater(whole, ended))
    return [
      {
        meaning: "the server had the whole file only after the failure was told",
        lines: [begun, ...(ended === undefined ? [] : [ended]), whole].map(quoteOf),
        votes: {
          "server-slow": "hints",
          "control-connection-dropped-idle": "denies",
          "transfer-end-lost": "denies",
          "path-mtu-black-hole": "denies",
        },
      },
    ];
  const lines = [begun, line, ...(whole === undefined || whole === line ? [] : [whole])].map(quoteOf);
  return whole === undefined
    ? [
        {
          meaning: "minutes lie between the transfer's beginning and the failure",
          lines,
          votes: { "control-connection-dropped-idle": "speaks" },
        },
      ]
    : [
        {
          meaning: "minutes lie between the transfer's beginning and the failure, and all of the file was transferred",
          lines,
          // A data connection that brought it all did not break off; when the server had it all is not always shown.
          votes: {
            "control-connection-dropped-idle": "hints",
            "server-slow": whole.by === "server" && !isLater(ended, whole) ? "hints" : "denies",
            "transfer-end-lost": "denies",
            "path-mtu-black-hole": "denies",
          },
        },
      ];
};

/** Whether one line was written at least a second after the other, and within half a day; stamps may lack their date. */
function isLater(one: LogLine | undefined, other: LogLine | undefined): boolean {
  return one?.at !== undefined && other?.at !== undefined && withinDay(one.at - other.at) >= 1_000;
}

/** Whether a line has the transfer as whole: the server's log, or the client's. */
function isWhole(text: string, isServers: boolean): boolean {
  return isServers
    ? /\b(?:up|down)loaded\b.*\bbytes\b|\bOK (?:UP|DOWN)LOAD\b|\btransfer (?:complete|finished)|\bcompleted=1\b|^226\b/i.test(
        text,
      )
    : /\bcompletely uploaded\b|^100\s+\S+\s+(?:0\s+0\s+100|100)\b|\b100 ?%|\ball (?:bytes|data) (?:were |was )?(?:sent|received|transferred)\b/i.test(
        text,
      );
}

type Told = readonly [RegExp, (numbers: readonly number[]) => number];

/** curl's meter, bash's `time`, vsftpd's log, and durations in words. */
const durations: readonly Told[] = [
  [
    /(?:\d+:\d\d:\d\d|--:--:--)\s+(\d+):(\d\d):(\d\d)\s+(?:\d+:\d\d:\d\d|--:--:--)/,
    ([h = 0, m = 0, s = 0]) => h * 3600 + m * 60 + s,
  ],
  [/^real\s+(\d+)m([\d.]+)s/, ([m = 0, s = 0]) => m * 60 + s],
  [/\b(\d+) bytes, ([\d.]+) ?Kbyte\/sec/, ([bytes = 0, rate = 0]) => (rate === 0 ? 0 : bytes / 1024 / rate)],
  [/\b(?:in|after|took|elapsed|time)\b:? (\d+):(\d\d):(\d\d)\b/i, ([h = 0, m = 0, s = 0]) => h * 3600 + m * 60 + s],
  [
    /\b(?:in|after|took|for) (?:about |some |~ ?)?(\d+) ?h(?:ours?|rs?)?\b(?: ?(\d+) ?m)?/i,
    ([h = 0, m = 0]) => h * 3600 + m * 60,
  ],
  [/\b(?:in|after|took|for) (?:about |some |~ ?)?(\d+) ?min(?:ute)?s?\b/i, ([m = 0]) => m * 60],
  [/\b(?:in|after|took) ([\d.]+) ?s(?:ec(?:ond)?s?)?\b/i, ([s = 0]) => s],
];

function secondsIn(text: string): number {
  return Math.max(
    0,
    ...durations.flatMap(([form, seconds]) => {
      const found = form.exec(text);
      return found === null ? [] : [seconds(found.slice(1).map((part: string | undefined) => Number(part ?? 0)))];
    }),
  );
}

/** The connection ended in the middle, and nobody said goodbye. */
const cutOff: Clue = (scene) => {
  const { last, end, stage, symptom } = scene;
  if (symptom.result !== "failed" || last === null || last.replies.length > 0) return [];
  if (
    stage !== null &&
    ["data-connect", "data-tls", "auth-tls", "login", "protection", "ccc", "data-command"].includes(stage)
  )
    return [];
  const found = outcomeIn(end);
  if (found?.outcome !== "reset") return [];
  return [
    {
      meaning: `the connection ended at ${last.verb}`,
      lines: [quoteOf(last.command), quoteOf(found.line)],
      votes: { "server-process-died": "speaks" },
    },
  ];
};

export const transferClues: readonly Clue[] = [wordsClue(words), dataConnected, dataFlowed, noEnd, long, cutOff];
