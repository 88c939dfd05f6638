/** Which evidence of one session is reliable. */
import type { Capture, CellEvidence, Gap } from "../../model/evidence";
import { connectionsOf, type Connection, type View } from "../../evidence/timeline/connections";
import { lanesOf, vantagePointsOf, type VantagePoint } from "../../evidence/timeline/vantage";

export type Testimony = {
  readonly evidence: CellEvidence;
  /** Of the session itself: a cell that is tried again has more from the same address, and so has who looks on afterwards. */
  readonly connections: readonly Connection[];
  /** The session's own control connection; those of sessions given up came before. `null` if none was seen. */
  readonly control: Connection | null;
  readonly points: readonly VantagePoint[];
  /** Seconds since the epoch. */
  readonly endedAt: number;
  /** What came so much before the end that both sides of a claim must know it. */
  readonly settledAt: number;
};

/** A client that gives up and a packet that comes just then do not contradict each other. */
const edgeSeconds = 0.2;
/** The client counts from the start of its process, the kernel does not. */
const clockErrorSeconds = 0.05;

/** `null` if something is missing and it is unknown what that leaves open. */
export function testimonyOf(evidence: CellEvidence): Testimony | null {
  const { attempt, missing } = evidence;
  const nodes = lanesOf(evidence).map(({ node }) => node);
  const isPlaced = ({ collector, node }: Gap): boolean =>
    collector === "server-log" || (node !== null && nodes.includes(node));
  if (!missing.every(isPlaced)) return null;
  const endedAt = attempt.startedAt + attempt.durationMs / 1000;
  const all = connectionsOf(evidence);
  const started = all.filter((connection) => startOf(connection) <= endedAt);
  // Some programs connect again by themselves, and do not say which of their words belong to which connection.
  const isOwn = (connection: Connection): boolean =>
    connection.kind === "control" && startOf(connection) >= attempt.startedAt;
  if (started.filter(isOwn).length > 1) return null;
  const control =
    started.findLast(
      (connection) => connection.kind === "control" && startOf(connection) >= attempt.startedAt - clockErrorSeconds,
    ) ?? null;
  // If the session's own lies outside its time, some clock was set meanwhile, and no order can be relied upon.
  if (control === null && all.some(({ kind }) => kind === "control")) return null;
  return {
    evidence,
    connections: control === null ? started : started.filter((connection) => startOf(connection) >= startOf(control)),
    control,
    points: vantagePointsOf(evidence),
    endedAt,
    settledAt: endedAt - edgeSeconds,
  };
}

/** When its first packet was seen, in seconds since the epoch. */
export function startOf({ views }: Connection): number {
  return Math.min(...views.map(({ packets }) => packets[0]?.at ?? Infinity));
}

/** The vantage points of a host, if it has any and nothing can have passed it unseen; else `null`. */
export function wholeHost({ points, evidence }: Testimony, kind: "client" | "server"): readonly VantagePoint[] | null {
  const own = points.filter((point) => point.kind === kind);
  return own.length > 0 && own.every(({ capture }) => isWhole(capture, evidence)) ? own : null;
}

/** A router's captures, if there is one for each link that it has and nothing can have passed them unseen; else `null`. */
export function wholeRouter({ evidence }: Testimony, router: string): readonly Capture[] | null {
  const own = evidence.captures.filter(({ node }) => node === router);
  return own.length > 1 && own.every((capture) => isWhole(capture, evidence)) ? own : null;
}

export function isWhole({ node, cut }: Capture, { missing }: CellEvidence): boolean {
  // A host or router whose other witnesses failed may have been too busy to capture everything, too.
  return cut === null && !missing.some((gap) => gap.collector !== "server-log" && gap.node === node);
}

/** Whether the server's logs can be relied upon. */
export function isLogWhole(evidence: CellEvidence): boolean {
  const server = lanesOf(evidence).at(-1)?.node ?? "server";
  return (
    evidence.server !== null &&
    !evidence.missing.some(({ collector, node }) => collector === "server-log" || node === server)
  );
}

/** The view of a connection at one of some vantage points. */
export function viewAt(connection: Connection, points: readonly VantagePoint[]): View | null {
  return connection.views.find(({ point }) => isAmong(point, points)) ?? null;
}

export function isAmong({ capture }: VantagePoint, points: readonly VantagePoint[]): boolean {
  return points.some((point) => point.capture === capture);
}

/** `client:internet`. */
export function interfaces(points: readonly VantagePoint[]): string {
  return points.map(({ capture: { node, link } }) => `${node}:${link}`).join(" and ");
}
