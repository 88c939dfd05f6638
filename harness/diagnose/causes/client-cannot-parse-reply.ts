import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { missedPassiveCode } from "../../ftp/dialogue";
import { endpointOf } from "../../ftp/endpoint";
import { dialogueProof, messageProof } from "../proofs";
import { loggedReply } from "../refusals";
import { logMore } from "../remedies/server";
import { otherClient } from "../remedies/user";
import { otherDataCommand } from "../remedies/data-commands";

/** basic-ftp, curl, wget, NcFTP, BSD's ftp, lftp, node-ftp, Python, PHP, Java and .NET. */
const cannotParse =
  /(?:can'?t|cannot|could ?n[o']t|unable to|failed to|didn't|couldn't) (?:parse|interpret|understand|read|decode)|unpars\w*|weird (?:227|229|PASV|EPSV)|bad (?:PASV|EPSV) response|address scan failure|(?:invalid|illegal|malformed|unexpected|unrecogni[sz]ed) (?:\w+ ){0,3}(?:reply|response|format|port number|PASV|EPSV)/i;

export const clientCannotParseReply: CauseDefinition = {
  id: "client-cannot-parse-reply",
  title: "The client does not understand a valid reply of the server.",
  looksLike:
    "Can't parse PASV response, Weird 227 format, or Invalid response, after a 227 or 229 that other clients understand.",
  why:
    "A client should look for digits in the text of 227, since servers word it differently (RFC 1123 section 4.1.2.6), and 229 may have any " +
    "delimiter (RFC 2428 section 3). Some clients want parentheses, certain words or the delimiter |, and give up on " +
    "any other form.",
  outsideNetwork: true,
  explains: decision,
  recognise: (seen) => {
    const { stage, message, dataExchange, replyCode } = seen;
    if (stage !== "data-command" && stage !== "data-connect") return null;
    if (dataExchange === null || (dataExchange.code !== 227 && dataExchange.code !== 229) || replyCode !== null)
      return null;
    if (missedPassiveCode(dataExchange) !== null) return null;
    const named = endpointOf(dataExchange.reply);
    if (named?.port === 0) return null;
    const whole = named === null ? (loggedReply(seen, dataExchange)?.reply ?? "") : dataExchange.reply;
    // It may wait for what it has not understood to be there, and say no more than that.
    const isPassedOver = named === null && seen.wire?.everythingArrived === true && seen.wire.data === null;
    if (endpointOf(whole) === null || (!cannotParse.test(message) && !isPassedOver)) return null;
    return {
      confidence: "shown",
      explanation: `The client could not read "${whole}", which is a legal answer to ${dataExchange.verb}: "${message}".`,
      proofs: [...dialogueProof(dataExchange), ...messageProof(seen)],
    };
  },
  remedies: [otherDataCommand, otherClient, logMore],
};
