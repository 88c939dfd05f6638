import { isPrivateIPv4 } from "../../net/blocks";
import type { PortRange } from "../../model/topology";
import type { Observations, RouterView } from "../observations";

/** What FileZilla's manual suggests, for a server whose range is not known. */
export const suggestedRange: PortRange = { first: 49152, last: 65534 };

/** The server's passive ports. */
export function passiveRange({ server }: Observations): PortRange {
  return server.settings.passivePorts ?? suggestedRange;
}

/** The address that clients dial, or a word that says what to put there. */
export function dialledAddress({ control }: Observations): string {
  return control.peer ?? "PUBLIC_ADDRESS";
}

/** The server's own address, or a word that says what to put there; never the address that clients dial where a router has that. */
export function serverAddress({ server, control, routers, routersMissing, advertised, data }: Observations): string {
  const targets = routers.flatMap(
    ({ rules }) => rules?.destinationNats.flatMap(({ toAddress }) => toAddress ?? []) ?? [],
  );
  const isUnseen = routers.length === 0 && routersMissing;
  const isHidden = isUnseen || targets.length > 0 || routers.some(({ translatesServer }) => translatesServer);
  // A private address in 227 is the server's own; a public one may be a router's.
  const inReply = advertised?.address ?? null;
  const named = isUnseen && data === "pasv" && inReply !== null && isPrivateIPv4(inReply) ? inReply : null;
  const { address, settings } = server;
  const known = [address, settings.address, targets[0], named].filter((one) => !isHidden || one !== control.peer);
  return known.find((one) => typeof one === "string") ?? "SERVER_ADDRESS";
}

/** `iptables` or `ip6tables`. */
export function iptables({ family }: Observations): string {
  return family === "ipv6" ? "ip6tables" : "iptables";
}

/** `-i LINK -o LINK` as far as they are known, each with a space before it. */
export function links({ inLink, outLink }: Pick<RouterView, "inLink" | "outLink">): string {
  return `${inLink === null ? "" : ` -i ${inLink}`}${outLink === null ? "" : ` -o ${outLink}`}`;
}
