/** A data connection as the prediction's packet walk sees it, told in the words of the witnesses. */
import type { Topology } from "../../harness/model/topology";
import type { FlowTuple, TracedPacket, TraceStep } from "../../harness/model/evidence";
import { attachmentsOf, clientOf, routersOf, serverOf } from "../../harness/model/network";
import type { Passage, Walk } from "../../harness/plan/predict/packet-walk";
import { renderRuleset } from "../../harness/plan/ruleset";

/** Links of a router towards client and server. */
function linksOf(topology: Topology, router: string): { readonly client: string; readonly server: string } {
  const way = [clientOf(topology).id, ...routersOf(topology).map(({ id }) => id), serverOf(topology).id];
  const at = way.indexOf(router);
  const linkTo = (peer: string | undefined): string =>
    attachmentsOf(topology, router).find(({ peers }) => peer !== undefined && peers.includes(peer))?.link.id ?? "none";
  return { client: linkTo(way[at - 1]), server: linkTo(way[at + 1]) };
}

/** The SYN of a connection that passed a router, or ended at it; `null` where it did not come so far. */
export function tracedSyn(
  topology: Topology,
  attempt: { readonly walk: Walk; readonly source: string; readonly target: string; readonly port: number },
  router: string,
  fromClient: boolean,
): TracedPacket | null {
  const { walk, port } = attempt;
  const links = linksOf(topology, router);
  const [inLink, outLink] = fromClient ? [links.client, links.server] : [links.server, links.client];
  const passage = walk.passages.find((candidate) => candidate.router.id === router);
  const ended = "node" in walk.end && walk.end.node === router;
  if (passage === undefined && !ended) return null;
  const last = walk.passages.at(-1)?.after;
  const before = passage?.before ?? last ?? { source: attempt.source, destination: attempt.target };
  const arrived = tuple(before, port);
  const step = (table: string, chain: string, rule: string | null, verdict: string): TraceStep => ({
    table,
    chain,
    rule,
    verdict,
    packet: arrived,
    inLink,
    outLink: chain === "FORWARD" ? outLink : null,
  });
  const first = step("raw", "PREROUTING", null, "ACCEPT");
  return {
    arrived,
    inLink,
    flags: "SYN",
    steps: [
      first,
      ...(passage === undefined
        ? endSteps(walk, step)
        : [{ ...passed(topology, passage, outLink, port, step), packet: tuple(passage.after, port) }]),
    ],
  };
}

type MakeStep = (table: string, chain: string, rule: string | null, verdict: string) => TraceStep;

function endSteps({ end }: Walk, step: MakeStep): TraceStep[] {
  switch (end.kind) {
    case "blocked": {
      const chain = end.where === "forward" ? "FORWARD" : "INPUT";
      const rule = end.silent ? null : `-A ${chain} -p tcp -j REJECT --reject-with tcp-reset`;
      return [step("filter", chain, rule, "DROP")];
    }
    case "closed":
      return [step("filter", "INPUT", null, "ACCEPT")];
    case "delivered":
    case "unreachable":
    case "no-way-back":
    case "untold":
      return [];
  }
}

function passed(topology: Topology, passage: Passage, outLink: string, port: number, step: MakeStep): TraceStep {
  const rules = renderRuleset(topology, passage.router).text.split("\n");
  switch (passage.by) {
    case "expectation":
      return step("filter", "FORWARD", "-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT", "ACCEPT");
    case "rule": {
      const rule = rules.find((line) => line.startsWith("-A FORWARD -i") && line.includes(`-o ${outLink} `));
      return step("filter", "FORWARD", rule ?? `-A FORWARD -p tcp --dport ${port} -j ACCEPT`, "ACCEPT");
    }
    case "policy":
      return step("filter", "FORWARD", null, "ACCEPT");
  }
}

/** A connection from the port that the simulated sessions use. */
export function tuple(ends: { readonly source: string; readonly destination: string }, port: number): FlowTuple {
  return { ...ends, sourcePort: 40_000, destinationPort: port };
}
