import { recogniseBreak } from "../break-recognition";
import { controlOpening } from "../explains";
import type { CauseDefinition } from "../cause";
import { answerRouter } from "../remedies/translation";
import { routeBack } from "../remedies/server";
import type { Proof } from "../../model/diagnosis";
import type { Observations } from "../observations";
import { messageProof } from "../proofs";
import { place } from "../words";

export const returnRouteMissing: CauseDefinition = {
  id: "return-route-missing",
  title: "The server's answers do not return by the path that the client's packets took.",
  looksLike: "Connecting times out though every router lets it pass, or it succeeds and no greeting ever comes.",
  why:
    "Each packet is routed by itself, and the answer needs a route back to the client's address (RFC 1812). A server " +
    "without such a route cannot answer, and a server with another way out answers past the router. A router that " +
    "filters by state then sees half of a connection, and treats what follows as invalid.",
  explains: (found) =>
    (found.hand.kind === "no-route" && found.thing.kind === "syn-ack") ||
    (controlOpening(found) &&
      (found.hand.kind === "host" || found.hand.kind === "unknown" || found.what === "altered")) ||
    (found.thing.connection === "control" && found.thing.kind === "greeting"),
  recognise: (seen) => {
    const way = wayOfAnswer(seen);
    if (way === null) {
      const isAnswer = seen.firstBreak?.hand.kind === "no-route" && seen.firstBreak.thing.kind === "syn-ack";
      return isAnswer ? recogniseBreak(seen) : null;
    }
    const { routers, control } = seen;
    const passed = `The SYN to ${place(control.peer, control.port)} passed ${routers.map(({ id }) => id).join(" and ")}`;
    return {
      // A silent host may have no way back, or a firewall of its own.
      confidence:
        way === "none known" || (way === "absent" && seen.firstBreak?.hand.kind === "host") ? "likely" : "shown",
      explanation: `${passed}, and ${explanations[way]}.`,
      proofs: [...messageProof(seen), ...answerProofs(seen)],
    };
  },
  remedies: [routeBack, answerRouter],
};

const explanations = {
  /** Only the routers were heard. */
  "none known": "no answer came back: the server knows no way back to the client, or drops it itself",
  absent: "it reached the server, which sent no answer: it knows no way back to the client, or drops the SYN itself",
  astray: "the server's answer left by another way and never came back through them",
  past: "the client is connected though no answer came back through them: the answers go another way",
} as const;

/** What is known of the answer's way; `null` if it is in order, if the SYN did not get so far, or was refused. */
function wayOfAnswer({ stage, message, routers, packets, dialogue }: Observations): keyof typeof explanations | null {
  if (routers.length === 0 || !routers.every(({ answered }) => answered === false)) return null;
  if (stage === "greeting" && dialogue.greeting.length === 0) return "past";
  if (stage !== "control-connect" || /ECONN|refused|UNREACH/i.test(message)) return null;
  const opening = packets?.opening ?? null;
  if (opening === null) return "none known";
  if (!opening.arrived) return null;
  return opening.answer === "absent" ? "absent" : "astray";
}

function answerProofs({ routers, packets }: Observations): Proof[] {
  const unreplied = routers.map(({ id, control }) => ({
    witness: id,
    text: `the connection from ${control?.original.source ?? "the client"} stayed unreplied (conntrack)`,
  }));
  const opening = packets?.opening ?? null;
  if (opening === null) return unreplied;
  const { arrived, answer, answerLastNode } = opening;
  const words =
    answer === "absent"
      ? "no SYN,ACK left by the same link"
      : `its SYN,ACK was seen last at ${answerLastNode ?? "an unknown node"}`;
  return [...unreplied, { witness: "server", text: arrived ? `the SYN came, and ${words}` : "no SYN came" }];
}
