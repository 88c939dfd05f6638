import { tlsVersions, type TlsVersion } from "../../model/agent-protocol";

/**
 * The version that a server with this `TLSProtocol` and a client agree on, the newest of both (RFC 8446 section 4.1.1), or `null`.
 * Words name versions that are allowed, or taken away again with a minus; `ALL` and `SSLv23` stand for all (contrib/mod_tls.c
 * set_tlsprotocol). No client of the lab speaks TLS 1.0 or 1.1 (RFC 8996).
 */
export function agreedVersion(protocol: string, offered: readonly TlsVersion[] = tlsVersions): TlsVersion | null {
  const allowed = new Set<string>();
  for (const word of protocol.toLowerCase().split(" ")) {
    const version = word.replace(/^[+-]/, "").replace("tlsv", "tls");
    const meant = version === "all" || version === "sslv23" ? tlsVersions : [version];
    for (const name of meant) {
      if (word.startsWith("-")) allowed.delete(name);
      else allowed.add(name);
    }
  }
  return tlsVersions.findLast((version) => offered.includes(version) && allowed.has(version)) ?? null;
}
