import type { Finding } from "../model/diagnosis";
import type { Observations } from "./observations";
import { dialogueProof, droppedProof, helperProofs, messageProof, synProofs } from "./proofs";
import { listed, stageWords } from "./words";
import { gapTexts } from "../evidence/gap-text";

/** Says what was seen and what is missing, and guesses nothing. */
export function unknownFinding(seen: Observations): Finding {
  const { stage, replyCode, missing, server, routers, firstBreak } = seen;
  const where = stage === null ? "at a stage that was not recorded" : stageWords(stage);
  const code = replyCode === null ? "" : ` The server's last reply code was ${replyCode}.`;
  const blind = [
    ...(server.seen ? [] : ["the server's logs"]),
    ...routers.filter(({ rules }) => rules === null).map(({ id }) => `the rules of ${id}`),
    ...routers.filter(({ syn }) => syn.kind === "unrecorded").map(({ id }) => `the packets on ${id}`),
  ];
  const lacks = blind.length === 0 ? "" : ` Not recorded: ${listed(blind.slice(0, 8))}.`;
  return {
    cause: "unknown",
    confidence: "likely",
    explanation: `${firstBreak === null ? "" : `${firstBreak.sentence} `}The session failed ${where}, and none of the known causes fits.${code}${lacks}`,
    proofs: [
      ...(firstBreak?.proofs ?? []),
      ...messageProof(seen),
      ...dialogueProof(seen.dialogue.exchanges.at(-1) ?? null),
      ...server.exchanges.slice(-1).map(({ command, replyCode: sent, reply }) => ({
        witness: "server",
        text: `${command}: ${String(sent ?? "no code")} ${reply}`,
      })),
      ...helperProofs(seen),
      ...synProofs(seen),
      ...routers.flatMap(({ id, dropped }) => dropped.slice(-2).map((packet) => droppedProof(id, packet))),
      ...[...server.tlsLog.slice(-2), ...server.systemLog.slice(-2)].map((text) => ({ witness: "server", text })),
      ...gapTexts(missing).map((text) => ({ witness: "missing", text })),
    ],
    remedies: [],
  };
}
