import type { CauseDefinition } from "../cause";
import { messageProof } from "../proofs";
import { attachEarlier } from "../remedies/by-break";

/** The kernel's warning where a helper changes a line's length and the connection has no room for it (nf_conntrack_seqadj.c). */
const unprepared = /nfct_seqadj_ext_add\(\) setup call/i;

export const helperAfterNat: CauseDefinition = {
  id: "helper-after-nat",
  title: "The FTP helper is attached after NAT, and cannot adjust the connection to the lines that it changes.",
  looksLike:
    "With an nftables router the session hangs or is reset right after PASV; the kernel's log says Missing " +
    "nfct_seqadj_ext_add() setup call.",
  why:
    "If the address in a line becomes longer or shorter, everything after it moves, and the sequence numbers of both " +
    "ends have to be adjusted. NAT prepares for that only if the helper is attached already (nf_nat_core.c); " +
    "nftables attaches it after dstnat unless the rule has a lower priority. Mainline commit 90918e3b6404 fixes it.",
  explains: () => true,
  recognise: (seen) => {
    const texts = [seen.message, ...seen.server.systemLog, ...seen.dialogue.remarks];
    const line = texts.find((text) => unprepared.test(text));
    if (line === undefined) return null;
    return {
      confidence: "likely",
      explanation:
        "The router's kernel says that the FTP helper changed a line of a connection that NAT had not prepared for it.",
      proofs: [{ witness: "router", text: line }, ...messageProof(seen)],
    };
  },
  remedies: [attachEarlier],
};
