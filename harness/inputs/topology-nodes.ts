/** What must hold of a topology's nodes beyond their form. */
import { parseAddress, parseSubnet, subnetContains } from "../net/address";
import { quote } from "../text/nearest";
import type { ProblemList } from "./problems";
import { checkRouter } from "./topology-routers";
import { expectedFamily, familyAt, linksOf, ownersOf, translatorIn } from "./topology-lookup";
import { checkTranslator, dialledBehind } from "./topology-translator";
import type { TopologyText } from "./topology-schema";
import type { ValuePath } from "./yaml-document";

type NodeText = TopologyText["nodes"][string];

/** Checks who is there, and what each node says of addresses and links. */
export function checkNodes(text: TopologyText, problems: ProblemList): void {
  checkRoles(text, problems);
  checkDial(text, problems);
  for (const [id, node] of Object.entries(text.nodes)) {
    checkPlace(id, node, text, problems);
    checkGateway(id, node, text, problems);
    if (node.role === "router") checkRouter(id, node, text, problems);
    if (node.role === "server") checkServer(id, node, text, problems);
    if (node.role === "translator") checkTranslator(id, node, text, problems);
  }
}

function checkRoles(text: TopologyText, problems: ProblemList): void {
  for (const role of ["client", "server"] as const) {
    const [first, ...others] = Object.keys(text.nodes).filter((id) => text.nodes[id]?.role === role);
    if (first === undefined) problems.addAtKey(["nodes"], `expected one node with \`role: ${role}\`, found none`);
    // Clients dial one port, and any server may get them.
    const differs = (id: string): boolean => controlPortOf(text.nodes[id]) !== controlPortOf(text.nodes[first ?? ""]);
    for (const id of others) {
      if (role === "client") {
        if (translatorIn(text) !== undefined)
          problems.add(
            ["nodes", id, "role"],
            `expected one client beside a translator, and ${quote(first ?? "")} is one`,
          );
      } else if (differs(id)) {
        problems.addAtKey(["nodes", id], `expected the \`control-port\` that ${quote(first ?? "")} has`);
      }
    }
  }
  checkPositions(text, problems);
}

/** Each client has a position of its own. */
function checkPositions({ nodes }: TopologyText, problems: ProblemList): void {
  const seen = new Map<string, string>();
  for (const [id, node] of Object.entries(nodes)) {
    if (node.role !== "client") continue;
    const position = node.position ?? id;
    const other = seen.get(position);
    seen.set(position, id);
    if (other === undefined) continue;
    const path = ["nodes", id, ...(node.position === undefined ? [] : ["position"])];
    problems.add(path, `${quote(other)} has the position ${quote(position)} already`);
  }
}

function controlPortOf(node: NodeText | undefined): number | null {
  return node?.role === "server" ? node["control-port"] : null;
}

function checkDial(text: TopologyText, problems: ProblemList): void {
  checkDialled(text.dial, ["dial"], text, problems);
  for (const [id, node] of Object.entries(text.nodes)) {
    if (node.role === "client" && node.dial !== undefined)
      checkDialled(node.dial, ["nodes", id, "dial"], text, problems);
  }
}

function checkDialled(dial: string, path: ValuePath, text: TopologyText, problems: ProblemList): void {
  if (parseAddress(dial)?.family !== text.family) {
    problems.add(path, expectedFamily(text, text.family));
    return;
  }
  const owner = ownersOf(text, dialledBehind(text, dial) ?? dial).find(({ id }) => text.nodes[id]?.role !== "client");
  if (owner === undefined) problems.add(path, "expected an address of the server or of a router");
}

function checkPlace(id: string, node: NodeText, text: TopologyText, problems: ProblemList): void {
  const links = linksOf(text, id);
  if (links.length === 0) problems.addAtKey(["nodes", id], `no link joins ${quote(id)} to another node`);
  if (node.role === "client" && links.length > 1) {
    problems.addAtKey(["nodes", id], `the client has one link, found ${links.map(quote).join(" and ")}`);
  }
}

function checkGateway(id: string, node: NodeText, text: TopologyText, problems: ProblemList): void {
  if (node.gateway === undefined) return;
  const path = ["nodes", id, "gateway"];
  const gateway = parseAddress(node.gateway);
  const family = familyAt(text, id);
  if (gateway?.family !== family) {
    problems.add(path, expectedFamily(text, family));
    return;
  }
  const links = linksOf(text, id);
  const near = links.some((link) => {
    const subnet = parseSubnet(text.links[link]?.subnet ?? "");
    return subnet !== null && subnetContains(subnet, gateway);
  });
  const neighbour = ownersOf(text, node.gateway).some((owner) => owner.id !== id && links.includes(owner.link));
  if (!near) problems.add(path, `a gateway is a neighbour, and ${node.gateway} is on no link of ${quote(id)}`);
  else if (!neighbour) problems.add(path, `${node.gateway} is not the address of a neighbour of ${quote(id)}`);
}

function checkServer(
  id: string,
  node: Extract<NodeText, { readonly role: "server" }>,
  text: TopologyText,
  problems: ProblemList,
): void {
  if (node["passive-ports"].first < 1024) {
    problems.add(["nodes", id, "passive-ports"], "expected ports from 1024 up; lower ports are not used for data");
  }
  const { first, last } = node["passive-ports"];
  const control = node["control-port"];
  if (control === 990 || (first <= control && control <= last)) {
    problems.add(
      ["nodes", id, "control-port"],
      "port 990 belongs to implicit TLS, and passive-ports to data connections",
    );
  }
  const masquerade = node["masquerade-address"];
  if (masquerade === undefined) return;
  const path = ["nodes", id, "masquerade-address"];
  const family = familyAt(text, id);
  if (family === "ipv6") {
    // C8 mod_core.c: EPSV ignores MasqueradeAddress, and IPv6 has no PASV (RFC 2428 section 3).
    problems.addAtKey(path, "ipv6 topologies have no NAT here, and EPSV carries no address");
  } else if (parseAddress(masquerade)?.family !== family) {
    problems.add(path, expectedFamily(text, family));
  }
}
