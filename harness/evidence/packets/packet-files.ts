import type { SeenPacket } from "../../model/evidence";
import { decodeFrame } from "./frame";
import { parsePcapng } from "./pcapng";
import type { SessionCapture } from "./captures";
import { writePcapng, type WrittenCapture } from "./write-pcapng";

/** A binary file of a recording. */
export type PacketFile = { readonly path: string; readonly bytes: Buffer };

/** All vantage points in one file. */
const mergedName = "merged.pcapng";

/**
 * A session's packets as pcapng files: one for each vantage point, and one of all of them in the order of time. Each holds the
 * TLS secrets of the session, so that Wireshark shows control and data in clear.
 *
 * @param keyLog lines in the NSS key log format (SSLKEYLOGFILE), of any sessions
 */
export function renderPacketFiles(cellId: string, captures: readonly SessionCapture[], keyLog: string): PacketFile[] {
  if (captures.length === 0) return [];
  const secrets = secretsOf(captures, keyLog);
  const interfaces = captures.map(({ capture: { node, link }, linkType }) => ({
    name: `${node}:${link}`,
    description: `${node}'s end of ${link}`,
    linkType,
  }));
  const packetsOf = ({ seen }: SessionCapture, index: number): WrittenCapture["packets"] =>
    seen.map(({ frame, packet: { direction } }) => ({ ...frame, direction, interface: index }));
  const single = captures.map((one, index) => ({
    path: packetFileName(one.capture),
    bytes: writePcapng({
      interfaces: interfaces.slice(index, index + 1),
      packets: packetsOf(one, 0),
      secrets,
      comment: `${cellId}, seen by ${one.capture.node} on ${one.capture.link}`,
    }),
  }));
  const all = captures.flatMap(packetsOf).sort((one, other) => one.at - other.at);
  const comment = `${cellId}, seen from client to server`;
  return [...single, { path: mergedName, bytes: writePcapng({ interfaces, packets: all, secrets, comment }) }];
}

/** `client-internet.pcapng`. */
export function packetFileName({ node, link }: { readonly node: string; readonly link: string }): string {
  return `${node}-${link}.pcapng`;
}

/** What a vantage point's file says; a damaged one gives the packets before the damage, and a sentence about it. */
export function seenPackets(bytes: Uint8Array): {
  readonly packets: readonly SeenPacket[];
  readonly problem: string | null;
} {
  const { interfaces, packets, problem } = parsePcapng(bytes);
  const seen = packets.flatMap((frame): SeenPacket[] => {
    const decoded = decodeFrame(interfaces[frame.interface]?.linkType ?? 0, frame.frame);
    const direction = frame.direction ?? decoded?.direction ?? null;
    return decoded === null || direction === null ? [] : [{ at: frame.at, direction, ...decoded.packet }];
  });
  return { packets: seen, problem };
}

/** The lines of a key log that belong to the session: their second word is the client's random. */
function secretsOf(captures: readonly SessionCapture[], keyLog: string): string {
  const randoms = new Set(captures.flatMap(({ seen }) => seen.flatMap(({ clientRandom }) => clientRandom ?? [])));
  const lines = keyLog.split("\n").filter((line) => randoms.has(line.split(" ", 2)[1] ?? ""));
  return lines.map((line) => `${line}\n`).join("");
}
