/** A SYN that a router's trace shows to have ended there, where no packets were captured. */
import { controlPortOf } from "../../model/axes";
import type { CellEvidence } from "../../model/evidence";
import { handAt, isStopped, type FoundBreak } from "./hand";
import type { Session } from "./refusal";

/** The first router on the way that stopped it; `null` if every router that was traced let it through. */
export function traceBreak(evidence: CellEvidence, { passive, stage }: Session): FoundBreak | null {
  if (stage !== "control-connect" && stage !== "data-connect") return null;
  const control = controlPortOf(evidence.cell.mode);
  const isOpening = stage === "control-connect";
  const from = passive || isOpening ? "client" : "server";
  const inOrder = from === "client" ? evidence.routers : evidence.routers.toReversed();
  for (const { router, packets } of inOrder) {
    const isWanted = ({ arrived }: (typeof packets)[number]): boolean =>
      (arrived.destinationPort === control) === isOpening;
    const last = packets.findLast(isWanted);
    if (last === undefined || !isStopped(last)) continue;
    const packet = { flow: last.arrived, flags: last.flags, length: 0 };
    const known = handAt(evidence, router, packet);
    if (known === null) continue;
    const thing = { connection: isOpening ? "control" : "data", kind: "syn", from, text: null } as const;
    return { what: "lost", thing, place: { kind: "node", node: router }, ...known, packet };
  }
  return null;
}
