import type { FlowTuple } from "../../model/evidence";

/** The same connection, as its other end names it. */
export function reversed(flow: FlowTuple): FlowTuple {
  return {
    source: flow.destination,
    destination: flow.source,
    sourcePort: flow.destinationPort,
    destinationPort: flow.sourcePort,
  };
}

/** One text for each flow and direction. */
export function flowKey({ source, sourcePort, destination, destinationPort }: FlowTuple): string {
  return `${source} ${sourcePort} ${destination} ${destinationPort}`;
}

/** One text for both directions of a flow. */
export function pairKey({ source, sourcePort, destination, destinationPort }: FlowTuple): string {
  const one = `${source} ${sourcePort}`;
  const other = `${destination} ${destinationPort}`;
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}

/** Whether two tuples name the same flow in the same direction. */
export function isSameFlow(one: FlowTuple, other: FlowTuple): boolean {
  return (
    one === other ||
    (one.sourcePort === other.sourcePort &&
      one.destinationPort === other.destinationPort &&
      one.source === other.source &&
      one.destination === other.destination)
  );
}

/** Items in groups of the same flow and direction, in the order of each group's first. */
export function byFlow<Item>(items: readonly Item[], flowOf: (item: Item) => FlowTuple): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = flowKey(flowOf(item));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
