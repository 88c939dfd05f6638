import type { Link, Topology, TopologyNode } from "../model/topology";
import { rangeAddresses, prefixLengthOf } from "../net/blocks";
import { clientOf, interfaceOn, nodeOf } from "../model/network";
import { speaksIpv6 } from "./lab-plan";

/** A node, and the name of its interface. */
type WireEnd = { readonly node: string; readonly name: string };

/** The network of a lab as `ip` commands: wires between namespaces, then each node's own addresses and routes. */
export type Wiring = {
  /** Two ends make a wire, and more make a switch; one end is an interface that leads nowhere. */
  readonly wires: readonly (readonly WireEnd[])[];
  /** Node id → lines for `ip -batch`, run inside that node's network namespace. */
  readonly batches: ReadonlyMap<string, readonly string[]>;
  /** Node id → lines for `tc -batch`, run there too; nodes on ordinary wires are left out. */
  readonly queues: ReadonlyMap<string, readonly string[]>;
  /** Ids of the nodes that speak IPv4 alone. */
  readonly withoutIpv6: readonly string[];
};

/** Plans wires, addresses and routes; knows no process ids and starts nothing. */
export function planWiring(topology: Topology): Wiring {
  const wires = topology.links.map((link) => link.ends.map(({ node }) => ({ node, name: interfaceOn(link, node) })));
  const batches = new Map(topology.nodes.map((node) => [node.id, batchOf(topology, node.id)]));
  const queues = topology.nodes.map(({ id }) => [id, queuesOf(topology, id)] as const);
  return {
    ...{ wires, batches, queues: new Map(queues.filter(([, lines]) => lines.length > 0)) },
    withoutIpv6: topology.nodes.filter((node) => !speaksIpv6(topology, node)).map(({ id }) => id),
  };
}

function batchOf(topology: Topology, nodeId: string): string[] {
  const node = nodeOf(topology, nodeId);
  const { gateway } = node;
  const mtu = mtuOf(node);
  const own = topology.links.filter((link) => link.ends.some((end) => end.node === nodeId));
  return [
    "link set lo up",
    ...own.flatMap((link) => [
      ...addressesOf(link, nodeId).map((address) => addAddress(link, nodeId, address)),
      // As on a wire: hosts hand over single segments and not 64 kB at once, which no filter, helper or capture ever meets outside.
      `link set ${interfaceOn(link, nodeId)} up gso_max_segs 1`,
      ...(mtu === null ? [] : [narrowRoute(link, nodeId, mtu)]),
    ]),
    ...(gateway === null ? [] : [`route add default via ${gateway}${mtu === null ? "" : ` mtu ${mtu}`}`]),
  ];
}

function mtuOf(node: TopologyNode): number | null {
  return node.kind === "router" ? node.make.mtu : null;
}

/**
 * A forwarding router keeps to the MTU of its route (ip_dst_mtu_maybe_forward). A wire's own MTU would not do: an interface drops
 * longer packets that come in without a word.
 */
function narrowRoute(link: Link, nodeId: string, mtu: number): string {
  const name = interfaceOn(link, nodeId);
  // The kernel's own route to an IPv6 subnet has metric 256 and stays; IPv4's is replaced.
  return link.subnet.includes(":")
    ? `route add ${link.subnet} dev ${name} metric 1 mtu ${mtu}`
    : `route replace ${link.subnet} dev ${name} mtu ${mtu}`;
}

/** Queues of the links at whose ends packets wait before they leave; both ends have one, so each direction does. */
function queuesOf(topology: Topology, nodeId: string): string[] {
  const own = topology.links.filter((link) => link.ends.some((end) => end.node === nodeId));
  return own.flatMap((link) => {
    const { rateKbit, delayMs } = link;
    const name = interfaceOn(link, nodeId);
    return [
      ...(delayMs === null ? [] : [`qdisc add dev ${name} root handle 1: netem delay ${delayMs}ms limit 10000`]),
      ...(rateKbit === null
        ? []
        : [`qdisc add dev ${name} ${delayMs === null ? "root" : "parent 1:"} ${bucket(rateKbit)}`]),
    ];
  });
}

/** Bytes that pass at once, at the least: two packets and a half. */
export const leastBurst = 4000;

/** A bucket for a hundredth of a second, and a queue that drops nothing: how routers shape is no matter here. */
function bucket(rateKbit: number): string {
  const burst = Math.max(leastBurst, Math.ceil((rateKbit * 1000) / 8 / 100));
  return `tbf rate ${rateKbit}kbit burst ${burst} latency 20s`;
}

/** Every address that a node has on a link; the client has one for each session in flight. */
export function addressesOf(link: Link, nodeId: string): readonly string[] {
  return link.ends.filter((end) => end.node === nodeId).flatMap((end) => rangeAddresses(end.addresses));
}

/** The client's addresses, one for each session in flight. */
export function clientAddresses(topology: Topology): readonly string[] {
  const { id } = clientOf(topology);
  return topology.links.flatMap((link) => addressesOf(link, id));
}

function addAddress(link: Link, nodeId: string, address: string): string {
  // Duplicate address detection (RFC 4862) would hold an address back for a second; here no other node can have it.
  const options = address.includes(":") ? " nodad" : "";
  return `addr add ${address}/${prefixLengthOf(link.subnet)} dev ${interfaceOn(link, nodeId)}${options}`;
}

/** The name of an interface, and the process id by which its network namespace is entered. */
type PlacedEnd = { readonly name: string; readonly pid: string };

/**
 * A bridge in the panel's own network namespace, where no rule of any router sees what passes. Process ids are one lab's own, and
 * so are the names made of them.
 */
function switchScript(ends: readonly PlacedEnd[], index: number): readonly string[] {
  const port = (pid: string): string => `p${index}-${pid}`;
  const bridge = `b${index}-${ends[0]?.pid ?? ""}`;
  return [
    // Without multicast snooping and spanning tree a port forwards from the start.
    `ip link add name ${bridge} up type bridge stp_state 0 mcast_snooping 0`,
    ...ends.flatMap(({ name, pid }) => [
      `ip link add name ${port(pid)} master ${bridge} type veth peer name ${name} netns ${pid}`,
      `ip link set ${port(pid)} up gso_max_segs 1`,
    ]),
  ];
}

/** Lines of shell that turn IPv6 off, where the kernel has it. `/proc/sys` is read-only in containers, so it is mounted anew for a moment. */
function withoutIpv6Script(pids: readonly string[]): readonly string[] {
  if (pids.length === 0) return [];
  const file = "/proc/sys/net/ipv6/conf/all/disable_ipv6";
  const writes = pids.map((pid) => `nsenter -t ${pid} -n sh -c "echo 1 > ${file}"`).join("; ");
  return [`[ ! -e ${file} ] || unshare --mount sh -ec 'mount -o remount,rw /proc/sys; ${writes}'`];
}

/**
 * The patch panel's shell script. Interface and node names come from checked topology files, addresses from their parser,
 * so nothing here needs quoting.
 */
export function wiringScript(wiring: Wiring, pids: ReadonlyMap<string, number>): string {
  const pidOf = (node: string): string => {
    const pid = pids.get(node);
    if (pid === undefined) throw new Error(`no process id for node ${node}`);
    return String(pid);
  };
  const wires = wiring.wires.flatMap((wire, index) => {
    const ends = wire.map(({ node, name }) => ({ name, pid: pidOf(node) }));
    const [left, right] = ends;
    if (left === undefined) return [];
    // A bridge without ports: where Docker runs there are bridges, and not always dummies.
    if (right === undefined) return [`ip link add name ${left.name} netns ${left.pid} type bridge`];
    if (ends.length > 2) return switchScript(ends, index);
    return [`ip link add name ${left.name} netns ${left.pid} type veth peer name ${right.name} netns ${right.pid}`];
  });
  const nodes = [...wiring.batches].map(
    ([node, lines]) => `nsenter -t ${pidOf(node)} -n ip -batch - <<'END'\n${lines.join("\n")}\nEND`,
  );
  const queues = [...wiring.queues].map(
    ([node, lines]) => `nsenter -t ${pidOf(node)} -n tc -batch - <<'END'\n${lines.join("\n")}\nEND`,
  );
  return ["set -e", ...withoutIpv6Script(wiring.withoutIpv6.map(pidOf)), ...wires, ...nodes, ...queues].join("\n");
}
