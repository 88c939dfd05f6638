import { unexpectedData } from "../explains";
import { refusedCcc } from "../../ftp/dialogue";
import type { CauseDefinition } from "../cause";
import { forwardRange, allowOut } from "../remedies/let-through";
import { activeInstead, passiveInstead } from "../remedies/data-commands";
import { clearControl } from "../remedies/clear-control";
import { helperCouldNotRead, otherRange } from "../predicates";
import { hasHelper } from "../observe/router";
import { dataProofs } from "../proofs";
import { announcement, endingSentence, listed } from "../words";

export const helperBlindToTls: CauseDefinition = {
  id: "helper-blind-to-tls",
  title: "TLS hides the data connection's port from the router's FTP helper.",
  looksLike: "Plain FTP works; with FTPS the login succeeds and the first listing or transfer hangs, or is refused.",
  why:
    "A router that follows FTP reads the control connection and opens the port that PASV, EPSV, PORT or EPRT names. Under " +
    "TLS (RFC 4217) it sees only encrypted records: it drops nothing and expects nothing, and its filter or NAT then " +
    "treats the data connection like any unknown one.",
  explains: unexpectedData,
  recognise: (seen) => {
    if (!helperCouldNotRead(seen) || seen.control.firstClear) return null;
    const { traits, control, stop, rewritten } = seen;
    const helpers = listed(seen.routers.filter(hasHelper).map(({ id }) => id));
    const implicit =
      traits.tls === "implicit"
        ? ` No rule attaches it to port ${control.port}, and attaching it there would not help: TLS covers the whole session.`
        : "";
    return {
      confidence: stop.kind !== "unknown" || rewritten === false ? "shown" : "likely",
      explanation: `The FTP helper on ${helpers} could not read the ${announcement(seen)} inside TLS, so no router expected the data connection.${implicit}${endingSentence(seen)}`,
      proofs: dataProofs(seen),
      // Who keeps a range open that is not the server's wants no helper; and CCC was to let it read.
      also: otherRange(seen) !== null || refusedCcc(seen.dialogue) !== null,
    };
  },
  remedies: [activeInstead, passiveInstead, forwardRange, allowOut, clearControl],
};
