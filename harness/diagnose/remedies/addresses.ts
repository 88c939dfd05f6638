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
export function serverAddress({ server, control, routers }: Observations): string {
  const targets = routers.flatMap(
    ({ rules }) => rules?.destinationNats.flatMap(({ toAddress }) => toAddress ?? []) ?? [],
  );
  const isHidden = targets.length > 0 || routers.some(({ translatesServer }) => translatesServer);
  const { address, settings } = server;
  const known = [address, settings.address, targets[0]].filter((one) => !isHidden || one !== control.peer);
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
