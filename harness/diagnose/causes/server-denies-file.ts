import { decision } from "../explains";
import type { CauseDefinition, Recognition } from "../cause";
import { isNegative, lastExchange, listingVerbs, transferVerbs } from "../../ftp/dialogue";
import type { Observations } from "../observations";
import { dialogueProof, messageProof } from "../proofs";
import { isServersOwn, refusalOf, refusalProofs, serverSaying, type Refusal } from "../refusals";
import { grantFile, logMore } from "../remedies/server";
import { checkFile } from "../remedies/user";
import { serverDeniesCommand } from "./server-denies-command";
import { serverLimitReached } from "./server-limit-reached";

/** Commands that name a file or folder. */
const fileVerbs: readonly string[] = [
  ...transferVerbs,
  "CWD",
  "XCWD",
  "CDUP",
  "MKD",
  "XMKD",
  "SIZE",
  "MDTM",
  "RNFR",
  "RNTO",
  "DELE",
];
/** RFC 959 section 4.2.1: file unavailable, local error, no room, page type, allocation, name not allowed; 554 of a bad REST. */
const codes: readonly number[] = [450, 451, 452, 550, 551, 552, 553, 554];
/** The same codes where the data connection or its TLS is meant. */
const aboutConnection =
  /data (?:connection|socket|channel)|connection|\b(?:TLS|SSL|PROT)\b|timed? ?out|link to file server|aborted|network/i;

export const serverDeniesFile: CauseDefinition = {
  id: "server-denies-file",
  title: "The server cannot read or write the file or folder.",
  looksLike:
    "550, 552, 553 or 450 to 452 after RETR, STOR, LIST or CWD: No such file, Permission denied, quota, no room.",
  why:
    "The codes from 450 to 452 and from 550 to 553 are about the file, not the connection (RFC 959 section 4.2.1): " +
    "it does not exist, its owner does not allow it, a quota or a size limit is reached, or the disk is full. " +
    "Another network changes nothing.",
  outsideNetwork: true,
  explains: decision,
  recognise: (seen) => {
    const empty = emptyListing(seen);
    if (empty !== null) return empty;
    const refusal = refusalOf(seen);
    const aborted = abortedByServer(seen);
    if (aborted !== null && (refusal === null || refusal.code === 426)) {
      return {
        confidence: "shown",
        explanation: `The server gave up ${aborted.command}: its log says "${aborted.line}".`,
        proofs: refusalProofs(seen, refusal, { text: aborted.line, by: "log" }),
      };
    }
    if (!refusal?.exchange || !isAboutFile(seen, refusal)) return null;
    if (serverDeniesCommand.recognise(seen) !== null || serverLimitReached.recognise(seen) !== null) return null;
    const saying = serverSaying(seen, "file");
    if (saying === null && aboutConnection.test(refusal.text)) return null;
    return {
      confidence: saying === null ? "likely" : "shown",
      explanation:
        `The server answered ${refusal.exchange.command} with ${refusal.code}: it cannot read or write ` +
        `what the command names.`,
      proofs: refusalProofs(seen, refusal, saying),
    };
  },
  remedies: [checkFile, grantFile, logMore],
};

/**
 * A folder that its process may not read, or that is not there, has no files for ProFTPD and vsftpd: they answer LIST with 226. Only
 * where all that the server sent arrived, it is the server that left them out.
 */
function emptyListing(seen: Observations): Recognition | null {
  const listing = lastExchange(seen.dialogue.exchanges, listingVerbs);
  if (listing === null || seen.firstBreak?.thing.kind !== "names") return null;
  if (serverDeniesCommand.recognise(seen) !== null) return null;
  return {
    confidence: "likely",
    explanation: `The server answered ${listing.verb} with ${String(listing.code)} and did not name the files: it may not read the folder, or shows another one.`,
    proofs: [...dialogueProof(listing), ...messageProof(seen)],
  };
}

/**
 * The transfer that the server broke off because of the file, by a line of its log that names the file. A client that had got bytes
 * may hear no more than the end of the data connection.
 */
function abortedByServer(seen: Observations): { readonly command: string; readonly line: string } | null {
  const { stage, transferExchange, server } = seen;
  const saying = serverSaying(seen, "file");
  const isInTransfer = stage === "data-tls" || stage === "transfer" || stage === "completion";
  if (!isInTransfer || transferExchange === null || saying?.by !== "log") return null;
  const last = server.exchanges.findLast(({ command }) => fileVerbs.includes(command.split(" ", 1)[0] ?? ""));
  const name = /[^/ ]+$/.exec(last?.command ?? "")?.[0] ?? "";
  const isNegativeEnd = isNegative(last?.replyCode ?? null);
  return isNegativeEnd && last !== undefined && name !== "" && saying.text.includes(name)
    ? { command: last.command, line: saying.text }
    : null;
}

function isAboutFile(seen: Observations, refusal: Refusal): boolean {
  const { code, exchange } = refusal;
  return codes.includes(code) && exchange !== null && fileVerbs.includes(exchange.verb) && isServersOwn(seen, refusal);
}
