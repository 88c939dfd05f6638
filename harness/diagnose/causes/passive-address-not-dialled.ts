import { unexpectedData } from "../explains";
import type { CauseDefinition } from "../cause";
import { attachHelper } from "../remedies/follow-ftp";
import { trustAddress, activeInstead } from "../remedies/data-commands";
import { dataPathFailed, rejectsAddress } from "../predicates";
import { dataProofs } from "../proofs";
import { endingSentence, place } from "../words";

export const passiveAddressNotDialled: CauseDefinition = {
  id: "passive-address-not-dialled",
  title: "The client does not dial the address in the 227 reply, which it could have reached.",
  looksLike: "Login works; listing and transfers hang or are refused, and other clients work from the same place.",
  why:
    "227 names where the server listens (RFC 959). Behind a balancer that forwards only the control port, that is the server " +
    "itself. Some clients dial the control connection's peer instead, or give up, to avoid wrong addresses behind " +
    "NAT and misuse of FTP (RFC 2577). Here the address was right.",
  explains: unexpectedData,
  recognise: (seen) => {
    const { advertised, control, dialled } = seen;
    const rejected = rejectsAddress(seen) && seen.staticallyOpen !== true;
    const replaced =
      seen.passive &&
      seen.stage === "data-connect" &&
      dataPathFailed(seen) &&
      dialled !== null &&
      dialled.address === control.peer;
    if (seen.namedIsOpen !== true || (!rejected && !replaced)) return null;
    const instead = rejected ? "gave up" : `dialled ${place(dialled?.address ?? null, dialled?.port ?? null)} instead`;
    return {
      confidence: "likely",
      explanation: `The 227 reply named ${place(advertised?.address ?? null, advertised?.port ?? null)}, to which the routers' rules would have let a connection pass, and the client ${instead}.${endingSentence(seen)}`,
      proofs: dataProofs(seen),
    };
  },
  remedies: [trustAddress, activeInstead, attachHelper],
};
