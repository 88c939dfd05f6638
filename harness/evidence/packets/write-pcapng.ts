import {
  blockFrameLength,
  blockTypes,
  byteOrderMagic,
  directionBits,
  optionCodes,
  packetFieldsLength,
  padded,
} from "./pcapng-format";
import type { CapturedFrame } from "./pcap";

/** A vantage point of a capture. */
export type WrittenInterface = {
  readonly name: string;
  readonly description: string;
  /** LINKTYPE_ number of its frames. */
  readonly linkType: number;
};

/** What one pcapng file shall hold. */
export type WrittenCapture = {
  readonly interfaces: readonly WrittenInterface[];
  /** `interface` is an index into `interfaces`. */
  readonly packets: readonly (CapturedFrame & {
    readonly interface: number;
    readonly direction: "in" | "out" | null;
  })[];
  /** A TLS key log (SSLKEYLOGFILE format), with which Wireshark decrypts; "" for none. */
  readonly secrets: string;
  /** "" for none. */
  readonly comment: string;
};

type Option = { readonly code: number; readonly value: Uint8Array };

/** "TLSK". */
const tlsKeyLog = 0x544c534b;
const longestOption = 0xffff;
/** Of ten: nanoseconds. */
const timeResolution = 9;
const lengthNotTold = 0xffff_ffff_ffff_ffffn;
const flagsLength = 12;

/** Writes a capture as one section of pcapng (draft-ietf-opsawg-pcapng), which Wireshark opens and `parsePcapng` reads. */
export function writePcapng(capture: WrittenCapture): Buffer {
  const heads = [
    sectionBlock(capture.comment),
    ...capture.interfaces.map(interfaceBlock),
    // Secrets hold for the packets behind them only.
    ...(capture.secrets === "" ? [] : [secretsBlock(capture.secrets)]),
  ];
  const headsLength = heads.reduce((sum, head) => sum + head.length, 0);
  const packetsLength = capture.packets.reduce((sum, packet) => sum + packetBlockLength(packet), 0);
  // Zeros, so that padding needs no writing.
  const file = Buffer.alloc(headsLength + packetsLength);
  let offset = 0;
  for (const head of heads) offset += head.copy(file, offset);
  for (const packet of capture.packets) offset = writePacket(file, offset, packet);
  return file;
}

function sectionBlock(comment: string): Buffer {
  const fields = Buffer.alloc(16);
  fields.writeUInt32LE(byteOrderMagic, 0);
  fields.writeUInt16LE(1, 4);
  fields.writeBigUInt64LE(lengthNotTold, 8);
  const options = [textOption(optionCodes.comment, comment), textOption(optionCodes.application, "ftp-nat-matrix")];
  return block(blockTypes.section, fields, optionBytes(options.flat()));
}

function interfaceBlock({ name, description, linkType }: WrittenInterface): Buffer {
  const fields = Buffer.alloc(8);
  fields.writeUInt16LE(linkType, 0);
  const options = [
    textOption(optionCodes.interfaceName, name),
    textOption(optionCodes.interfaceDescription, description),
    [{ code: optionCodes.timeResolution, value: Uint8Array.of(timeResolution) }],
  ];
  return block(blockTypes.interface, fields, optionBytes(options.flat()));
}

function secretsBlock(secrets: string): Buffer {
  const text = Buffer.from(secrets);
  const fields = Buffer.alloc(8 + padded(text.length));
  fields.writeUInt32LE(tlsKeyLog, 0);
  fields.writeUInt32LE(text.length, 4);
  text.copy(fields, 8);
  return block(blockTypes.secrets, fields, Buffer.alloc(0));
}

function block(type: number, fields: Buffer, options: Buffer): Buffer {
  const length = blockFrameLength + fields.length + options.length;
  const ends = Buffer.alloc(blockFrameLength);
  ends.writeUInt32LE(type, 0);
  ends.writeUInt32LE(length, 4);
  ends.writeUInt32LE(length, 8);
  return Buffer.concat([ends.subarray(0, 8), fields, options, ends.subarray(8)]);
}

function textOption(code: number, text: string): readonly Option[] {
  if (text === "") return [];
  const room = new Uint8Array(Math.min(longestOption, text.length * 3));
  // Never ends within a character.
  const { written } = new TextEncoder().encodeInto(text, room);
  return [{ code, value: room.subarray(0, written) }];
}

function optionBytes(options: readonly Option[]): Buffer {
  const length = options.reduce((sum, { value }) => sum + 4 + padded(value.length), 4);
  const bytes = Buffer.alloc(length);
  let offset = 0;
  for (const { code, value } of options) {
    bytes.writeUInt16LE(code, offset);
    bytes.writeUInt16LE(value.length, offset + 2);
    bytes.set(value, offset + 4);
    offset += 4 + padded(value.length);
  }
  return bytes;
}

function packetBlockLength({ frame, direction }: WrittenCapture["packets"][number]): number {
  return blockFrameLength + packetFieldsLength + padded(frame.length) + (direction === null ? 0 : flagsLength);
}

/** Writes one packet at a byte of the file and gives the byte behind it. */
function writePacket(file: Buffer, offset: number, packet: WrittenCapture["packets"][number]): number {
  const length = packetBlockLength(packet);
  const end = offset + length;
  const nanoseconds = nanosecondsOf(packet.at);
  file.writeUInt32LE(blockTypes.packet, offset);
  file.writeUInt32LE(length, offset + 4);
  file.writeUInt32LE(packet.interface, offset + 8);
  file.writeUInt32LE(Number(nanoseconds >> 32n), offset + 12);
  file.writeUInt32LE(Number(nanoseconds & 0xffff_ffffn), offset + 16);
  file.writeUInt32LE(packet.frame.length, offset + 20);
  file.writeUInt32LE(packet.originalLength, offset + 24);
  file.set(packet.frame, offset + 28);
  if (packet.direction !== null) {
    file.writeUInt16LE(optionCodes.packetFlags, end - 4 - flagsLength);
    file.writeUInt16LE(4, end - 4 - flagsLength + 2);
    file.writeUInt32LE(directionBits[packet.direction], end - 4 - flagsLength + 4);
  }
  file.writeUInt32LE(length, end - 4);
  return end;
}

/** A number of today's seconds is exact to a quarter of a microsecond, so the kernel's whole microseconds are found again. */
function nanosecondsOf(at: number): bigint {
  const seconds = Math.floor(at);
  const microseconds = Math.round((at - seconds) * 1e6);
  const exact = seconds + microseconds / 1e6 === at;
  const fraction = exact ? microseconds * 1000 : Math.round((at - seconds) * 1e9);
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction);
}
