import type { FlowTuple, SeenPacket } from "../../model/evidence";
import { clearLineOf } from "../text/clear-line";
import { icmpWords, icmpv6Words } from "../text/icmp-words";
import { protocols, readIpHeader, type IpHeader } from "./ip-header";
import { readLinkHeader } from "./link-header";

/** A frame's headers, and the payload that they carry. */
export type DecodedFrame = {
  /** As the kernel numbers interfaces; `null` if the link's header does not tell. */
  readonly interfaceIndex: number | null;
  /** `null` if the link's header does not tell. */
  readonly direction: SeenPacket["direction"] | null;
  /** Where `icmp` is set, `sequence`, `acknowledgement` and `length` are the quoted segment's too, 0 what is not quoted. */
  readonly packet: Omit<SeenPacket, "at" | "direction">;
  /** TCP payload as far as it was captured, a view into the frame; empty if `icmp` is set. */
  readonly payload: Uint8Array;
};

const tcpHeaderLength = 20;
const icmpHeaderLength = 8;

/** An ICMP error quotes an IP header and at least this much: ports and sequence number (RFC 792). */
const quotedLength = 8;

/** By bit, from the lowest. ECN's flags (RFC 3168) and PSH say nothing of the connection. */
const flagNames = ["FIN", "SYN", "RST", null, "ACK", "URG", null, null] as const;

/** The text for each value of the flags' byte, made once. */
const flagTexts: readonly string[] = Array.from({ length: 256 }, (_, bits) =>
  flagNames.filter((name, bit) => name !== null && (bits >> bit) % 2 === 1).join(","),
);

/**
 * Reads a frame down to TCP, or to an ICMP or ICMPv6 error about TCP; `null` for all else, for what is cut within its headers,
 * and for fragments without ports.
 *
 * @param linkType LINKTYPE_ number of the capture; see `linkTypes`
 */
export function decodeFrame(linkType: number, frame: Uint8Array): DecodedFrame | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const link = readLinkHeader(linkType, view);
  if (link === null) return null;
  const ip = readIpHeader(view, link.length);
  if (ip === null) return null;
  const { interfaceIndex, direction } = link;
  switch (ip.protocol) {
    case protocols.tcp: {
      const start = payloadStart(view, ip);
      if (start === null) return null;
      const payload = frame.subarray(start, ip.end);
      return { interfaceIndex, direction, packet: segmentOf(view, ip, start, clearLineOf(payload)), payload };
    }
    case protocols.icmp:
    case protocols.icmpv6: {
      const packet = readIcmpError(view, ip);
      return packet && { interfaceIndex, direction, packet, payload: frame.subarray(0, 0) };
    }
    default:
      return null;
  }
}

function segmentOf(view: DataView, ip: IpHeader, start: number, text: string | null): DecodedFrame["packet"] {
  return {
    flow: flowOf(view, ip),
    flags: flagTexts[view.getUint8(ip.start + 13)] ?? "",
    sequence: view.getUint32(ip.start + 4),
    acknowledgement: view.getUint32(ip.start + 8),
    length: ip.end - start,
    text,
    icmp: null,
  };
}

function readIcmpError(view: DataView, ip: IpHeader): DecodedFrame["packet"] | null {
  const quotedAt = ip.start + icmpHeaderLength;
  if (view.byteLength < quotedAt) return null;
  const words = ip.protocol === protocols.icmp ? icmpWords(view, ip.start) : icmpv6Words(view, ip.start);
  if (words === null) return null;
  const quoted = readIpHeader(view, quotedAt);
  if (quoted?.protocol !== protocols.tcp || view.byteLength < quoted.start + quotedLength) return null;
  const start = payloadStart(view, quoted);
  return {
    flow: flowOf(view, quoted),
    flags: "",
    sequence: view.getUint32(quoted.start + 4),
    acknowledgement: start === null ? 0 : view.getUint32(quoted.start + 8),
    length: start === null ? 0 : quoted.end - start,
    text: null,
    icmp: { from: ip.source, what: words },
  };
}

function flowOf(view: DataView, ip: IpHeader): FlowTuple {
  return {
    source: ip.source,
    destination: ip.destination,
    sourcePort: view.getUint16(ip.start),
    destinationPort: view.getUint16(ip.start + 2),
  };
}

/** Byte at which a TCP segment's payload begins, past its options (RFC 9293 section 3.1); `null` if the header is not whole. */
function payloadStart(view: DataView, ip: IpHeader): number | null {
  if (view.byteLength < ip.start + tcpHeaderLength) return null;
  const headerLength = (view.getUint8(ip.start + 12) >> 4) * 4;
  const start = ip.start + headerLength;
  return headerLength < tcpHeaderLength || start > ip.end ? null : start;
}
