import type { Link, RouterMake, RouterNode, ServerNode, Topology } from "../../model/topology";
import { routersOf, serversOf } from "../../model/network";
import type { Inapplicable } from "./definition";

/** Changes every router; a network without one has no such condition. */
export function changeRouters(
  topology: Topology,
  change: (router: RouterNode) => Partial<RouterNode>,
): Topology | Inapplicable {
  if (routersOf(topology).length === 0) return { problem: "has no router" };
  return {
    ...topology,
    nodes: topology.nodes.map((node) => (node.kind === "router" ? { ...node, ...change(node) } : node)),
  };
}

/** Makes every router another kind of machine. */
export function makeRouters(topology: Topology, make: Partial<RouterMake>): Topology | Inapplicable {
  return changeRouters(topology, (router) => ({ make: { ...router.make, ...make } }));
}

/** Makes routers that follow FTP another kind of machine; a network without one has no such condition. */
export function makeHelpers(topology: Topology, make: Partial<RouterMake>): Topology | Inapplicable {
  if (routersOf(topology).every(({ helperPorts }) => helperPorts.length === 0)) return { problem: "has no FTP helper" };
  return makeRouters(topology, make);
}

/** Changes every server. */
export function changeServer(topology: Topology, change: (server: ServerNode) => Partial<ServerNode>): Topology {
  return {
    ...topology,
    nodes: topology.nodes.map((node) => (node.kind === "server" ? { ...node, ...change(node) } : node)),
  };
}

/** Changes the lines by which servers are connected. */
export function changeServerLine(topology: Topology, change: Partial<Link>): Topology {
  const ids = serversOf(topology).map(({ id }) => id);
  return {
    ...topology,
    links: topology.links.map((link) =>
      link.ends.some(({ node }) => ids.includes(node)) ? { ...link, ...change } : link,
    ),
  };
}
