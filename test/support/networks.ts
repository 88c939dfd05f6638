/** Small networks made for one test, where those of the project have too much in them. */
import {
  ordinaryMake,
  type Filter,
  type Link,
  type PortRange,
  type RouterMake,
  type RouterNode,
  type Topology,
  type TopologyNode,
} from "../../harness/model/topology";

/** A wire with one address at each end; the subnet is the /24 of the first. */
export function makeLink(id: string, ...ends: readonly [readonly [string, string], readonly [string, string]]): Link {
  const [[leftNode, left], [rightNode, right]] = ends;
  return {
    id,
    rateKbit: null,
    delayMs: null,
    subnet: `${left.slice(0, left.lastIndexOf("."))}.0/24`,
    ends: [
      { node: leftNode, addresses: { first: left, last: left } },
      { node: rightNode, addresses: { first: right, last: right } },
    ],
  };
}

/** A router that drops everything, but for what is said. */
export function makeRouter(
  id: string,
  {
    filter,
    make,
    ...change
  }: Partial<Omit<RouterNode, "filter" | "make">> & {
    readonly filter?: Partial<Filter>;
    readonly make?: Partial<RouterMake>;
  } = {},
): RouterNode {
  return {
    kind: "router",
    id,
    gateway: null,
    helperPorts: [],
    portForwards: [],
    masquerade: [],
    ...change,
    filter: { input: "drop", forward: "drop", related: true, allow: [], ...filter },
    make: { ...ordinaryMake, ...make },
  };
}

/** Client, routers in a row, server. */
export function makeTopology(routers: readonly TopologyNode[], links: readonly Link[], dial: string): Topology {
  const gatewayOn = (link: Link | undefined, node: string): string | null =>
    routers.length === 0 ? null : (link?.ends.find((end) => end.node !== node)?.addresses.first ?? null);
  return {
    id: "made-up",
    title: "Made up",
    description: "For one test.",
    family: "ipv4",
    dial,
    nodes: [
      { kind: "client", id: "client", gateway: gatewayOn(links[0], "client") },
      ...routers,
      {
        kind: "server",
        id: "server",
        gateway: gatewayOn(links.at(-1), "server"),
        passivePorts: { first: 50000, last: 50999 },
        masqueradeAddress: null,
        controlPort: 21,
      },
    ],
    links,
  };
}

/** `port(21)`: a range of one. */
export function port(number: number): PortRange {
  return range(number, number);
}

/** `range(50000, 50999)`: both ends are in it. */
export function range(first: number, last: number): PortRange {
  return { first, last };
}
