import type { CapturedFrame } from "./pcap";
import {
  blockFrameLength,
  blockHeaderLength,
  blockTypes,
  byteOrderMagic,
  directionBits,
  optionCodes,
  packetFieldsLength,
  padded,
} from "./pcapng-format";

/** A vantage point of a capture. */
export type CapturedInterface = {
  /** "" if the file does not tell. */
  readonly name: string;
  /** LINKTYPE_ number of its frames. */
  readonly linkType: number;
};

/** A packet, where it was seen, and whether it went into that node or out of it. */
export type PlacedFrame = CapturedFrame & {
  /** Index into the file's `interfaces`. */
  readonly interface: number;
  readonly direction: "in" | "out" | null;
};

/** What a pcapng file holds. */
export type PcapngFile = {
  /** Of all sections, in their order. */
  readonly interfaces: readonly CapturedInterface[];
  readonly packets: readonly PlacedFrame[];
  /** Why packets may be missing at the end, in one sentence with the byte; else `null`. */
  readonly problem: string | null;
};

/** More than this is not read of one file. */
const mostPackets = 200_000;

/** What an interface's time stamps count, and from when. */
type Clock = { readonly ticksPerSecond: number; readonly offsetSeconds: number };

/** A block without its type and lengths. */
type Block = {
  readonly type: number;
  readonly little: boolean;
  readonly start: number;
  readonly end: number;
};

/** Interfaces are numbered anew in each section. */
type Section = { readonly first: number; readonly clocks: Clock[] };

const sectionFieldsLength = 16;
const interfaceFieldsLength = 8;
const optionHeaderLength = 4;

/**
 * Reads the enhanced packets of a pcapng file (draft-ietf-opsawg-pcapng), in either byte order; blocks of other kinds are passed
 * over. A file that is cut or damaged gives the packets before that place.
 */
export function parsePcapng(bytes: Uint8Array): PcapngFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const interfaces: CapturedInterface[] = [];
  const packets: PlacedFrame[] = [];
  const ended = (problem: string | null): PcapngFile => ({ interfaces, packets, problem });
  if (bytes.byteLength < blockFrameLength || view.getUint32(0) !== blockTypes.section) {
    return ended("The file does not begin as a pcapng file does, at byte 0.");
  }
  let section: Section = { first: 0, clocks: [] };
  let little = true;
  for (let offset = 0; offset < bytes.byteLength;) {
    const block = readBlock(view, offset, little);
    if (typeof block === "string") return ended(block);
    little = block.little;
    if (block.type === blockTypes.section) {
      section = { first: interfaces.length, clocks: [] };
    } else if (block.type === blockTypes.interface) {
      const { name, clock } = readInterface(view, block);
      interfaces.push({ name, linkType: view.getUint16(block.start, little) });
      section.clocks.push(clock);
    } else if (block.type === blockTypes.packet) {
      if (packets.length === mostPackets) {
        const rest = `those from byte ${offset} on are left out`;
        return ended(`The file has more than ${mostPackets} packets; ${rest}.`);
      }
      const packet = readPacket(bytes, view, block, section);
      if (packet === null) return ended(`The packet at byte ${offset} is damaged.`);
      packets.push(packet);
    }
    offset = block.end + 4;
  }
  return ended(null);
}

/** The block at a byte, or what is wrong with it. */
function readBlock(view: DataView, offset: number, littleSoFar: boolean): Block | string {
  const rest = view.byteLength - offset;
  if (rest < blockFrameLength) return `The file ends in the block at byte ${offset}.`;
  const isSection = view.getUint32(offset) === blockTypes.section;
  // A section tells its byte order by itself, between its length and the rest.
  const little = isSection ? view.getUint32(offset + blockHeaderLength, true) === byteOrderMagic : littleSoFar;
  const damaged = `The block at byte ${offset} is damaged.`;
  const type = view.getUint32(offset, little);
  const length = view.getUint32(offset + 4, little);
  if (length % 4 !== 0 || length < blockFrameLength + fieldsLengthOf(type)) return damaged;
  if (length > rest) return `The file ends in the block at byte ${offset}.`;
  const start = offset + blockHeaderLength;
  const end = offset + length - 4;
  if (view.getUint32(end, little) !== length) return damaged;
  // Byte order, then the major version.
  if (isSection && (view.getUint32(start, little) !== byteOrderMagic || view.getUint16(start + 4, little) !== 1)) {
    return damaged;
  }
  return { type, little, start, end };
}

function fieldsLengthOf(type: number): number {
  switch (type) {
    case blockTypes.section:
      return sectionFieldsLength;
    case blockTypes.interface:
      return interfaceFieldsLength;
    case blockTypes.packet:
      return packetFieldsLength;
    default:
      return 0;
  }
}

function readInterface(view: DataView, block: Block): { readonly name: string; readonly clock: Clock } {
  let name = "";
  let ticksPerSecond = 1e6;
  let offsetSeconds = 0;
  for (const { code, value } of optionsOf(view, block, block.start + interfaceFieldsLength)) {
    if (code === optionCodes.interfaceName) name = new TextDecoder().decode(value);
    if (code === optionCodes.timeResolution && value.byteLength >= 1) ticksPerSecond = resolutionOf(value.getUint8(0));
    if (code === optionCodes.timeOffset && value.byteLength >= 8)
      offsetSeconds = Number(value.getBigInt64(0, block.little));
  }
  return { name, clock: { ticksPerSecond, offsetSeconds } };
}

/** A power of two where the highest bit is set, else of ten. */
function resolutionOf(field: number): number {
  return field >= 0x80 ? 2 ** (field - 0x80) : 10 ** field;
}

function readPacket(bytes: Uint8Array, view: DataView, block: Block, section: Section): PlacedFrame | null {
  const { start, end, little } = block;
  const number = view.getUint32(start, little);
  const clock = section.clocks[number];
  const length = view.getUint32(start + 12, little);
  const frameStart = start + packetFieldsLength;
  if (clock === undefined || frameStart + length > end) return null;
  let direction: PlacedFrame["direction"] = null;
  for (const { code, value } of optionsOf(view, block, frameStart + padded(length))) {
    if (code !== optionCodes.packetFlags || value.byteLength !== 4) continue;
    const bits = value.getUint32(0, little) & 0b11;
    if (bits === directionBits.in) direction = "in";
    if (bits === directionBits.out) direction = "out";
  }
  return {
    at: secondsOf(view.getUint32(start + 4, little), view.getUint32(start + 8, little), clock),
    originalLength: view.getUint32(start + 16, little),
    frame: bytes.subarray(frameStart, frameStart + length),
    interface: section.first + number,
    direction,
  };
}

/** A time stamp has 64 bits and a number 53: the upper half is divided by itself, and nothing is lost that a number can tell. */
function secondsOf(upper: number, lower: number, { ticksPerSecond, offsetSeconds }: Clock): number {
  const high = upper * 2 ** 32;
  const rest = (high % ticksPerSecond) + lower;
  const fraction = rest % ticksPerSecond;
  const whole = (high - (high % ticksPerSecond)) / ticksPerSecond + (rest - fraction) / ticksPerSecond;
  return offsetSeconds + whole + fraction / ticksPerSecond;
}

/** A block's options from a byte on, up to the first that is not whole. */
function* optionsOf(view: DataView, block: Block, from: number): Generator<{ code: number; value: DataView }> {
  for (let offset = from; offset + optionHeaderLength <= block.end;) {
    const code = view.getUint16(offset, block.little);
    const length = view.getUint16(offset + 2, block.little);
    const start = offset + optionHeaderLength;
    if (code === optionCodes.end || start + length > block.end) return;
    yield { code, value: new DataView(view.buffer, view.byteOffset + start, length) };
    offset = start + padded(length);
  }
}
