import type { Link, TopologyNode } from "../model/topology";

/**
 * The nodes with their routers in the order in which packets from the client pass them, however the file lists them: witnesses are read
 * as a path. Routers that are as far away keep the file's order, and so do hosts.
 */
export function routersFromClientOn(nodes: readonly TopologyNode[], links: readonly Link[]): readonly TopologyNode[] {
  const distances = new Map(nodes.filter(({ kind }) => kind === "client").map(({ id }) => [id, 0]));
  // Grows while it is walked: breadth first.
  for (const [id, distance] of distances) {
    for (const { ends } of links.filter((link) => link.ends.some(({ node }) => node === id))) {
      for (const { node } of ends) if (!distances.has(node)) distances.set(node, distance + 1);
    }
  }
  const distanceOf = ({ id }: TopologyNode): number => distances.get(id) ?? nodes.length;
  const routers = nodes
    .filter(({ kind }) => kind === "router")
    .toSorted((one, other) => distanceOf(one) - distanceOf(other))
    .values();
  return nodes.map((node) => (node.kind === "router" ? (routers.next().value ?? node) : node));
}
