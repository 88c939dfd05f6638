import { join } from "node:path";
import { drawTopology } from "../../../harness/plan/picture";
import { loadTopologies } from "../../../harness/inputs/load";
import { parseTopology } from "../../../harness/inputs/topology-file";

const topologies = loadTopologies(join(__dirname, "../../../topologies"));

function drawingOf(id: string): string {
  const topology = topologies.find((candidate) => candidate.id === id);
  return topology === undefined ? "" : drawTopology(topology);
}

/** A link that ends one row begins the next; the address that a hairpin connection dials is on a link that it never passes, and nobody has what stands for IPv4. */
const timesDialled = new Map([
  ["double-nat-helper", 2],
  ["server-two-addresses-helper", 2],
  ["hairpin", 0],
  ["hairpin-snat", 0],
  ["nat64", 0],
  ["office@lan", 0],
]);

describe("a topology's picture", () => {
  it("puts client, router and server in a row, and says what the router does to FTP", () => {
    expect(drawingOf("server-nat-helper")).toBe(
      [
        "┌────────┐ internet       ┌─────────────────────────────────┐ lan             ┌───────────────┐",
        "│ client ├────────────────┤ router                          ├─────────────────┤ server        │",
        "│        │ 203.0.113.0/24 │ FTP helper on 21                │ 192.168.10.0/24 │ PassivePorts  │",
        "│        │ .32-.223   .1* │ DNAT on internet: 21, 990 →     │ .1          .10 │   50000-50999 │",
        "└────────┘                │   192.168.10.10                 │                 └───────────────┘",
        "                          │ NAPT out of internet            │",
        "                          │ filter input drop, forward drop │",
        "                          │ internet → lan: 21, 990         │",
        "                          │ lan → internet: any             │",
        "                          │ RELATED passes                  │",
        "                          └─────────────────────────────────┘",
        "* clients dial 203.0.113.1",
      ].join("\n"),
    );
  });

  it.each(topologies.map((topology) => [topology.id, topology] as const))(
    "of %s fits into 100 columns and shows every node, link and the dialled address once",
    (_, topology) => {
      const drawing = drawTopology(topology);
      expect(Math.max(...drawing.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
      // A second server has no box of its own.
      for (const { id } of topology.nodes) expect(drawing).toMatch(new RegExp(`[│┤] ${id} +[│├]|^${id} at `, "m"));
      for (const { id } of topology.links) expect(drawing).toContain(` ${id} `.trimEnd());
      expect(drawing).toContain(`* clients dial ${topology.dial}`);
      expect(drawing.match(/[0-9]\*/g) ?? []).toHaveLength(timesDialled.get(topology.id) ?? 1);
    },
  );

  it("goes on below where the chain is too long, with the link drawn again", () => {
    const drawing = drawingOf("double-nat-helper");
    expect(drawing.match(/ internet( |$)/gm)).not.toBeNull();
    expect(drawing.split("\n").filter((line) => line.includes("203.0.113.0/24"))).toHaveLength(2);
  });

  it("shows the address that the server puts into 227, where it has been told one", () => {
    expect(drawingOf("server-nat-range")).toContain("MasqueradeAddress");
    expect(drawingOf("server-nat-range-no-masquerade")).not.toContain("MasqueradeAddress");
  });

  it("names the nodes that are not on the way", () => {
    const text = `
title: A side road
description: A router that no packet passes.
family: ipv4
dial: 203.0.113.10
nodes: { c: { role: client }, r: { role: router, filter: { related: false } }, s: { role: server, passive-ports: 50000 } }
links:
  near: { subnet: 203.0.113.0/24, addresses: { s: 203.0.113.10, c: 203.0.113.20 } }
  far: { subnet: 192.168.1.0/24, addresses: { r: 192.168.1.1, s: 192.168.1.2 } }
`;
    const drawing = drawTopology(parseTopology({ file: "x.yaml", text }));
    expect(drawing).toContain("not on the way from client to server: r");
    expect(drawing).toContain(".20       .10*");
  });
});
