import type { Remedy } from "../../model/diagnosis";
import type { Directives } from "../../catalog/servers/definition";
import { softwareNamed } from "../../catalog/servers/registry";
import { everyonesDirectives } from "../../catalog/servers/unknown";
import type { Observations } from "../observations";
import { dialledAddress, passiveRange } from "./addresses";

/** How the server's own configuration says things. */
export function directivesOf({ server }: Observations): Directives {
  return server.software === null ? everyonesDirectives : softwareNamed(server.software).directives;
}

/** A fixed passive range and, behind NAT, the address that clients dial. */
export function advertise(seen: Observations): Remedy {
  const range = passiveRange(seen);
  const directives = directivesOf(seen);
  const translated = seen.routers.some(({ translatesServer }) => translatesServer) || seen.server.address === null;
  return {
    party: "server admin",
    what: translated
      ? "Name the address that clients dial, and keep passive connections within the range that is forwarded."
      : "Keep passive connections within a fixed range, so that the filter can allow it.",
    lines: [
      ...directives.passivePorts(range),
      ...(translated && seen.data === "pasv" ? directives.masqueradeAddress(dialledAddress(seen)) : []),
    ],
  };
}

/** A server of several that clients reach by an address of its own. */
export function ownAddress(seen: Observations): Remedy {
  return {
    party: "server admin",
    what: "Give each server an address, or a passive range, that is forwarded to it alone, and let it name that.",
    lines: [...directivesOf(seen).masqueradeAddress("ADDRESS_OF_THIS_SERVER_ALONE")],
  };
}

/** Grants CCC: TLS for login and data, not for the control channel. Nothing to do where the server grants it already. */
export function grantCcc(seen: Observations): Remedy[] {
  const { tlsRequired } = seen.server.settings;
  const { grantCcc: lines } = directivesOf(seen);
  if (lines === null) return [];
  if (tlsRequired !== null && !/^(on|both|ctrl|control)/.test(tlsRequired)) return [];
  return [
    {
      party: "server admin",
      what: "Demand TLS for login and data only, so that clients may clear the control connection after login (CCC).",
      lines,
    },
  ];
}

/** Accepts data connections with a TLS session of their own. */
export function acceptNewSessions(seen: Observations): Remedy[] {
  const { acceptNewSessions: lines } = directivesOf(seen);
  if (lines === null) return [];
  return [
    {
      party: "server admin",
      what: "Accept data connections that do not resume the control connection's TLS session.",
      lines: lines(seen.server.settings.tlsOptions),
    },
  ];
}

/** Puts a certificate in force. */
export function installCertificate(seen: Observations, what: string): Remedy {
  return { party: "server admin", what, lines: directivesOf(seen).certificate };
}
