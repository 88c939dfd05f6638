import type { CauseDefinition } from "../cause";
import { messageProof } from "../proofs";
import { attachEarlier } from "../remedies/by-break";

/** The kernel's warning where a helper changes a line's length and the connection has no room for it (nf_conntrack_seqadj.c). */
const unprepared = /nfct_seqadj_ext_add\(\) setup call/i;

export const helperAfterNat: CauseDefinition = {
  id: "helper-after-nat",
  title: "The FTP helper is attached after NAT, and cannot adjust the connection to the lines that it changes.",
  looksLike:
    "With an nftables router the session stands still or is reset right after PASV; the kernel's log says Missing nfct_seqadj_ext_add() setup call.",
  why:
    "A line that gets a longer or shorter address moves all that follows, and both ends' sequence numbers have to be adjusted. NAT makes " +
    "room for that only where the helper is there already (nf_nat_core.c); nftables attaches it after dstnat unless the rule has a lower " +
    "priority. Mainline commit 90918e3b6404 mends it.",
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
