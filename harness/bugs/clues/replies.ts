/** Replies that have not the form of their code (RFC 959, RFC 2428), and clients that do not understand one that has. */
import { endpointOf } from "../../ftp/endpoint";
import type { LogLine } from "../../model/symptom";
import { isProse } from "../logs/trouble";
import { notUnderstood } from "../logs/unreadable";
import { notOnTheWay, wordsClue, type Clue, type Reading } from "./clue";
import { isClearingRefused, quoteOf, quotesOf, type Exchange, type Scene } from "./scene";

/** What is wrong with a reply to PASV or EPSV, as a clause; `null` for one in order or a refusal. */
function faultOf(verb: string, reply: string): string | null {
  const code = /^(\d{3})/.exec(reply)?.[1] ?? "";
  if (!code.startsWith("2")) return null;
  const wanted = verb === "PASV" ? "227" : "229";
  if (code !== wanted)
    return verb === "PASV" || verb === "EPSV" ? `this is not the form of an answer to ${verb}` : null;
  if (endpointOf(reply) === null) return isHidden(reply) ? null : "the reply does not have the form of its code";
  if (reply.includes("://")) return "a URL stands in the reply where an address and a port belong";
  return (endpointOf(reply)?.port ?? 1) === 0 ? "the reply names no port" : null;
}

/** It ends before its numbers, or among them. */
function isCut(reply: string): boolean {
  return /[([,|]\s*$/.test(reply);
}

/** The reply is in order, and belongs to the other of the two commands. */
function isOthers(verb: string, reply: string): boolean {
  return reply.startsWith(verb === "PASV" ? "229" : "227") && endpointOf(reply) !== null;
}

/** A reporter has blotted numbers out. */
function isHidden(reply: string): boolean {
  if (isCut(reply)) return false;
  return (
    /[x*#?_]{1,3}\s*[,.|]|,\s*[x*#?]|<\w+>|\[[a-z]\w*\]|not shown|\.\.\.|…|\b[a-z]{1,3},[a-z]{1,3},/i.test(
      reply.replace(/ftp:\/\//, ""),
    ) || !/\d/.test(reply.slice(3))
  );
}

/** What was asked for comes behind it: it is the answer to an earlier command, and each reply comes one too late. */
function isLate(reply: LogLine | null, lines: readonly LogLine[]): boolean {
  if (reply === null || /^22[79]/.test(reply.text)) return false;
  return lines
    .slice(lines.indexOf(reply) + 1)
    .some(({ direction, text }) => direction === "<" && /^22[79][ -]/.test(text) && endpointOf(text) !== null);
}

const malformed: Clue = ({ exchanges, earlier, symptom, lines }) => {
  if (symptom.result === "worked") return [];
  return [...earlier, ...exchanges]
    .flatMap((exchange): readonly Reading[] => {
      if (exchange.verb !== "PASV" && exchange.verb !== "EPSV") return [];
      const reply = exchange.replies.find(({ text }) => /^2\d\d /.test(text));
      // What only the reply shows is no command that another reply was due to; what a 227 or a 229 has to look like is known without it.
      if (reply === undefined || (isImplied(exchange) && !/^22[79]/.test(reply.text))) return [];
      const fault = faultOf(exchange.verb, reply.text);
      return fault === null
        ? []
        : [
            {
              meaning: fault,
              lines: [quoteOf(exchange.command), quoteOf(reply)],
              // What was tried after it was tried because of it.
              votes: {
                "server-reply-malformed":
                  isOthers(exchange.verb, reply.text) || isCut(reply.text) || isLate(reply, lines) ? "hints" : "names",
                ...(isOthers(exchange.verb, reply.text) ? { "line-altered-on-the-way": "allows" } : {}),
                "active-address-refused": "denies",
                "data-command-refused": "denies",
              },
            },
          ];
    })
    .slice(0, 1);
};

/** Several replies where one is due: what answers AUTH is still the greeting. */
const greetsAgain: Clue = ({ exchanges, lines }) => {
  const auth = exchanges.find(({ verb }) => verb === "AUTH" || verb === "USER");
  const greeting = lines.find(({ direction, text }) => direction === "<" && text.startsWith("220"));
  const reply = auth?.replies[0];
  if (
    auth === undefined ||
    reply === undefined ||
    greeting === undefined ||
    greeting === reply ||
    !reply.text.startsWith("220 ")
  )
    return [];
  return [
    {
      meaning: `the answer to ${auth.verb} is another greeting`,
      lines: [quoteOf(greeting), quoteOf(auth.command), quoteOf(reply)],
      votes: { "server-reply-malformed": "names", "tls-not-offered": "speaks" },
    },
  ];
};

const shortestLine = 12;

/** A reply of several lines has no end (RFC 959 section 4.2), and nothing else follows it. */
const unended: Clue = ({ lines, unread }) => {
  const last = lines.findLast(({ direction }) => direction !== "*");
  const code = last?.direction === "<" ? /^(\d{3})-/.exec(last.text)?.[1] : undefined;
  const after = unread.filter(({ line, paste }) => paste === last?.paste && line > (last?.line ?? 0));
  // A paste that is cut off may end within the next line.
  const isFollowed = after.some(({ text }) => text.length >= shortestLine);
  if (last === undefined || code === undefined || !isFollowed) return [];
  return [
    {
      meaning: `the reply that this line begins has no last line, which would be “${code}” and a blank`,
      lines: [quoteOf(last)],
      votes: { "server-reply-malformed": "hints", "server-process-died": "allows" },
    },
  ];
};

/** A client takes a reply that grants something for an error, and repeats its words. */
const grantedTaken: Clue = ({ lines, unread, transfer, symptom }) => {
  const granted = transfer?.replies.find(({ text }) => /^[12]\d\d /.test(text));
  const said = granted?.text.slice(4).replace(/\W+$/, "") ?? "";
  if (granted === undefined || said.length < 12 || symptom.result !== "failed") return [];
  // A debug option shows a reply twice, with its code; who takes it for an error says so.
  const repeated = [...lines, ...unread].find(
    ({ direction, text }) =>
      direction === "*" && text.includes(said) && (!/\b[12]\d\d[ -]/.test(text) || /error|fail|exception/i.test(text)),
  );
  return repeated === undefined
    ? []
    : [
        {
          meaning: "the client takes a reply that grants something for an error",
          lines: [quoteOf(granted), quoteOf(repeated)],
          votes: { "client-cannot-parse-reply": "names" },
        },
      ];
};

/** The client wanted its commands in clear for what follows FTP on the way, and goes on without. */
const clearingRefused: Clue = ({ exchanges, last, stage }) => {
  const refused = exchanges.find((exchange) => exchange.verb === "CCC" && isClearingRefused([exchange]));
  if (refused === undefined || refused === last || stage !== "data-connect") return [];
  return [
    {
      meaning: "the server refused CCC, and the client went on under TLS",
      lines: quotesOf(refused),
      votes: { "ccc-refused": "hints", "helper-blind-to-tls": "speaks", "no-helper": "denies" },
    },
  ];
};

/** What came over the data connection is no listing that the client knows. */
const listing = wordsClue([
  {
    says: /(?:only supports?|unsupported|unknown|unrecogni[sz]ed|invalid|unexpected|(?:can(?:no|')t|could not|unable to|failed to) parse|failed parsing|error parsing).{0,60}(?:director(?:y|ies) listing|listing|LIST (?:line|entry)|list format|dir(?:ectory)? format|file list|MLSD|facts?)\b|all parsers failed|(?:listing|list format).{0,40}(?:not (?:supported|recogni[sz]ed|understood|parsed)|unparse?able|unsupported)/i,
    in: "remark",
    means: "the client did not understand the listing",
    votes: { "client-cannot-parse-reply": "names", "server-reply-malformed": "speaks" },
  },
  {
    // Python, Rust, Java and Go: names of files have no encoding of their own before RFC 2640.
    says: /\bUnicodeDecodeError\b|codec can't decode|stream did not contain valid UTF-8|\bMalformedInputException\b|\binvalid (?:start|continuation) byte|invalid byte sequence in UTF-8/,
    in: "remark",
    means: "the client could not decode what the server sent",
    votes: { "client-cannot-parse-reply": "hints", "server-reply-malformed": "allows" },
  },
]);

/** A command that no line shows was put before its reply, and proves nothing of which reply it wanted. */
function isImplied({ command, replies }: Exchange): boolean {
  return replies.some(({ line, paste }) => line === command.line && paste === command.paste);
}

/** A complaint that repeats the reply, or has it before itself. */
const complained: Clue = (scene) => {
  const complaint =
    scene.lines.findLast(({ direction, text }) => direction === "*" && notUnderstood.test(text)) ??
    failedIn(scene) ??
    alone(scene);
  if (complaint === undefined) return [];
  // curl's word for a refusal: nothing is wrong with how that reads.
  const refusal = /response: ([45]\d\d)\b/.exec(complaint.text)?.[1];
  if (refusal !== undefined)
    return [
      {
        meaning: `the client repeats the server's refusal of the data command, ${refusal}`,
        lines: [quoteOf(complaint)],
        votes: { "data-command-refused": "hints", "server-denies-command": "allows" },
      },
    ];
  const repeated = /\b(2\d\d[ -].*)$/.exec(complaint.text)?.[1] ?? null;
  const verb = /\b(PASV|EPSV)\b/.exec(complaint.text)?.[1] ?? verbOf(repeated) ?? scene.arranged?.verb ?? "";
  const before = repliedBefore(scene, complaint);
  const reply = repeated ?? before?.text ?? null;
  const fault = reply === null ? null : faultOf(verb, reply);
  const lines = [...(repeated === null && before !== null ? [quoteOf(before)] : []), quoteOf(complaint)];
  const behind = numbersBehind(scene, complaint);
  return [
    fault !== null
      ? {
          meaning: `the client did not understand the reply: ${fault}`,
          lines,
          votes: {
            ...notOnTheWay,
            // Another command's reply may be one that something on the way has asked for.
            "server-reply-malformed": isOthers(verb, reply ?? "") || isLate(before, scene.lines) ? "hints" : "names",
            "client-cannot-parse-reply": "denies",
            ...(isOthers(verb, reply ?? "") ? { "line-altered-on-the-way": "allows" } : {}),
          },
        }
      : reply !== null && endpointOf(reply) !== null
        ? {
            meaning: `the client did not understand a reply whose numbers can be read${/\(\D{0,3}\d/.test(reply) ? "" : ", though no brackets are around them"} (RFC ${reply.startsWith("229") ? "2428" : "1123"})`,
            lines,
            votes: {
              ...notOnTheWay,
              "client-cannot-parse-reply": "hints",
              ...(/\(\D{0,3}\d/.test(reply) ? {} : { "server-reply-malformed": "speaks" }),
            },
          }
        : behind !== null
          ? {
              meaning:
                "the client did not understand a reply whose numbers stand on a further line (RFC 959 section 4.2)",
              lines: [...lines, quoteOf(behind)],
              votes: { ...notOnTheWay, "client-cannot-parse-reply": "hints", "server-reply-malformed": "allows" },
            }
          : {
              meaning: "the client did not understand a reply",
              lines,
              votes: { ...notOnTheWay, "client-cannot-parse-reply": "speaks", "server-reply-malformed": "speaks" },
            },
  ];
};

/** The line of a reply of several lines that has the six numbers, near the complaint; `null` if there is none. */
function numbersBehind({ lines, unread }: Scene, complaint: LogLine): LogLine | null {
  const isNear = ({ line, paste }: LogLine): boolean =>
    paste === complaint.paste && Math.abs(line - complaint.line) < 6;
  return [...unread, ...lines].find((line) => isNear(line) && sixNumbers.test(line.text)) ?? null;
}

const sixNumbers = /^[^A-Za-z]{0,20}\(\d{1,3}(?:,\d{1,3}){5}\)/;

/** A function that reads such a reply, in the trace of an exception that ended the session. */
const frame =
  /\b(?:parse|read|decode)_?\w{0,12}(?:227|229|pasv|epsv|passive)\w{0,20}\b|\b_?(?:parse|read)\w{0,12}(?:Passive|Pasv|Epsv)\w{0,20}\b/;

function failedIn({ unread, lines, arranged, transfer }: Scene): LogLine | undefined {
  if (arranged === null || transfer !== null) return undefined;
  // A dialog's words, with the reply's own in them.
  const words = arranged.replies
    .map(({ text }) => text.replace(/^\d{3}[ -]/, ""))
    .filter((text) => text.length >= shortestLine);
  const dialog = unread.find(({ text }) => notUnderstood.test(text) && words.some((said) => text.includes(said)));
  if (dialog !== undefined) return dialog;
  const ended = lines.some(({ direction, text }) => direction === "*" && /\b\w+(?:Error|Exception)\b/.test(text));
  return ended
    ? unread.findLast(({ text }) => frame.test(text) && /^at |, line \d+|[:(]\d+\)?(?::in\b|$)/.test(text))
    : undefined;
}

/** A client's message without any dialogue, which names what it could not read. */
function alone({ unread, exchanges }: Scene): LogLine | undefined {
  return exchanges.length > 0
    ? undefined
    : unread.find(
        ({ text }) => notUnderstood.test(text) && /\b(?:PASV|EPSV|227|229)\b|ServerReply/.test(text) && !isProse(text),
      );
}

function verbOf(reply: string | null): string | null {
  return reply === null ? null : reply.startsWith("227") ? "PASV" : reply.startsWith("229") ? "EPSV" : null;
}

function repliedBefore({ lines }: Scene, complaint: LogLine): LogLine | null {
  const before = lines.includes(complaint) ? lines.slice(0, lines.indexOf(complaint)) : lines;
  return before.findLast(({ direction, text }) => direction === "<" && /^2(?:27|29|0[02])/.test(text)) ?? null;
}

/** Each session of the log ends with the same reply, which grants something, and the client then begins again. */
const beginsAgain: Clue = ({ earlier, exchanges, symptom }) => {
  if (symptom.result !== "cut-off") return [];
  const ends = [...earlier, ...exchanges].reduce<readonly Exchange[]>((all, exchange) => {
    if (exchange.verb === "QUIT") return all;
    return exchange.verb === "USER" || all.length === 0 ? [...all, exchange] : [...all.slice(0, -1), exchange];
  }, []);
  const [first, ...others] = ends;
  if (first === undefined || others.length === 0 || first.code === null || first.code >= 300) return [];
  const isSame = others.every(({ verb, code }) => verb === first.verb && code === first.code);
  if (!isSame || first.verb === "USER" || first.verb === "PASS") return [];
  return [
    {
      meaning: `each session ends after the same reply to ${first.verb}, and another one begins`,
      lines: [...quotesOf(first).slice(-1), ...others.slice(-1).flatMap((last) => quotesOf(last).slice(-1))],
      votes: { "client-cannot-parse-reply": "hints" },
    },
  ];
};

export const replyClues: readonly Clue[] = [
  beginsAgain,
  malformed,
  greetsAgain,
  unended,
  grantedTaken,
  complained,
  clearingRefused,
  listing,
];
