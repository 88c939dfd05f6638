import type { Topology } from "../../../model/topology";

/** The name of a link's interface at a node, as rules there write it. */
export function interfaceAt(_topology: Topology, _node: string, link: string): string {
  return link;
}
