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
    "The name that the client dialled must stand in the certificate's subjectAltName (RFC 6125, RFC 9525). An address in " +
    "place of the name, a name that means another host inside than outside, or a client that forgets the name on the data " +
    "connection all end here.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => recogniseFault(seen, "name", "does not carry the name that the client asked for"),
  remedies: [dialName, showTrusted],
};
