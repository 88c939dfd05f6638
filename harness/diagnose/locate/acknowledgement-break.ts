/** Acknowledgements without data, which `travel.ts` does not follow. If a rule ends one, the sender of the data waits for it. */
import { isSameFlow, reversed } from "../../evidence/timeline/flow";
import type { Connection } from "../../evidence/timeline/connections";
import type { CellEvidence, FlowTuple } from "../../model/evidence";
import { handAt, traceAt, type FoundBreak } from "./hand";
import { otherEnd, type Travel } from "./travel";

/** The first acknowledgement that a rule ended, on whichever node; `null` if none is known. */
export function acknowledgementBreak(evidence: CellEvidence, { connections }: Travel): FoundBreak | null {
  const nodes = [...evidence.routers.map(({ router }) => router), ...(evidence.hosts ?? []).map(({ host }) => host)];
  for (const node of nodes) {
    const ended = traceAt(evidence, node)?.traced.filter(({ flags }) => /^ACK$/.test(flags)) ?? [];
    for (const { arrived, flags } of ended) {
      const packet = { flow: arrived, flags, length: 0 };
      const known = handAt(evidence, node, packet);
      const place = placeOf(arrived, connections);
      if (known?.hand.kind !== "rule" || place === null) continue;
      const { connection, isForth } = place;
      const from = isForth ? connection.opener : otherEnd(connection.opener);
      const thing = { connection: connection.kind, kind: "acknowledgement", from, text: null } as const;
      return { what: "lost", thing, place: { kind: "node", node }, ...known, packet };
    }
  }
  return null;
}

function placeOf(
  flow: FlowTuple,
  connections: readonly Connection[],
): { readonly connection: Connection; readonly isForth: boolean } | null {
  for (const connection of connections) {
    if (connection.views.some((view) => isSameFlow(view.flow, flow))) return { connection, isForth: true };
    if (connection.views.some((view) => isSameFlow(view.flow, reversed(flow)))) return { connection, isForth: false };
  }
  return null;
}
