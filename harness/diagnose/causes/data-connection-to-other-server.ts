import { recogniseBreak } from "../break-recognition";
import { isDataSyn, movesPort, redirects } from "../explains";
import type { CauseDefinition } from "../cause";
import { keepTogether } from "../remedies/translation";
import { removeRule } from "../remedies/by-break";
import { activeInstead } from "../remedies/data-commands";
import { dataPathFailed, sharedOut } from "../predicates";
import { dataProofs } from "../proofs";
import { place } from "../words";

export const dataConnectionToOtherServer: CauseDefinition = {
  id: "data-connection-to-other-server",
  title: "A load balancer or a forward gave the data connection to another host than the control connection.",
  looksLike: "Login works; listing and transfers are refused or reset, every time or now and then. Active mode works.",
  why:
    "An FTP session has two connections or more (RFC 959), and only the server that sent 227 or 229 listens on the " +
    "port that it named. A balancer that chooses a server for each connection separately, as Kubernetes Services " +
    "and round robin do, breaks the session.",
  explains: (found) => isDataSyn(found) && !movesPort(found),
  recognise: (seen) => {
    const { firstBreak } = seen;
    if (firstBreak !== null && redirects(firstBreak)) return recogniseBreak(seen);
    if (!seen.passive || seen.stage !== "data-connect" || !dataPathFailed(seen)) return null;
    const given = sharedOut(seen);
    if (given === null) return null;
    const { router, data, control } = given;
    return {
      confidence: "shown",
      explanation: `${router} forwarded the control connection to ${place(control.address, control.port)} and the data connection to ${place(data.address, data.port)}, where nothing waited for it.`,
      proofs: dataProofs(seen),
    };
  },
  remedies: [activeInstead, keepTogether, removeRule],
};
