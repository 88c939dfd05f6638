/** Numbers of the pcapng format (draft-ietf-opsawg-pcapng), which its writer and its reader share. */

export const blockTypes = {
  /** Reads alike in both byte orders. */
  section: 0x0a0d0d0a,
  interface: 1,
  packet: 6,
  secrets: 0x0a,
} as const;

/** Type and length before a block's body, and its length once more behind it. */
export const blockHeaderLength = 8;
export const blockFrameLength = 12;

export const byteOrderMagic = 0x1a2b3c4d;

/** Bytes of a packet block's body before the packet. */
export const packetFieldsLength = 20;

/** Codes count anew in each kind of block. */
export const optionCodes = {
  end: 0,
  comment: 1,
  interfaceName: 2,
  interfaceDescription: 3,
  application: 4,
  timeResolution: 9,
  timeOffset: 14,
  packetFlags: 2,
} as const;

/** Two lowest bits of a packet's flags; 0 is not known. */
export const directionBits = { in: 1, out: 2 } as const;

/** Bodies and options end at a multiple of four bytes. */
export function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
