/** The reply by which a session ended, and whether it is the server's own. */
import type { Stage } from "../model/axes";
import type { ServerExchange } from "../model/evidence";
import type { Proof } from "../model/diagnosis";
import type { DialogueExchange } from "../ftp/dialogue";
import { dataVerbs, isNegative, transferVerbs } from "../ftp/dialogue";
import type { ServerWordKind } from "../catalog/servers/definition";
import { serverSays } from "../catalog/servers/decision-words";
import type { Observations } from "./observations";
import { exchangesOf } from "./observe/logged-codes";
import { dialogueProof, logProof, messageProof } from "./proofs";

/** A negative reply, or what the client repeats of one. */
export type Refusal = {
  readonly code: number;
  readonly text: string;
  /** The command that it answers; `null` if it stands instead of the greeting, or nobody shows the command. */
  readonly exchange: DialogueExchange | null;
};

/** The commands whose reply can end a session at a stage. */
const verbsAt: Partial<Record<Stage, readonly string[]>> = {
  "auth-tls": ["AUTH"],
  login: ["USER", "PASS", "ACCT"],
  protection: ["PBSZ", "PROT"],
  ccc: ["CCC"],
  "data-command": dataVerbs,
  "data-connect": [...transferVerbs, ...dataVerbs],
  "data-tls": transferVerbs,
  transfer: transferVerbs,
  completion: transferVerbs,
};

/**
 * The command that got the reply which ended the session: of those with its code the first that belongs to the stage, else the first at
 * all. A client may go on after it, and is refused again; and it may have been refused other things before, with the same code.
 */
export function refusedExchange({
  dialogue,
  replyCode,
  stage,
}: Pick<Observations, "dialogue" | "replyCode" | "stage">): DialogueExchange | null {
  const coded = dialogue.exchanges.filter(({ code }) => code !== null && code === replyCode);
  const own = stage === null ? undefined : verbsAt[stage];
  return coded.find(({ verb }) => own?.includes(verb) === true) ?? coded[0] ?? null;
}

/** The reply that ended the session, if one did. */
export function refusalOf(seen: Observations): Refusal | null {
  const { dialogue, replyCode, message } = seen;
  const exchange = refusedExchange(seen);
  if (exchange !== null && isNegative(exchange.code)) return { code: exchange.code, text: exchange.reply, exchange };
  const turnedAway = dialogue.greeting.find((line) => /^[45]\d\d[ -]/.test(line));
  if (turnedAway !== undefined) return { code: Number(turnedAway.slice(0, 3)), text: turnedAway, exchange: null };
  return isNegative(replyCode) ? { code: replyCode, text: message, exchange: null } : null;
}

/** What a server was heard to say of a kind: in a reply, in clear on the wire though the client could not read it, or in a log. */
export type Saying = { readonly text: string; readonly by: "reply" | "wire" | "log" };

/** The server's words of a kind: in the reply that ended the session, else in its logs of this session. */
export function serverSaying(seen: Observations, kind: ServerWordKind): Saying | null {
  const { software, systemLog, tlsLog } = seen.server;
  const refusal = refusalOf(seen);
  const words = lastWords(seen);
  if (refusal !== null && isServersOwn(seen, refusal)) {
    // The client may report only a part of a reply that came in several segments.
    const text = words.find((line) => line.startsWith(refusal.text.trimEnd())) ?? refusal.text;
    if (serverSays(kind, text, software)) return { text, by: "reply" };
  }
  const onWire = words.filter((text) => serverSays(kind, text, software));
  if (onWire[0] !== undefined) return { text: onWire[0], by: "wire" };
  const line = [...systemLog, ...tlsLog].find((text) => serverSays(kind, text, software));
  return line === undefined ? null : { text: line, by: "log" };
}

/**
 * The lines in clear that left the server last, after all that the client had said: vsftpd says why it ends in clear, inside TLS too, and
 * in segments that are no lines.
 */
function lastWords({ wire }: Observations): readonly string[] {
  const segments = wire?.control?.segments ?? [];
  // What the client sent meanwhile and is no text, such as an alert, was no question.
  const start = segments.findLastIndex(({ from, text, length }) =>
    from === "client" ? text !== null && !/^QUIT/i.test(text) : text === null && length > 2,
  );
  const spoken = segments.slice(start + 1).filter(({ from }) => from === "server");
  return spoken
    .map(({ text }) => text ?? "\n")
    .join("")
    .split("\n")
    .filter((line) => /^[45]\d\d[ -]/.test(line));
}

/**
 * Whether the server sent the reply as it reached the client: not where its log has another code for the same command, which something
 * on the way then changed, or does not know a session that its logs would know.
 */
export function isServersOwn(seen: Observations, { code, exchange }: Refusal): boolean {
  if (exchange === null || !seen.server.seen) return true;
  const logged = loggedReply(seen, exchange);
  return logged?.replyCode === undefined || logged.replyCode === null || logged.replyCode === code;
}

/** The server's own record of a command: of commands of one name the one of the same number. */
export function loggedReply({ dialogue, server }: Observations, exchange: DialogueExchange): ServerExchange | null {
  const number = dialogue.exchanges.filter(({ verb }) => verb === exchange.verb).indexOf(exchange);
  return exchangesOf(server.exchanges, exchange.verb)[number] ?? null;
}

/** The reply and the client's word of it, and a line of the server's logs. */
export function refusalProofs(seen: Observations, refusal: Refusal | null, saying: Saying | null): Proof[] {
  const line = saying === null || saying.by === "reply" ? null : saying.text;
  const greeting: Proof[] =
    refusal !== null && refusal.exchange === null && seen.dialogue.greeting.includes(refusal.text)
      ? [{ witness: "client", text: `< ${refusal.text}` }]
      : [];
  return [...dialogueProof(refusal?.exchange ?? null), ...greeting, ...messageProof(seen), ...logProof(line)];
}

/** What the reply answers, as a noun: `LIST`, `the connection`. */
export function refusedThing({ stage }: Observations, refusal: Refusal | null): string {
  if (refusal?.exchange) return refusal.exchange.verb;
  return stage === "greeting" || stage === "control-connect" || stage === "auth-tls" ? "the connection" : "the client";
}
