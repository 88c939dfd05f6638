import { isPrivateIPv4 } from "../../net/blocks";
import { isMissing } from "../../model/gaps";
import { unexpectedData } from "../explains";
import type { CauseDefinition, Recognition } from "../cause";
import { forwardRange } from "../remedies/let-through";
import { nameDialledAddress } from "../remedies/server";
import { useEpsv, ignoreAddress, activeInstead } from "../remedies/data-commands";
import { dataPathFailed, dialledElsewhere, helperPassedOver, rejectsAddress } from "../predicates";
import type { Observations } from "../observations";
import { dataProofs } from "../proofs";
import { endingSentence, place } from "../words";

export const passiveAddressUnroutable: CauseDefinition = {
  id: "passive-address-unroutable",
  title: "The 227 reply names an address that the client cannot reach.",
  looksLike: "Login works; the client then dials a private or wrong address and times out, or gives up at PASV.",
  why:
    "227 names the address that the server knows as its own (RFC 959). Behind NAT that is a private one (RFC 1918), " +
    "which leads nowhere from outside; only MasqueradeAddress or a helper that reads the reply puts the public one " +
    "in its place.",
  explains: unexpectedData,
  recognise: (seen) => {
    const rejected = rejectsAddress(seen) && seen.staticallyOpen !== true;
    const dialled = dataPathFailed(seen) && seen.stage === "data-connect" && seen.passive && dialledElsewhere(seen);
    if (!rejected && !dialled) return namesPrivate(seen) ? suspicion(seen) : null;
    const address = seen.advertised?.address ?? seen.dialled?.address ?? null;
    const kind = address !== null && isPrivateIPv4(address) ? "the private address" : "the address";
    const end = dialled
      ? ` The client dialled it.${endingSentence(seen)}`
      : ` The client refused it, and ${seen.staticallyOpen === false ? "no static rule would pass" : "nothing shows that a rule would pass"} a connection to ${place(seen.control.peer, seen.advertised?.port ?? null)} either.`;
    // Where a router was not heard, the control connection may go elsewhere than it seems.
    const isElsewhere = dialled && !isMissing(seen.missing, "router");
    return {
      confidence: isElsewhere || seen.staticallyOpen === false ? "shown" : "likely",
      explanation: `The 227 reply named ${kind} ${place(address, seen.advertised?.port ?? null)}, while the control connection goes to ${seen.control.peer ?? "another one"}.${passedOver(seen)}${end}`,
      proofs: dataProofs(seen),
    };
  },
  remedies: [useEpsv, ignoreAddress, activeInstead, nameDialledAddress, forwardRange],
};

/** The client does not show where its control connection goes, and 227 leads to where few can go. */
function namesPrivate(seen: Observations): boolean {
  const { stage, passive, control, advertised } = seen;
  const address = advertised?.address ?? null;
  const isUnknown = stage === "data-connect" && passive && control.peer === null;
  return isUnknown && dataPathFailed(seen) && address !== null && isPrivateIPv4(address);
}

function suspicion(seen: Observations): Recognition {
  const { advertised } = seen;
  return {
    confidence: "likely",
    explanation: `The 227 reply named the private address ${place(advertised?.address ?? null, advertised?.port ?? null)}, which leads nowhere unless the client is in the same network.`,
    proofs: dataProofs(seen),
  };
}

function passedOver(seen: Observations): string {
  return helperPassedOver(seen)
    ? " The FTP helper skips a 227 that names another address than the server's own (loose = 0)."
    : "";
}
