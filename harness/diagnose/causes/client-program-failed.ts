import { isOwnClient } from "../../catalog/clients/user-program";
import type { CauseDefinition } from "../cause";
import { decision } from "../explains";
import { mendProgram } from "../remedies/user";
import { sentNothing, silenceProofs } from "./client-never-dialled";

export const clientProgramFailed: CauseDefinition = {
  id: "client-program-failed",
  title: "The user's own program ended before it dialled.",
  looksLike: "The program's own error, such as a file or module that is not found, and no packet to the server.",
  why:
    "A script or a program in an image of one's own can fail before it opens a connection: it is not in the image, lacks " +
    "one of its files or libraries, or has a mistake. No router and no server has a part in it.",
  explains: decision,
  recognise: (seen) => {
    if (!isOwnClient(seen.cell.client) || !sentNothing(seen)) return null;
    return {
      confidence: "shown",
      explanation: `The program ended before it dialled: “${seen.message}”. It sent no packet.`,
      proofs: silenceProofs(seen),
    };
  },
  remedies: [mendProgram],
};
