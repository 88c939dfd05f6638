import { isMissing } from "../../model/gaps";
import { unexpectedData } from "../explains";
import type { CauseDefinition } from "../cause";
import { forwardRange, allowOut } from "../remedies/let-through";
import { primeAfterCcc } from "../remedies/clear-control";
import { activeInstead, passiveInstead } from "../remedies/data-commands";
import { helperCouldNotRead } from "../predicates";
import { hasHelper } from "../observe/router";
import { dataProofs } from "../proofs";
import { announcement, endingSentence, listed } from "../words";

export const helperMissedFirstLine: CauseDefinition = {
  id: "helper-missed-first-line-after-ccc",
  title: "The data command was the first clear line after CCC, which the FTP helper never parses.",
  looksLike: "CCC is accepted, but the first listing or transfer fails as it does under TLS; a second one may work.",
  why:
    "nf_conntrack_ftp parses a segment only if the one before it in the same direction ended in a newline (find_nl_seq). " +
    "What precedes the first clear line after CCC (RFC 4217 section 5) is a TLS record, which ends in any byte: in " +
    "255 of 256 sessions the helper skips the line. One harmless command in between makes it read both directions " +
    "again.",
  explains: unexpectedData,
  recognise: (seen) => {
    if (!helperCouldNotRead(seen) || !seen.control.firstClear) return null;
    const helpers = seen.routers.filter(hasHelper);
    // One time in 256 the helper does read the line, and its expectation may be what is missing.
    const isHeard = helpers.every(({ id }) => !isMissing(seen.missing, "router-events", id));
    const isSeen = seen.stop.kind !== "unknown" || seen.rewritten === false;
    return {
      confidence: isSeen && isHeard ? "shown" : "likely",
      explanation:
        `The ${announcement(seen)} was in clear, but right after CCC: the FTP helper on ` +
        `${listed(helpers.map(({ id }) => id))} skipped it, and no router expected the data ` +
        `connection.${endingSentence(seen)}`,
      proofs: dataProofs(seen),
    };
  },
  remedies: [primeAfterCcc, activeInstead, passiveInstead, forwardRange, allowOut],
};
