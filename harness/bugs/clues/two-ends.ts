/** What the one end sent and the other end received, where both are pasted. */
import { dataVerbs } from "../../ftp/dialogue";
import { endpointOf } from "../../ftp/endpoint";
import type { Clue } from "./clue";
import { isPrivate, quoteOf, type Exchange } from "./scene";

/** A data command of the server's log that the client never sent, where its own is missing there: something on the way wrote another one. */
const otherCommand: Clue = ({ exchanges }) => {
  const arranged = exchanges.filter(({ verb }) => dataVerbs.includes(verb));
  const sent = arranged.filter(({ command }) => command.by === undefined && command.implied !== true);
  const arrived = arranged.filter(({ command }) => command.by === "server");
  const lost = missing(sent, arrived);
  const strange = missing(arrived, sent);
  if (lost === null || strange === null) return [];
  return [
    {
      meaning: `the client sent ${lost.verb}, and ${strange.verb} arrived at the server`,
      lines: [lost, strange].map(({ command }) => quoteOf(command)),
      votes: {
        "line-altered-on-the-way": "names",
        "server-reply-malformed": "denies",
        "client-cannot-parse-reply": "denies",
      },
    },
  ];
};

/** The reply to PASV arrives with a private address where the server sent a public one, of the same port. Helpers do the contrary. */
const otherAddress: Clue = ({ exchanges }) => {
  const replies = exchanges
    .filter(({ verb, code }) => verb === "PASV" && code === 227)
    .flatMap(({ command, replies: [reply] }) => {
      const endpoint = reply === undefined ? null : endpointOf(reply.text);
      const address = endpoint?.address ?? null;
      return reply === undefined || endpoint === null || address === null
        ? []
        : [{ reply, address, port: endpoint.port, isServers: command.by === "server" }];
    });
  const pair = replies.flatMap((got) => {
    const sent = replies.find(
      ({ isServers, port, address }) => isServers && port === got.port && address !== got.address,
    );
    return got.isServers || sent === undefined || !isPrivate(got.address) || isPrivate(sent.address)
      ? []
      : [[sent, got]];
  })[0];
  return pair === undefined
    ? []
    : [
        {
          meaning: "the server sent a public address in its 227, and the client got a private one",
          lines: pair.map(({ reply }) => quoteOf(reply)),
          votes: { "line-altered-on-the-way": "names" },
        },
      ];
};

/** The last of the one end's commands, if the other end has none of its kind. */
function missing(own: readonly Exchange[], others: readonly Exchange[]): Exchange | null {
  const last = own.at(-1);
  return last === undefined || others.some(({ verb }) => verb === last.verb) ? null : last;
}

export const twoEndsClues: readonly Clue[] = [otherCommand, otherAddress];
