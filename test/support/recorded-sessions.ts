/** Sessions of the core matrix with the packets of all their vantage points, kept in `test/fixtures/timeline`, a file each. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Capture, CellEvidence, SeenPacket } from "../../harness/model/evidence";

const folder = join(__dirname, "..", "fixtures", "timeline");

export const recordedSessions = [
  "227-rewritten",
  "229-unread",
  "download",
  "eprt-through-two-routers",
  "ipv6-forward-dropped",
] as const;
export type RecordedSession = (typeof recordedSessions)[number];

/** The first line is the evidence without its captures; then a line for each vantage point, and behind a tab each packet. */
export function recordedSession(name: RecordedSession): CellEvidence {
  const [head = "", ...lines] = readFileSync(join(folder, `${name}.txt`), "utf8")
    .trimEnd()
    .split("\n");
  const captures: (Capture & { readonly packets: SeenPacket[] })[] = [];
  for (const line of lines) {
    if (line.startsWith("\t")) captures.at(-1)?.packets.push(readPacket(line.slice(1)));
    else {
      const [node = "", link = ""] = line.split(" ");
      captures.push({ node, link, packets: [], cut: null });
    }
  }
  const recorded = JSON.parse(head) as Omit<CellEvidence, "captures">;
  // Recordings of the first schema tell of no packets but SYNs.
  const routers = recorded.routers.map((router) => ({ ...{ dropped: [] }, ...router }));
  return { ...recorded, routers, captures };
}

function readPacket(line: string): SeenPacket {
  const [at, direction, source = "", sourcePort, destination = "", destinationPort, flags = "", ...rest] =
    line.split("\t");
  const [sequence, acknowledgement, length, text] = rest;
  return {
    at: Number(at),
    direction: direction === "in" ? "in" : "out",
    flow: { source, destination, sourcePort: Number(sourcePort), destinationPort: Number(destinationPort) },
    flags,
    sequence: Number(sequence),
    acknowledgement: Number(acknowledgement),
    length: Number(length),
    text: text ?? null,
    icmp: null,
  };
}
