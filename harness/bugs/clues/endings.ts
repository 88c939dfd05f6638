/** Where a session stopped, and what that alone leaves open. */
import { isNegative, transferVerbs } from "../../ftp/dialogue";
import type { QuotedLine } from "../../model/match";
import type { LogLine } from "../../model/symptom";
import type { Clue, Reading, Votes } from "./clue";
import { saysConnected } from "../logs/ending";
import { nameUnknown, networkUnreachable, type Outcome } from "../logs/system-words";
import { outcomeIn } from "./outcome";
import { givingUp } from "../logs/exchanges";
import { isTransferRefused, quoteOf, type Scene } from "./scene";

const one = (meaning: string, lines: readonly QuotedLine[], votes: Votes): readonly Reading[] =>
  lines.length === 0 ? [] : [{ meaning, lines, votes }];

const wordsOf: Readonly<Record<Outcome, string>> = {
  refused: "was refused",
  "timed-out": "timed out",
  unreachable: "found no way",
  reset: "was cut off",
};

/** The last command, what answered it, and the client's word of it: so far as they are there. */
export function endingLines(scene: Scene, said: LogLine | null = null): readonly QuotedLine[] {
  const { last, end, symptom } = scene;
  const reply = last?.replies.at(-1) ?? null;
  const remark =
    said ??
    end.find(
      ({ direction, text }) => direction === "*" && symptom.message !== null && text.includes(symptom.message),
    ) ??
    null;
  const chosen = [last?.command ?? null, reply, remark === reply ? null : remark].filter((line) => line !== null);
  if (chosen.length > 0) return chosen.map(quoteOf);
  const closing = scene.lines.findLast(({ direction }) => direction === "<") ?? scene.lines.at(-1);
  return closing === undefined ? [] : [quoteOf(closing)];
}

/** The data connection did not come about. */
const noDataConnection: Clue = (scene) => {
  const { stage, end, passive, isHidden, last, symptom } = scene;
  if (stage !== "data-connect" || isTransferRefused(scene)) return [];
  // What the server says of its control connection (421) is not how the data connection came to nothing.
  const found = outcomeIn(end.filter(({ direction, text }) => direction !== "<" || !text.startsWith("421")));
  const lines = endingLines(scene, found?.line ?? null);
  // The usual closing rule of a Linux host is a REJECT (icmp-host-prohibited), which reads as "no route" at the client.
  const isProhibited = found?.outcome === "unreachable" && !scene.namesPrivate;
  // RFC 959 section 4.2.2: 425 says that the data connection cannot be opened.
  const is425 = last?.code === 425 || symptom.replyCode === 425;
  const how = is425
    ? "the server answered 425, its code for a data connection that it cannot open"
    : found === null
      ? last === null
        ? "no data connection is shown"
        : transferVerbs.includes(last.verb)
          ? `no end of ${last.verb} is shown`
          : `no transfer is shown after ${last.verb}`
      : `${last === null ? "" : `after ${last.verb} `}${passive === false && found.outcome === "timed-out" ? "the wait" : "an attempt"} ${wordsOf[found.outcome]}`;
  const open: Votes = { "no-helper": passive === true && !scene.namesPrivate ? "speaks" : "allows" };
  const hidden: Votes = isHidden === true ? { "helper-blind-to-tls": "speaks" } : open;
  if (passive === false)
    return one(how, lines, { "active-connection-blocked": "speaks", "client-host-firewall": "allows", ...hidden });
  return one(how, lines, {
    "passive-port-not-forwarded":
      scene.namesPrivate && !symptom.replaced ? "allows" : isHidden === true || isProhibited ? "speaks" : "hints",
    "server-host-firewall": isProhibited ? "hints" : "allows",
    ...hidden,
    ...(passive === null ? { "active-connection-blocked": "allows" } : {}),
    ...(isHidden === null ? { "helper-blind-to-tls": "allows" } : {}),
  });
};

/** The control connection was not made. */
const noConnection: Clue = (scene) => {
  const { stage, lines } = scene;
  // An error of a data connection alone shows nothing of the control connection.
  if (stage !== "control-connect" || lines.some(({ text }) => /\bdata (?:connection|channel|socket)/i.test(text)))
    return [];
  const found = outcomeIn(lines);
  if (found?.outcome === "reset")
    return one("the connection was ended at once", [quoteOf(found.line)], {
      "server-denies-address": "allows",
      "server-process-died": "allows",
      "port-unreachable": "allows",
    });
  const unknown = lines.find(({ text }) => nameUnknown.test(text));
  if (unknown !== undefined)
    return one("the server's name led to no address", [quoteOf(unknown)], {
      "port-unreachable": "speaks",
      "return-route-missing": "denies",
    });
  // Most often the host itself has no route. A router without a route says the same (RFC 792).
  const isOwn = lines.find(({ direction, text }) => direction !== ">" && networkUnreachable.test(text));
  if (isOwn !== undefined)
    return one("no way to the address is known", [quoteOf(isOwn)], {
      "client-never-dialled": "hints",
      "port-unreachable": "speaks",
      "return-route-missing": "denies",
      "server-host-firewall": "denies",
    });
  return one(
    `the control connection ${found === null ? "did not come about" : wordsOf[found.outcome]}`,
    endingLines(scene, found?.line ?? null),
    {
      "port-unreachable": "speaks",
      "server-host-firewall": "allows",
      // A host that refuses has answered.
      "return-route-missing": found?.outcome === "refused" ? "denies" : "allows",
    },
  );
};

/** The connection is there, and no 220 is. */
const noGreeting: Clue = (scene) => {
  const { stage, lines, unread, symptom } = scene;
  if (stage !== "greeting") return [];
  const refused = lines.find(({ direction, text }) => direction === "<" && /^(?:421|43\d|5[03]\d)/.test(text));
  if (refused !== undefined) {
    const isFault = /\bOOPS\b|error|fault|config/i.test(refused.text);
    return one(`${refused.text.slice(0, 3)} came in the place of a greeting`, [quoteOf(refused)], {
      "server-limit-reached": "allows",
      "server-denies-address": isFault ? "allows" : "speaks",
      "server-setting-broken": isFault ? "speaks" : "allows",
    });
  }
  const found = outcomeIn(lines);
  const on990 = [...lines, ...unread].find(({ text }) => port990.test(text));
  const implicit = symptom.mode === "ftps-implicit" || on990 !== undefined;
  // On the port of implicit TLS, who waits for a greeting in clear has not begun TLS.
  const isExplicit = implicit && [...lines, ...unread].some(({ text }) => /\bexplicit\b/i.test(text));
  const isClosed = lines.some(
    ({ direction, text }) => direction === "*" && /\bdisconnected\b|\bclosed\b|\bEOF\b|\blost connection\b/i.test(text),
  );
  const isSlow = found?.outcome === "timed-out" || (found === null && !isClosed);
  const made = lines.find(({ direction, text, by }) => direction === "*" && by === undefined && saysConnected(text));
  const quoted = [
    ...(isExplicit && on990 !== undefined ? [quoteOf(on990)] : []),
    ...(made === undefined || made === found?.line ? [] : [quoteOf(made)]),
    ...endingLines(scene, found?.line ?? null),
  ];
  return one("the connection was made and no greeting is shown", quoted, {
    ...(isSlow
      ? // Who is connected has got answers.
        { "server-slow": "speaks", ...(made === undefined ? { "return-route-missing": "allows" } : {}) }
      : { "server-denies-address": "speaks", "server-process-died": "allows" }),
    "implicit-explicit-mismatch": isExplicit ? "hints" : implicit ? "speaks" : "allows",
  });
};

const port990 = /\b990\b(?![.:]\d)/;

/** The server has written down that somebody came. */
const sessionBegun =
  /\bsession opened\b|\bnew connection\b|\bconnect(?:ed|ion)? from\b|^CONNECT: Client|\bclient connected\b|\bconnected to \S+ \(local address|\bControlChannelOpened\b|\baccepted connection\b/i;

/** A client in the server's log has reached the server, whatever it waited for. */
const reached: Clue = ({ stage, lines }) => {
  const begun = lines.find(
    ({ by, direction, text }) => by === "server" && direction === "*" && sessionBegun.test(text),
  );
  if (begun === undefined || (stage !== "greeting" && stage !== "control-connect")) return [];
  return one("the server's log has a session, so connections do reach it", [quoteOf(begun)], {
    "server-slow": "hints",
    "port-unreachable": "denies",
    "server-host-firewall": "denies",
    "return-route-missing": "denies",
    "implicit-explicit-mismatch": "denies",
  });
};

/** Settings of servers by which they look up who comes before they greet, and tools that ask the same. */
const looksUp =
  /\bUseReverseDNS\b|\bIdentLookups\b|\breverse_lookup_enable\b|\bHostnameLookups\b|\breverse[- ](?:DNS|look-?ups?)\b|\b(?:dig|host|nslookup)\b.{0,20} (?:-x )?(?:\d{1,3}\.){3}\d{1,3}/i;
const unansweredLookUp =
  /no servers could be reached|DNS request timed out|communications error to \S+: timed out|connection timed out; no servers/i;

/** A server that looks up its client's name first greets when it has an answer, or has waited for one. */
const lookUps: Clue = ({ stage, lines, unread }) => {
  if (stage !== "greeting" && stage !== "login") return [];
  const all = [...lines, ...unread];
  const [asked, failed] = [looksUp, unansweredLookUp].map((says) => all.find(({ text }) => says.test(text)));
  const told = [asked, failed].filter((line) => line !== undefined);
  return one(
    failed === undefined ? "look-ups of the client's name are spoken of" : "a look-up of a name got no answer",
    told.map(quoteOf),
    { "server-slow": failed === undefined ? "speaks" : "hints" },
  );
};

/** TLS was granted, and nothing of the session followed. */
const noHandshake: Clue = (scene) => {
  const { stage, exchanges, last } = scene;
  const auth = exchanges.findLast(({ verb }) => verb === "AUTH");
  if (
    auth === undefined ||
    auth !== last ||
    auth.code !== 234 ||
    (stage !== null && !["auth-tls", "certificate", "login"].includes(stage))
  )
    return [];
  const found = outcomeIn(scene.end.filter(({ direction }) => direction === "*"));
  const isSlow = found?.outcome === "timed-out";
  const isGivenUp = scene.end.some(({ direction, text }) => direction === ">" && givingUp.test(text));
  return one(
    isGivenUp ? "the client gave up after the grant of TLS" : "no command follows the grant of TLS",
    endingLines(scene, found?.line ?? null),
    {
      "tls-versions-do-not-meet": "speaks",
      "certificate-untrusted": "allows",
      "control-line-blocked": isSlow ? "speaks" : "allows",
      ...(isSlow ? { "path-mtu-black-hole": "allows" } : {}),
    },
  );
};

/** CCC had no answer, or something went wrong behind its answer. */
const afterCcc: Clue = (scene) => {
  const { exchanges, lines, stage } = scene;
  const ccc = exchanges.findLast(({ verb }) => verb === "CCC");
  if (ccc === undefined || isNegative(ccc.code)) return [];
  const after = lines.slice(lines.indexOf(ccc.command) + 1);
  const next = exchanges[exchanges.indexOf(ccc) + 1];
  if (ccc.replies.length === 0) {
    if (next !== undefined && next.replies.length > 0) return [];
    const found = outcomeIn(after);
    const isEnded = found?.outcome === "reset";
    return one("no answer to CCC is shown", [quoteOf(ccc.command), ...(found === null ? [] : [quoteOf(found.line)])], {
      "ccc-unanswered": "names",
      "ccc-shutdown-mismatch": isEnded ? "speaks" : "allows",
    });
  }
  const isSilent = next?.replies.length === 0 || (next === undefined && stage === "ccc");
  if (!isSilent) return [];
  const reply = ccc.replies.at(-1);
  return one(
    "CCC was granted, and nothing answers in clear",
    [
      quoteOf(ccc.command),
      ...(reply === undefined ? [] : [quoteOf(reply)]),
      ...(next === undefined ? [] : [quoteOf(next.command)]),
    ],
    {
      "ccc-shutdown-mismatch": "speaks",
    },
  );
};

/** TLS was to begin on the data connection. */
const noDataTls: Clue = (scene) => {
  if (scene.stage !== "data-tls") return [];
  return one("it ended at TLS on the data connection", endingLines(scene), {
    "tls-session-not-reused": "speaks",
    "data-tls-broken-off": "allows",
    "client-does-not-begin-data-tls": "allows",
    "data-tls-too-early": "allows",
  });
};

/** The connection ended or stood still at a command that has nothing to do with data. */
const silence: Clue = (scene) => {
  const { last, stage, end, symptom } = scene;
  const isEarly = stage !== null && ["login", "protection", "auth-tls"].includes(stage);
  if (last === null || last.replies.length > 0 || !isEarly || symptom.result !== "failed") return [];
  const found = outcomeIn(end);
  if (found === null) return [];
  const lines = [quoteOf(last.command), quoteOf(found.line)];
  return found.outcome === "reset"
    ? one(`the connection ended at ${last.verb}`, lines, {
        "server-process-died": "speaks",
        "control-line-blocked": "allows",
      })
    : one(`no answer to ${last.verb} came in time`, lines, {
        "server-slow": "speaks",
        "control-line-blocked": "allows",
        "path-mtu-black-hole": "allows",
      });
};

export const endingClues: readonly Clue[] = [
  noDataConnection,
  noConnection,
  noGreeting,
  reached,
  lookUps,
  noHandshake,
  afterCcc,
  noDataTls,
  silence,
];
