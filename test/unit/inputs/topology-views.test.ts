import { parseTopology, parseViews } from "../../../harness/inputs/topology-file";
import { positionsOf, viewFrom } from "../../../harness/inputs/topology-views";
import { misfitOf } from "../../../harness/inputs/rules/fit";
import type { Topology } from "../../../harness/model/topology";

/** A server in an office; somebody outside, somebody at home behind a router of their own, and somebody in the office. */
const text = `
title: An office
description: Three positions.
family: ipv4
dial: 203.0.113.1
nodes:
  outside: { role: client, position: internet, gateway: 198.51.100.1 }
  home-pc: { role: client, position: home, gateway: 192.168.1.1 }
  inside: { role: client, gateway: 10.0.0.1, dial: 10.0.0.10 }
  home-router: { role: router, gateway: 198.51.100.1, masquerade: [internet] }
  gate: { role: router, gateway: 203.0.113.2, port-forwards: [{ on: wan, ports: [21], to: 10.0.0.10 }] }
  isp: { role: router, filter: { input: accept, forward: accept } }
  server: { role: server, gateway: 10.0.0.1, passive-ports: 50000-50100 }
links:
  internet: { subnet: 198.51.100.0/24, addresses: { isp: 198.51.100.1, outside: 198.51.100.32-198.51.100.40, home-router: 198.51.100.5 } }
  homelan: { subnet: 192.168.1.0/24, addresses: { home-router: 192.168.1.1, home-pc: 192.168.1.32-192.168.1.40 } }
  wan: { subnet: 203.0.113.0/24, addresses: { isp: 203.0.113.2, gate: 203.0.113.1 } }
  lan: { subnet: 10.0.0.0/24, addresses: { gate: 10.0.0.1, inside: 10.0.0.32-10.0.0.40, server: 10.0.0.10 } }
`;

function viewOf(position: string): Topology {
  const view = viewFrom(parseTopology({ file: "office.yaml", text }), position);
  if (view === null) throw new Error(`no position ${position}`);
  return view;
}

describe("a network with several clients", () => {
  it("is a network for each of their positions, called as they are or as their nodes", () => {
    expect(positionsOf(parseTopology({ file: "office.yaml", text }))).toEqual(["internet", "home", "inside"]);
    const views = parseViews({ file: "office.yaml", text });
    expect(views.map(({ id }) => id)).toEqual(["office@internet", "office@home", "office@inside"]);
    for (const { nodes } of views) expect(nodes.filter(({ kind }) => kind === "client")).toHaveLength(1);
  });

  it("is without what only other clients need: their links, and routers of their own", () => {
    const { nodes, links } = viewOf("internet");
    expect(nodes.map(({ id }) => id)).toEqual(["outside", "isp", "gate", "server"]);
    expect(links.map(({ id }) => id)).toEqual(["internet", "wan", "lan"]);
    expect(links[0]?.ends.map(({ node }) => node)).toEqual(["isp", "outside"]);
  });

  it("keeps a router that is somebody's next hop, or whose address is dialled, though it is on nobody's way", () => {
    const { nodes, links } = viewOf("inside");
    expect(nodes.map(({ id }) => id)).toEqual(["inside", "gate", "isp", "server"]);
    // The routers' interfaces stay, since rules may ask for them.
    expect(links.map(({ id }) => id)).toEqual(["internet", "wan", "lan"]);
  });

  it("has its routers from that client on", () => {
    expect(viewOf("home").nodes.map(({ id }) => id)).toEqual(["home-pc", "home-router", "isp", "gate", "server"]);
  });

  it("is dialled at the network's address, but where a client says another", () => {
    expect(viewOf("internet").dial).toBe("203.0.113.1");
    expect(viewOf("inside").dial).toBe("10.0.0.10");
    expect(viewOf("inside").nodes[0]).toEqual({ kind: "client", id: "inside", gateway: "10.0.0.1" });
  });

  it("takes rules that name a client at another position", () => {
    const rules = [
      "*filter",
      ":FORWARD DROP [0:0]",
      "-A FORWARD -s 198.51.100.32/32 -p tcp -m tcp --dport 21 -j ACCEPT",
      "COMMIT",
    ].join("\n");
    const file = { format: "iptables", file: "gate.v4", text: rules } as const;
    expect(misfitOf(viewOf("internet"), "gate", [file]).decisive).toEqual([]);
    expect(misfitOf(viewOf("inside"), "gate", [file]).decisive).toEqual([]);
    expect(misfitOf({ ...viewOf("inside"), elsewhere: [] }, "gate", [file]).decisive).toMatchObject([
      { name: "198.51.100.32" },
    ]);
  });

  it("keeps its id where it has one client, and takes what that dials", () => {
    const one = text
      .replace(/ {2}(outside|home-pc): .*\n/g, "")
      .replace("outside: 198.51.100.32-198.51.100.40, ", "")
      .replace(", home-pc: 192.168.1.32-192.168.1.40", "");
    expect(parseViews({ file: "office.yaml", text: one })).toMatchObject([{ id: "office", dial: "10.0.0.10" }]);
  });

  // prettier-ignore
  it.each([
    ["inside: { role: client,", "inside: { role: client, position: home,", /office\.yaml:9:\d+: `home-pc` has the position `home` already/],
    ["position: home,", "position: inside,", /`home-pc` has the position `inside` already/],
    ["dial: 10.0.0.10", "dial: 10.0.0.11", /office\.yaml:9:\d+: expected an address of the server or of a router/],
    ["dial: 10.0.0.10", 'dial: "2001:db8::1"', /expected an ipv4 address, as `family` says/],
    ["position: home", "position: Home", /pattern|lower-case|expected/],
  ])("is refused with a place where %s reads %s", (from, to, message) => {
    expect(text).toContain(from);
    expect(() => parseTopology({ file: "office.yaml", text: text.replace(from, to) })).toThrow(message);
  });
});
