import type { Attempt } from "../../model/cell";
import type { ServerExchange } from "../../model/evidence";
import type { Dialogue } from "../../ftp/dialogue";
import { dataVerbs, isNegative, transferVerbs } from "../../ftp/dialogue";

/** With the codes that the server logged, where a client shows no more of a reply than its text, or nothing and went on. */
export function withLoggedCodes(dialogue: Dialogue, seen: readonly ServerExchange[]): Dialogue {
  const exchanges = dialogue.exchanges.map((exchange, index, all) => {
    const { verb, code, reply } = exchange;
    if (code !== null) return exchange;
    if (reply !== "") {
      return { ...exchange, code: seen.findLast((logged) => textOf(logged.reply) === reply)?.replyCode ?? null };
    }
    const wentOn = dataVerbs.includes(verb) && transferVerbs.includes(all[index + 1]?.verb ?? "");
    const number = all.slice(0, index).filter((earlier) => earlier.verb === verb).length;
    return wentOn ? { ...exchange, code: exchangesOf(seen, verb)[number]?.replyCode ?? null } : exchange;
  });
  return { ...dialogue, exchanges };
}

/** The server's exchanges of a command, in order. */
export function exchangesOf(seen: readonly ServerExchange[], verb: string): readonly ServerExchange[] {
  return seen.filter(({ command }) => command.split(" ", 1)[0]?.toUpperCase() === verb);
}

/** A reply without its code. */
function textOf(reply: string): string {
  return reply.replace(/^\d{3} /, "");
}

/** The code of the last reply, where it ended a session of a client that does not show codes. */
export function refusalOf(
  { result, transcript }: Pick<Attempt, "result" | "transcript">,
  { exchanges }: Dialogue,
): number | null {
  const code = exchanges.at(-1)?.code ?? null;
  const isShown = transcript.findLast(({ direction }) => direction === "<")?.text.startsWith(`${String(code)} `);
  return result === "failed" && isNegative(code) && isShown === false ? code : null;
}
