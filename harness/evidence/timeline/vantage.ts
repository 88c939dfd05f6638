import { controlPortOf } from "../../model/axes";
import type { Capture, CellEvidence } from "../../model/evidence";
import type { Lane } from "../../model/timeline";

/** A capture with its place among the nodes, which are counted from the client on. */
export type VantagePoint = {
  readonly capture: Capture;
  readonly nodeIndex: number;
  readonly kind: Lane["kind"];
};

/** The vantage points, as the captures stand in evidence. */
export function vantagePointsOf(evidence: CellEvidence): readonly VantagePoint[] {
  const lanes = lanesOf(evidence);
  return evidence.captures.map((capture) => {
    const nodeIndex = lanes.findIndex(({ node }) => node === capture.node);
    return { capture, nodeIndex, kind: lanes[nodeIndex]?.kind ?? "router" };
  });
}

/** Client, routers, server; hosts whose packets were not captured have the names of their roles. */
export function lanesOf(evidence: CellEvidence): readonly Lane[] {
  const ids = new Set(evidence.routers.map(({ router }) => router));
  const nodes = [...new Set(evidence.captures.map(({ node }) => node))];
  const [first = "client", last = "server"] = [nodes[0], nodes.at(-1)];
  const isAlone = nodes.length === 1 && answersControl(evidence);
  const client = ids.has(first) || isAlone ? "client" : first;
  const server = ids.has(last) || (last === first && !isAlone) ? "server" : last;
  // A router whose own witness failed may still have captures.
  const others = nodes.filter((node) => node !== client && node !== server && !ids.has(node));
  const routers =
    others.length === 0
      ? [...ids]
      : [...new Set([...nodes.filter((node) => ids.has(node) || others.includes(node)), ...ids])];
  return [
    { node: client, kind: "client" },
    ...routers.map((node): Lane => ({ node, kind: isOtherServer(evidence, node, server) ? "server" : "router" })),
    { node: server, kind: "server" },
  ];
}

/** A router is on two links at least; a host beside the last one, on the last one's. */
function isOtherServer({ captures, routers }: CellEvidence, node: string, server: string): boolean {
  if (routers.some(({ router }) => router === node)) return false;
  const [link, ...others] = captures.filter((capture) => capture.node === node).map((capture) => capture.link);
  return others.length === 0 && captures.some((capture) => capture.node === server && capture.link === link);
}

/** Whether the one node that was listened to is the server: it is dialled and does not dial. */
function answersControl({ cell, captures }: CellEvidence): boolean {
  const port = controlPortOf(cell.mode);
  return captures.some(({ packets }) =>
    packets.some(
      ({ direction, flags, flow }) => direction === "in" && flags === "SYN" && flow.destinationPort === port,
    ),
  );
}
