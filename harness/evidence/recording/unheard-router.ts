import type { Capture, CellEvidence, Gap } from "../../model/evidence";

/**
 * A router's connection table tells how a session looks past it. Where the first such table is missing, nothing beyond it can be
 * given to a session: what was found there is not all that there was. Gives the evidence with this said of the routers and
 * captures that it is true of.
 */
export function withUnheardRouter(evidence: CellEvidence): CellEvidence {
  const { routers, hosts = [], captures, missing } = evidence;
  const order = [...new Set(captures.map(({ node }) => node))];
  const failed = missing.flatMap((gap) => (gap.node !== null && hidesSession(gap, evidence) ? [gap.node] : []));
  const first = order.find((node) => failed.includes(node)) ?? failed[0];
  if (first === undefined) return evidence;
  const at = order.indexOf(first);
  // Where no packets tell the order, any other router may stand behind it.
  const isPast = (node: string): boolean => node !== first && (at === -1 || order.indexOf(node) > at);
  const links = new Set(captures.flatMap(({ node, link }) => (node === first || isPast(node) ? [] : [link])));
  // By the link towards the client the session still looks as it does to the node before.
  const isHidden = ({ node, link }: Capture): boolean => isPast(node) || (node === first && !links.has(link));
  const reason = `sessions cannot be told apart there without the connections of ${first}`;
  return {
    ...evidence,
    captures: captures.map((capture) => (isHidden(capture) ? { ...capture, cut: capture.cut ?? reason } : capture)),
    missing: [
      ...missing,
      ...routers.flatMap(({ router }): Gap[] =>
        isPast(router) ? [{ collector: "router-events", node: router, reason }] : [],
      ),
      ...hosts.flatMap(({ host, kind }): Gap[] =>
        kind === "server" ? [{ collector: "router-trace", node: host, reason }] : [],
      ),
    ],
  };
}

/** All that the router told is missing, or some events, and the session's connections may be among them. */
function hidesSession({ collector, node }: Gap, { routers }: CellEvidence): boolean {
  if (collector === "router") return true;
  return collector === "router-events" && !routers.some((one) => one.router === node && one.connections.length > 0);
}
