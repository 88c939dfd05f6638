/** Lines of the dialogue that something on the path changed in a way in which the FTP helper would not. */
import type { CellEvidence } from "../../model/evidence";
import type { BreakHand, BrokenThing } from "../../model/first-break";
import { isSameOrTranslated } from "../../ftp/endpoint";
import type { Journey } from "../../evidence/timeline/journeys";
import { senderOf, sentAt, type Travel } from "./travel";
import type { PacketBreak } from "./connection-breaks";

/** Lines that were changed on their way, in the order in which they were sent. */
export function alteredLines({ journeys }: Travel, evidence: CellEvidence, until: number): readonly PacketBreak[] {
  return journeys.flatMap((journey): readonly PacketBreak[] => {
    if (journey.connection.kind !== "control" || journey.length === 0 || sentAt(journey) > until) return [];
    const change = changeOf(journey);
    if (change === null) return [];
    const { connection, way, sightings } = journey;
    const from = senderOf(connection, way);
    const { node, before, after, flow } = change;
    const thing: BrokenThing = {
      connection: "control",
      kind: from === "client" ? "command" : "reply",
      from,
      text: before,
    };
    return [
      {
        at: sentAt(journey),
        connection,
        packet: { flow, flags: sightings[0].packet.flags, length: journey.length },
        what: "altered",
        thing,
        place: { kind: "node", node },
        hand: handOf(evidence, node),
        proofs: [{ witness: node, text: `"${before}" came in, and "${after}" went out` }],
      },
    ];
  });
}

type Change = {
  readonly node: string;
  readonly before: string;
  readonly after: string;
  readonly flow: Journey["sightings"][0]["packet"]["flow"];
};

function changeOf({ sightings }: Journey): Change | null {
  for (const [index, { view, packet }] of sightings.entries()) {
    const earlier = sightings[index - 1];
    const [before, after] = [earlier?.packet.text ?? null, packet.text];
    if (earlier === undefined || before === null || after === null || isSameOrTranslated(before, after)) continue;
    // Segments may be cut anew on the way.
    if (before.startsWith(after) || after.startsWith(before)) continue;
    return { node: view.point.capture.node, before, after, flow: packet.flow };
  }
  return null;
}

/** A rule that rewrites payload (nft's `@ih,... set`), where the node's rules show one. */
function handOf({ routers }: CellEvidence, node: string): BreakHand {
  const rules = routers.find(({ router }) => router === node)?.rules ?? "";
  const rule = rules.split("\n").find((line) => /@(ih|th),\d+,\d+ set /.test(line));
  return rule === undefined
    ? { kind: "unknown" }
    : { kind: "rule", node, table: "nftables", chain: "", rule: rule.trim(), isClosing: false };
}
