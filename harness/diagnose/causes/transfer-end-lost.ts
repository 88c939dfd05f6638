import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import type { Proof } from "../../model/diagnosis";
import type { Observations } from "../observations";
import { sentBy, type WireEnd } from "../observe/wire";
import { dialogueProof, logProof, messageProof } from "../proofs";
import { refusalOf } from "../refusals";
import { logMore } from "../remedies/server";
import { otherClient, resumeTransfer } from "../remedies/user";
import { serverDeniesFile } from "./server-denies-file";
import { serverLimitReached } from "./server-limit-reached";

/** Clients that miss the end of TLS: OpenSSL, GnuTLS, Node, Java. */
const tlsEnd =
  /close[_ ]notify|non-properly terminated|unexpected eof|eof (?:without|in violation)|SSL_ERROR_SYSCALL|premature(?:ly)? (?:end|close|terminat)|truncat\w+ attack/i;
/** Clients that miss bytes; `received 5 bytes of 9` is the lab's own. */
const shortEnd =
  /\(18\)|with \d+ (?:out of \d+ )?bytes? remaining|partial file|received \d+ bytes of \d+|data connection (?:was )?(?:reset|closed unexpectedly)/i;
/** A server's logs of the same. */
const loggedEnd =
  /unexpected eof|client (?:closed|did not (?:close|shut)|.*without) .*(?:TLS|SSL|close_notify)|SSL.*shutdown|Failure (?:reading|writing) network stream|transfer aborted|link to file server lost|broken pipe|connection reset/i;

export const transferEndLost: CauseDefinition = {
  id: "transfer-end-lost",
  title: "The data connection broke off at its end: a reset, or no close_notify.",
  looksLike:
    "426 or 450 after all bytes, curl: (18), a file without its tail, or a complaint about TLS that was not properly terminated.",
  why:
    "The end of the data connection is the end of the file (RFC 959 section 3.3). A reset destroys what is still under way, and with TLS the " +
    "end counts only with a close_notify (RFC 8446 section 6.1), or anybody could cut a file short. Programs that leave it out, or " +
    "close with unread bytes, make the other end lose or refuse the transfer.",
  outsideNetwork: true,
  explains: decision,
  recognise: (seen) => {
    const { stage, message } = seen;
    if (stage !== "transfer" && stage !== "completion" && stage !== "integrity") return null;
    if ([serverDeniesFile, serverLimitReached].some((cause) => cause.recognise(seen) !== null)) return null;
    const refusal = refusalOf(seen);
    if (refusal !== null && ![426, 450, 451].includes(refusal.code)) return null;
    const end = brokenEnd(seen);
    const bytes = !seen.wire?.data ? 0 : sentBy(seen.wire.data, "client") + sentBy(seen.wire.data, "server");
    const line = [...seen.server.tlsLog, ...seen.server.systemLog].find((text) => loggedEnd.test(text)) ?? null;
    const said = (seen.traits.protection === "P" && tlsEnd.test(message)) || shortEnd.test(message);
    // 426 speaks of the connection alone; 450 and 451 may mean the file, unless data had passed.
    const isRefused = refusal !== null && (refusal.code === 426 || bytes > 0 || line !== null);
    if (!isRefused && end === null && !said) return null;
    // Bytes that were lost on the way are the network's, and so is a reset that neither host sent.
    if (lostOnTheWay(seen)) return null;
    return {
      confidence:
        end !== null || (said && seen.wire?.everythingArrived === true) || (isRefused && line !== null)
          ? "shown"
          : "likely",
      explanation: howItEnded(seen, end, bytes, refusal?.code ?? null),
      proofs: [...dialogueProof(seen.transferExchange), ...messageProof(seen), ...endProof(end), ...logProof(line)],
    };
  },
  remedies: [resumeTransfer, otherClient, logMore],
};

/** How the data connection ended, in a sentence: by whose reset, without which word, or by what the server says of it. */
function howItEnded(
  { message, traits, wire }: Observations,
  end: WireEnd | null,
  bytes: number,
  code: number | null,
): string {
  const unit = traits.protection === "P" ? "bytes of TLS" : "bytes";
  const after = bytes > 0 ? ` after ${bytes} ${unit}` : "";
  const ended = wire?.data?.end ?? null;
  const who =
    ended === null || ended.by === "network"
      ? "The data connection ended"
      : `The ${ended.by} ended the data connection (${ended.how})`;
  const answer = code === null ? "" : ` The server answered with ${code}.`;
  if (end !== null) return `The ${end.by} ended the data connection by a reset${after}.${answer}`;
  if (traits.protection === "P" && tlsEnd.test(message)) {
    return `${who}${after}, without close_notify, which ends TLS: the data counts as cut short.${answer}`;
  }
  if (code !== null) return `The server says, with ${code}, that the transfer broke off${after}.`;
  return `${who}${after}, before everything that was announced had arrived.`;
}

/** A host's reset as the first end of a data connection on which bytes had passed. */
function brokenEnd({ wire, transferExchange }: Observations): WireEnd | null {
  const data = wire?.data ?? null;
  if (wire === null || data?.end?.how !== "RST" || data.end.by === "network") return null;
  // A client that gives up resets what is left.
  const isLate = data.end.by === "client" && data.end.at > wire.attemptEndAt - 0.2;
  const isBegun = sentBy(data, "client") + sentBy(data, "server") > 0 || (transferExchange?.code ?? 0) >= 100;
  return isLate || !isBegun ? null : data.end;
}

function lostOnTheWay({ packets, wire }: Observations): boolean {
  return packets?.lost.some(({ connection }) => connection === "data") === true || wire?.data?.end?.by === "network";
}

function endProof(end: WireEnd | null): Proof[] {
  return end === null ? [] : [{ witness: end.by, text: "its reset was the first end of the data connection" }];
}
