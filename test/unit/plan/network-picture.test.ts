import { join } from "node:path";
import { pictureOf } from "../../../harness/plan/network-picture";
import { loadTopologies } from "../../../harness/inputs/load";

const topologies = loadTopologies(join(__dirname, "../../../topologies"));

function pictureFor(id: string) {
  const topology = topologies.find((candidate) => candidate.id === id);
  if (topology === undefined) throw new Error(`no topology ${id}`);
  return pictureOf(topology);
}

describe("pictureOf", () => {
  it("puts the nodes in a row from client to server, with the wire that leads to each", () => {
    const { dial, hops, asides } = pictureFor("server-nat-helper");
    expect(dial).toBe("203.0.113.1");
    expect(hops.map(({ node, link }) => [node, link])).toEqual([
      ["client", null],
      ["router", { id: "internet", subnet: "203.0.113.0/24", near: "203.0.113.32-223", far: "203.0.113.1" }],
      ["server", { id: "lan", subnet: "192.168.10.0/24", near: "192.168.10.1", far: "192.168.10.10" }],
    ]);
    expect(hops[1]?.lines).toContain("FTP helper on 21");
    expect(hops[2]?.lines).toEqual(["PassivePorts 50000-50999"]);
    expect(asides).toEqual([]);
  });

  it("shortens ranges of IPv6 too", () => {
    expect(pictureFor("ipv6-firewall").hops[1]?.link?.near).toMatch(/^2001:db8:[0-9a-f:]+-[0-9a-f]+$/);
  });

  it.each(topologies.map(({ id }) => id))("tells every node of %s, on the way or beside it", (id) => {
    const { hops, asides } = pictureFor(id);
    const nodes = topologies.find((topology) => topology.id === id)?.nodes.map((node) => node.id) ?? [];
    expect([...hops.map(({ node }) => node), ...asides].toSorted()).toEqual(nodes.toSorted());
  });
});
