import { nothingSaid, verbs, type LineReader, type Reading, type Said, type SpeakerForm } from "../speaker-form";

/** A server's log of fields: one JSON object a line, or `key=value` pairs (logfmt); commands and replies are values of some. */
export const structured: SpeakerForm = {
  id: "structured-log",
  title: "a server's log of fields",
  by: "server",
  software: null,
  begin: readStructured,
};

type Fields = ReadonlyMap<string, string>;

const pair = /(?:^|[\s,;])([A-Za-z_][\w.-]{0,40})=(?:"((?:[^"\\]|\\.){0,2000})"|([^\s",;]{1,500}))/g;
const fewestPairs = 3;

/** Names of fields without case and marks, as loggers choose them. */
const commandKeys = ["command", "cmd", "verb", "ftpcommand", "request"];
const argumentKeys = ["arg", "args", "argument", "arguments", "param", "params", "parameter", "parameters"];
const replyKeys = ["reply", "response", "answer", "resp", "ftpreply", "ftpresponse"];
const codeKeys = ["code", "replycode", "responsecode", "ftpcode", "statuscode", "status"];
const textKeys = ["line", "raw", "message", "msg", "text", "data", "payload"];
const errorKeys = ["err", "error", "reason", "exception"];
/** Who is logged with the other end's name is a server. */
const clientKeys = [
  "client",
  "clientip",
  "clientid",
  "remote",
  "remoteaddr",
  "remoteaddress",
  "remoteip",
  "peer",
  "ip",
];
const sessionKeys = ["clientid", "session", "sessionid", "connid", "connectionid", "conn", "cid"];

function readStructured(): LineReader {
  let isOpen = false;
  return (text) => {
    const fields = fieldsIn(text);
    if (fields === null || !clientKeys.some((key) => fields.has(key))) return null;
    const said = saidIn(fields, isOpen);
    if (said.some(({ direction }) => direction !== "*")) isOpen = true;
    if (!isOpen) return null;
    const session = valueOf(fields, sessionKeys);
    const reading: Reading = {
      said: said.map((one) => (session === undefined ? one : { ...one, session })),
    };
    return said.length === 0 ? nothingSaid : reading;
  };
}

function fieldsIn(text: string): Fields | null {
  const start = text.indexOf("{");
  if (start >= 0 && text.trimEnd().endsWith("}")) {
    try {
      const object: unknown = JSON.parse(text.slice(start));
      const entries = Object.entries(Object(object) as Record<string, unknown>);
      return new Map(
        entries.flatMap(([key, value]) =>
          typeof value === "string" || typeof value === "number" ? [[plain(key), String(value)] as const] : [],
        ),
      );
    } catch {
      return null;
    }
  }
  const pairs = [...text.matchAll(pair)];
  if (pairs.length < fewestPairs) return null;
  return new Map(
    pairs.map(([, key = "", quoted, bare = ""]) => [plain(key), quoted?.replace(/\\(["\\])/g, "$1") ?? bare]),
  );
}

const plain = (key: string): string => key.toLowerCase().replace(/[^a-z]/g, "");

function valueOf(fields: Fields, keys: readonly string[]): string | undefined {
  const key = keys.find((name) => fields.has(name));
  return key === undefined ? undefined : fields.get(key)?.replace(/[\r\n]+$/, "");
}

function saidIn(fields: Fields, isOpen: boolean): readonly Said[] {
  const text = valueOf(fields, textKeys);
  const command = commandIn(fields, text);
  const code = valueOf(fields, codeKeys);
  const reply = [valueOf(fields, replyKeys), text].find((value) => value !== undefined && isReply(value));
  const answer =
    reply ??
    (code !== undefined && /^[1-5]\d\d$/.test(code) && (command !== null || isOpen)
      ? `${code} ${valueOf(fields, replyKeys) ?? (command === text ? "" : (text ?? ""))}`.trim()
      : undefined);
  const said: Said[] = [
    ...(command === null ? [] : [{ direction: ">", text: command } as const]),
    ...(answer === undefined ? [] : [{ direction: "<", text: answer } as const]),
  ];
  if (said.length > 0) return said;
  const error = valueOf(fields, errorKeys);
  const words = [text, error].filter((part) => part !== undefined && part !== "").join(": ");
  return words === "" ? [] : [{ direction: "*", text: words }];
}

const isReply = (value: string): boolean => /^[1-5]\d\d[ -]\S/.test(value);

/** A field of its own, with its argument in another; else a value that is a command as it was sent. */
function commandIn(fields: Fields, text: string | undefined): string | null {
  const named = valueOf(fields, commandKeys);
  const sent = named?.replace(/^[a-z]{3,4}\b/, (verb) => verb.toUpperCase());
  if (sent !== undefined && verbs.test(sent)) {
    const argument = valueOf(fields, argumentKeys);
    return argument === undefined || argument === "" || sent.includes(" ") ? sent : `${sent} ${argument}`;
  }
  return text !== undefined && verbs.test(text) && text.length < longestCommand ? text : null;
}

const longestCommand = 300;
