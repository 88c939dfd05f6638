import { attachmentsOf } from "../../../model/network";
import type { PortRange, RouterNode, Topology, TopologyNode } from "../../../model/topology";
import { told, type Crossing, type NodeRules } from "./node-rules";
import { inRanges } from "./packet";

/** What the topology's own keys say of a node, which is what `plan/ruleset.ts` renders. */
export function rulesByKeys(topology: Topology, node: TopologyNode): NodeRules {
  return node.kind === "router" ? rulesOfRouter(topology, node) : rulesOfHost(node);
}

function rulesOfHost(node: Exclude<TopologyNode, RouterNode>): NodeRules {
  const accepts = node.kind === "translator" ? undefined : node.firewall?.accepts;
  return {
    arrive: passed,
    enter: ({ ports }) => told(accepts === undefined || holds(accepts, ports) ? "accept" : "drop"),
    forward: () => told({ by: "policy" }),
    leave: ({ source }) => told(source),
    emit: () => told("accept"),
    later: null,
  };
}

const passed: NodeRules["arrive"] = ({ destination, ports }) =>
  told({ kind: "passed", destination, ports, isForwarded: false });

function rulesOfRouter(topology: Topology, router: RouterNode): NodeRules {
  const { filter } = router;
  return {
    arrive: (crossing) => {
      const to = forwardTarget(topology, router, crossing);
      return to === undefined ? passed(crossing) : told({ kind: "passed", ...to, isForwarded: true });
    },
    enter: () => told(filter.input),
    forward: (crossing) => {
      const by = filterForward(router, crossing);
      return told(by === null ? { verdict: filter.forward } : { by });
    },
    leave: (crossing, address) => told(translateSource(router, crossing, address)),
    emit: () => told("accept"),
    later: null,
  };
}

function forwardTarget(
  topology: Topology,
  router: RouterNode,
  { in: arrivedOn, destination, ports }: Crossing,
): { readonly destination: string; readonly ports: PortRange } | undefined {
  const address = attachmentsOf(topology, router.id).find(({ link }) => link.id === arrivedOn)?.address;
  const here = router.portForwards.filter(
    (forward) => forward.on === arrivedOn && (forward.address ?? address) === destination,
  );
  // Several entries may share a range among them.
  const found = here.find(({ to, toFirstPort }) =>
    holds(
      here.flatMap((entry) => (entry.to === to && entry.toFirstPort === toFirstPort ? entry.ports : [])),
      ports,
    ),
  );
  if (found === undefined) return undefined;
  const [range] = found.ports;
  const shift = found.toFirstPort === undefined || range === undefined ? 0 : found.toFirstPort - range.first;
  return { destination: found.to, ports: { first: ports.first + shift, last: ports.last + shift } };
}

function filterForward(
  { filter }: RouterNode,
  { in: from, out: to, ports, isExpected }: Crossing,
): "expectation" | "rule" | "policy" | null {
  // An expected connection is RELATED and not NEW, so the rules that allow new ones do not see it.
  if (isExpected && filter.related) return "expectation";
  if (isExpected) return filter.forward === "accept" ? "policy" : null;
  const rules = filter.allow.filter((rule) => rule.from === from && rule.to === to);
  const isAllowed = holds(
    rules.flatMap((rule) => rule.ports ?? anyPort),
    ports,
  );
  if (isAllowed) return "rule";
  return filter.forward === "accept" ? "policy" : null;
}

function translateSource(router: RouterNode, { out, ports, source }: Crossing, address: string): string {
  const named = (router.sourceNats ?? []).find((entry) => entry.out === out && holds(entry.ports ?? anyPort, ports));
  if (named !== undefined) return named.to;
  return out !== null && router.masquerade.includes(out) ? address : source;
}

const anyPort: readonly PortRange[] = [{ first: 0, last: 65535 }];

/** Whether the ranges together hold every port that the connection may have. */
function holds(ranges: readonly PortRange[], ports: PortRange): boolean {
  return inRanges(ranges, ports) === "yes";
}
