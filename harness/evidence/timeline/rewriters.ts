import type { CellEvidence } from "../../model/evidence";
import type { LineEntry, PacketEntry } from "../../model/timeline";
import { rulesOf } from "../text/rules";

/** Captures cut texts there. */
const longestText = 200;

type Line = Pick<LineEntry, "from" | "sent" | "received">;

/** Who changed a line between its two ends: as its packet looked before and after each router, else the only one with a helper. */
export function rewritersOf(
  evidence: CellEvidence,
  packets: readonly PacketEntry[],
): (line: Line) => readonly string[] {
  const routers = new Set(evidence.routers.map(({ router }) => router));
  const helpers = evidence.routers.filter(hasHelper).map(({ router }) => router);
  const [only] = helpers;
  return ({ from, sent, received }) => {
    if (sent === null || received === null || sent === received) return [];
    const isIt = (packet: PacketEntry): boolean => {
      const texts = packet.hops.map(({ text }) => text);
      return (
        packet.connection === "control" &&
        packet.from === from &&
        texts.includes(cut(sent)) &&
        texts.includes(cut(received))
      );
    };
    const packet = packets.find(isIt);
    if (packet !== undefined) return changersOf(packet, routers);
    return only !== undefined && helpers.length === 1 ? [only] : [];
  };
}

function changersOf({ hops }: PacketEntry, routers: ReadonlySet<string>): readonly string[] {
  return hops.flatMap(({ node, text }, index) => {
    const before = hops[index - 1];
    return before?.node === node && routers.has(node) && before.text !== text ? [node] : [];
  });
}

function hasHelper(router: CellEvidence["routers"][number]): boolean {
  if (router.connections.some(({ helper }) => helper !== null)) return true;
  return (rulesOf(router)?.helpers ?? []).length > 0;
}

function cut(text: string): string {
  return text.slice(0, longestText);
}
