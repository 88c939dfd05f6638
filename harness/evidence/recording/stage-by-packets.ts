import { traitsOf, type Stage } from "../../model/axes";
import type { CellEvidence, SeenPacket } from "../../model/evidence";
import { readDialogue, dataVerbs, transferVerbs } from "../../ftp/dialogue";
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
  if (protection === "P" && (attempt.stage === "data-connect" || attempt.stage === "transfer")) {
    // Its ClientHello is the first that passes on a data connection, whoever opened that (RFC 4217 section 9).
    const packets = clientsPackets(evidence, "data");
    const isSilent = packets.some(isSynAck) && packets.every(({ length }) => length === 0);
    if (isSilent && endsWithTransfer(evidence)) return "data-tls";
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

function endsWithDataCommand(evidence: CellEvidence): boolean {
  return dataVerbs.includes(lastVerb(evidence) ?? "");
}

function endsWithTransfer(evidence: CellEvidence): boolean {
  return transferVerbs.includes(lastVerb(evidence) ?? "");
}

function lastVerb({ attempt, cell }: CellEvidence): string | undefined {
  const { exchanges } = readDialogue(attempt.transcript, traitsOf(cell.mode));
  return exchanges.findLast(({ verb }) => verb !== "QUIT")?.verb;
}
