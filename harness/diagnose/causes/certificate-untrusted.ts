import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { showTrusted } from "../remedies/server";
import { trustAuthority } from "../remedies/encryption";
import { recogniseFault } from "./certificate-error";

export const certificateUntrusted: CauseDefinition = {
  id: "certificate-untrusted",
  title: "The client does not trust the server's certificate.",
  looksLike: "TLS starts and ends at once with `self-signed certificate` or `unable to get local issuer certificate`.",
  why:
    "A client accepts a certificate only if a chain leads from it to an authority that it knows (RFC 5280 section 6). A " +
    "self-signed one has none, and a server that leaves out intermediate certificates breaks the chain.",
  explains: decision,
  outsideNetwork: true,
  recognise: (seen) => recogniseFault(seen, "untrusted", "is not trusted"),
  remedies: [trustAuthority, showTrusted],
};
