import { isIP } from "node:net";
import {
  createSecureContext,
  type ConnectionOptions,
  type SecureContext,
  type SecureVersion,
  type TLSSocket,
} from "node:tls";
import type { ClientOptions, TlsVersion } from "../model/agent-protocol";

const nodeVersions: Readonly<Record<TlsVersion, SecureVersion>> = { "tls1.2": "TLSv1.2", "tls1.3": "TLSv1.3" };

/** Makes TLS options; a CA is parsed once and not for every session. */
export class TlsSettings {
  readonly #contexts = new Map<string, SecureContext>();

  /**
   * Trusts `ca` alone and demands the name or address `host`, unless the client checks nothing. Both names are set: `servername` is
   * sent (SNI), and a session is resumed only for the host it was agreed with.
   */
  optionsFor(
    host: string,
    ca: string,
    { checks, versions }: Pick<ClientOptions, "checks" | "versions">,
  ): ConnectionOptions {
    const [least, most] = [versions?.[0], versions?.at(-1)];
    const key = [least, most, ca].join();
    let secureContext = this.#contexts.get(key);
    if (!secureContext) {
      secureContext = createSecureContext({
        ca,
        ...(least === undefined ? {} : { minVersion: nodeVersions[least] }),
        ...(most === undefined ? {} : { maxVersion: nodeVersions[most] }),
      });
      this.#contexts.set(key, secureContext);
    }
    // RFC 6066 section 3 has no addresses in SNI.
    const trust = checks === "nothing" ? { rejectUnauthorized: false } : {};
    return { host, ...(isIP(host) === 0 ? { servername: host } : {}), secureContext, ...trust };
  }
}

/** `TLSv1.3 TLS_AES_256_GCM_SHA384`. */
export function describeTls(socket: TLSSocket): string {
  // A connection that is reset in the same moment has no cipher any more, whatever the types say.
  const cipher = socket.getCipher() as ReturnType<TLSSocket["getCipher"]> | null;
  return `${socket.getProtocol() ?? "?"} ${cipher?.name ?? "?"}`;
}
