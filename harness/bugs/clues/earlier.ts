/** Earlier transfers of the same run that worked. They rule out causes that stop every transfer. */
import { dataVerbs, transferVerbs } from "../../ftp/dialogue";
import type { LogLine } from "../../model/symptom";
import { saysDone } from "../logs/done-words";
import { isProse } from "../logs/trouble";
import type { Clue } from "./clue";
import { quoteOf, type Exchange, type Scene } from "./scene";

/** The replies, or words, that confirm earlier transfers, arranged by the same command where that is shown; none where the first one failed. */
export function workedBefore(scene: Scene): readonly LogLine[] {
  const { exchanges, earlier, last, arranged, end, lines, unread } = scene;
  const before = [...earlier, ...(last === null ? exchanges : exchanges.slice(0, exchanges.indexOf(last)))];
  const confirmed = before.flatMap((exchange, index) => {
    if (!transferVerbs.includes(exchange.verb) || exchange.code === null || exchange.code >= 300 || exchange.code < 200)
      return [];
    const by = before.slice(0, index).findLast(({ verb }) => dataVerbs.includes(verb));
    return by === undefined || arranged === null || by.verb === arranged.verb ? closingOf(exchange) : [];
  });
  if (confirmed.length > 0) return confirmed;
  const failed = end[0] ?? null;
  // Where no command is shown, what stands before the failure does so by its place.
  if (failed === null || before.length > 0) return [];
  return [...lines, ...unread].filter(
    ({ direction, text, line, paste }) =>
      direction === "*" &&
      (paste ?? 0) === (failed.paste ?? 0) &&
      line < failed.line &&
      saysDone(text) &&
      !isProse(text),
  );
}

function closingOf({ replies }: Exchange): readonly LogLine[] {
  const reply = replies.findLast(({ implied }) => implied !== true);
  return reply === undefined ? [] : [reply];
}

export const earlierClue: Clue = (scene) => {
  const { stage, last, symptom } = scene;
  if (stage !== "data-connect") return [];
  const worked = workedBefore(scene);
  if (worked.length === 0) return [];
  const is425 = last?.code === 425 || symptom.replyCode === 425;
  return [
    {
      meaning: `transfers before it${scene.arranged === null ? "" : " in the same way"} worked`,
      lines: worked.slice(-2).map(quoteOf),
      votes: {
        ...{ "no-helper": "denies", "helper-blind-to-tls": "denies", "active-connection-blocked": "denies" },
        ...{
          "client-host-firewall": "denies",
          "helper-does-not-know-line": "denies",
          "egress-blocked": "denies",
          "passive-address-unroutable": "denies",
        },
        // A client that dials in vain may have met a part of the range that is not forwarded.
        ...(is425
          ? { "passive-port-not-forwarded": "denies", "server-host-firewall": "denies" }
          : { "passive-port-not-forwarded": "allows", "server-host-firewall": "allows" }),
        ...{ "server-limit-reached": "speaks", "passive-range-exhausted": "allows" },
      },
    },
  ];
};
