import { decodeFrame } from "../../../evidence/packets/frame";
import { linkTypes } from "../../../evidence/packets/link-header";
import { parsePcap } from "../../../evidence/packets/pcap";
import type { Hit } from "./loss";

/** LINKTYPE_NFLOG of libpcap. */
const nflog = 239;
/** NFULA_PAYLOAD of linux/netfilter/nfnetlink_log.h. */
const payloadType = 9;
/** Family, version and resource id. */
const headerLength = 4;

/** The TCP packets that a rule logged to an NFLOG group, from the file that tcpdump wrote of it. */
export function readHits(pcap: Uint8Array): readonly Hit[] {
  const { packets, linkType } = parsePcap(new Uint8Array(pcap.buffer, pcap.byteOffset, pcap.byteLength));
  if (linkType !== nflog) return [];
  return packets.flatMap(({ at, frame }): Hit[] => {
    const ip = payloadOf(frame);
    const decoded = ip === null ? null : decodeFrame(linkTypes.raw, ip);
    return decoded === null ? [] : [{ at, ...decoded.packet }];
  });
}

/** Attributes of length, type and value, in the byte order of the machine, each padded to four bytes. */
function payloadOf(frame: Uint8Array): Uint8Array | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  let at = headerLength;
  while (at + 4 <= frame.byteLength) {
    const length = view.getUint16(at, true);
    if (length < 4 || at + length > frame.byteLength) return null;
    if ((view.getUint16(at + 2, true) & 0x7fff) === payloadType) return frame.subarray(at + 4, at + length);
    at += Math.ceil(length / 4) * 4;
  }
  return null;
}
