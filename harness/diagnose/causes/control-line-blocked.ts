import { recogniseBreak } from "../break-recognition";
import { controlLine, ownHand } from "../explains";
import type { CauseDefinition } from "../cause";
import { letControlPass } from "../remedies/let-through";
import { removeRule } from "../remedies/by-break";
import { useImplicitTls } from "../remedies/encryption";
import { lossOf } from "../loss";
import { isNegative } from "../../ftp/dialogue";
import type { ServerExchange } from "../../model/evidence";
import type { Observations } from "../observations";
import type { DialogueExchange } from "../../ftp/dialogue";
import { dialogueProof, lossProof, messageProof } from "../proofs";

export const controlLineBlocked: CauseDefinition = {
  id: "control-line-blocked",
  title: "Something on the path lets the control connection pass but removes a line from it.",
  looksLike:
    "The dialogue stops at one command, always the same: the client waits for its reply, or the connection is reset there.",
  why:
    "Firewalls that inspect FTP (application layer gateways, intrusion prevention, string matches) drop or reset " +
    "segments that they do not accept: AUTH, since they could read nothing after it, or a 227 with an unexpected " +
    "address. TCP sends the segment again and again, and it never arrives; other lines do.",
  explains: (found) => controlLine(found) && !ownHand(found),
  recognise: (seen) => {
    // A reply that refuses decides: what was lost after it explains nothing.
    const isOpen = stagesOfDialogue.has(seen.stage) || seen.firstBreak?.thing.kind === "ack";
    if (!isOpen || isNegative(seen.replyCode)) return null;
    // The rule that ended it is on record.
    if (seen.firstBreak?.hand.kind === "rule" && seen.firstBreak.side === "router") return recogniseBreak(seen);
    const loss = lossOf(seen);
    const exchange =
      seen.dialogue.exchanges.findLast(({ verb, code, reply }) => verb !== "QUIT" && code === null && reply === "") ??
      null;
    if (loss !== null) {
      if (loss.kind !== "line" || (seen.stage === "transfer" && exchange === null)) return null;
      const { from, stayed, lastNode, resetBy } = loss.segment;
      const what = loss.segment.text === null ? "A segment" : `The line "${loss.segment.text}"`;
      const where = stayed
        ? `came to ${lastNode} and did not leave it`
        : `left ${lastNode} and did not reach the ` + `next node`;
      const reset = resetBy === null ? "" : ` ${resetBy} answered with a reset.`;
      return {
        confidence: "shown",
        explanation: `${what} of the ${from} ${where}, while others passed.${reset}`,
        proofs: [...lossProof(loss.segment), ...dialogueProof(exchange), ...messageProof(seen)],
      };
    }
    const sent = exchange === null ? null : unheardReply(seen, exchange);
    if (exchange !== null && isCutOff(seen)) {
      return {
        confidence: "likely",
        explanation: `Nothing came after the client had sent ${exchange.verb}, while what came before was answered: a firewall that inspects FTP does so.`,
        proofs: [...dialogueProof(exchange), ...messageProof(seen)],
      };
    }
    if (exchange === null || sent === null) return null;
    return {
      confidence: "likely",
      explanation: `The server answered ${exchange.verb} with ${String(sent.replyCode)}, and the reply never reached the client, while earlier ones did.`,
      proofs: [
        ...dialogueProof(exchange),
        { witness: "server", text: `${sent.command}: ${String(sent.replyCode)} ${sent.reply}` },
      ],
    };
  },
  remedies: [useImplicitTls, removeRule, letControlPass],
};

/** Stages in which the client waits for a line. */
const stagesOfDialogue: ReadonlySet<Observations["stage"]> = new Set([
  "greeting",
  "auth-tls",
  "login",
  "protection",
  "ccc",
  "data-command",
  "transfer",
] as const);

/** Nobody but the client is heard, and it lost its connection, or its patience, where it waited for a reply. */
function isCutOff({ server, routers, packets, stage, message }: Observations): boolean {
  if (server.seen || routers.length > 0 || packets !== null || stage === "transfer") return false;
  // Elsewhere a server may be slow: it looks up names, or lets a wrong password wait.
  const isSilent = stage === "data-command" && /timed? ?out|inactivity/i.test(message);
  return isSilent || /\breset\b|ECONN(?:RESET|ABORTED)/i.test(message);
}

/** The server's last reply as it logged it, where it is to the command that the client has no reply to. */
function unheardReply({ server, stage, routers }: Observations, { verb }: DialogueExchange): ServerExchange | null {
  // A transfer's last reply waits for its data.
  if (stage === "transfer" || routers.length === 0) return null;
  const last = server.exchanges.findLast(({ command }) => verbOf(command) !== "QUIT");
  return last !== undefined && last.replyCode !== null && verbOf(last.command) === verb ? last : null;
}

function verbOf(command: string): string | undefined {
  return command.split(" ", 1)[0]?.toUpperCase();
}
