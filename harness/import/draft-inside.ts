/** A client in the server's own network, which dials what those outside dial: the routers' rules decide whether it gets in (hairpin). */
import type { Host } from "./host";
import { freeRange } from "./numbers";
import type { LinkParts, NetworkParts } from "./parts";
import type { Side } from "./sides";

/** What stands between the server's network and the address that is dialled. */
export type Inside = {
  /** The router of the server's network. */
  readonly router: Host;
  readonly link: LinkParts;
  /** Its side there. */
  readonly side: Side;
  /** The default route of the server. */
  readonly gateway: string;
};

/** The outermost router's side, what clients dial, and whether `isp` turns their port into the one that is forwarded. */
export type Dialled = { readonly outside: Side; readonly dial: string; readonly isRemapped: boolean };

const id = "lan-client";

/** Adds the client, or a note that says why there is none. */
export function attachInside(parts: NetworkParts, inside: Inside, dialled: Dialled): void {
  const { link, side } = inside;
  const why = whyNobody(inside, dialled);
  const range = why === null ? freeRange(link.subnet, [...link.addresses.values(), ...parts.taken()]) : null;
  if (range === null) {
    parts.notes.push(`No client stands in the server's own network: ${why ?? `${link.subnet} has no address left`}.`);
    return;
  }
  link.addresses.set(id, range);
  parts.node(id, "client", side.address.value, null, null);
  parts.place("client", "internet");
  parts.place(id, "lan");
  parts.assume(
    `clients in the server's own network (position \`lan\`) have the default route ${side.address.value} and dial ` +
      `${dialled.dial}, as clients outside do`,
    "no file belongs to a client",
  );
}

/** Why the path of such a client is unknown; `null` if the rules show it. */
function whyNobody({ router, side, gateway }: Inside, { outside, dial, isRemapped }: Dialled): string | null {
  const name = side.name?.value ?? "";
  if (dial !== outside.address.value)
    return `it would dial ${dial}, an address of \`front\`, and no file shows what \`front\` does with it`;
  if (isRemapped) return "the port that is dialled here is not the one that the rules forward";
  if (/^(docker\d|br-[0-9a-f]{12}|br-compose)/.test(name) || (name === "" && router.named.has("docker0")))
    return "among containers, Docker's own proxy answers for published ports, which the lab does not have";
  if (gateway !== side.address.value) return `the way out of that network leads to ${gateway}, and not to the router`;
  if (isOpenWrt(router) && "assumed" in outside.address)
    return "OpenWrt reflects connections to its address outside, and no file shows that address";
  return null;
}

/** Whether its rules are made of OpenWrt's configuration. */
function isOpenWrt({ pieces }: Host): boolean {
  return (
    pieces.some(({ kind }) => kind === "uci-config" || kind === "uci-show") &&
    !pieces.some(({ kind }) => kind === "iptables-save" || kind === "nft")
  );
}
