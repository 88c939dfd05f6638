import type { PrintedRemedy } from "../../model/diagnosis";
import type { TopologyNode } from "../../model/topology";
import type { Setup } from "../../plan/setup";

/**
 * What a remedy changes where routers have a user's own rules: nothing else says what is changed there, so the lab pastes the printed
 * lines themselves after the user's file.
 */
export function withPastedRules(before: Setup, after: Setup, printed: Pick<PrintedRemedy, "party" | "lines">): Setup {
  const own = before.topology.nodes.flatMap((node) =>
    node.kind === "router" && node.userRules !== undefined ? [node] : [],
  );
  if (own.length === 0) return after;
  const nodes = after.topology.nodes.map((node): TopologyNode => {
    const router = own.find(({ id }) => id === node.id);
    if (router?.userRules === undefined) return node;
    const lines = linesFor(printed, router.id);
    return lines.length === 0 ? router : { ...router, userRules: { ...router.userRules, pasted: lines } };
  });
  return { ...after, topology: { ...after.topology, nodes } };
}

/** The lines below `# on NODE`; those before any such line are for the only router. */
function linesFor({ party, lines }: Pick<PrintedRemedy, "party" | "lines">, node: string): readonly string[] {
  let isHere = party === "network admin";
  return lines.filter((line) => {
    const heading = /^# (?:on|in) /.test(line);
    if (heading) isHere = line === `# on ${node}` || line === "# on the router";
    return isHere && !heading;
  });
}
