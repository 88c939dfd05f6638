/** Versions that Node's TLS speaks by default (tls.DEFAULT_MIN_VERSION, tls.DEFAULT_MAX_VERSION), in TLSProtocol's words. */
const clientVersions: readonly string[] = ["tlsv1.2", "tlsv1.3"];

/**
 * Whether a server with this `TLSProtocol` and the client have a version of TLS in common. Words name versions that are allowed, or
 * taken away again with a minus; `ALL` and `SSLv23` stand for all (contrib/mod_tls.c set_tlsprotocol).
 */
export function versionsMeet(protocol: string): boolean {
  const allowed = new Set<string>();
  for (const word of protocol.toLowerCase().split(" ")) {
    const version = word.replace(/^[+-]/, "");
    const meant = version === "all" || version === "sslv23" ? clientVersions : [version];
    for (const name of meant) {
      if (word.startsWith("-")) allowed.delete(name);
      else allowed.add(name);
    }
  }
  return clientVersions.some((version) => allowed.has(version));
}
