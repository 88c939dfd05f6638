import { ordinaryMake } from "../../../harness/model/topology";
import { join } from "node:path";
import { ScenarioError } from "../../../harness/model/errors";
import { interfaceOf, linkOfInterface } from "../../../harness/model/network";
import { loadTopologies } from "../../../harness/inputs/load";
import { parseTopology } from "../../../harness/inputs/topology-file";

const topologies = loadTopologies(join(__dirname, "../../../topologies"));

const smallest = `
title: Small
description: Only what is needed.
family: ipv6
dial: 2001:DB8::0:10
nodes: { c: { role: client }, r: { role: router }, s: { role: server, passive-ports: 50000 } }
links:
  near: { subnet: 2001:db8::/64, addresses: { c: 2001:db8::100-2001:db8::101, s: 2001:db8::10 } }
  far: { subnet: 2001:db8:1::/64, addresses: { r: 2001:db8:1::1, s: 2001:db8:1::2 } }
`;

describe("the topologies of the contract", () => {
  it("are all there, and no others", () => {
    expect(topologies.map(({ id }) => id)).toEqual([
      "cgnat",
      "cgnat-helper",
      "client-egress-helper",
      "client-nat",
      "client-nat-helper",
      "client-two-addresses",
      "direct",
      "double-nat-helper",
      "firewall",
      "firewall-helper",
      "firewall-range",
      "firewall-strict-helper",
      "hairpin",
      "hairpin-snat",
      "ipv6-firewall",
      "ipv6-firewall-helper",
      "load-balanced",
      "load-balanced-affinity",
      "load-balanced-helper",
      "load-balanced-random",
      "load-balancer-front",
      "nat64",
      "office@internet",
      "office@lan",
      "server-nat",
      "server-nat-helper",
      "server-nat-range",
      "server-nat-range-helper",
      "server-nat-range-no-masquerade",
      "server-nat-remapped",
      "server-nat-snat",
      "server-two-addresses-helper",
    ]);
  });

  it("follow FTP where their id says helper, and only there", () => {
    const following = topologies.filter(({ nodes }) =>
      nodes.some((node) => node.kind === "router" && node.helperPorts.length > 0),
    );
    expect(following.map(({ id }) => id)).toEqual(topologies.map(({ id }) => id).filter((id) => id.includes("helper")));
  });

  it("give the client 192 addresses, and all servers the same passive range", () => {
    for (const { links, nodes } of topologies) {
      const { id } = nodes.find((node) => node.kind === "client") ?? {};
      const client = links.flatMap(({ ends }) => ends).find(({ node }) => node === id);
      expect(client?.addresses.first).toMatch(/(\.32|::1:0)$/);
      expect(client?.addresses.last).toMatch(/(\.223|::1:bf)$/);
      expect(nodes.find((node) => node.kind === "server")).toMatchObject({
        passivePorts: { first: 50000, last: 50999 },
      });
    }
  });

  it("have routers that drop what nothing allows", () => {
    for (const node of topologies.flatMap(({ nodes }) => nodes)) {
      if (node.kind === "router") expect(node.filter).toMatchObject({ input: "drop", forward: "drop", related: true });
    }
  });
});

describe("a topology file", () => {
  it("is read into a value of its own, with its id from the file name", () => {
    expect(topologies.find(({ id }) => id === "server-nat-range-helper")).toMatchObject({
      family: "ipv4",
      dial: "203.0.113.1",
      nodes: [
        { kind: "client", id: "client", gateway: null },
        {
          kind: "router",
          id: "router",
          gateway: null,
          helperPorts: [21],
          portForwards: [
            {
              on: "internet",
              ports: [
                { first: 21, last: 21 },
                { first: 990, last: 990 },
                { first: 50000, last: 50999 },
              ],
              to: "192.168.10.10",
            },
          ],
          masquerade: ["internet"],
          filter: {
            allow: [
              { from: "internet", to: "lan" },
              { from: "lan", to: "internet", ports: null },
            ],
          },
        },
        { kind: "server", id: "server", gateway: "192.168.10.1", masqueradeAddress: "203.0.113.1" },
      ],
      links: [
        { id: "internet", ends: [{ node: "client" }, { node: "router" }] },
        { id: "lan", subnet: "192.168.10.0/24", ends: [{ node: "router" }, { node: "server" }] },
      ],
    });
  });

  it("may leave out what has a default, and gets addresses in their one text form", () => {
    const topology = parseTopology({ file: "some/where/small.yaml", text: smallest });
    expect(topology).toMatchObject({ id: "small", dial: "2001:db8::10" });
    expect(topology.nodes[1]).toEqual({
      kind: "router",
      id: "r",
      gateway: null,
      helperPorts: [],
      portForwards: [],
      masquerade: [],
      filter: { input: "drop", forward: "drop", related: true, allow: [] },
      make: ordinaryMake,
    });
    expect(topology.nodes[2]).toMatchObject({ kind: "server", controlPort: 21 });
    expect(topology.links[0]).toMatchObject({ rateKbit: null, delayMs: null });
  });

  it("may block RELATED and name single ports of the helper", () => {
    const text = smallest.replace("role: router", "role: router, helper: [21, 2121-2122], filter: { related: false }");
    const router = parseTopology({ file: "small.yaml", text }).nodes[1];
    expect(router).toMatchObject({ helperPorts: [21, 2121, 2122], filter: { related: false, input: "drop" } });
  });

  it("may say what kind of machine a router is, and what its lines carry", () => {
    const words =
      "tables: legacy, helper-by: nftables, helper-knows: [227], idle-timeout: 60, mtu: 1400, tells-too-long: false";
    const text = smallest.replace("role: router", `role: router, ${words}, loses-one-in: 100`);
    expect(parseTopology({ file: "small.yaml", text }).nodes[1]).toMatchObject({
      make: {
        ...{ tables: "legacy", helperBy: "nftables", helperKnows: ["227"], idleTimeoutS: 60 },
        ...{ mtu: 1400, tellsTooLong: false, losesOneIn: 100 },
      },
    });
  });

  it("may give hosts a firewall, or rules of their own", () => {
    const host = (keys: string) => {
      const nodes = smallest
        .replace("role: client", `role: client, ${keys}`)
        .replace("role: server", `role: server, ${keys}`);
      return parseTopology({ file: "topologies/small.yaml", text: nodes }).nodes.filter(
        ({ kind }) => kind !== "router",
      );
    };
    const firewall = {
      accepts: [
        { first: 21, last: 21 },
        { first: 50_000, last: 50_010 },
      ],
    };
    expect(host("firewall: [21, 50000-50010]")).toMatchObject([
      { kind: "client", firewall },
      { kind: "server", firewall },
    ]);
    expect(host("firewall: []")).toMatchObject([{ firewall: { accepts: [] } }, { firewall: { accepts: [] } }]);
    expect(host('rules: "table inet own {}"')).toMatchObject([
      { userRules: { format: "nftables", file: "topologies/small.yaml (c)" } },
      { userRules: { format: "nftables", file: "topologies/small.yaml (s)" } },
    ]);
    expect(() => host('rules: "iptables -P INPUT DROP"')).toThrow("expected the output of iptables-save");
  });

  it("may say what each node calls its interface on a link", () => {
    const text = smallest.replace(
      "r: 2001:db8:1::1, s: 2001:db8:1::2 }",
      "$& , interfaces: { r: pppoe-wan, s: ens18.2 }",
    );
    const topology = parseTopology({ file: "small.yaml", text });
    expect(topology.links[1]?.ends).toMatchObject([{ interface: "pppoe-wan" }, { interface: "ens18.2" }]);
    expect(interfaceOf(topology, "r", "far")).toBe("pppoe-wan");
    expect(interfaceOf(topology, "s", "near")).toBe("near");
    expect(linkOfInterface(topology, "s", "ens18.2")).toBe("far");
    expect(linkOfInterface(topology, "s", "far")).toBeNull();
  });

  it.each([
    ["s: far-too-long-for-linux", "`far-too-long-for-linux` is longer than 15 characters"],
    ["s: lo", "`lo` is a name that Linux uses itself"],
    ["s: eth0@if5", "its name is eth0"],
    ["s: 'eth0:1'", "the interface's name is eth0"],
    ["s: 'a;reboot'", "has other characters than letters"],
    ["s: near", "`s` has an interface `near` already, on the link `near`"],
    ["c: eth0", "no node `c` is on this link"],
  ])("does not take the interface %s", (own, message) => {
    const text = smallest.replace("s: 2001:db8:1::2 }", `$&, interfaces: { ${own} }`);
    expect(() => parseTopology({ file: "small.yaml", text })).toThrow(message);
  });

  it("takes a link id that is no interface name where each node has a name of its own", () => {
    const named = smallest.replace("far:", "far-away-from-everybody:");
    expect(() => parseTopology({ file: "small.yaml", text: named })).toThrow("is also an interface name");
    const text = named.replace("s: 2001:db8:1::2 }", "$&, interfaces: { r: wan, s: eth0 }");
    expect(parseTopology({ file: "small.yaml", text }).links[1]?.id).toBe("far-away-from-everybody");
  });

  it("reads a node's rules from files beside it, those for its IP version", () => {
    const files: Readonly<Record<string, string>> = {
      "rules/r.v4": "*filter\n-A INPUT -s 192.0.2.1/32 -j DROP\nCOMMIT\n",
      "rules/r.v6": "# Generated by ip6tables-save v1.8.9\r\n*filter\r\nCOMMIT\r\n",
      "rules/r.nft": "table inet own {\n}\n",
    };
    const beside = (path: string) => Buffer.from(files[path] ?? "");
    const read = (paths: string) =>
      parseTopology(
        { file: "here/small.yaml", text: smallest.replace("role: router", `role: router, rules-files: [${paths}]`) },
        { beside },
      ).nodes[1];
    expect(read("rules/r.v4, rules/r.v6, rules/r.nft")).toMatchObject({
      userRules: {
        format: "iptables",
        file: "here/rules/r.v6",
        text: "# Generated by ip6tables-save v1.8.9\n*filter\nCOMMIT\n",
        further: [{ format: "nftables", file: "here/rules/r.nft" }],
      },
    });
    expect(() => read("rules/r.v4")).toThrow("expected rules for ipv6, as `family` says");
    expect(() => read("rules/other.v4")).toThrow("`rules/other.v4` is empty");
    expect(() => read("../r.v4")).toThrow("is not in the folder of this file");
    expect(() => read("/etc/shadow")).toThrow("is not in the folder of this file");
  });

  it("has a control port of its own, which is neither that of implicit TLS nor one for data", () => {
    const text = (port: number): string => smallest.replace("passive-ports:", `control-port: ${port}, passive-ports:`);
    expect(parseTopology({ file: "small.yaml", text: text(2121) }).nodes[2]).toMatchObject({ controlPort: 2121 });
    expect(() => parseTopology({ file: "small.yaml", text: text(990) })).toThrow(/port 990 belongs to implicit TLS/);
  });

  it("with several mistakes is told all of them, in the order of the file", () => {
    const text = smallest.replace("family: ipv6", "family: ipv5\ncolour: red").replace("role: router", "role: rooter");
    try {
      parseTopology({ file: "x.yaml", text });
      throw new Error("accepted");
    } catch (error) {
      expect(error).toBeInstanceOf(ScenarioError);
      const { problems } = error as ScenarioError;
      expect(problems.map(({ place }) => [place.line, place.column])).toEqual([
        [4, 9],
        [5, 1],
        [7, 42],
      ]);
    }
  });

  it.each([
    ["a client's range of more than 1024 addresses", "2001:db8::101, s", "2001:db8:0:0:ffff::1, s", /1024 addresses/],
    [
      "MasqueradeAddress over IPv6",
      "passive-ports: 50000",
      "passive-ports: 50000, masquerade-address: 2001:db8::1",
      /EPSV/,
    ],
    [
      "a gateway of the other family",
      "c: { role: client }",
      "c: { role: client, gateway: 10.0.0.1 }",
      /expected an ipv6/,
    ],
    [
      "the router's own address as its port forward's target",
      "role: router",
      "role: router, port-forwards: [{ on: far, ports: [21], to: '2001:db8:1::1' }]",
      /own address/,
    ],
    [
      "a rule for every port as helper ports",
      "role: router",
      "role: router, helper: [1-60000]",
      /at most 16 control ports/,
    ],
  ])("cannot have %s", (_, from, to, message) => {
    const text = smallest.replace(from, to);
    expect(text).not.toBe(smallest);
    expect(() => parseTopology({ file: "x.yaml", text })).toThrow(message);
  });
});
