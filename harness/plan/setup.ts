import { changeServer } from "../catalog/conditions/change";
import { softwareNamed } from "../catalog/servers/registry";
import type { Cell } from "../model/cell";
import type { ServerProfile, ServerTls } from "../model/server-profile";
import type { HostFirewall, RouterNode, ServerNode, Topology, TopologyNode } from "../model/topology";
import { cellId } from "../model/cells";

/** A cell and the set-up that it runs in: what a remedy changes one thing of. */
export type Setup = { readonly cell: Cell; readonly topology: Topology; readonly server: ServerProfile };

/** The set-up with what its server does whatever the network asks: what no setting of the software decides. */
export function asServed<S extends Pick<Setup, "topology" | "server">>(setup: S): S {
  const { fixed } = softwareNamed(setup.server.software);
  return fixed === undefined ? setup : { ...setup, topology: changeServer(setup.topology, () => fixed) };
}

/** The user's own file that a change would have to be made in, since nothing else says what is changed; `null` if none is. */
export function overruledBy(before: Setup, after: Setup): string | null {
  const { userConfig } = before.server;
  const differs = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);
  if (userConfig !== undefined && differs(before.server, after.server)) return userConfig.file;
  for (const [index, node] of before.topology.nodes.entries()) {
    const changed = after.topology.nodes[index];
    if (!differs(node, changed) || isPasted(changed)) continue;
    const isFirewall = differs(firewallOf(node), firewallOf(changed));
    if (node.kind === "server" && userConfig !== undefined && !isFirewall) return userConfig.file;
    if (node.kind !== "translator" && node.userRules !== undefined && (node.kind === "router" || isFirewall)) {
      return node.userRules.file;
    }
  }
  return null;
}

/** Whether lines are pasted after a router's own file, which then stays as it is. */
function isPasted(node: TopologyNode | undefined): boolean {
  return node?.kind === "router" && node.userRules?.pasted !== undefined;
}

function firewallOf(node: TopologyNode | undefined): HostFirewall | undefined {
  return node?.kind === "client" || node?.kind === "server" ? node.firewall : undefined;
}

/** The set-up with its cell changed; the id follows. */
export function withCell(setup: Setup, change: Partial<Omit<Cell, "id">>): Setup {
  const cell = { ...setup.cell, ...change };
  return { ...setup, cell: { ...cell, id: cellId(cell) } };
}

/** The set-up with every router changed. */
export function withRouters(setup: Setup, change: (router: RouterNode) => Partial<RouterNode>): Setup {
  const nodes = setup.topology.nodes.map((node) => (node.kind === "router" ? { ...node, ...change(node) } : node));
  return { ...setup, topology: { ...setup.topology, nodes } };
}

/** The set-up with every server changed. */
export function withServers(setup: Setup, change: (server: ServerNode) => Partial<ServerNode>): Setup {
  const nodes = setup.topology.nodes.map((node) => (node.kind === "server" ? { ...node, ...change(node) } : node));
  return { ...setup, topology: { ...setup.topology, nodes } };
}

/** The set-up with the server's TLS changed; a server without TLS stays so. */
export function withTls(setup: Setup, change: (tls: ServerTls) => Partial<ServerTls>): Setup {
  const { tls } = setup.server;
  return tls === null ? setup : { ...setup, server: { ...setup.server, tls: { ...tls, ...change(tls) } } };
}
