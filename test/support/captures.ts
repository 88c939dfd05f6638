/** Recorded captures, with what tshark reads in them, and packets made by hand where no recording has their like. */
import { readFileSync } from "node:fs";
import { decodeFrame, type DecodedFrame } from "../../harness/evidence/packets/frame";
import { parsePcap, type CapturedFrame } from "../../harness/evidence/packets/pcap";

const folder = "test/fixtures/captures";

/** Captures of a router with two links, `tcpdump -i any` unless the name says otherwise. */
export const recordings = [
  "server-nat-helper.router",
  "server-nat-helper.router.cooked",
  "server-nat-helper.router.lan",
  "server-nat-helper.router.tls",
  "server-nat-helper.router.icmp",
  "ipv6-firewall-helper.router",
  "ipv6-firewall-helper.router.icmp",
] as const;
export type Recording = (typeof recordings)[number];

export function captureBytes(name: Recording): Buffer {
  return readFileSync(`${folder}/${name}.pcap`);
}

export function keyLogOf(name: "server-nat-helper.router.tls"): string {
  return readFileSync(`${folder}/${name}.keys.txt`, "utf8");
}

/** The packets that are TCP or about it, each with its frame. */
export function decodedOf(name: Recording): readonly (DecodedFrame & { readonly captured: CapturedFrame })[] {
  const { packets, linkType } = parsePcap(captureBytes(name));
  return packets.flatMap((captured) => {
    const decoded = decodeFrame(linkType, captured.frame);
    return decoded === null ? [] : [{ ...decoded, captured }];
  });
}

/** One row a packet that is TCP or about it, as tshark reads it; fields that it does not tell are "". */
export function tsharkRows(name: Recording): readonly ReadonlyMap<string, string>[] {
  const [header = "", ...lines] = readFileSync(`${folder}/${name}.tshark.tsv`, "utf8").trimEnd().split("\n");
  const fields = header.split("\t");
  return lines.map((line) => {
    const values = line.split("\t");
    return new Map(fields.map((field, index) => [field, values[index] ?? ""]));
  });
}

/** A TCP header of 20 bytes and a payload. */
export function segment({
  ports = [40000, 21],
  sequence = 1,
  acknowledgement = 0,
  flags = 0x10,
  payload = "",
} = {}): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(ports[0] ?? 0, 0);
  header.writeUInt16BE(ports[1] ?? 0, 2);
  header.writeUInt32BE(sequence, 4);
  header.writeUInt32BE(acknowledgement, 8);
  header[12] = 0x50;
  header[13] = flags;
  return Buffer.concat([header, Buffer.from(payload)]);
}

/** An IPv4 packet from 192.0.2.1 to 198.51.100.2. */
export function ipv4(
  content: Buffer,
  {
    protocol = 6,
    options = 0,
    total,
    fragment = 0,
  }: {
    readonly protocol?: number;
    readonly options?: number;
    readonly total?: number;
    readonly fragment?: number;
  } = {},
): Buffer {
  const header = Buffer.alloc(20 + options);
  header[0] = 0x45 + options / 4;
  header.writeUInt16BE(total ?? header.length + content.length, 2);
  header.writeUInt16BE(fragment, 6);
  header[9] = protocol;
  header.set([192, 0, 2, 1, 198, 51, 100, 2], 12);
  return Buffer.concat([header, content]);
}

/** An IPv6 packet from 2001:db8::1 to 2001:db8:0:1::2. */
export function ipv6(content: Buffer, { next = 6, length = content.length } = {}): Buffer {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(length, 4);
  header[6] = next;
  header.set([0x20, 0x01, 0x0d, 0xb8], 8);
  header[23] = 1;
  header.set([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1], 24);
  header[39] = 2;
  return Buffer.concat([header, content]);
}
