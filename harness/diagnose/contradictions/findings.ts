/** Checks a diagnosis against the packets. If they contradict a sentence, this program is at fault, and there is no verdict. */
import { isPassive } from "../../model/axes";
import type { CauseId, Diagnosis } from "../../model/diagnosis";
import type { CellEvidence } from "../../model/evidence";
import type { FirstBreak } from "../../model/first-break";
import type { Connection } from "../../evidence/timeline/connections";
import { isSyn, isSynAck } from "../../evidence/timeline/segment";
import { goesOn, hasArrived, travelOf, type Travel } from "../locate/travel";

/** Causes that say that the control connection never came about. */
const notConnected: ReadonlySet<CauseId> = new Set([
  "port-unreachable",
  "client-never-dialled",
  "client-program-failed",
] as const);

/** Causes that say that a router or a host let no data connection through. */
const dataNotConnected: ReadonlySet<CauseId> = new Set([
  "no-helper",
  "helper-blind-to-tls",
  "helper-missed-first-line-after-ccc",
  "helper-not-on-port",
  "helper-does-not-know-line",
  "related-not-accepted",
  "egress-blocked",
  "passive-port-not-forwarded",
  "active-connection-blocked",
  "client-never-dialled",
  "client-program-failed",
] as const);

/** Words that say that nothing came back. */
const silence = /\b(got no answer|did not answer|stayed silent|sent no answer)\b/;

/**
 * Where the root of a failure contradicts the packets, a sentence each; empty if no packets were captured. What is missing contradicts
 * nothing.
 */
export function findingContradictions(evidence: CellEvidence, diagnosis: Diagnosis): readonly string[] {
  const [root] = diagnosis.findings;
  if (root === undefined || evidence.captures.some(({ cut }) => cut !== null)) return [];
  const travel = travelOf(evidence);
  if (travel === null) return [];
  const control = lastOf(travel, "control");
  const data = lastOf(travel, "data");
  const isOpen = (connection: Connection | null): boolean => connection !== null && isEstablished(connection, travel);
  const { cause, explanation } = root;
  return [
    ...(notConnected.has(cause) && isOpen(control)
      ? [`${cause} says that no control connection came about, and its handshake was seen at both ends.`]
      : []),
    ...(dataNotConnected.has(cause) &&
    evidence.attempt.stage === "data-connect" &&
    isOpen(data) &&
    isServed(data, evidence)
      ? [`${cause} says that no data connection came about, and its handshake was seen at both ends.`]
      : []),
    ...(silence.test(explanation) && isAnswered(travel, evidence, diagnosis)
      ? [`"${explanation}" says that nothing answered, and a SYN,ACK was seen.`]
      : []),
    ...(explanation.includes("every packet arrived") && diagnosis.firstBreak?.what === "lost"
      ? [
          `"${explanation}" says that every packet arrived, and the first break is a loss: ${diagnosis.firstBreak.sentence}`,
        ]
      : []),
    ...(isGreetingUnsent(diagnosis.firstBreak) && control !== null && hasGreeted(control, travel)
      ? [
          `"${diagnosis.firstBreak?.sentence ?? ""}" says that the server sent no greeting, and a segment of it was seen.`,
        ]
      : []),
    ...unseenPlaces(evidence, explanation),
  ];
}

function isGreetingUnsent(found: FirstBreak | null): boolean {
  return found?.what === "never-sent" && found.thing.kind === "greeting";
}

/** A greeting was sent on it in clear (RFC 959 section 5.4), whatever happened to that. */
function hasGreeted(connection: Connection, { journeys }: Travel): boolean {
  return journeys.some(
    ({ connection: own, way, sightings: [{ packet }] }) =>
      own === connection && way === "back" && /^[12]20[ -]/.test(packet.text ?? ""),
  );
}

function lastOf({ connections }: Travel, kind: Connection["kind"]): Connection | null {
  return connections.findLast((connection) => connection.kind === kind) ?? null;
}

/** The SYN came to its end, the SYN,ACK came back, and the opener went on with data or its ACK, which came too. */
function isEstablished(connection: Connection, { journeys }: Travel): boolean {
  const own = journeys.filter((journey) => journey.connection === connection);
  const has = (is: typeof isSyn, way: "forth" | "back"): boolean =>
    own.some((journey) => journey.way === way && is(journey.sightings[0].packet) && hasArrived(journey));
  const isCompleted = own.some((journey) => goesOn(journey) && hasArrived(journey));
  return has(isSyn, "forth") && has(isSynAck, "back") && isCompleted;
}

/** The data connection is of the kind that the cell asks for. */
function isServed(data: Connection | null, { cell }: CellEvidence): boolean {
  return data !== null && (data.opener === "client") === isPassive(cell.data);
}

/** A SYN,ACK of the connection that broke was seen anywhere. */
function isAnswered({ connections, journeys }: Travel, evidence: CellEvidence, { firstBreak }: Diagnosis): boolean {
  const kind = firstBreak?.thing.connection ?? (evidence.attempt.stage === "control-connect" ? "control" : "data");
  const connection = connections.findLast((candidate) => candidate.kind === kind);
  return journeys.some((journey) => journey.connection === connection && isSynAck(journey.sightings[0].packet));
}

/** `203.0.113.1:50000` in a sentence, of which no witness told. */
function unseenPlaces(evidence: CellEvidence, explanation: string): readonly string[] {
  const named = [...explanation.matchAll(/\b(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})\b/g)];
  if (named.length === 0) return [];
  const seen = new Set<string>();
  const add = (address: string, port: number): void => {
    seen.add(address).add(String(port));
  };
  for (const { packets } of evidence.captures) {
    for (const { flow } of packets) {
      add(flow.source, flow.sourcePort);
      add(flow.destination, flow.destinationPort);
    }
  }
  const rest = JSON.stringify([evidence.attempt, evidence.server, evidence.routers, evidence.hosts ?? []]);
  return named.flatMap(([place = "", address = "", port = ""]) => {
    const isSeen = (word: string): boolean => seen.has(word) || rest.includes(word) || rest.includes(commas(word));
    return isSeen(address) && (isSeen(port) || rest.includes(halves(Number(port))))
      ? []
      : [`The explanation names ${place}, which no witness saw.`];
  });
}

/** As 227 and PORT write an address, and a port (RFC 959). */
function commas(address: string): string {
  return address.replaceAll(".", ",");
}

function halves(port: number): string {
  return `,${Math.floor(port / 256)},${port % 256}`;
}
