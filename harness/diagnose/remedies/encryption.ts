/** What the user can do about TLS and the server's certificate. */
import { traitsOf } from "../../model/axes";
import type { Mode } from "../../model/axes";
import { resolveClient } from "../../catalog/clients/registry";
import type { Observations } from "../observations";
import { usageOf } from "./client-usage";
import { rangeIsOpen } from "./open-range";
import { readsPayload } from "../../evidence/text/rule-words";
import { dialsFromInside, refusesItself } from "./control-port";
import { notInLab } from "./remedy";
import type { Remedy } from "./remedy";
import { userRemedy } from "./user-remedy";

export const explicit: Mode = "ftps";

/** AUTH TLS and PROT P (RFC 4217). */
export const useExplicitTls = userRemedy({
  id: "use-explicit-tls",
  what: "Use explicit TLS (AUTH TLS, PROT P).",
  change: ({ mode }) => (mode === explicit ? null : { mode: explicit }),
  needsRange: true,
});

/** The same on the usual port, where the other port is closed: a server that refuses by itself may have no TLS at all. */
export const explicitTlsInstead = userRemedy({
  id: "explicit-tls-instead",
  what: "Use explicit TLS on port 21 in place of implicit TLS on port 990.",
  change: ({ mode }) => (traitsOf(mode).tls === "implicit" ? { mode: explicit } : null),
  suits: (seen) => !refusesItself(seen) && !dialsFromInside(seen),
});

/** Explicit TLS, which no helper reads, through a range that needs none. */
export const tlsPastHelper = userRemedy({
  id: "tls-past-helper",
  what: "Use TLS, which the helper does not read.",
  change: ({ mode }) => (traitsOf(mode).tls === "none" ? { mode: explicit } : null),
  suits: ({ passive: isPassiveData }) => isPassiveData,
  needsRange: true,
});

/** TLS from the first byte: no line can be read or picked out. */
export const useImplicitTls = userRemedy({
  id: "use-implicit-tls",
  what: "Use TLS from the start (implicit, port 990), so that nothing on the path can read or remove a line of the dialogue.",
  change: ({ mode }) => (traitsOf(mode).tls === "implicit" ? null : { mode: "ftps-implicit" }),
  suits: (seen) => mayReadLines(seen) && (seen.passive ? rangeIsOpen(seen) !== false : true),
});

/** Whether what stopped a line may have read it: TLS hides it from that, and from nothing else. */
function mayReadLines({ firstBreak }: Observations): boolean {
  if (firstBreak === null) return true;
  if (firstBreak.thing.kind === "ack") return false;
  return firstBreak.hand.kind !== "rule" || firstBreak.side !== "router" || readsPayload.test(firstBreak.hand.rule);
}

/** The kind of TLS that the port has (IANA). */
export const otherKindOfTls = userRemedy({
  id: "other-kind-of-tls",
  what: "Use the kind of TLS that the port has: explicit TLS on port 21, implicit TLS on port 990.",
  change: ({ mode }) => ({ mode: traitsOf(mode).tls === "implicit" ? explicit : "ftps-implicit" }),
});

/** No TLS at all. */
export const usePlainFtp = userRemedy({
  id: "use-plain-ftp",
  exposes: true,
  what: "Use plain FTP, which shows the password to everybody on the path, or use another server.",
  change: ({ mode }) => (mode === "ftp" ? null : { mode: "ftp" }),
});

/** PROT P, instead of PROT C. */
export const protectData = userRemedy({
  id: "protect-data",
  what: "Protect data connections (PROT P).",
  change: ({ mode }) => {
    if (traitsOf(mode).protection !== "C") return null;
    return { mode: traitsOf(mode).ccc === "none" ? explicit : "ftps-ccc" };
  },
  needsRange: true,
});

/** Resumes the control connection's TLS session on data connections. */
export const resumeSession = userRemedy({
  id: "resume-tls-session",
  what: "Resume the control connection's TLS session on data connections.",
  change: ({ client }) => {
    const found = resolveClient(client);
    if (found === null || found.options.resumeSession) return null;
    const { definition, words } = found;
    const kept = words.filter((word) => definition.options[word]?.set.resumeSession === undefined);
    if (definition.defaults.resumeSession) return { client: [definition.id, ...kept].join("+") };
    const word = Object.keys(definition.options).find((name) => definition.options[name]?.set.resumeSession === true);
    return word === undefined ? null : { client: [definition.id, ...kept, word].join("+") };
  },
  // A session that the server has forgotten is not resumed, however willing the client is.
  suits: ({ server }) => server.settings.sessionSeconds === null,
});

/** The client without the option that takes versions of TLS away. */
export const anyTlsVersion = userRemedy({
  id: "any-tls-version",
  what: "Let the client offer every version of TLS that it has.",
  change: ({ client }) => without(client, /^tls1\.\d$/),
});

/** The name, where an address was dialled. */
export const dialName = userRemedy({
  id: "dial-name",
  what: "Dial the name in the certificate instead of the server's address.",
  change: ({ client }) => without(client, /^by-address$/),
});

function without(client: string, pattern: RegExp): { readonly client: string } | null {
  const [program = "", ...words] = client.split("+");
  const kept = words.filter((word) => !pattern.test(word));
  return kept.length === words.length ? null : { client: [program, ...kept].join("+") };
}

/** The authority's certificate, from the server's administrator. */
export const trustAuthority: Remedy = {
  id: "trust-authority",
  party: "user",
  what: () =>
    "Trust the authority that issued the certificate, once the server's administrator has confirmed its fingerprint: ca.pem is what you " +
    "got from there.",
  lines: (seen) => usageOf(seen, { ...seen.cell, caFile: "ca.pem" }),
  apply: notInLab,
};
