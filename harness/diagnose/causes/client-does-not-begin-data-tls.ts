import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { sentBy, type ConnectionWire } from "../observe/wire";
import { dialogueProof, messageProof } from "../proofs";
import { otherClient } from "../remedies/user";
import { passiveInstead } from "../remedies/data-commands";

/** Seconds for which a connection must be open and silent before this cause is reported. */
const shortestWait = 0.5;

export const clientDoesNotBeginDataTls: CauseDefinition = {
  id: "client-does-not-begin-data-tls",
  title: "The client does not begin TLS on the data connection.",
  looksLike:
    "Login over TLS works, the data connection opens, and nothing passes on it until a time-out; often only in " +
    "active mode.",
  why:
    "After PROT P the FTP client is the TLS client on the data connection too, whoever opened it (RFC 4217 section 9), so the first " +
    "record is its ClientHello. curl 7.88 and others do not send it in active mode: both ends then wait for each other.",
  outsideNetwork: true,
  explains: decision,
  recognise: (seen) => {
    const { traits, wire, transferExchange, passive, stage } = seen;
    const isLate = stage === "data-connect" || stage === "data-tls" || stage === "transfer" || stage === "completion";
    if (!isLate || traits.protection !== "P" || !wire?.data || transferExchange === null) return null;
    if (sentBy(wire.data, "client") > 0 || sentBy(wire.data, "server") > 0) return null;
    const seconds = idleSeconds(wire.data, wire.attemptEndAt);
    if (seconds === null || seconds < shortestWait) return null;
    const opened = passive ? "opened the data connection" : "accepted the server's data connection";
    return {
      confidence: "shown",
      explanation: `The client ${opened} and sent no byte on it for ${seconds.toFixed(1)} s: its ClientHello, for which the server waits after PROT P, never came.`,
      proofs: [
        ...dialogueProof(transferExchange),
        ...messageProof(seen),
        { witness: "client", text: "no byte was sent on the data connection, which was open" },
      ],
    };
  },
  remedies: [passiveInstead, otherClient],
};

/** How long an open connection stood idle before one of its ends closed it; `null` if it never opened. */
function idleSeconds({ openedAt, end }: ConnectionWire, attemptEndAt: number): number | null {
  return openedAt === null ? null : (end?.at ?? attemptEndAt) - openedAt;
}
