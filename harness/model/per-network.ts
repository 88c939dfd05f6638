import type { Topology } from "./topology";

/** Works something out once for each network, however often it is asked for: a network is never changed, only made anew. */
export function perNetwork<T>(workOut: (topology: Topology) => T): (topology: Topology) => T {
  const known = new WeakMap<Topology, { readonly value: T }>();
  return (topology) => {
    const found = known.get(topology) ?? { value: workOut(topology) };
    known.set(topology, found);
    return found.value;
  };
}
