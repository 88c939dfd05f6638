import { isIP } from "node:net";
import { createSecureContext, type ConnectionOptions, type SecureContext, type TLSSocket } from "node:tls";

/** Makes TLS options; a CA is parsed once and not for every session. */
export class TlsSettings {
  readonly #contexts = new Map<string, SecureContext>();

  /**
   * Trusts `ca` alone and demands the name `host`. Both names are set: `servername` is sent (SNI), and a session is resumed only
   * for the host it was agreed with.
   */
  optionsFor(host: string, ca: string): ConnectionOptions {
    let secureContext = this.#contexts.get(ca);
    if (!secureContext) {
      secureContext = createSecureContext({ ca });
      this.#contexts.set(ca, secureContext);
    }
    // RFC 6066 section 3 has no addresses in SNI.
    return { host, ...(isIP(host) === 0 ? { servername: host } : {}), secureContext };
  }
}

/** `TLSv1.3 TLS_AES_256_GCM_SHA384`. */
export function describeTls(socket: TLSSocket): string {
  return `${socket.getProtocol() ?? "?"} ${socket.getCipher().name}`;
}
