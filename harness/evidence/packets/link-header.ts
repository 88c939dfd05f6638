/** What stands before the IP header of a captured frame. */
export type LinkHeader = {
  /** As the kernel numbers interfaces; `null` if the link's header does not tell. */
  readonly interfaceIndex: number | null;
  /** Into the node or out of it; `null` if the link's header does not tell. */
  readonly direction: "in" | "out" | null;
  /** Byte at which the IP header begins. */
  readonly length: number;
};

/** LINKTYPE_ numbers of the headers that are read; a contract of libpcap. */
export const linkTypes = { ethernet: 1, raw: 101, cooked: 113, ipv4: 228, ipv6: 229, cooked2: 276 } as const;

const etherTypes = { ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100, serviceVlan: 0x88a8 } as const;

/** Packet type of a cooked header for what the node itself sent (PACKET_OUTGOING). */
const outgoing = 4;

/** Reads a link's header; `null` for a link type that is not known, a frame that is cut, or what is not IP. */
export function readLinkHeader(linkType: number, view: DataView): LinkHeader | null {
  switch (linkType) {
    case linkTypes.raw:
    case linkTypes.ipv4:
    case linkTypes.ipv6:
      return { interfaceIndex: null, direction: null, length: 0 };
    case linkTypes.cooked2: {
      if (view.byteLength < 20) return null;
      const length = startOfIp(view, 0, 20);
      return length === null
        ? null
        : { interfaceIndex: view.getUint32(4), direction: directionOf(view.getUint8(10)), length };
    }
    case linkTypes.cooked: {
      if (view.byteLength < 16) return null;
      const length = startOfIp(view, 14, 16);
      return length === null ? null : { interfaceIndex: null, direction: directionOf(view.getUint16(0)), length };
    }
    case linkTypes.ethernet: {
      if (view.byteLength < 14) return null;
      const length = startOfIp(view, 12, 14);
      return length === null ? null : { interfaceIndex: null, direction: null, length };
    }
    default:
      return null;
  }
}

/** Where IP begins if it follows the header, past one VLAN tag (IEEE 802.1Q: tag, then the EtherType of the rest). */
function startOfIp(view: DataView, typeAt: number, end: number): number | null {
  const type = view.getUint16(typeAt);
  if (isIp(type)) return end;
  const tagged = type === etherTypes.vlan || type === etherTypes.serviceVlan;
  return tagged && view.byteLength >= end + 4 && isIp(view.getUint16(end + 2)) ? end + 4 : null;
}

function isIp(etherType: number): boolean {
  return etherType === etherTypes.ipv4 || etherType === etherTypes.ipv6;
}

function directionOf(packetType: number): "in" | "out" | null {
  if (packetType === outgoing) return "out";
  return packetType < outgoing ? "in" : null;
}
