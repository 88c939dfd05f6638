/** Whether every packet came the way that the topology has. */
import { isSyn } from "../../evidence/timeline/segment";
import type { VantagePoint } from "../../evidence/timeline/vantage";
import { flow as flowWords } from "../words";
import { isWhole, startOf, wholeHost, wholeRouter, type Testimony } from "./reliable-witnesses";

/** Connections that came in by a wire and were not sent into it, or that reached the server past all routers. */
export function wireContradictions(testimony: Testimony): readonly string[] {
  return [...fromNowhere(testimony), ...pastRouters(testimony)];
}

function fromNowhere({ evidence, connections, endedAt }: Testimony): readonly string[] {
  return connections.flatMap((connection) =>
    connection.views.flatMap(({ point, packets, flow }) => {
      const { node, link } = point.capture;
      const arrives = packets.some((packet) => isSyn(packet) && packet.direction === "in" && packet.at < endedAt);
      const others = evidence.captures.filter((capture) => capture.link === link && capture.node !== node);
      if (!arrives || others.length === 0 || !others.every((other) => isWhole(other, evidence))) return [];
      const isSent = connection.views.some(
        (view) => view.point.capture.link === link && view.point.capture.node !== node,
      );
      if (isSent) return [];
      const senders = others.map((other) => `${other.node}:${other.link}`).join(" and ");
      return [`A SYN ${flowWords(flow)} came to ${node}:${link}, and ${senders} did not send it.`];
    }),
  );
}

/** A link of the topology that client and server share needs no router, whatever other ways there are. */
function isBetweenHosts(points: readonly VantagePoint[]): boolean {
  const linksOf = (kind: VantagePoint["kind"]): readonly string[] =>
    points.flatMap((point) => (point.kind === kind ? [point.capture.link] : []));
  const ofServer = new Set(linksOf("server"));
  return linksOf("client").some((link) => ofServer.has(link));
}

function pastRouters(testimony: Testimony): readonly string[] {
  const { evidence, connections, endedAt } = testimony;
  const ids = evidence.routers.map(({ router }) => router);
  const hosts = [wholeHost(testimony, "client"), wholeHost(testimony, "server")];
  if (ids.length === 0 || hosts.includes(null) || !ids.every((id) => wholeRouter(testimony, id) !== null)) return [];
  return connections.flatMap((connection) => {
    const nodes = connection.views.map(({ point }) => point);
    const reaches = nodes.some(({ kind }) => kind === "client") && nodes.some(({ kind }) => kind === "server");
    if (!reaches || nodes.some(({ kind }) => kind === "router") || startOf(connection) > endedAt) return [];
    if (isBetweenHosts(nodes)) return [];
    const [view] = connection.views;
    return view === undefined
      ? []
      : [`A connection ${flowWords(view.flow)} passed from end to end, but no router saw it.`];
  });
}
