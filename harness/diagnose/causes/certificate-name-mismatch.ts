import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { showTrusted } from "../remedies/server";
import { dialName } from "../remedies/encryption";
import { recogniseFault } from "./certificate-error";

export const certificateNameMismatch: CauseDefinition = {
  id: "certificate-name-mismatch",
  title: "The server's certificate is for another name than the one dialled.",
  looksLike: "TLS ends with a host name mismatch, on the control connection or only on the data connection.",
  why:
    "The certificate's subjectAltName must contain the name that the client dialled (RFC 6125, RFC 9525). The check " +
    "fails if the client dials an address instead of the name, if the name means another host inside than outside, " +
    "or if the client forgets the name on the data connection.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => recogniseFault(seen, "name", "does not contain the name that the client asked for"),
  remedies: [dialName, showTrusted],
};
