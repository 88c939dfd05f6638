/** A destination that a router's NAT gave to a data connection, and the control connection's at the same router. */
import type { CellEvidence, FlowTuple, RouterEvidence, TraceStep } from "../../model/evidence";
import { controlPortOf } from "../../model/axes";
import { isSameFlow } from "../../evidence/timeline/flow";
import { untracks } from "../../evidence/text/rule-words";
import { namesPort, portsNamedIn } from "../../evidence/text/rule-ports";
import { destinationNat } from "../../evidence/text/rule-words";
import type { Journey } from "../../evidence/timeline/journeys";

/** Rules that share connections out among servers do so on purpose, and to all alike. */
const sharing = /statistic|--persistent|--random|numgen|jhash/;

/** The rule that sent a data connection to another host than the control connection, or to another port (`isMoved`); `null`: none did. */
export function redirectionOf(
  { sightings }: Journey,
  { routers, cell }: CellEvidence,
): { readonly node: string; readonly step: TraceStep; readonly isMoved: boolean } | null {
  for (const router of routers) {
    const traced = router.packets.find(({ arrived }) =>
      sightings.some(({ packet }) => isSameFlow(packet.flow, arrived)),
    );
    const port = controlPortOf(cell.mode);
    const step = traced?.steps.find(({ table, rule }) => table === "nat" && rule !== null && destinationNat.test(rule));
    if (traced === undefined || step === undefined || sharing.test(step.rule ?? "")) continue;
    if (namesPort(portsNamedIn(step.rule ?? "", "d"), port)) continue;
    const target = controlTarget(router, port, traced.arrived);
    const reached = traced.steps.findLast(({ chain }) => chain === "FORWARD" || chain === "INPUT")?.packet ?? null;
    if (target === null || reached === null) continue;
    const isMoved = reached.destination === target && reached.destinationPort !== traced.arrived.destinationPort;
    if (reached.destination !== target || isMoved) return { node: router.router, step, isMoved };
  }
  return null;
}

/** Where the control connection's other end is, from this router; where it was dialled elsewhere, nothing can be compared. */
function controlTarget({ connections }: RouterEvidence, port: number, data: FlowTuple): string | null {
  const control = connections.find(({ original }) => original.destinationPort === port);
  if (control === undefined) return null;
  if (control.original.source === data.source) return control.reply.source;
  return control.reply.source === data.source ? control.original.source : null;
}

/**
 * The rule by which connection tracking at this node does not know a connection, or knows it elsewhere than its answers: what then ends as
 * a stranger's ends by that rule; `null` if there is none.
 */
export function untrackingStep(
  journeys: readonly Journey[],
  { routers }: CellEvidence,
  node: string,
): TraceStep | null {
  const flows = journeys.flatMap(({ sightings }) => sightings.map(({ packet }) => packet.flow));
  const router = routers.find((candidate) => candidate.router === node);
  const traced = router?.packets.filter(({ arrived }) => flows.some((flow) => isSameFlow(flow, arrived))) ?? [];
  return traced.flatMap(({ steps }) => steps).find(({ rule }) => rule !== null && untracks.test(rule)) ?? null;
}
