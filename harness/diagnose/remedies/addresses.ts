import type { PortRange } from "../../model/topology";
import type { Observations } from "../observations";

/** What FileZilla's manual suggests, for a server whose range is not known. */
const suggestedRange: PortRange = { first: 49152, last: 65534 };

/** The server's passive ports. */
export function passiveRange({ server }: Observations): PortRange {
  return server.settings.passivePorts ?? suggestedRange;
}

/** The address that clients dial, or a word that says what to put there. */
export function dialledAddress({ control }: Observations): string {
  return control.peer ?? "PUBLIC_ADDRESS";
}

/** The server's own address, or a word that says what to put there. */
export function serverAddress({ server }: Observations): string {
  return server.address ?? "SERVER_ADDRESS";
}

/** The server as a URL. A port that either scheme means by itself is left out: the other scheme has its own. */
export function serverUrl(seen: Observations, scheme: "ftp" | "ftps" = "ftp"): string {
  const address = dialledAddress(seen);
  const host = address.includes(":") ? `[${address}]` : address;
  const port = [21, 990].includes(seen.control.port) ? "" : `:${seen.control.port}`;
  return `${scheme}://${host}${port}/`;
}
