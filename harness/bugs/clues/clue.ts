import { repeating } from "../logs/implied";
import type { CauseId } from "../../model/diagnosis";
import type { QuotedLine } from "../../model/match";
import type { LogLine } from "../../model/symptom";
import { isProse, tellsTrouble } from "../logs/trouble";
import { quoteOf, type Scene } from "./scene";

/** How much a reading says of a cause: it names it by itself, hints at it before others, speaks for it, allows it beside others, or speaks against it. */
export type Weight = "names" | "hints" | "speaks" | "allows" | "denies";
export type Votes = Readonly<Partial<Record<CauseId, Weight>>>;

/** What keeps a data connection from being made on its way: nothing of it is why a session failed whose client did not dial, or got there. */
export const notOnTheWay: Votes = {
  "passive-port-not-forwarded": "denies",
  "server-host-firewall": "denies",
  "client-host-firewall": "denies",
  "no-helper": "denies",
  "helper-blind-to-tls": "denies",
  "rule-blocks-data-connection": "denies",
  "egress-blocked": "denies",
  "data-connection-to-other-server": "denies",
};

/** What lines of a paste mean. */
export type Reading = { readonly meaning: string; readonly lines: readonly QuotedLine[]; readonly votes: Votes };

/** Finds in a paste what it knows the meaning of; empty where nothing of it is there. */
export type Clue = (scene: Scene) => readonly Reading[];

/** Words of servers, clients and libraries whose meaning is known. */
export type Words = {
  readonly says: RegExp;
  /** Words in the same line with which it means something else. */
  readonly unless?: RegExp;
  /** Whose line it has to be; left out: a reply or a remark. */
  readonly in?: "reply" | "remark";
  /** Who has to say it; left out: anybody. */
  readonly by?: "server";
  /** Not in what a client logs of itself: its own crash, or its word for what a server refused. */
  readonly notClients?: true;
  /** Only in the lines from the command on at which the session stopped; left out: anywhere, and the session that went on survived it. */
  readonly at?: "end";
  readonly when?: (scene: Scene) => boolean;
  /** A clause that says what the line says, and nothing else. */
  readonly means: string;
  readonly votes: Votes | ((scene: Scene) => Votes);
};

/** So many lines are quoted for one meaning. */
const mostQuoted = 2;

/** A clue of words, one of a table's after another. */
export function wordsClue(table: readonly Words[]): Clue {
  return (scene) =>
    table.flatMap((words) => {
      if (words.when?.(scene) === false) return [];
      const votes = typeof words.votes === "function" ? words.votes(scene) : words.votes;
      const isSaid = (line: LogLine): boolean =>
        isSaidIn(words, line) && !(words.notClients === true && isClients(scene, line));
      const last = scene.end.filter(isSaid);
      if (last.length > 0) return [{ meaning: words.means, lines: quotes(last), votes }];
      const before = words.at === "end" ? [] : scene.lines.filter(isSaid);
      const systems = before.filter(({ by, text }) => by === "kernel" || ofSystem.test(text));
      if (systems.length > 0) return [{ meaning: words.means, lines: quotes(systems), votes }];
      if (before.length > 0) return [{ meaning: words.means, lines: quotes(before), votes: weakened(votes) }];
      const unread = scene.unread.filter(
        (line) =>
          isToldIn(words, line) && !isCode.test(line.text) && !(words.notClients === true && isClients(scene, line)),
      );
      const told = unread.find(
        (line) =>
          !isProse(line.text) &&
          (ofSystem.test(line.text) ||
            isSince(line, scene.end[0]) ||
            // What a program told before somebody tried by hand, and did not fail.
            (scene.symptom.result === "cut-off" && tellsTrouble(line.text.replace(stampBefore, "")))),
      );
      if (told !== undefined) return [{ meaning: words.means, lines: [quoteOf(told)], votes }];
      return unread.length === 0 ? [] : [{ meaning: words.means, lines: quotes(unread), votes: weakened(votes) }];
    });
}

/** Date and time before a program's word. */
const stampBefore = /^[\d/:.,TZ -]{8,40} /;

/** A system's log has another order than the session's, wherever it was pasted. */
const ofSystem = /\bkernel: |\baudit\(\d/;

/** A program's source says what it is to do, and not what came of it. */
const isCode = /^\s*(?:\$\w+ ?=|(?:await |return )?[\w.$>-]+\(.*\);|(?:const|let|var|import|use|from)\b)/;

function quotes(lines: readonly LogLine[]): readonly QuotedLine[] {
  return lines.slice(-mostQuoted).map(quoteOf);
}

/** Whether a line stands behind where the session stopped; in another paste it may. */
function isSince({ line, paste }: LogLine, stop: LogLine | undefined): boolean {
  return stop === undefined || (paste ?? 0) !== (stop.paste ?? 0) || line >= stop.line;
}

/** Whether a client says so of itself: a remark beside its own dialogue, unless it repeats a refusal, or a system's log has it. */
function isClients({ lines }: Scene, { direction, text, by, paste }: LogLine): boolean {
  if (direction !== "*" || by !== undefined || ofSystem.test(text) || daemon.test(text)) return false;
  if (repeating.test(text) || /\b[45]\d\d[ -]/.test(text)) return false;
  return lines.some((line) => line.direction !== "*" && line.by === undefined && (line.paste ?? 0) === (paste ?? 0));
}

/** `vsftpd[8451]: `: a server's process in a system's log. */
const daemon = /\b[\w-]*ftpd?\[\d+\]:? /i;

/** A reply stands in an unknown form with its code. */
function isToldIn(words: Words, line: LogLine): boolean {
  return isSaidIn(words, line, "remark") && (words.in !== "reply" || /\b[45]\d\d[ -]/.test(line.text));
}

/** What the session went on after explains less of its end, and what a person says of it is no program's word. */
function weakened(votes: Votes): Votes {
  const weaker: Readonly<Record<Weight, Weight>> = {
    ...{ names: "speaks", hints: "speaks", speaks: "allows" },
    ...{ allows: "allows", denies: "denies" },
  };
  return Object.fromEntries(Object.entries(votes).map(([cause, weight]) => [cause, weaker[weight]]));
}

/** What somebody typed at a shell, or a comment: it says what is asked, and not what is so. */
const typed = /^(?:\[[^\]]{1,60}\]|[\w.-]+@[^\s#$]{1,60}(?: ?[~/][^\s#$]{0,60})?|[\w.-]{1,30}:\S{0,60})? ?[#$] \S/;

function isSaidIn(words: Words, line: LogLine, where = words.in): boolean {
  const { direction, text, by } = line;
  if (direction === ">" || (where === "remark" && direction !== "*")) return false;
  if (words.by !== undefined && by !== words.by) return false;
  // Most lines end here.
  if (!words.says.test(text)) return false;
  const isReply = direction === "<" || by === "server" || repeating.test(text);
  if (where === "reply" && !isReply) return false;
  return words.unless?.test(text) !== true && !(direction === "*" && typed.test(text));
}
