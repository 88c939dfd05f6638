import { unexpectedData } from "../explains";
import type { CauseDefinition } from "../cause";
import { clientCannotParseReply } from "./client-cannot-parse-reply";
import { forwardRange } from "../remedies/let-through";
import { activeInstead } from "../remedies/data-commands";
import {
  dataPathFailed,
  dialledElsewhere,
  egressRouter,
  expectedAndBlocked,
  helperPassedOver,
  otherRange,
  sharedOut,
  stopIsSeen,
} from "../predicates";
import type { Observations } from "../observations";
import { dataProofs } from "../proofs";
import { endingSentence, listed, place, ports } from "../words";

export const passivePortNotForwarded: CauseDefinition = {
  id: "passive-port-not-forwarded",
  title: "The passive port is not forwarded to the server, or not allowed.",
  looksLike: "Login works; listing and transfers hang or are refused when the client opens the data connection.",
  why:
    "In passive mode the client opens a second connection, to a port of the server's choice (RFC 959, RFC 2428). Unless a " +
    "helper announces it, the routers before the server treat it like any unknown connection; a fixed range " +
    "(PassivePorts) that is forwarded and allowed needs no helper and works under TLS.",
  explains: unexpectedData,
  recognise: (seen) => {
    if (!seen.passive || seen.stage !== "data-connect" || !dataPathFailed(seen)) return null;
    if (egressRouter(seen) !== null || expectedAndBlocked(seen) !== null || dialledElsewhere(seen)) return null;
    // Who could not read the reply has dialled nothing.
    if (sharedOut(seen) !== null || clientCannotParseReply.recognise(seen) !== null) return null;
    const target = place(seen.dialled?.address ?? seen.control.peer, seen.dialled?.port ?? null);
    return {
      confidence: stopIsSeen(seen) && seen.staticallyOpen !== true ? "shown" : "likely",
      explanation: `${finding(seen, target)}${helperWords(seen)}${endingSentence(seen)}`,
      proofs: dataProofs(seen),
    };
  },
  remedies: [activeInstead, forwardRange],
};

function finding(seen: Observations, target: string): string {
  if (seen.staticallyOpen === true) {
    return `The client's connection to ${target} was not established, though the routers' rules would let it through.`;
  }
  const known = seen.staticallyOpen === false || stopIsSeen(seen);
  return known
    ? `No static rule passed the client's connection to ${target}${instead(seen)}.`
    : `The client's connection to ${target} was not established.`;
}

/** The range that is forwarded or allowed, where it is not the server's. */
function instead(seen: Observations): string {
  const ranges = otherRange(seen);
  return ranges === null ? "" : `: the range that is let through is ${listed(ranges.map(ports))}`;
}

/** What a helper had to do with it, where it was not blind. */
function helperWords(seen: Observations): string {
  if (helperPassedOver(seen)) {
    return " The FTP helper skipped the 227, since it names another address than the server's own (loose = 0).";
  }
  if (!seen.helper.read) return "";
  const expecting = seen.routers.filter(({ expectations }) => expectations.length > 0).map(({ id }) => id);
  return ` The FTP helper had read the reply${expecting.length === 0 ? "" : `, and ${expecting.join(" and ")} expected the connection`}, so TLS is not the reason.`;
}
