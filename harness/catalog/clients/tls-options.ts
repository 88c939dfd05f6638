import type { ClientDefinition } from "./definition";

type Options = ClientDefinition["options"];

/** The program is told to dial the server's address in place of its name. */
export const byAddress = {
  "by-address": { description: "dials the server's address and not its name", set: { dials: "address" } },
} as const satisfies Options;

/** Options of clients that can go on whatever the certificate is. `means`: what makes them do so. */
export function noCheck(means: string) {
  return {
    "no-check": { description: `goes on whatever the certificate is (${means})`, set: { checks: "nothing" } },
  } as const satisfies Options;
}

/** Options of clients that can be told which version of TLS to speak. `means`: the setting for it. */
export function oneVersion(means: string) {
  return {
    "tls1.2": { description: `offers TLS 1.2 alone (${means})`, set: { versions: ["tls1.2"] } },
    "tls1.3": { description: `offers TLS 1.3 alone (${means})`, set: { versions: ["tls1.3"] } },
  } as const satisfies Options;
}

/** Longer than a server with `short-sessions` remembers: OpenSSL counts whole seconds, and may be one behind on either side. */
export const idleSeconds = 7;

/** The client takes its time after the login. `means`: what makes it do so. */
export function idle(means: string) {
  return {
    idle: {
      description: `waits ${idleSeconds} s between login and the first data command (${means})`,
      set: { idleMs: idleSeconds * 1000 },
    },
  } as const satisfies Options;
}

/** All of them, for a client that checks certificates unless it is told otherwise. */
export function tlsOptions(checks: string, versions: string) {
  return { ...noCheck(checks), ...byAddress, ...oneVersion(versions) } as const satisfies Options;
}

/** The version that the client is told to offer, or `null`. */
export function versionIn(options: readonly string[]): "1.2" | "1.3" | null {
  if (options.includes("tls1.2")) return "1.2";
  return options.includes("tls1.3") ? "1.3" : null;
}

/** What a user writes for the name of an account. */
export const accountPlaceholder = "NAME";

/** A server as a URL. A port that the scheme means by itself is left out. */
export function serverUrl(scheme: string, { host, port }: { readonly host: string; readonly port: number }): string {
  return `${scheme}://${urlHost(host)}${[21, 990].includes(port) ? "" : `:${port}`}/`;
}

/** A host as it stands in a URL: an IPv6 address in brackets (RFC 3986 section 3.2.2). */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
