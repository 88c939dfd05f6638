/** One packet of a capture file, as the kernel handed it over. */
export type CapturedFrame = {
  /** Seconds since the epoch. */
  readonly at: number;
  /** Bytes that it had; `frame` holds fewer where the capture cut it. */
  readonly originalLength: number;
  /** A view into the file, from the link's header on. */
  readonly frame: Uint8Array;
};

/** What a classic capture file holds. */
export type PcapFile = {
  readonly packets: readonly CapturedFrame[];
  /** LINKTYPE_ number of all its frames; 0 where the file has no header. */
  readonly linkType: number;
  /** Why packets may be missing at the end, in one sentence with the byte; else `null`. */
  readonly problem: string | null;
};

/** No kernel hands over more of a packet: libpcap's MAXIMUM_SNAPLEN. */
const longestFrame = 262_144;

const fileHeaderLength = 24;
const packetHeaderLength = 16;
const microseconds = 0xa1b2c3d4;
const nanoseconds = 0xa1b23c4d;

/**
 * Reads a classic capture file as tcpdump writes it (draft-ietf-opsawg-pcap), in either byte order. A file that is cut or
 * damaged gives the packets before that place.
 */
export function parsePcap(bytes: Uint8Array): PcapFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.byteLength;
  if (end < fileHeaderLength)
    return { packets: [], linkType: 0, problem: `The file ends in its header, at byte ${end}.` };
  const little = isMagic(view.getUint32(0, true));
  const magic = view.getUint32(0, little);
  if (!isMagic(magic))
    return { packets: [], linkType: 0, problem: "The file does not begin as a capture does, at byte 0." };
  const ticks = magic === nanoseconds ? 1e9 : 1e6;
  // The upper half of the field tells of check sequences, which no node of a lab has.
  const linkType = view.getUint32(20, little) & 0xffff;

  const packets: CapturedFrame[] = [];
  let offset = fileHeaderLength;
  while (offset < end) {
    const start = offset + packetHeaderLength;
    if (start > end) return { packets, linkType, problem: `The file ends in a packet's header, at byte ${offset}.` };
    const fraction = view.getUint32(offset + 4, little);
    const length = view.getUint32(offset + 8, little);
    if (fraction >= ticks || length > longestFrame)
      return { packets, linkType, problem: `The packet at byte ${offset} is damaged.` };
    if (start + length > end) return { packets, linkType, problem: `The file ends in the packet at byte ${offset}.` };
    packets.push({
      at: view.getUint32(offset, little) + fraction / ticks,
      originalLength: view.getUint32(offset + 12, little),
      frame: bytes.subarray(start, start + length),
    });
    offset = start + length;
  }
  return { packets, linkType, problem: null };
}

function isMagic(word: number): boolean {
  return word === microseconds || word === nanoseconds;
}
