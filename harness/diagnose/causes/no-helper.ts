import { unexpectedData } from "../explains";
import type { CauseDefinition, Recognition } from "../cause";
import { attachHelper } from "../remedies/follow-ftp";
import { forwardRange } from "../remedies/let-through";
import { activeInstead, passiveInstead } from "../remedies/data-commands";
import { dataPathFailed, differs, otherRange, stopWithoutHelper } from "../predicates";
import type { Observations, RouterView } from "../observations";
import { hasHelper } from "../observe/router";
import { dataProofs } from "../proofs";
import { announcement, endingSentence, listed } from "../words";

export const noHelper: CauseDefinition = {
  id: "no-helper",
  title: "No router follows FTP, so nothing lets the data connection pass.",
  looksLike: "Login works; the first listing or transfer hangs, is refused, or ends with 425.",
  why:
    "FTP opens a second connection for data, to a port that is agreed on the control connection (RFC 959). NAT and filters " +
    "let it pass only if a helper reads that agreement (nf_conntrack_ftp, nf_nat_ftp) or a static rule covers the port. " +
    "Loading the module is not enough: since Linux 6.0 a rule must attach it.",
  explains: unexpectedData,
  recognise: (seen) => {
    if (!dataPathFailed(seen) || !seen.readable) return null;
    // A helper would pass over a 227 that names another address than the server's own (loose = 0, nf_conntrack_ftp.c).
    const named = addressSent(seen);
    if (seen.passive && differs(named, seen.server.address)) return null;
    const lacking = lackingRouters(seen);
    if (lacking === null) return null;
    const known = seen.helper.onPath === false;
    const where = listed(lacking.map(({ id }) => id));
    const explanation = known
      ? `The ${announcement(seen)} was in clear, and no FTP helper on ${where} read it.${endingSentence(seen)}`
      : where === ""
        ? `The ${announcement(seen)} was in clear, and nothing shows that a router read it; the routers' rules are not recorded.${endingSentence(seen)}`
        : `The ${announcement(seen)} was in clear, and ${where}, which has no FTP helper, did not read it.${endingSentence(seen)}`;
    const isTold = seen.data === "pasv" ? named !== null : seen.dataExchange !== null;
    return {
      confidence: known && isTold ? "shown" : "likely",
      explanation,
      proofs: dataProofs(seen),
      ...standing(seen),
    };
  },
  remedies: [activeInstead, passiveInstead, attachHelper, forwardRange],
};

/** The address in 227 as it left the server; `null` if unknown. If no router has a helper, none changes it. */
function addressSent({ logged, helper, advertised }: Observations): string | null {
  return (logged ?? (helper.onPath === false ? advertised : null))?.address ?? null;
}

/** Routers that should have read the line; `null` if that is no reason. */
function lackingRouters(seen: Observations): readonly RouterView[] | null {
  const { helper, routers } = seen;
  switch (helper.onPath) {
    case false:
      // Without a router, no helper is missing.
      return routers.length === 0 ? null : routers;
    case null:
      return helper.read ? null : routers.filter((router) => router.rules !== null && !hasHelper(router));
    case true: {
      const router = stopWithoutHelper(seen);
      return router === null || helper.attached !== true ? null : [router];
    }
  }
}

/**
 * Another router's helper did its part: what this one did with the connection comes first. So does a range that is forwarded or allowed and
 * is not the server's: who keeps one wants no helper.
 */
function standing(seen: Observations): Pick<Recognition, "also"> {
  return { also: seen.helper.onPath === true || otherRange(seen) !== null };
}
