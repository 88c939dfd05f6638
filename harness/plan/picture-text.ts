/** What a node does to FTP, in the field's words, a line each. */
import {
  helperLines,
  type BalancedBy,
  type ClientNode,
  type FilterVerdict,
  type PortRange,
  type RouterMake,
  type RouterNode,
  type ServerNode,
  type TopologyNode,
} from "../model/topology";
import { implicitPortOf } from "../model/network";
import { targetsOf } from "./balance";

/** The lines that stand in a node's box. */
export function describeNode(node: TopologyNode): readonly string[] {
  switch (node.kind) {
    case "client":
      return describeHost(node);
    case "server":
      return [
        "PassivePorts",
        `  ${portRange(node.passivePorts)}`,
        ...(node.controlPort === 21 ? [] : [`Port ${node.controlPort}`]),
        ...(implicitPortOf(node) === 990 ? [] : [`implicit TLS on ${implicitPortOf(node)}`]),
        ...(node.masqueradeAddress === null ? [] : ["MasqueradeAddress", `  ${node.masqueradeAddress}`]),
        ...describeHost(node),
      ];
    case "router":
      return describeRouter(node);
    case "translator": {
      const { first, last } = node.pool;
      return [`NAT64, prefix ${node.prefix}`, `clients are ${first} to ${last}`];
    }
  }
}

function describeHost({ firewall, userRules }: ClientNode | ServerNode): readonly string[] {
  if (userRules !== undefined) return ["rules of its own"];
  if (firewall === undefined) return [];
  return [`own firewall lets in ${firewall.accepts.length === 0 ? "nothing" : portList(firewall.accepts)}`];
}

const sharing: Readonly<Record<BalancedBy, string>> = {
  "round-robin": "each connection to the next",
  random: "each connection by lot",
  source: "by the client's address",
};

function describeRouter({
  helperPorts,
  portForwards,
  masquerade,
  sourceNats = [],
  filter,
  make,
}: RouterNode): readonly string[] {
  const passes = filter.allow.map(
    ({ from, to, ports }) => `${from} → ${to}: ${ports === null ? "any" : portList(ports)}`,
  );
  return [
    helperPorts.length === 0 ? "no FTP helper" : `FTP helper on ${helperPorts.map(String).join(", ")}`,
    ...portForwards.map((forward) => {
      const { on, address, ports, toFirstPort, balance } = forward;
      const to = `${targetsOf(forward).join(", ")}${balance === undefined ? "" : `, ${sharing[balance.by]}`}`;
      const forwarded = `${address === undefined ? "" : `${address} `}${portList(ports)}`;
      return `DNAT on ${on}: ${forwarded} → ${to}${toFirstPort === undefined ? "" : ` from ${toFirstPort} on`}`;
    }),
    ...sourceNats.map(
      ({ out, ports, to }) => `SNAT out of ${out}: ${ports === null ? "any" : portList(ports)} from ${to}`,
    ),
    ...masquerade.map((link) => `NAPT out of ${link}`),
    `filter input ${filter.input}, forward ${filter.forward}`,
    ...passes,
    ...related(filter.related, filter.forward),
    ...describeMake(make, helperPorts.length > 0),
  ];
}

/** Only what is out of the ordinary. */
function describeMake(make: RouterMake, hasHelper: boolean): readonly string[] {
  const { tables, helperBy, helperKnows, idleTimeoutS, mtu, tellsTooLong, losesOneIn } = make;
  return [
    ...(tables === "legacy" ? ["iptables-legacy"] : []),
    ...(hasHelper && helperBy === "nftables" ? ["helper set by nftables"] : []),
    ...(hasHelper && helperKnows.length < helperLines.length ? [`helper knows ${helperKnows.join(", ")}`] : []),
    ...(idleTimeoutS === null ? [] : [`forgets after ${idleTimeoutS} s of silence`]),
    ...(mtu === null ? [] : [`MTU ${mtu}${tellsTooLong ? "" : ", ICMP filtered"}`]),
    ...(losesOneIn === null ? [] : [`loses one packet in ${losesOneIn}`]),
  ];
}

/** Where everything may pass, RELATED makes no difference. */
function related(passes: boolean, forward: FilterVerdict): readonly string[] {
  if (forward === "accept") return [];
  return [passes ? "RELATED passes" : "RELATED is blocked"];
}

function portList(ports: readonly PortRange[]): string {
  return ports.map(portRange).join(", ");
}

function portRange({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}
