import type { Opened } from "../../model/advice";
import { addressOf, attachmentsOf, clientOf, hostsOf, serversOf } from "../../model/network";
import type { PortRange, Topology } from "../../model/topology";
import { walk } from "../../plan/predict/packet-walk";
import { portCuts } from "../../plan/predict/port-cuts";

/** What a stranger beside the client reaches with a SYN, and did not reach before. */
export function openedBy(before: Topology, after: Topology): readonly Opened[] {
  const cuts = [...new Set([...portCuts(before), ...portCuts(after)])].sort((one, other) => one - other);
  const known = new Set(reachedIn(before, cuts).map(keyOf));
  const fresh = reachedIn(after, cuts).filter((reached) => !known.has(keyOf(reached)));
  const places = [...new Map(fresh.map(({ node, address }) => [`${node} ${address}`, { node, address }])).values()];
  const [near] = attachmentsOf(after, clientOf(after).id);
  return places.map(({ node, address }) => ({
    ...{ node, address, from: near?.link.subnet ?? "" },
    ports: joined(fresh.flatMap((one) => (one.node === node && one.address === address ? [one.ports] : []))),
  }));
}

/** How many ports are opened. */
export function sizeOf(opened: readonly Opened[]): number {
  return opened.flatMap(({ ports }) => ports).reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

type Reached = { readonly node: string; readonly address: string; readonly ports: PortRange };

function keyOf({ node, address, ports }: Reached): string {
  return [node, address, ports.first, ports.last].join(" ");
}

/** By the address that everybody knows, and by the servers' own. */
function reachedIn(topology: Topology, cuts: readonly number[]): readonly Reached[] {
  const client = clientOf(topology);
  const source = addressOf(topology, client.id);
  const inside = cuts.filter((cut) => cut > 1 && cut <= 65535);
  const parts = [1, ...inside].map((first, index) => ({ first, last: (inside[index] ?? 65536) - 1 }));
  const addresses = new Set([topology.dial, ...serversOf(topology).map(({ id }) => addressOf(topology, id))]);
  const hosts = hostsOf(topology).map(({ id }) => id);
  return [...addresses].flatMap((address) =>
    parts.flatMap((ports): readonly Reached[] => {
      const { end } = walk(topology, { from: client.id, source, destination: address, ports }, []);
      return end.kind === "delivered" && hosts.includes(end.node) ? [{ node: end.node, address, ports }] : [];
    }),
  );
}

function joined(ranges: readonly PortRange[]): readonly PortRange[] {
  const out: PortRange[] = [];
  for (const range of ranges.toSorted((one, other) => one.first - other.first)) {
    const last = out.at(-1);
    if (last !== undefined && range.first <= last.last + 1)
      out[out.length - 1] = { first: last.first, last: range.last };
    else out.push(range);
  }
  return out;
}
