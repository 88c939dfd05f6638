import { traitsOf, type Stage } from "../../model/axes";
import type { CellEvidence, SeenPacket } from "../../model/evidence";
import { readDialogue, dataVerbs } from "../../ftp/dialogue";
import { connectionsOf } from "../timeline/connections";
import { isSynAck } from "../timeline/segment";

/**
 * Programs tell of no stages, and what their dialogue leaves open the packets decide: whether a session that has no reply was
 * connected, and whether TLS began on a data connection of which no transfer command tells.
 */
export function withStageByPackets(evidence: CellEvidence): CellEvidence {
  const { attempt } = evidence;
  // The agent has clocked stages of its own.
  if (attempt.stages.length > 0 || attempt.replyCode !== null) return evidence;
  const stage = stageSeen(evidence);
  return stage === null ? evidence : { ...evidence, attempt: { ...attempt, stage } };
}

function stageSeen(evidence: CellEvidence): Stage | null {
  const { attempt, cell } = evidence;
  const { tls, protection } = traitsOf(cell.mode);
  if (attempt.stage === "control-connect") {
    const isOpened = clientsPackets(evidence, "control").some(
      (packet) => packet.direction === "in" && isSynAck(packet),
    );
    if (!isOpened) return null;
    // With implicit TLS the handshake comes before the greeting.
    return tls === "implicit" ? "auth-tls" : "greeting";
  }
  if (attempt.stage !== "data-connect" || protection !== "P" || !endsWithDataCommand(evidence)) return null;
  const sent = clientsPackets(evidence, "data").filter(({ length }) => length > 0);
  return sent.some(({ direction }) => direction === "out") ? "data-tls" : null;
}

/** The last connection of the kind, as the client's interfaces saw it. */
function clientsPackets(evidence: CellEvidence, kind: "control" | "data"): readonly SeenPacket[] {
  const connection = connectionsOf(evidence).findLast((candidate) => candidate.kind === kind);
  return (connection?.views ?? []).flatMap(({ point, packets }) => (point.kind === "client" ? packets : []));
}

function endsWithDataCommand({ attempt, cell }: CellEvidence): boolean {
  const last = readDialogue(attempt.transcript, traitsOf(cell.mode)).exchanges.findLast(({ verb }) => verb !== "QUIT");
  return last !== undefined && dataVerbs.includes(last.verb);
}
