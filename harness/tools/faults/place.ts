/** Where things are in a base cell: what random rules and routes are made of. */
import { isPassive } from "../../model/axes";
import { addressOf, attachmentsOf, clientOf, dialledPort, routersOf, serverOf, serversOf } from "../../model/network";
import type { Family, PortRange, Topology } from "../../model/topology";
import { familyOf } from "../../model/network";
import { clientAddresses } from "../../plan/wiring";
import type { Base } from "./kinds/definition";

/** A node of the cell's way, with its interfaces towards both ends. */
export type Place = {
  readonly node: string;
  readonly role: "router" | "server" | "client";
  readonly family: Family;
  /** The interface by which the client is reached; `null` on its own host. */
  readonly towardClient: string | null;
  readonly towardServer: string | null;
};

/** The hosts and routers of a cell. */
export function placesOf({ topology }: Base): readonly Place[] {
  const [client, server] = [clientOf(topology).id, serverOf(topology).id];
  return [clientOf(topology), ...routersOf(topology), serverOf(topology)].map(({ id, kind }): Place => {
    const role = kind === "client" ? "client" : kind === "server" ? "server" : "router";
    return {
      node: id,
      role,
      family: familyOf(topology, id),
      towardClient: linkToward(topology, id, client),
      towardServer: linkToward(topology, id, server),
    };
  });
}

/** The interface to the first link of the shortest way from a node to another; `null` from a node to itself. */
function linkToward(topology: Topology, from: string, to: string): string | null {
  const ways = attachmentsOf(topology, from).flatMap((attachment) =>
    attachment.peers.map((node) => ({ first: attachment.interface, node })),
  );
  const seen = new Set([from]);
  // Grows while it is walked: breadth first.
  for (const { first, node } of ways) {
    if (node === to) return first;
    if (seen.has(node)) continue;
    seen.add(node);
    for (const { peers } of attachmentsOf(topology, node)) ways.push(...peers.map((peer) => ({ first, node: peer })));
  }
  return null;
}

/** The port that the client dials. */
export function controlPortOf({ planned, topology }: Base): number {
  return dialledPort(topology, planned.cell.mode);
}

export function passivePortsOf({ topology }: Base): PortRange {
  return serverOf(topology).passivePorts;
}

export function isPassiveCell({ planned }: Base): boolean {
  return isPassive(planned.cell.data);
}

/** The address from which the cell's session is had: a lab's first is left to the harness's own probes. */
export function sessionAddressOf({ topology }: Base): string {
  const [first = "", second = first] = clientAddresses(topology);
  return second;
}

export function serverAddressOf({ topology }: Base): string {
  return addressOf(topology, serverOf(topology).id);
}

/** The side that opens data connections. */
export function openerOf(base: Base): "client" | "server" {
  return isPassiveCell(base) ? "client" : "server";
}

/** Whether a router is the neighbour of the client's or the server's host. */
export function isNextTo(base: Base, node: string, side: "client" | "server"): boolean {
  const host = side === "client" ? clientOf(base.topology) : serverOf(base.topology);
  return attachmentsOf(base.topology, host.id).some(({ peers }) => peers.includes(node));
}

/** Hosts of servers, by id. */
export function serverHostsOf({ topology }: Base): readonly string[] {
  return serversOf(topology).map(({ id }) => id);
}
