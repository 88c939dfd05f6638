import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { offerIpv6 } from "../remedies/server";
import { passiveInstead } from "../remedies/data-commands";
import { familyRefusal } from "../predicates";
import { dialogueProof, serverEndProof } from "../proofs";
import type { Proof } from "../../model/diagnosis";

export const addressFamilyRefused: CauseDefinition = {
  id: "address-family-refused",
  title: "The server does not speak the client's version of IP.",
  looksLike:
    "Behind NAT64, active mode ends at once with 522 Network protocol not supported, use (1), or Only IPv4 is " +
    "supported. Passive mode fails in the same way with programs that send EPSV 2, and works with others.",
  why:
    "EPRT names an address and its family, and EPSV 2 names IPv6 (RFC 2428). Behind a translator (NAT64) a client has IPv6 and " +
    "says so, while the server has the connection over IPv4. A translator changes the addresses in packets but not " +
    "in FTP commands, unless it follows FTP (RFC 6384). EPSV without a number names no family, so it works.",
  explains: decision,
  recognise: (seen) => {
    const refused = familyRefusal(seen);
    if (refused === null) return null;
    const { peer } = seen.server;
    const isOther = /^(EPRT \|2|EPSV 2)/i.test(refused.command) && peer?.includes(".") === true;
    return {
      confidence: isOther ? "shown" : "likely",
      explanation: `The client sent ${refused.command}, and the server sees it at ${peer ?? "an address of the other family"}: it answered 522.`,
      proofs: [...refusalProof(refused), ...serverEndProof(seen)],
    };
  },
  remedies: [passiveInstead, offerIpv6],
};

function refusalProof(refused: NonNullable<ReturnType<typeof familyRefusal>>): Proof[] {
  if ("verb" in refused) return dialogueProof(refused);
  return [{ witness: "server", text: `> ${refused.command} < ${refused.reply}` }];
}
