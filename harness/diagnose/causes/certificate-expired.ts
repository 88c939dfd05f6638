import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { showTrusted } from "../remedies/server";
import { recogniseFault } from "./certificate-error";

export const certificateExpired: CauseDefinition = {
  id: "certificate-expired",
  title: "The server's certificate is not valid at this time.",
  looksLike: "TLS worked until some day and ends with certificate has expired since; or a new one is not yet valid.",
  why:
    "A certificate holds from one date to another (RFC 5280 section 4.1.2.5). ProFTPD reads it at start: one that was " +
    "renewed on disk is not used until the daemon is told. A client whose clock is wrong sees the same.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => recogniseFault(seen, "expired", "is out of its time"),
  remedies: [showTrusted],
};
