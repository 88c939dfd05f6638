import { NetworkCatalog } from "../../../harness/catalog/conditions/network-catalog";
import type { Link, Topology } from "../../../harness/model/topology";
import { attachmentsOf, clientOf } from "../../../harness/model/network";
import { renderPasswordFile } from "../../../harness/catalog/servers/proftpd-conf";
import { addressesOf } from "../../../harness/plan/wiring";
import { batchesOf } from "../../../harness/run/batch";
import type { CellRun } from "../../../harness/run/context";
import { makePlanned } from "../../support/attempts";
import { topologies, topologyNamed } from "../../support/inputs";

type LinkEnd = Link["ends"][number];

const planned = makePlanned();
const networks = new NetworkCatalog(topologies);

function makeRuns(count: number): readonly CellRun[] {
  return Array.from({ length: count }, (_, index) => ({ planned, repeat: index + 1 }));
}

function clientAddresses(topology: Topology): readonly string[] {
  const client = clientOf(topology);
  return attachmentsOf(topology, client.id).flatMap(({ link }) => addressesOf(link, client.id));
}

/** `direct` with so many client addresses, from 10.9.0.1 on. */
function withClientAddresses(count: number): Topology {
  const topology = topologyNamed("direct");
  const last = `10.9.${Math.floor(count / 256)}.${count % 256}`;
  const client = clientOf(topology).id;
  const change = (end: LinkEnd): LinkEnd =>
    end.node === client ? { node: client, addresses: { first: "10.9.0.1", last } } : end;
  return {
    ...topology,
    links: topology.links.map((link) => ({
      ...link,
      subnet: "10.9.0.0/16",
      ends: link.ends.map(change),
    })),
  };
}

const runsPerBatch = (topology: Topology, count: number): readonly number[] =>
  batchesOf(topology, makeRuns(count)).map(({ length }) => length);

describe("the batches of a lab's runs", () => {
  it("have every run exactly once, in its order", () => {
    for (const count of [0, 1, 190, 191, 192, 500]) {
      const runs = makeRuns(count);
      const placed = batchesOf(topologyNamed("direct"), runs).flat();
      expect(placed.map(({ run }) => run)).toEqual(runs);
    }
  });

  it("have one run each where sessions share a slow line or lost packets, and take turns with addresses", () => {
    for (const id of ["firewall+rate-1mbit", "firewall+loss-2pct"]) {
      const topology = networks.get(id) ?? topologyNamed("direct");
      expect(runsPerBatch(topology, 3)).toEqual([1, 1, 1]);
      const places = batchesOf(topology, makeRuns(3)).flat();
      expect(new Set(places.map(({ localAddress }) => localAddress)).size).toBe(3);
      expect(new Set(places.map(({ user }) => user)).size).toBe(3);
    }
  });

  it("give each run an address of the client and a login name that no other run of the batch has", () => {
    for (const topology of topologies) {
      const addresses = clientAddresses(topology);
      for (const batch of batchesOf(topology, makeRuns(300))) {
        expect(new Set(batch.map(({ localAddress }) => localAddress)).size).toBe(batch.length);
        expect(new Set(batch.map(({ user }) => user)).size).toBe(batch.length);
        expect(batch.filter(({ localAddress }) => !addresses.includes(localAddress))).toEqual([]);
      }
    }
  });

  it("leave the first address and name to the harness's own probes", () => {
    const [first, ...others] = clientAddresses(topologyNamed("direct"));
    const [batch = []] = batchesOf(topologyNamed("direct"), makeRuns(1_000));
    expect(batch.map(({ localAddress }) => localAddress)).toEqual(others);
    expect(first).toBe("203.0.113.32");
    expect(batch.map(({ user }) => user)).toEqual(others.map((_, index) => `lab${index + 1}`));
  });

  it("are as many as it takes where there are more runs than places", () => {
    const topology = topologyNamed("direct");
    expect(clientAddresses(topology)).toHaveLength(192);
    expect(runsPerBatch(topology, 0)).toEqual([]);
    expect(runsPerBatch(topology, 191)).toEqual([191]);
    expect(runsPerBatch(topology, 192)).toEqual([191, 1]);
    expect(runsPerBatch(topology, 400)).toEqual([191, 191, 18]);
  });

  it("use the same places again", () => {
    const [first = [], second = []] = batchesOf(topologyNamed("direct"), makeRuns(200));
    const places = first.map(({ localAddress, user }) => ({ localAddress, user }));
    expect(second.map(({ localAddress, user }) => ({ localAddress, user }))).toEqual(places.slice(0, second.length));
  });

  it("are of one run each where the client has a single address", () => {
    const batches = batchesOf(withClientAddresses(1), makeRuns(3));
    expect(batches.map((batch) => batch.map(({ localAddress, user }) => [localAddress, user]))).toEqual(
      Array.from({ length: 3 }, () => [["10.9.0.1", "lab1"]]),
    );
  });

  it("are of one run each, past the first address, where the client has two", () => {
    const batches = batchesOf(withClientAddresses(2), makeRuns(2));
    expect(batches.map((batch) => batch.map(({ localAddress }) => localAddress))).toEqual([["10.9.0.2"], ["10.9.0.2"]]);
  });

  it("are never larger than there are login names, of which the server knows each", () => {
    const topology = withClientAddresses(600);
    expect(runsPerBatch(topology, 600)).toEqual([511, 89]);
    const known = renderPasswordFile()
      .split("\n")
      .map((line) => line.split(":")[0]);
    const users = batchesOf(topology, makeRuns(600)).flatMap((batch) => batch.map(({ user }) => user));
    expect(users.filter((user) => !known.includes(user))).toEqual([]);
    expect(users).not.toContain("lab0");
  });
});
