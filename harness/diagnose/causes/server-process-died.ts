import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import type { Proof } from "../../model/diagnosis";
import type { DialogueExchange } from "../../ftp/dialogue";
import { isNegative } from "../../ftp/dialogue";
import { softwareNamed } from "../../catalog/servers/registry";
import type { Observations } from "../observations";
import { dialogueProof, logProof, messageProof } from "../proofs";
import { loggedReply, serverSaying } from "../refusals";
import { logMore } from "../remedies/server";
import { serverDeniesAddress } from "./server-denies-address";
import { serverLimitReached } from "./server-limit-reached";
import { serverSettingBroken } from "./server-setting-broken";

export const serverProcessDied: CauseDefinition = {
  id: "server-process-died",
  title: "The server's process ended in the middle of the session.",
  looksLike:
    "The control connection is closed or reset without 421 while the client waits for a reply, always at the same command.",
  why:
    "A server that ends a session says 421 or 221 first (RFC 959 section 5.4.2). Where its process crashes or is killed, the kernel closes " +
    "its connections without a word; the server's log names a signal, or says nothing more of the session.",
  outsideNetwork: true,
  explains: decision,
  recognise: (seen) => {
    // vsftpd's session ends after it has found no free port, and says so first.
    if (serverSaying(seen, "range") !== null) return null;
    const saying = serverSaying(seen, "died");
    // After the goodbye an end is no surprise.
    if (saying === null && (seen.stage === "integrity" || hasSaidGoodbye(seen))) return null;
    if ((saying === null && isNegative(seen.replyCode)) || isKnownOtherwise(seen)) return null;
    const waiting = unanswered(seen);
    const isCutShort = seen.firstBreak?.hand.kind === "server" && leftWithoutAWord(seen);
    const end = endOfControl(seen, isCutShort);
    if (end === null && saying === null) return null;
    // If the server did answer, the reply was lost elsewhere.
    if (
      saying === null &&
      waiting !== null &&
      seen.server.seen &&
      typeof loggedReply(seen, waiting)?.replyCode === "number"
    )
      return null;
    // A connection that is closed without any word may have met a limit or a rule.
    if (saying === null && !isCutShort && seen.dialogue.greeting.length === 0) return null;
    const where = waiting === null ? "" : ` while ${waiting.verb} waited for its reply`;
    const how = end === null ? "ended" : `closed the control connection (${end.how})`;
    return {
      confidence: saying === null ? "likely" : "shown",
      // A server also ends what its client has given up.
      also: saying === null && !isCutShort,
      explanation:
        `The server ${how}${where}, without 421 or 221` +
        (saying === null
          ? `: its process ended, as a crash or a kill would do it${isCutShort ? ", and its log of the session has a beginning and no end" : ""}.`
          : `: its process died ("${saying.text}").`),
      proofs: [
        ...dialogueProof(waiting),
        ...messageProof(seen),
        ...(end === null ? [] : [proofOf(end)]),
        ...logProof(saying?.text ?? null),
      ],
    };
  },
  remedies: [logMore],
};

/** The server's log has the session's beginning and not its end, which it writes however it leaves. */
function leftWithoutAWord({ server }: Observations): boolean {
  const lines = server.software === null ? undefined : softwareNamed(server.software).sessionLines;
  return lines !== undefined && server.systemLog.includes(lines.begins) && !server.systemLog.includes(lines.ends);
}

/** The server's FIN or reset on the control connection, where it came before the client's, and the last it said was no goodbye. */
function endOfControl({ wire, stage }: Observations, isCutShort: boolean): { readonly how: "FIN" | "RST" } | null {
  const end = wire?.control?.end ?? null;
  if (wire === null || end?.by !== "server") return null;
  // A handshake that fails ends a connection too.
  if (!isCutShort && (stage === "auth-tls" || stage === "certificate")) return null;
  if (end.at > wire.attemptEndAt) return null;
  const last = wire.control?.segments.findLast(({ from }) => from === "server")?.text ?? null;
  return last !== null && /^(421|221|[45]\d\d )/.test(last) ? null : end;
}

/** The command that the client waits on; a transfer's may have had its 150. */
function unanswered({ dialogue }: Observations): DialogueExchange | null {
  const last = dialogue.exchanges.findLast(({ verb }) => verb !== "QUIT") ?? null;
  return last !== null && (last.code === null || last.code < 200) ? last : null;
}

function isKnownOtherwise(seen: Observations): boolean {
  return [serverSettingBroken, serverLimitReached, serverDeniesAddress].some((cause) => cause.recognise(seen) !== null);
}

/** Whether QUIT came to the server before the end; clients send it, or say so, after they have lost the connection too. */
function hasSaidGoodbye({ server, dialogue, wire }: Observations): boolean {
  if (server.exchanges.some(({ command }) => /^QUIT\b/i.test(command))) return true;
  const { exchanges } = dialogue;
  if (exchanges.at(-1)?.verb !== "QUIT") return false;
  const answered = exchanges.findLastIndex(({ code }) => code !== null);
  const end = wire?.control?.end ?? null;
  if (answered === exchanges.length - 1 || end === null) return true;
  // TLS hides which of the unanswered commands left before the end, and not how many.
  const before = (wire?.control?.segments ?? []).filter(({ at }) => at <= end.at);
  const sent = before.length - 1 - before.findLastIndex(({ from }) => from === "server");
  return sent >= exchanges.length - 1 - answered;
}

function proofOf({ how }: { readonly how: "FIN" | "RST" }): Proof {
  return { witness: "server", text: `its ${how} on the control connection left before the client's` };
}
