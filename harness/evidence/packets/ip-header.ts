import { ipv4At, ipv6At } from "./packet-address";

/** An IP header, as far as the packet's content needs it. */
export type IpHeader = {
  readonly source: string;
  readonly destination: string;
  /** Number of the protocol inside, past IPv6's extension headers. */
  readonly protocol: number;
  /** Byte at which the content begins. */
  readonly start: number;
  /** Byte at which the content ends by the packet's own word; further than the frame where the capture cut it. */
  readonly end: number;
};

/** IANA numbers of what is looked into. */
export const protocols = { tcp: 6, icmp: 1, icmpv6: 58 } as const;

const extensions = { hopByHop: 0, routing: 43, fragment: 44, authentication: 51, destination: 60 } as const;

/** More than any real packet has. */
const mostExtensions = 8;

/** Reads the IPv4 or IPv6 header at a byte (RFC 791, RFC 8200); `null` for none, and for a fragment that is not the first. */
export function readIpHeader(view: DataView, at: number): IpHeader | null {
  if (view.byteLength < at + 20) return null;
  const version = view.getUint8(at) >> 4;
  if (version === 4) return readIpv4(view, at);
  return version === 6 && view.byteLength >= at + 40 ? readIpv6(view, at) : null;
}

function readIpv4(view: DataView, at: number): IpHeader | null {
  const start = at + (view.getUint8(at) & 0x0f) * 4;
  // Segmentation offload: the length of what is more than 65,535 bytes stands as 0.
  const total = view.getUint16(at + 2) || view.byteLength - at;
  const fragmentOffset = view.getUint16(at + 6) & 0x1fff;
  if (start < at + 20 || at + total < start || fragmentOffset !== 0) return null;
  return {
    source: ipv4At(view, at + 12),
    destination: ipv4At(view, at + 16),
    protocol: view.getUint8(at + 9),
    start,
    end: at + total,
  };
}

function readIpv6(view: DataView, at: number): IpHeader | null {
  let start = at + 40;
  // As above; RFC 2675 writes 0 too.
  const end = start + (view.getUint16(at + 4) || view.byteLength - start);
  let protocol = view.getUint8(at + 6);
  for (let count = 0; isExtension(protocol); count += 1) {
    if (count === mostExtensions || view.byteLength < start + 8) return null;
    if (protocol === extensions.fragment && view.getUint16(start + 2) >> 3 !== 0) return null;
    const next = view.getUint8(start);
    start += extensionLength(protocol, view.getUint8(start + 1));
    protocol = next;
  }
  if (end < start) return null;
  return { source: ipv6At(view, at + 8), destination: ipv6At(view, at + 24), protocol, start, end };
}

function isExtension(protocol: number): boolean {
  switch (protocol) {
    case extensions.hopByHop:
    case extensions.routing:
    case extensions.fragment:
    case extensions.authentication:
    case extensions.destination:
      return true;
    default:
      return false;
  }
}

/** In bytes; each kind counts in its own way (RFC 8200 section 4, RFC 4302 section 2.2). */
function extensionLength(protocol: number, field: number): number {
  if (protocol === extensions.fragment) return 8;
  return protocol === extensions.authentication ? (field + 2) * 4 : (field + 1) * 8;
}
