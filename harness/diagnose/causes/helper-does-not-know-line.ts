import { isMissing } from "../../model/gaps";
import { unexpectedData } from "../explains";
import type { CauseDefinition } from "../cause";
import { forwardRange } from "../remedies/let-through";
import { usePasv, activeInstead, passiveInstead } from "../remedies/data-commands";
import { dataPathFailed, egressRouter } from "../predicates";
import type { Observations, RouterView } from "../observations";
import { dataProofs } from "../proofs";
import { announcement, endingSentence, listed } from "../words";

export const helperDoesNotKnowLine: CauseDefinition = {
  id: "helper-does-not-know-line",
  title: "The router's FTP helper does not know the command or reply that this session used.",
  looksLike:
    "Some clients work through the router; others log in and get no data, although all of them use clear text and " +
    "the same port.",
  why:
    "An application level gateway follows only the lines that it knows. Nearly all know those of RFC 959, 227 and PORT; many do " +
    "not know 229 and EPRT (RFC 2428). They pass an unknown line on and expect nothing.",
  explains: unexpectedData,
  recognise: (seen) => {
    if (!dataPathFailed(seen) || !seen.readable || seen.helper.read) return null;
    const ignorant = ignorantRouters(seen);
    if (ignorant.length === 0) return null;
    const where = listed(ignorant.map(({ id }) => id));
    const isTold = seen.data === "epsv" ? seen.dataExchange !== null : addressNamed(seen) !== null;
    const isHeard = ignorant.every(({ id }) => !isMissing(seen.missing, "router-events", id));
    return {
      confidence: isTold && isHeard ? "shown" : "likely",
      explanation: `The helper on ${where} followed this control connection, the ${announcement(seen)} passed it in clear, and it expected nothing.${endingSentence(seen)}`,
      proofs: dataProofs(seen),
      // If a filter lets nothing out, that cause comes first in active mode.
      also: !seen.passive && egressRouter(seen) !== null,
    };
  },
  remedies: [usePasv, activeInstead, passiveInstead, forwardRange],
};

/** The address in the line as it left its sender; `null` if none stands in it, or if that is unknown. */
function addressNamed({ passive, logged, advertised }: Observations): string | null {
  return (passive ? logged : advertised)?.address ?? null;
}

/** Routers whose helper was attached, and to whom the line named no stranger's address (`loose` = 0). */
function ignorantRouters(seen: Observations): readonly RouterView[] {
  const address = addressNamed(seen);
  return seen.routers.filter(({ attached, control }) => {
    const own = seen.passive ? control?.reply.source : control?.original.source;
    return attached === true && (address === null || address === own);
  });
}
