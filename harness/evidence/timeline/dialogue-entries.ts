import { readDialogue } from "../../ftp/dialogue";
import { traitsOf } from "../../model/axes";
import type { TranscriptLine } from "../../model/cell";
import type { CellEvidence, ServerExchange } from "../../model/evidence";
import type { LineEntry, PacketEntry, RemarkEntry } from "../../model/timeline";
import { rewritersOf } from "./rewriters";
import { hasClock, sinceStart } from "./clock";

/** A command with the lines that answered it, at both ends; the greeting has no command. */
type Turn = {
  readonly command: TranscriptLine | null;
  readonly encrypted: boolean;
  readonly replies: TranscriptLine[];
  exchange: ServerExchange | null;
};

/** No session lasts so long: the time is since the epoch. */
const unlikelyMs = 1e9;

type Line = Omit<LineEntry, "rewrittenBy">;

/** The control dialogue: the client's transcript beside what the server logged. */
export function dialogueEntries(evidence: CellEvidence, packets: readonly PacketEntry[]): readonly LineEntry[] {
  const { turns, unmatched } = turnsOf(evidence);
  const since = sinceStart(evidence);
  const lines = [...turns, ...(hasClock(evidence) ? unmatched : [])].flatMap((turn) => turnLines(turn, since));
  const rewriters = rewritersOf(evidence, packets);
  return lines.map((line) => ({ ...line, atMs: causeTime(line, packets), rewrittenBy: rewriters(line) }));
}

/** The client's clock and the kernel's differ by less. */
const clockErrorMs = 50;

/** A command is written down before it is sent, whatever the last digit of the client's clock says. */
function causeTime({ atMs, from, sent }: Line, packets: readonly PacketEntry[]): number {
  if (from === "server" || sent === null) return atMs;
  const packet = packets.find(
    (entry) =>
      entry.connection === "control" && entry.hops[0]?.text === sent && Math.abs(entry.atMs - atMs) < clockErrorMs,
  );
  return packet === undefined ? atMs : Math.min(atMs, packet.atMs);
}

/** What the client remarked. */
export function remarkEntries({ attempt }: CellEvidence, node: string): readonly RemarkEntry[] {
  return attempt.transcript.flatMap(({ direction, atMs, text }) =>
    direction === "*" ? [{ kind: "remark", atMs, node, text }] : [],
  );
}

/** Commands go one after another, so the server's log has those of one name in the same order. */
function turnsOf({ cell, attempt, server }: CellEvidence): {
  readonly turns: readonly Turn[];
  readonly unmatched: readonly Turn[];
} {
  const traits = traitsOf(cell.mode);
  const commands = readDialogue(attempt.transcript, traits).exchanges;
  const turns: Turn[] = [{ command: null, encrypted: traits.tls === "implicit", replies: [], exchange: null }];
  for (const line of attempt.transcript) {
    if (line.direction === ">") {
      const encrypted = commands[turns.length - 1]?.encrypted ?? false;
      turns.push({ command: line, encrypted, replies: [], exchange: null });
    } else if (line.direction === "<") turns.at(-1)?.replies.push(line);
  }
  const unmatched: Turn[] = [];
  let next = 1;
  for (const exchange of server?.exchanges ?? []) {
    const index = turns.findIndex(
      (turn, at) => at >= next && verbOf(turn.command?.text ?? "") === verbOf(exchange.command),
    );
    const turn = turns[index];
    if (turn === undefined) {
      const encrypted = turns[next - 1]?.encrypted ?? false;
      unmatched.push({ command: null, encrypted, replies: [], exchange });
    } else {
      turn.exchange = exchange;
      next = index + 1;
    }
  }
  return { turns, unmatched };
}

function turnLines({ command, encrypted, replies, exchange }: Turn, since: (at: number) => number): readonly Line[] {
  const lines: Line[] = [];
  if (command !== null || exchange !== null) {
    const [sent, received] = [command?.text ?? null, exchange?.command ?? null];
    const atMs = command?.atMs ?? since(exchange?.at ?? 0);
    // Each end masks the password in its own way.
    const isMasked = sent !== null && received !== null && verbOf(sent) === "PASS";
    lines.push({ kind: "line", atMs, from: "client", sent, received: isMasked ? sent : received, encrypted });
  }
  const logged = exchange === null ? null : replyText(exchange);
  const answer = replies.findLast(({ text }) => logged !== null && text.startsWith(`${logged.slice(0, 3)} `));
  for (const { atMs, texts, isAnswer } of answersOf(replies, answer)) {
    lines.push({
      kind: "line",
      atMs,
      from: "server",
      sent: isAnswer ? logged : null,
      received: texts.join("\n"),
      encrypted,
    });
  }
  if (logged !== null && answer === undefined && exchange !== null) {
    // Without the session's start the log's times mean nothing here.
    const last = Math.max(command?.atMs ?? 0, replies.at(-1)?.atMs ?? 0);
    const atMs = since(exchange.at) < unlikelyMs ? since(exchange.at) : last;
    lines.push({ kind: "line", atMs, from: "server", sent: logged, received: null, encrypted });
  }
  return lines;
}

/** The lines of replies; of one that has several (RFC 959 section 4.2) those before the last are put together. */
function answersOf(
  replies: readonly TranscriptLine[],
  answer: TranscriptLine | undefined,
): readonly { readonly atMs: number; readonly texts: readonly string[]; readonly isAnswer: boolean }[] {
  const found: { atMs: number; texts: string[]; isAnswer: boolean }[] = [];
  let isOpen = false;
  for (const line of replies) {
    const isLast = /^\d{3}( |$)/.test(line.text);
    const open = isOpen && !isLast ? found.at(-1) : undefined;
    if (open === undefined) found.push({ atMs: line.atMs, texts: [line.text], isAnswer: line === answer });
    else open.texts.push(line.text);
    isOpen = !isLast;
  }
  return found;
}

/** The code may stand in the text or beside it. */
function replyText({ replyCode, reply }: ServerExchange): string | null {
  if (replyCode === null) return null;
  return reply.startsWith(String(replyCode)) ? reply : `${replyCode} ${reply}`;
}

function verbOf(command: string): string {
  return (command.split(" ", 1)[0] ?? "").toUpperCase();
}
