import type { ClientOptions } from "../../model/agent-protocol";
import type { CauseId } from "../../model/diagnosis";
import type { CertificateKind } from "../../model/certificate-kind";

/** What a client finds wrong with a certificate. */
export type CertificateFault = { readonly cause: CauseId; readonly reason: string };

/**
 * What is wrong with a server's certificate for a client, whatever it makes of it; `null` if nothing is. The chain comes first (RFC 5280
 * section 6), then the name or address that was dialled (RFC 9525 section 6).
 */
function faultOf(kind: CertificateKind, dials: NonNullable<ClientOptions["dials"]>): CertificateFault | null {
  switch (kind) {
    case "unknown-ca":
      return untrusted("comes from a CA that the client does not know");
    case "self-signed":
      return untrusted("is signed by itself");
    case "expired":
      return { cause: "certificate-expired", reason: "The server's certificate has expired." };
    case "other-name":
      return mismatch("is for another name");
    case "ip-address":
      return dials === "address" ? null : mismatch("carries its address alone, and the client dials the name");
    case "trusted":
      return dials === "name" ? null : mismatch("carries its name alone, and the client dials the address");
  }
}

function untrusted(what: string): CertificateFault {
  return { cause: "certificate-untrusted", reason: `The server's certificate ${what}.` };
}

function mismatch(what: string): CertificateFault {
  return { cause: "certificate-name-mismatch", reason: `The server's certificate ${what}.` };
}

/** What is wrong with the certificate, and whether the client stops there. */
export function examine(
  kind: CertificateKind,
  { checks = "chain-and-name", dials = "name" }: Pick<ClientOptions, "checks" | "dials">,
): (CertificateFault & { readonly stops: boolean }) | null {
  const fault = faultOf(kind, dials);
  if (fault === null) return null;
  const stops = fault.cause === "certificate-name-mismatch" ? checks === "chain-and-name" : checks !== "nothing";
  return { ...fault, stops };
}
