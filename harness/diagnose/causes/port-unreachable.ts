import { hidesFromTracking, ownHand } from "../explains";
import { isMissing } from "../../model/gaps";
import type { CauseDefinition } from "../cause";
import { dialInside } from "../remedies/translation";
import { openControlPort } from "../remedies/let-through";
import { mendRoute, removeRule } from "../remedies/by-break";
import { offerTls, listenOnPort } from "../remedies/server";
import { explicitTlsInstead } from "../remedies/encryption";
import type { Observations } from "../observations";
import type { Proof } from "../../model/diagnosis";
import { messageProof } from "../proofs";
import { place } from "../words";
import { sentNothing } from "./client-never-dialled";
import { returnRouteMissing } from "./return-route-missing";

const refused = /ECONNREFUSED|connection refused/i;

export const portUnreachable: CauseDefinition = {
  id: "port-unreachable",
  title: "The server's control port cannot be reached.",
  looksLike: "The client cannot connect: a time-out, a refusal, or no route to the host.",
  why:
    "FTP needs TCP first: the control port (21, or 990 for implicit TLS) must be open on the server, and every router must let it " +
    "through or forward it. A dropped SYN ends in a time-out, a rejected one or a closed port in a refusal.",
  explains: (found) => {
    const { thing, side, hand } = found;
    if (thing.connection !== "control" || ownHand(found) || hidesFromTracking(found)) return false;
    const isSilent = hand.kind === "host" || hand.kind === "unknown";
    if (thing.kind !== "syn") return thing.kind === "syn-ack" && isSilent;
    return (
      side === "router" ||
      isSilent ||
      hand.kind === "no-route" ||
      hand.kind === "nothing-listens" ||
      hand.kind === "client"
    );
  },
  recognise: (seen) => {
    const isElse = returnRouteMissing.recognise(seen) !== null || sentNothing(seen);
    if (seen.stage !== "control-connect" || isElse) return null;
    const { message, control, firstBreak } = seen;
    const said = refused.test(message)
      ? "was refused"
      : /E(HOST|NET)UNREACH/.test(message)
        ? "found no route"
        : "got no answer";
    // Silence has other reasons: who was not heard may have lost the answer.
    const isHeard = seen.routers.length > 0 && !seen.routersMissing && !isMissing(seen.missing, "packets");
    return {
      confidence: isUnsure(seen.firstBreak, said === "got no answer" && !isHeard) ? "likely" : "shown",
      explanation: `A connection to ${place(control.peer, control.port)} ${said}.${firstBreak === null ? "" : ` ${firstBreak.sentence}`}`,
      proofs: [...messageProof(seen), ...arrivals(seen)],
    };
  },
  remedies: [explicitTlsInstead, openControlPort, dialInside, removeRule, mendRoute, offerTls, listenOnPort],
};

/** The hand of the break if that is on record, else `otherwise`. */
function isUnsure(found: Observations["firstBreak"], otherwise: boolean): boolean {
  return found === null ? otherwise : found.hand.kind === "host" || found.hand.kind === "unknown";
}

function arrivals({ routers, control }: Observations): Proof[] {
  return routers.map(({ id, control: connection }) => ({
    witness: id,
    text: `connection tracking has ${connection === null ? "no connection" : "a connection"} to port ${control.port}`,
  }));
}
