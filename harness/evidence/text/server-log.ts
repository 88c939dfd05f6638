import type { ServerExchange } from "../../model/evidence";
import { linesOf, readAddress, readPort } from "./lines";

/**
 * Argument of ProFTPD's `LogFormat` that `parseDialogue` reads: one line a command, written when its last reply is known.
 * The tabs are real ones, since ProFTPD knows no `\t`; `%r` cannot hold one, since it joins a command's words by spaces.
 */
export const dialogueLogFormat = "%{epoch}.%{millisecs}\t%P\t%a\t%{remote-port}\t%s\t%r\t%S";

/** An exchange with the session it belongs to. */
export type LoggedExchange = ServerExchange & {
  /** Process id of the session. */
  readonly session: string;
  /** Address of the client as the server saw it. */
  readonly peer: string;
  readonly peerPort: number | null;
};

/** Paths of what the server writes; `null` if it has no such log. */
export type ServerLogPaths = {
  /** What the dialogue with clients is read from. */
  readonly dialogue: string;
  readonly tlsLog: string | null;
  readonly systemLog: string | null;
  readonly transferLog: string | null;
};

/** The texts of these logs; "" for one that there is not. */
export type ServerLogTexts = Readonly<Record<keyof ServerLogPaths, string>>;

/** What logs say, told apart by session. */
export type ServerLogs = {
  readonly exchanges: readonly LoggedExchange[];
  /** By session. */
  readonly tlsLog: ReadonlyMap<string, readonly string[]>;
  readonly systemLog: ReadonlyMap<string, readonly string[]>;
  /** Address of each session's client, of those too that sent no command; left out if the logs do not tell. */
  readonly peers?: ReadonlyMap<string, string>;
  /** By login name. */
  readonly transferLog: ReadonlyMap<string, readonly string[]>;
  /** Connections that the server closed before a session began, without a word to the client; left out if the logs do not tell. */
  readonly denials?: readonly Denial[];
};

/** What a server logged when it closed a connection at once: it names no client. `at` in seconds since the epoch. */
export type Denial = { readonly at: number; readonly text: string };

/** Reads an ExtendedLog that was written with `dialogueLogFormat`; other lines are passed over. */
export function parseDialogue(text: string): readonly LoggedExchange[] {
  return linesOf(text).flatMap((line) => readExchange(line) ?? []);
}

function readExchange(line: string): LoggedExchange | null {
  const [at = "", session = "", peer = "", port, code, command = "", ...reply] = line.split("\t");
  if (!/^\d{1,12}\.\d{3}$/.test(at) || !/^\d{1,10}$/.test(session)) return null;
  // Connections are logged without a command when the log's classes ask for it.
  if (peer === "" || command === "" || reply.length === 0) return null;
  const replyCode = code !== undefined && /^\d{3}$/.test(code) ? Number(code) : null;
  return {
    at: Number(at),
    session,
    peer: readAddress(peer) ?? peer,
    peerPort: readPort(port),
    command,
    replyCode,
    // A name in the reply may hold tabs; the word for "no reply" is a dash.
    reply: replyCode === null && reply.join("\t") === "-" ? "" : reply.join("\t"),
  };
}

const stampedLine = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:,\d+)? (?:\S+ )?[^\s[\]]+\[(\d{1,10})\](.*)$/s;

/** Lines of a TLSLog or SystemLog by process id, without timestamps, names and ids; other lines are passed over. */
export function parseSessionLines(text: string): ReadonlyMap<string, readonly string[]> {
  const sessions = new Map<string, string[]>();
  for (const line of linesOf(text)) {
    const [, session, rest] = stampedLine.exec(line) ?? [];
    const message = rest === undefined ? null : messageOf(rest);
    if (session === undefined || message === null) continue;
    const lines = sessions.get(session);
    if (lines === undefined) sessions.set(session, [message]);
    else lines.push(message);
  }
  return sessions;
}

const deniedLine = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),(\d{3}) .*?: (Max\w+ \([^)]*\) reached, new connection denied)/;

/** Connections that ProFTPD's main process closed (src/main.c); its clock is UTC, as a container's is. */
export function parseDenials(text: string): readonly Denial[] {
  return linesOf(text).flatMap((line): Denial[] => {
    const [, date, time, ms, said] = deniedLine.exec(line) ?? [];
    if (date === undefined || time === undefined || ms === undefined || said === undefined) return [];
    return [{ at: Date.parse(`${date}T${time}.${ms}Z`) / 1000, text: said }];
  });
}

/** The client's address of each process id that a SystemLog has lines of: `(name[address])`, or `name [address]`. */
export function parseSessionPeers(text: string): ReadonlyMap<string, string> {
  const peers = new Map<string, string>();
  for (const line of linesOf(text)) {
    const [, session, rest = ""] = stampedLine.exec(line) ?? [];
    const peer = readAddress(/\[([0-9a-fA-F.:]+)\]/.exec(rest)?.[1]);
    if (session !== undefined && peer !== null) peers.set(session, peer);
  }
  return peers;
}

/** What follows `: `, ` server: ` or ` server (client[address]): `; a server's or client's address may hold colons. */
function messageOf(rest: string): string | null {
  if (rest.startsWith(": ")) return rest.slice(2);
  if (!rest.startsWith(" ")) return null;
  const serverEnd = rest.indexOf(" ", 1);
  if (serverEnd === -1) return null;
  if (rest.charAt(serverEnd - 1) === ":") return rest.slice(serverEnd + 1);
  const clientEnd = rest.indexOf("): ", serverEnd);
  return rest.charAt(serverEnd + 1) === "(" && clientEnd !== -1 ? rest.slice(clientEnd + 3) : null;
}

/**
 * Lines of a TransferLog by login name (xferlog(5)): the fifth field from the end, since a line's beginning varies. Files' names
 * hold no blanks there.
 */
export function parseTransferLines(text: string): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const line of linesOf(text)) {
    const fields = line.trim().split(/\s+/);
    const user = fields.at(-5);
    if (user === undefined || fields.length < 14) continue;
    const lines = users.get(user);
    if (lines === undefined) users.set(user, [line]);
    else lines.push(line);
  }
  return users;
}
