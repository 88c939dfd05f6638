import type { Topology } from "../../../harness/model/topology";
import {
  addressOf,
  attachmentsOf,
  clientOf,
  nodeOf,
  routersOf,
  serverOf,
  withoutHelpers,
} from "../../../harness/model/network";
import { topologyNamed } from "../../support/inputs";

const doubleNat = topologyNamed("double-nat-helper");

describe("the nodes of a topology", () => {
  it("are found by role, routers in the order of the file", () => {
    expect(clientOf(doubleNat).id).toBe("client");
    expect(serverOf(doubleNat).id).toBe("server");
    expect(routersOf(doubleNat).map(({ id }) => id)).toEqual(["client-router", "server-router"]);
    expect(routersOf(topologyNamed("direct"))).toEqual([]);
  });

  it("are found by id", () => {
    expect(nodeOf(doubleNat, "client-router").kind).toBe("router");
  });

  it("must be there: a miss is a bug and says which", () => {
    expect(() => nodeOf(doubleNat, "nobody")).toThrow("topology double-nat-helper has no node nobody");
  });

  it("must be one client and a server at least", () => {
    expect(() => clientOf({ ...doubleNat, nodes: [] })).toThrow("expected one node, got 0");
    expect(() => serverOf({ ...doubleNat, nodes: [] })).toThrow("topology double-nat-helper has no server");
  });
});

describe("a node's places on links", () => {
  it("name its own address there and who is at the other end", () => {
    const places = attachmentsOf(doubleNat, "client-router").map(({ link, address, peers }) => [
      link.id,
      address,
      ...peers,
    ]);
    expect(places).toEqual([
      ["client-lan", "192.168.20.1", "client"],
      ["internet", "203.0.113.2", "server-router"],
    ]);
  });

  it("are the same seen from the second end of a link", () => {
    const reversed: Topology = {
      ...doubleNat,
      links: doubleNat.links.map((link) => ({ ...link, ends: link.ends.toReversed() })),
    };
    const places = (topology: Topology): unknown =>
      attachmentsOf(topology, "client-router").map(({ link, address, peers }) => [link.id, address, ...peers]);
    expect(places(reversed)).toEqual(places(doubleNat));
  });

  it("give a host the first address of its first link", () => {
    expect(addressOf(doubleNat, "client")).toBe("192.168.20.32");
    expect(addressOf(doubleNat, "server")).toBe("192.168.10.10");
  });

  it("must be there for a node that has an address", () => {
    expect(() => addressOf({ ...doubleNat, links: [] }, "client")).toThrow(
      "topology double-nat-helper: node client is on no link",
    );
  });
});

describe("a topology without helpers", () => {
  it("has none on any router and is the same in everything else", () => {
    const bare = withoutHelpers(doubleNat);
    expect(routersOf(bare).map(({ helperPorts }) => helperPorts)).toEqual([[], []]);
    const restored = bare.nodes.map((node) => (node.kind === "router" ? { ...node, helperPorts: [21] } : node));
    expect({ ...bare, nodes: restored }).toEqual(doubleNat);
  });

  it("leaves the original as it was", () => {
    withoutHelpers(doubleNat);
    expect(routersOf(doubleNat).map(({ helperPorts }) => helperPorts)).toEqual([[21], [21]]);
  });
});
