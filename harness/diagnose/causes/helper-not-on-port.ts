import { unexpectedData } from "../explains";
import type { CauseDefinition } from "../cause";
import { attachHelper } from "../remedies/follow-ftp";
import { forwardRange } from "../remedies/let-through";
import { activeInstead, passiveInstead } from "../remedies/data-commands";
import { dataPathFailed, egressRouter, refusesHiddenAddress, refusesPort } from "../predicates";
import { hasHelper } from "../observe/router";
import { dataProofs } from "../proofs";
import { announcement, endingSentence, listed, ports } from "../words";

export const helperNotOnPort: CauseDefinition = {
  id: "helper-not-on-port",
  title: "The FTP helper watches another port than the one of this control connection.",
  looksLike:
    "FTP on port 21 works through the same router; on another port the login succeeds, and no data comes or PORT is refused.",
  why:
    "Since Linux 6.0 only a rule (CT --helper ftp) attaches the helper, which then follows exactly the control " +
    "connections that the rule names. To the router, FTP on any other port is ordinary TCP.",
  explains: unexpectedData,
  recognise: (seen) => {
    const { helper, readable, routers } = seen;
    if (!dataPathFailed(seen) || !readable || helper.read || helper.onPath !== true || helper.attached !== false) {
      return null;
    }
    if (refusesPort(seen) && !refusesHiddenAddress(seen)) return null;
    const helpers = routers.filter(hasHelper);
    const used = listed([...new Set(helpers.map(({ controlPort }) => String(controlPort)))]);
    const watched = listed(helpers.flatMap(({ helperPorts }) => helperPorts.map(ports)));
    return {
      // Where the data command is not known, neither is what a filter did with the data connection.
      confidence: seen.dataExchange === null ? "likely" : "shown",
      explanation:
        `The FTP helper on ${listed(helpers.map(({ id }) => id))} watches port ${watched}, and this ` +
        `session used port ${used}: no helper read its ${announcement(seen)}.${endingSentence(seen)}`,
      proofs: dataProofs(seen),
      // If a filter lets nothing out, that cause comes first in active mode.
      also: !seen.passive && egressRouter(seen) !== null,
    };
  },
  remedies: [activeInstead, passiveInstead, attachHelper, forwardRange],
};
