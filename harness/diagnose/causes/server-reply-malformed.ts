import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { missedPassiveCode, type DialogueExchange } from "../../ftp/dialogue";
import { endpointOf } from "../../ftp/endpoint";
import type { Observations } from "../observations";
import { dialogueProof, messageProof } from "../proofs";
import { loggedReply } from "../refusals";
import { logMore } from "../remedies/server";
import { otherClient } from "../remedies/user";
import { otherDataCommand } from "../remedies/data-commands";

export const serverReplyMalformed: CauseDefinition = {
  id: "server-reply-malformed",
  title: "The server's reply does not have the form that its code or command requires.",
  looksLike:
    "227 or 229 without an address and port that can be read, another code after PASV or EPSV that is not a " +
    "refusal, a reply of several lines that never ends, or no code at all.",
  why:
    "227 names an address and a port in six numbers of at most 255 (RFC 959 section 4.1.2), 229 a port between delimiters (RFC 2428 " +
    "section 3), and a reply of several lines ends with its code and a blank (RFC 959 section 4.2). Some clients " +
    "guess the meaning of other forms, and others reject them; a router's FTP helper drops them or does not " +
    "recognise them.",
  outsideNetwork: true,
  explains: decision,
  recognise: (seen) => {
    const found = malformed(seen);
    if (found === null) return null;
    const { exchange, line, fault } = found;
    const inLog = exchange === null ? null : loggedReply(seen, exchange);
    const isServers = exchange?.encrypted === true || inLog?.reply.includes(line.slice(4)) === true;
    const isPassedOn = seen.wire?.everythingArrived === true || seen.routers.length === 0;
    return {
      // In clear something on the way may have made it so.
      confidence: isServers || (isPassedOn && seen.wire !== null) ? "shown" : "likely",
      explanation: `The server sent "${line}", ${fault}.`,
      proofs: [
        ...(exchange === null ? [{ witness: "client", text: `< ${line}` }] : dialogueProof(exchange)),
        ...messageProof(seen),
      ],
    };
  },
  remedies: [otherDataCommand, otherClient, logMore],
};

type Malformed = { readonly exchange: DialogueExchange | null; readonly line: string; readonly fault: string };

function malformed(seen: Observations): Malformed | null {
  const { stage, dialogue, dataExchange, replyCode, firstBreak } = seen;
  const [first] = dialogue.greeting;
  const isGreeted = dialogue.exchanges.length === 0 && replyCode === null && first !== undefined;
  // With TLS begun where none was asked for, what comes is no text.
  if (isGreeted && stage === "greeting") {
    const line = dialogue.greeting.at(-1) ?? first;
    if (/^\d{3}-/.test(first) && !/^\d{3} /.test(line))
      return { exchange: null, line: first, fault: "a reply of several lines that never ended" };
    // eslint-disable-next-line no-control-regex
    if (!/^\d{3}[ -]/.test(first) && !/[\u0000-\u0008\u000e-\u001f]/.test(first))
      return { exchange: null, line: first, fault: "which has no reply code" };
  }
  const last = dialogue.exchanges.findLast(({ verb }) => verb !== "QUIT") ?? null;
  // A reply that the server was sending when it ended the connection is cut short, not malformed.
  const isCutShort = firstBreak?.what === "ended";
  if (last !== null && last.code === null && /^\d{3}-/.test(last.reply) && replyCode === null && !isCutShort)
    return { exchange: last, line: last.reply, fault: "a reply of several lines that never ended" };
  if (stage !== "data-command" && stage !== "data-connect") return null;
  if (dataExchange === null) return null;
  const wanted = missedPassiveCode(dataExchange);
  if (wanted !== null) {
    const fault = `which does not answer ${dataExchange.verb}: the answer is ${wanted}`;
    return { exchange: dataExchange, line: dataExchange.reply, fault };
  }
  if (dataExchange.code !== 227 && dataExchange.code !== 229) return null;
  // Some clients show no more of a reply than its code.
  if (/^\d{3}\s*$/.test(dataExchange.reply)) return null;
  const named = endpointOf(dataExchange.reply);
  if (named !== null && named.port !== 0) return null;
  // A client may show only one line of a reply over several lines, and that may name nothing.
  if (endpointOf(loggedReply(seen, dataExchange)?.reply ?? "") !== null) return null;
  const what = named !== null ? "the port 0" : "no address and port that can be read";
  return { exchange: dataExchange, line: dataExchange.reply, fault: `which names ${what}` };
}
