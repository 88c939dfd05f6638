import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { showTrusted } from "../remedies/server";
import { recogniseFault } from "./certificate-error";

export const certificateExpired: CauseDefinition = {
  id: "certificate-expired",
  title: "The server's certificate is not valid at this time.",
  looksLike:
    "TLS worked until some day, and since then it ends with `certificate has expired`. Or a new certificate " +
    "is not valid yet.",
  why:
    "A certificate is valid from one date to another (RFC 5280 section 4.1.2.5). ProFTPD reads it at start: it does " +
    "not use a renewed file until it is told to read its files again. A client whose clock is wrong reports the same.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => recogniseFault(seen, "expired", "is not valid at this time"),
  remedies: [showTrusted],
};
