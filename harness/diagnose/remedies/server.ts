import type { Remedy } from "../../model/diagnosis";
import type { Observations } from "../observations";
import { dialledAddress, passiveRange } from "./addresses";

/** A fixed passive range and, behind NAT, the address that clients dial. */
export function advertise(seen: Observations): Remedy {
  const range = passiveRange(seen);
  const translated = seen.routers.some(({ translatesServer }) => translatesServer) || seen.server.address === null;
  return {
    party: "server admin",
    what: translated
      ? "Name the address that clients dial, and keep passive connections within the range that is forwarded."
      : "Keep passive connections within a fixed range, so that the filter can allow it.",
    lines: [
      `PassivePorts ${String(range.first)} ${String(range.last)}`,
      ...(translated && seen.data === "pasv" ? [`MasqueradeAddress ${dialledAddress(seen)}`] : []),
    ],
  };
}

/** Grants CCC: TLS for login and data, not for the control channel. Nothing to do where the server grants it already. */
export function grantCcc({ server }: Observations): Remedy[] {
  const { tlsRequired } = server.settings;
  if (tlsRequired !== null && !/^(on|both|ctrl|control)/.test(tlsRequired)) return [];
  return [
    {
      party: "server admin",
      what: "Demand TLS for login and data only, so that clients may clear the control connection after login (CCC).",
      lines: ["TLSRequired auth+data"],
    },
  ];
}

/** Accepts data connections with a TLS session of their own. */
export function acceptNewSessions({ server }: Observations): Remedy {
  const options = server.settings.tlsOptions.filter((option) => option !== "NoSessionReuseRequired");
  return {
    party: "server admin",
    what: "Accept data connections that do not resume the control connection's TLS session.",
    lines: [`TLSOptions ${[...options, "NoSessionReuseRequired"].join(" ")}`],
  };
}

/** Puts a certificate in force. */
export function installCertificate(what: string): Remedy {
  return {
    party: "server admin",
    what,
    lines: [
      "TLSRSACertificateFile /etc/ssl/certs/ftp-fullchain.pem",
      "TLSRSACertificateKeyFile /etc/ssl/private/ftp.key",
    ],
  };
}
