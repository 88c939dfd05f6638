/** Finds the logged session of a server that belongs to an attempt. */
import type { SoftwareId } from "../../model/ids";
import type { Attempt, Cell, TranscriptLine } from "../../model/cell";
import type { ServerEvidence } from "../../model/evidence";
import { controlSessions } from "../../ftp/dialogue";
import { failedSessionOf } from "../../ftp/stage";
import type { LoggedExchange, ServerLogs, ServerLogTexts } from "../text/server-log";

export type ServerTexts = ServerLogTexts & {
  /** The topology's node. */
  readonly node: string;
  readonly software: SoftwareId;
  readonly configuration: string;
};

/** Who stands for the client: an address or, where others share it (behind NAPT), its connections as they arrive. */
export type Identity = { readonly address: string; readonly flows: ReadonlySet<string> | null };

/** What a server logged of one session. */
type LoggedSession = { readonly node: string; readonly startedAt: number; readonly evidence: ServerEvidence };

/** One server's logs, read once for all sessions. */
export type SessionLogs = {
  /** What all sessions with this login name sent. */
  readonly commandsOf: (user: string) => readonly string[];
  /** The sessions of a login name in the order in which they began or, where it never came to that, of who came from there. */
  readonly sessionsOf: (user: string, client: Identity) => readonly LoggedSession[];
  /** What the server logged of a connection that it closed at once, in a span of time in seconds since the epoch; `null` for nothing. */
  readonly deniedIn: (from: number, to: number, client: Identity) => LoggedSession | null;
};

export function readServerTexts(
  { node, software, configuration }: ServerTexts,
  { exchanges: dialogue, tlsLog, systemLog, transferLog, peers, denials = [] }: ServerLogs,
): SessionLogs {
  const bySession = new Map<string, LoggedExchange[]>();
  const named = new Map<string, string[]>();
  for (const exchange of dialogue) {
    const { command, session } = exchange;
    const sofar = bySession.get(session);
    if (sofar === undefined) bySession.set(session, [exchange]);
    else sofar.push(exchange);
    const [verb, user] = command.split(" ");
    if (verb?.toUpperCase() !== "USER" || user === undefined) continue;
    const known = named.get(user) ?? [];
    if (!known.includes(session)) named.set(user, [...known, session]);
  }
  const commandsOf = (user: string): readonly string[] =>
    (named.get(user) ?? []).flatMap((session) => bySession.get(session) ?? []).map(({ command }) => command);
  const sessionsOf = (user: string, client: Identity): readonly LoggedSession[] => {
    const ids = named.get(user) ?? cameFromThere(client);
    return ids.map((session) => {
      const mine = bySession.get(session) ?? [];
      return {
        node,
        startedAt: mine[0]?.at ?? 0,
        evidence: {
          software,
          peer: mine[0]?.peer ?? peers?.get(session) ?? client.address,
          exchanges: mine.map(({ at, command, replyCode, reply }) => ({ at, command, replyCode, reply })),
          tlsLog: tlsLog.get(session) ?? [],
          systemLog: systemLog.get(session) ?? [],
          transferLog: transferLog.get(user) ?? [],
          configuration,
        },
      };
    });
  };
  /** The last session that sent a command from there; else the only one, or the last where the address is the client's alone. */
  const cameFromThere = (client: Identity): readonly string[] => {
    const spoke = dialogue.findLast((exchange) => cameFrom(exchange, client))?.session;
    if (spoke !== undefined) return [spoke];
    const silent = [...(peers ?? [])].filter(([id, peer]) => peer === client.address && !bySession.has(id));
    return client.flows === null || silent.length === 1 ? silent.slice(-1).map(([id]) => id) : [];
  };
  const deniedIn = (from: number, to: number, client: Identity): LoggedSession | null => {
    const denial = denials.find(({ at }) => at >= from && at <= to);
    if (denial === undefined) return null;
    const said = { exchanges: [], tlsLog: [], systemLog: [denial.text], transferLog: [] };
    return { node, startedAt: denial.at, evidence: { software, peer: client.address, ...said, configuration } };
  };
  return { commandsOf, sessionsOf, deniedIn };
}

function cameFrom({ peer, peerPort }: LoggedExchange, { address, flows }: Identity): boolean {
  if (peer !== address) return false;
  return flows === null || [...flows].some((flow) => flow.startsWith(`${address} ${String(peerPort)} `));
}

/**
 * The session that an attempt tells of, over the logs of all servers. A client may connect again after a failure, and come to another
 * server then: the session that failed is told of, and of a client that worked the last one.
 */
export function sessionOf(
  logs: readonly SessionLogs[],
  { attempt, cell, user }: { readonly attempt: Attempt; readonly cell: Cell; readonly user: string },
  client: Identity,
): LoggedSession | null {
  const found = logs
    .flatMap(({ sessionsOf }) => sessionsOf(user, client))
    .toSorted((one, other) => one.startedAt - other.startedAt);
  if (found.length === 0 && wasToldNothing(attempt)) {
    // Milliseconds are cut off, and the clock is the same.
    const [from, to] = [attempt.startedAt - 0.001, attempt.startedAt + attempt.durationMs / 1000 + 0.001];
    return logs.map(({ deniedIn }) => deniedIn(from, to, client)).find((denied) => denied !== null) ?? null;
  }
  if (found.length < 2 || attempt.result !== "failed") return found.at(-1) ?? null;
  const told = failedSessionOf(attempt.transcript, cell);
  const shown = controlSessions(attempt.transcript).filter(logsIn);
  // Another cell's client may have had the name before.
  if (shown.length < 2) return found.at(-1) ?? null;
  const place = shown.findIndex(([first]) => first !== undefined && told.includes(first));
  if (shown.length === found.length && place >= 0) return found[place] ?? null;
  const likeness = ({ evidence }: LoggedSession): number => likenessOf(evidence, told, attempt.replyCode);
  return found.reduce((one, other) => (likeness(other) >= likeness(one) ? other : one));
}

/** Whether a client that failed has heard no line of a server. */
function wasToldNothing({ result, transcript }: Attempt): boolean {
  return result === "failed" && transcript.every(({ direction }) => direction !== "<");
}

function logsIn(session: readonly TranscriptLine[]): boolean {
  return session.some(({ direction, text }) => direction === ">" && /^USER\b/i.test(text));
}

/** How many of the client's commands the session's log has, each once, and whether it has the reply that ended it. */
function likenessOf({ exchanges }: ServerEvidence, lines: readonly TranscriptLine[], replyCode: number | null): number {
  const open = exchanges.map(({ command }) => command.toUpperCase());
  const same = lines.filter(({ direction, text }) => {
    const index = direction === ">" ? open.indexOf(text.toUpperCase()) : -1;
    if (index >= 0) open.splice(index, 1);
    return index >= 0;
  });
  const isEnded = replyCode !== null && exchanges.some((exchange) => exchange.replyCode === replyCode);
  return same.length * 2 + (isEnded ? 1 : 0);
}
