import type { RouterNode, Topology } from "../../../../harness/model/topology";
import { walk, type Expectation, type Syn } from "../../../../harness/plan/predict/packet-walk";
import { makeLink, makeRouter, makeTopology, port, range } from "../../../support/networks";
import { withRouter } from "../../../support/variations";

const clientSide = "203.0.113.32";
const outside = "203.0.113.1";
const inside = "192.168.10.1";
const serverSide = "192.168.10.10";

const internet = makeLink("internet", ["client", clientSide], ["router", outside]);
const lan = makeLink("lan", ["router", inside], ["server", serverSide]);

function network(router: Parameters<typeof makeRouter>[1] = {}): Topology {
  return makeTopology([makeRouter("router", router)], [internet, lan], outside);
}

function synTo(destination: string, number = 21): Syn {
  return { from: "client", source: clientSide, destination, ports: port(number) };
}

const synBack: Syn = { from: "server", source: serverSide, destination: clientSide, ports: port(40000) };

const inbound = { from: "internet", to: "lan", ports: [port(21)] };
const outbound = { from: "lan", to: "internet", ports: null };
const forward21: RouterNode["portForwards"][number] = { on: "internet", ports: [port(21)], to: serverSide };

describe("a SYN between hosts on one wire", () => {
  const direct = makeTopology(
    [],
    [makeLink("wire", ["client", clientSide], ["server", "203.0.113.10"])],
    "203.0.113.10",
  );

  it("is delivered with no router in its way", () => {
    expect(walk(direct, synTo("203.0.113.10"), [])).toEqual({
      passages: [],
      end: { kind: "delivered", node: "server", source: clientSide },
    });
  });

  it("finds nobody at an address of the subnet that the peer does not have", () => {
    const end = { kind: "unreachable", node: "client", destination: "203.0.113.77" };
    expect(walk(direct, synTo("203.0.113.77"), []).end).toEqual(end);
  });

  it("has no way to another subnet without a gateway", () => {
    const end = { kind: "unreachable", node: "client", destination: "198.51.100.7" };
    expect(walk(direct, synTo("198.51.100.7"), []).end).toEqual(end);
  });

  it("is never passed on by a host", () => {
    const middle = makeTopology(
      [],
      [
        makeLink("one", ["client", "10.0.1.1"], ["server", "10.0.1.2"]),
        makeLink("two", ["server", "10.0.2.2"], ["other", "10.0.2.1"]),
      ],
      "10.0.2.1",
    );
    const viaServer: Topology = {
      ...middle,
      nodes: middle.nodes.map((node) => (node.kind === "client" ? { ...node, gateway: "10.0.1.2" } : node)),
    };
    const end = { kind: "unreachable", node: "server", destination: "10.0.2.1" };
    expect(walk(viaServer, synTo("10.0.2.1"), []).end).toEqual(end);
  });
});

describe("a SYN at a router", () => {
  it("passes by a rule and keeps its addresses where nothing is translated", () => {
    const topology = network({ filter: { allow: [inbound] } });
    const addresses = { source: clientSide, destination: serverSide };
    const { passages, end } = walk(topology, synTo(serverSide), []);
    expect(passages).toEqual([
      { router: topology.nodes[1], before: addresses, after: addresses, ports: { first: 21, last: 21 }, by: "rule" },
    ]);
    expect(end).toEqual({ kind: "delivered", node: "server", source: clientSide });
  });

  it("passes by the policy where there is no filter", () => {
    const { passages } = walk(network({ filter: { forward: "accept" } }), synTo(serverSide), []);
    expect(passages.map(({ by }) => by)).toEqual(["policy"]);
  });

  const wide = range(50000, 50999);

  it.each([
    ["meet", [range(50000, 50499), range(50500, 50999)]],
    ["overlap", [range(50000, 50700), range(50300, 50999)]],
    ["stand in any order", [range(50600, 50999), port(21), range(50000, 50599)]],
    ["lie within each other", [range(50000, 50999), range(50100, 50200)]],
    ["reach beyond what is asked", [range(1024, 50499), range(50500, 65535)]],
  ])("passes to any of the ports it may have where ranges that %s hold them together", (_, ports) => {
    const rule = network({ filter: { allow: [{ ...inbound, ports }] } });
    expect(walk(rule, { ...synTo(serverSide), ports: wide }, []).end.kind).toBe("delivered");
    const forward = network({ portForwards: [{ ...forward21, ports }], filter: { forward: "accept" } });
    expect(walk(forward, { ...synTo(outside), ports: wide }, []).end.kind).toBe("delivered");
  });

  it.each([
    ["another port", port(21), { ...inbound, ports: [port(22)] }],
    ["only a part of the ports it may have", wide, { ...inbound, ports: [range(50000, 50500)] }],
    ["all of them but one in the middle", wide, { ...inbound, ports: [range(50000, 50499), range(50501, 50999)] }],
    ["the other direction", port(21), { ...inbound, from: "lan", to: "internet" }],
    ["no port at all", port(21), { ...inbound, ports: [] }],
  ])("is blocked where the rule names %s", (_, ports, rule) => {
    const { passages, end } = walk(network({ filter: { allow: [rule] } }), { ...synTo(serverSide), ports }, []);
    expect(end).toEqual({
      kind: "blocked",
      node: "router",
      where: "forward",
      silent: true,
      in: "internet",
      out: "lan",
    });
    expect(passages).toEqual([]);
  });

  it.each([
    ["drop", true],
    ["reject", false],
  ] as const)("is blocked in silence or not, as the policy %s says", (verdict, silent) => {
    const topology = network({ filter: { forward: verdict, input: verdict } });
    expect(walk(topology, synTo(serverSide), []).end).toEqual({
      kind: "blocked",
      node: "router",
      where: "forward",
      silent,
      in: "internet",
      out: "lan",
    });
    expect(walk(topology, synTo(outside), []).end).toEqual({
      kind: "blocked",
      node: "router",
      where: "input",
      silent,
      in: null,
      out: null,
    });
  });

  it("is blocked before the wire out of which it would have gone, whichever way it went", () => {
    expect(walk(network(), synBack, []).end).toMatchObject({ kind: "blocked", where: "forward", out: "internet" });
    expect(walk(network(), synTo(serverSide), []).end).toMatchObject({ where: "forward", out: "lan" });
  });

  it("finds a port closed that the router lets in and on which it does not listen", () => {
    expect(walk(network({ filter: { input: "accept" } }), synTo(outside), []).end).toEqual({
      kind: "closed",
      node: "router",
    });
  });

  it("is the router's own at any of its addresses, whichever wire it came by", () => {
    const end = { kind: "blocked", node: "router", where: "input", silent: true, in: null, out: null };
    expect(walk(network({ filter: { forward: "accept" } }), synTo(inside), []).end).toEqual(end);
  });

  it("has no way to a subnet that the router does not know", () => {
    const end = { kind: "unreachable", node: "router", destination: "198.51.100.7" };
    expect(walk(network({ filter: { forward: "accept" } }), synTo("198.51.100.7"), []).end).toEqual(end);
  });
});

describe("a translated SYN", () => {
  it("goes where its port is forwarded, and the filter sees the new destination", () => {
    const topology = network({ portForwards: [forward21], filter: { allow: [inbound] } });
    const { passages, end } = walk(topology, synTo(outside), []);
    expect(end).toEqual({ kind: "delivered", node: "server", source: clientSide });
    expect(passages[0]?.before).toEqual({ source: clientSide, destination: outside });
    expect(passages[0]?.after).toEqual({ source: clientSide, destination: serverSide });
  });

  it("still needs the filter's leave", () => {
    const topology = network({ portForwards: [forward21] });
    expect(walk(topology, synTo(outside), []).end).toMatchObject({ kind: "blocked", where: "forward" });
  });

  it.each([
    ["another port", synTo(outside, 22)],
    ["another address of the router", synTo(inside)],
    ["more ports than are forwarded", { ...synTo(outside), ports: { first: 20, last: 21 } }],
  ])("is not forwarded for %s", (_, syn) => {
    const topology = network({ portForwards: [forward21], filter: { forward: "accept" } });
    expect(walk(topology, syn, []).end).toMatchObject({ kind: "blocked", where: "input" });
  });

  it("is not forwarded when it comes by another wire than the forward names", () => {
    const topology = network({ portForwards: [forward21], filter: { forward: "accept" } });
    expect(walk(topology, { ...synBack, destination: outside, ports: port(21) }, []).end).toMatchObject({
      where: "input",
    });
  });

  it("takes the router's address on the wire out of which it is masqueraded", () => {
    const topology = network({ masquerade: ["internet"], filter: { allow: [outbound] } });
    expect(walk(topology, synBack, []).end).toEqual({ kind: "delivered", node: "client", source: outside });
  });

  it("keeps its source out of a wire that is not masqueraded", () => {
    const topology = network({ masquerade: ["lan"], filter: { allow: [outbound] } });
    expect(walk(topology, synBack, []).end).toEqual({ kind: "delivered", node: "client", source: serverSide });
  });

  it("is translated by each of two routers in turn", () => {
    const home = makeRouter("home", { gateway: "203.0.113.1", masquerade: ["net"], filter: { forward: "accept" } });
    const office = makeRouter("office", {
      portForwards: [{ on: "net", ports: [port(21)], to: serverSide }],
      filter: { forward: "accept" },
    });
    const links = [
      makeLink("home-lan", ["client", "192.168.20.32"], ["home", "192.168.20.1"]),
      makeLink("net", ["home", "203.0.113.2"], ["office", "203.0.113.1"]),
      makeLink("office-lan", ["office", inside], ["server", serverSide]),
    ];
    const { passages, end } = walk(
      makeTopology([home, office], links, "203.0.113.1"),
      { from: "client", source: "192.168.20.32", destination: "203.0.113.1", ports: port(21) },
      [],
    );
    expect(passages.map(({ router, after }) => [router.id, after.source, after.destination])).toEqual([
      ["home", "203.0.113.2", "203.0.113.1"],
      ["office", "203.0.113.2", serverSide],
    ]);
    expect(end).toEqual({ kind: "delivered", node: "server", source: "203.0.113.2" });
  });
});

describe("an expected SYN", () => {
  const expectation: Expectation = {
    router: "router",
    source: clientSide,
    destination: outside,
    translated: { source: clientSide, destination: serverSide },
  };

  it("passes as RELATED and goes where the control connection goes", () => {
    const { passages, end } = walk(network(), synTo(outside, 50000), [expectation]);
    expect(passages.map(({ by }) => by)).toEqual(["expectation"]);
    expect(end).toEqual({ kind: "delivered", node: "server", source: clientSide });
  });

  it("takes the source of the control connection, and not that of the masquerading wire", () => {
    const back: Expectation = {
      router: "router",
      source: serverSide,
      destination: clientSide,
      translated: { source: inside, destination: clientSide },
    };
    const { end } = walk(network({ masquerade: ["internet"] }), synBack, [back]);
    expect(end).toEqual({ kind: "delivered", node: "client", source: inside });
  });

  it("is matched before the port forwards", () => {
    const topology = network({ portForwards: [{ ...forward21, to: "192.168.10.99" }] });
    expect(walk(topology, synTo(outside), [expectation]).end.kind).toBe("delivered");
  });

  it.each([
    ["another router", { ...expectation, router: "elsewhere" }],
    ["another destination", { ...expectation, destination: inside }],
    ["another source", { ...expectation, source: "203.0.113.33" }],
  ])("is not expected when the expectation is of %s", (_, other) => {
    expect(walk(network(), synTo(outside, 50000), [other]).end).toMatchObject({ kind: "blocked", where: "input" });
  });

  describe("where RELATED may not pass", () => {
    const deaf = (filter: Partial<RouterNode["filter"]>): Topology =>
      network({ filter: { related: false, ...filter } });

    it.each([
      ["no rule allows it", deaf({}), true],
      [
        "a rule allows new connections, and nothing forwards them",
        deaf({ allow: [{ ...inbound, ports: null }] }),
        true,
      ],
      ["the policy rejects", deaf({ forward: "reject", allow: [{ ...inbound, ports: null }] }), false],
    ])("is blocked: %s", (_, topology, silent) => {
      const { end } = walk(topology, synTo(outside, 50000), [expectation]);
      expect(end).toEqual({
        kind: "blocked",
        node: "router",
        where: "forward",
        silent,
        in: "internet",
        out: "lan",
        expected: true,
      });
    });

    it("passes when it is sent again, where a rule allows new connections and the first was dropped in silence", () => {
      const back = { router: "router", source: serverSide, destination: clientSide, translated: null };
      const open = { allow: [{ from: "lan", to: "internet", ports: null }] };
      const { passages, end } = walk(deaf(open), synBack, [back]);
      expect(passages.map(({ by }) => by)).toEqual(["rule"]);
      expect(end.kind).toBe("delivered");
      expect(walk(deaf({ ...open, forward: "reject" }), synBack, [back]).end.kind).toBe("blocked");
    });

    it("passes by the policy alone, whatever the rules say", () => {
      const topology = deaf({ forward: "accept", allow: [{ ...inbound, ports: null }] });
      const { passages, end } = walk(topology, synTo(outside, 50000), [expectation]);
      expect(passages.map(({ by }) => by)).toEqual(["policy"]);
      expect(end.kind).toBe("delivered");
    });
  });

  describe("of a control connection that the router does not translate", () => {
    it("takes the address of the wire out of which it is masqueraded", () => {
      const back = { router: "router", source: serverSide, destination: clientSide, translated: null };
      const { passages, end } = walk(network({ masquerade: ["internet"] }), synBack, [back]);
      expect(passages.map(({ by }) => by)).toEqual(["expectation"]);
      expect(end).toEqual({ kind: "delivered", node: "client", source: outside });
    });

    it("goes where its port is forwarded", () => {
      const { passages, end } = walk(network({ portForwards: [forward21] }), synTo(outside), [
        { ...expectation, translated: null },
      ]);
      expect(passages.map(({ by }) => by)).toEqual(["expectation"]);
      expect(end).toEqual({ kind: "delivered", node: "server", source: clientSide });
    });
  });
});

describe("the answer to a SYN that arrived", () => {
  /** The topology with other default routes. */
  function withGateways(topology: Topology, gateways: Readonly<Record<string, string | null>>): Topology {
    return {
      ...topology,
      nodes: topology.nodes.map((node) => ({ ...node, gateway: gateways[node.id] ?? null })),
    };
  }

  /** Client, two routers that let everything through, server; only the way to the server is known. */
  const oneWay = withGateways(
    makeTopology(
      [makeRouter("left", { filter: { forward: "accept" } }), makeRouter("right", { filter: { forward: "accept" } })],
      [
        makeLink("a", ["client", "192.168.20.32"], ["left", "192.168.20.1"]),
        makeLink("b", ["left", "203.0.113.2"], ["right", "203.0.113.1"]),
        makeLink("c", ["right", inside], ["server", serverSide]),
      ],
      serverSide,
    ),
    { client: "192.168.20.1", left: "203.0.113.1" },
  );
  const syn = { from: "client", source: "192.168.20.32", destination: serverSide, ports: port(21) };

  it("is lost at a host that has no route to the source", () => {
    const end = { kind: "no-way-back", node: "server", source: "192.168.20.32" };
    expect(walk(oneWay, syn, []).end).toEqual(end);
  });

  it("is lost at a router that has no route to the source, past which the SYN had come", () => {
    const gateways = { client: "192.168.20.1", left: "203.0.113.1", server: inside };
    const { passages, end } = walk(withGateways(oneWay, gateways), syn, []);
    expect(end).toEqual({ kind: "no-way-back", node: "right", source: "192.168.20.32" });
    expect(passages.map(({ router }) => router.id)).toEqual(["left", "right"]);
  });

  it("needs no route to a source that a router on the way hides", () => {
    const hiding = withRouter(oneWay, "left", { masquerade: ["b"] });
    expect(
      walk(withGateways(hiding, { client: "192.168.20.1", left: "203.0.113.1", server: inside }), syn, []).end,
    ).toEqual({ kind: "delivered", node: "server", source: "203.0.113.2" });
  });

  it("is lost where nobody on the wire has the source", () => {
    const stranger: Expectation = {
      router: "router",
      source: serverSide,
      destination: clientSide,
      translated: { source: "203.0.113.99", destination: clientSide },
    };
    expect(walk(network(), synBack, [stranger]).end).toEqual({
      kind: "no-way-back",
      node: "client",
      source: "203.0.113.99",
    });
  });

  it("is lost where it goes to another neighbour than the SYN came from", () => {
    const other = makeLink("d", ["other", "198.51.100.1"], ["server", "198.51.100.10"]);
    const { nodes, links } = network({ filter: { forward: "accept" } });
    const forked = withGateways(
      makeTopology([...nodes.slice(1, -1), makeRouter("other")], [...links, other], serverSide),
      { client: outside, server: "198.51.100.1" },
    );
    expect(walk(forked, synTo(serverSide), []).end).toEqual({
      kind: "no-way-back",
      node: "server",
      source: clientSide,
      astray: true,
    });
  });

  it("is never given to a SYN that a router sends back to its own sender", () => {
    const topology = network({ portForwards: [{ ...forward21, on: "lan" }], filter: { forward: "accept" } });
    const hairpin = { ...synBack, destination: inside, ports: port(21) };
    expect(walk(topology, hairpin, []).end).toMatchObject({ kind: "no-way-back", node: "server", source: serverSide });
    const hidden = withRouter(topology, "router", { masquerade: ["lan"] });
    expect(walk(hidden, hairpin, []).end).toEqual({ kind: "delivered", node: "server", source: inside });
  });
});

it("lets a range through that several rules and forwards share among them", () => {
  const halves = [range(50000, 50499), range(50500, 50999)].map((half) => [half]);
  const topology = network({
    portForwards: halves.map((ports) => ({ ...forward21, ports })),
    filter: { allow: halves.map((ports) => ({ from: "internet", to: "lan", ports })) },
  });
  const whole = { ...synTo(outside), ports: range(50000, 50999) };
  expect(walk(topology, whole, []).end.kind).toBe("delivered");
  expect(walk(topology, { ...whole, ports: range(50000, 51000) }, []).end.kind).toBe("blocked");
});

it("ends as unreachable in a routing loop", () => {
  const links = [
    makeLink("a", ["client", "192.168.20.32"], ["left", "192.168.20.1"]),
    makeLink("b", ["left", "203.0.113.2"], ["right", "203.0.113.1"]),
    makeLink("c", ["right", inside], ["server", serverSide]),
  ];
  const left = makeRouter("left", { gateway: "203.0.113.1", filter: { forward: "accept" } });
  const right = makeRouter("right", { gateway: "203.0.113.2", filter: { forward: "accept" } });
  const topology = makeTopology([left, right], links, "203.0.113.1");
  const syn = { from: "client", source: "192.168.20.32", destination: "198.51.100.7", ports: port(21) };
  expect(walk(topology, syn, []).end).toMatchObject({ kind: "unreachable", destination: "198.51.100.7" });
});
