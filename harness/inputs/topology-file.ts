/** `topologies/<id>.yaml` → Topology. */
import {
  helperLines,
  type ClientNode,
  type Link,
  type LinkEnd,
  type UserRules,
  type PortForward,
  type PortRange,
  type SourceNat,
  type Sysctls,
  type Topology,
  type TopologyNode,
} from "../model/topology";
import { fileId } from "./file-id";
import { noFilesBeside, type FileContext, type FilesBeside } from "./files-beside";
import { checkLinks } from "./topology-links";
import { checkNodes } from "./topology-nodes";
import { routersFromClientOn } from "./topology-order";
import { nodeRules } from "./topology-rules";
import { checkShape, ProblemList } from "./problems";
import { topologySchema, type TopologyText } from "./topology-schema";
import { viewsOf } from "./topology-views";
import { readYaml, type SourceText, type YamlDocument } from "./yaml-document";

/** Reads a topology file as the networks that it is: one for each of its clients. Throws a ScenarioError with every problem found. */
export function parseViews(source: SourceText, context: FileContext = {}): readonly Topology[] {
  return viewsOf(parseTopology(source, context));
}

/** Reads a topology file with all of its clients, of which a network has one. Throws a ScenarioError with every problem found. */
export function parseTopology(source: SourceText, { beside, id }: FileContext = {}): Topology {
  const document = readYaml(source);
  const problems = new ProblemList(document);
  return topologyIn(document, { id: id ?? fileId(source.file, problems), file: source.file, beside }, problems);
}

/** A topology's id, the name of its own rules in messages, and the files that it names. */
type Origin = { readonly id: string; readonly file: string; readonly beside?: FilesBeside | undefined };

/** Reads the topology that a document is, with all of its clients. Throws a ScenarioError with every problem found. */
export function topologyIn(
  document: YamlDocument,
  { id: topologyId, file, beside = noFilesBeside }: Origin,
  problems: ProblemList,
): Topology {
  const text = checkShape(topologySchema, document, problems);
  checkLinks(text, problems);
  checkNodes(text, problems);
  const rules = nodeRules(text, { file, beside }, problems);
  problems.throwIfAny();
  const links = Object.entries(text.links).map(([id, link]) => toLink(id, link));
  const nodes = Object.entries(text.nodes).map(([id, node]) => toNode(id, node, rules.get(id)));
  return {
    id: topologyId,
    title: text.title,
    description: text.description,
    ...(text.core ? {} : { isFurther: true as const }),
    family: text.family,
    dial: text.dial,
    nodes: routersFromClientOn(nodes, links),
    links,
  };
}

function sysctlsOf({ sysctls }: Pick<TopologyText["nodes"][string], "sysctls">): { readonly sysctls?: Sysctls } {
  return sysctls === undefined ? {} : { sysctls };
}

/** What a client says of its position. */
function placeOf({
  position,
  dial,
}: Extract<TopologyText["nodes"][string], { readonly role: "client" }>): Pick<ClientNode, "position" | "dial"> {
  return { ...(position === undefined ? {} : { position }), ...(dial === undefined ? {} : { dial }) };
}

/** A host's own rules, or the firewall that the harness writes for it. */
function hostRulesOf(
  { firewall }: Extract<TopologyText["nodes"][string], { readonly role: "client" | "server" }>,
  userRules: UserRules | undefined,
): Pick<ClientNode, "firewall" | "userRules"> {
  return {
    ...(firewall === undefined ? {} : { firewall: { accepts: firewall } }),
    ...(userRules === undefined ? {} : { userRules }),
  };
}

function toNode(id: string, node: TopologyText["nodes"][string], own: UserRules | undefined): TopologyNode {
  const gateway = node.gateway ?? null;
  switch (node.role) {
    case "client":
      return { kind: "client", id, ...placeOf(node), gateway, ...hostRulesOf(node, own), ...sysctlsOf(node) };
    case "server":
      return {
        kind: "server",
        id,
        gateway,
        passivePorts: node["passive-ports"],
        masqueradeAddress: node["masquerade-address"] ?? null,
        controlPort: node["control-port"],
        ...hostRulesOf(node, own),
        ...sysctlsOf(node),
      };
    case "translator": {
      const { prefix, pool } = node;
      return { kind: "translator", id, gateway, prefix, pool, ...sysctlsOf(node) };
    }
    case "router":
      return {
        kind: "router",
        id,
        gateway,
        helperPorts: (node.helper ?? []).flatMap(portsOf),
        portForwards: node["port-forwards"].map(toPortForward),
        masquerade: node.masquerade,
        ...(node["source-nat"].length === 0 ? {} : { sourceNats: node["source-nat"].map(toSourceNat) }),
        filter: {
          input: node.filter.input,
          forward: node.filter.forward,
          allow: node.filter.allow.map(({ from, to, ports }) => ({ from, to, ports: ports ?? null })),
          related: node.filter.related,
        },
        make: {
          tables: node.tables,
          helperBy: node["helper-by"],
          helperKnows: node["helper-knows"] ?? helperLines,
          idleTimeoutS: node["idle-timeout"] ?? null,
          mtu: node.mtu ?? null,
          tellsTooLong: node["tells-too-long"],
          losesOneIn: node["loses-one-in"] ?? null,
        },
        ...(own === undefined ? {} : { userRules: own }),
        ...sysctlsOf(node),
      };
  }
}

type RouterText = Extract<TopologyText["nodes"][string], { readonly role: "router" }>;

function toPortForward(entry: RouterText["port-forwards"][number]): PortForward {
  const { on, address, ports, balance, "to-ports": toPorts } = entry;
  const [to = "", ...others] = typeof entry.to === "string" ? [entry.to] : entry.to;
  return {
    on,
    ...(address === undefined ? {} : { address }),
    ports,
    to,
    ...(others.length === 0 ? {} : { balance: { others, by: balance } }),
    ...(toPorts === undefined ? {} : { toFirstPort: toPorts.first }),
  };
}

function toSourceNat({ out, ports, to }: RouterText["source-nat"][number]): SourceNat {
  return { out, ports: ports ?? null, to };
}

function portsOf({ first, last }: PortRange): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function toLink(id: string, link: TopologyText["links"][string]): Link {
  const ends = Object.entries(link.addresses).map(([node, addresses]): LinkEnd => {
    const own = link.interfaces?.[node];
    return { node, addresses, ...(own === undefined || own === id ? {} : { interface: own }) };
  });
  const [rateKbit, delayMs] = [link["rate-kbit"] ?? null, link["delay-ms"] ?? null];
  return { id, subnet: link.subnet, ends, rateKbit, delayMs };
}
