import fc from "fast-check";
import type { Topology } from "../../../harness/model/topology";
import { clientOf, routersOf, serverOf, addressOf } from "../../../harness/plan/network";
import { walk, type Expectation, type Syn } from "../../../harness/plan/predict/packet-walk";
import { renderRuleset } from "../../../harness/plan/ruleset";
import { tablesOf } from "../../support/iptables";
import { port } from "../../support/networks";
import { network } from "../../support/random-networks";
import { simulate } from "../../support/simulated-lab";
import { withFilters } from "../../support/variations";

describe("a ruleset", () => {
  it("has each of its tables once, each ending in COMMIT, and is one line a rule", () => {
    fc.assert(
      fc.property(network, (topology) => {
        for (const router of routersOf(topology)) {
          const { command, text } = renderRuleset(topology, router);
          const tables = tablesOf(text);
          const v6 = topology.family === "ipv6";
          expect(command).toBe(v6 ? "ip6tables-restore" : "iptables-restore");
          expect(tables.map(({ name }) => name)).toEqual(v6 ? ["raw", "filter"] : ["raw", "nat", "filter"]);
          for (const { lines } of tables) {
            expect(lines.filter((line) => line === "COMMIT")).toHaveLength(1);
            expect(lines.at(-1)).toBe("COMMIT");
            expect(
              lines.filter((line) => !/^(:[A-Z]+ (ACCEPT|DROP) \[0:0\]|-A [A-Z]+ \S.*|COMMIT)$/.test(line)),
            ).toEqual([]);
          }
          expect(text).not.toMatch(/undefined|null|NaN| {2}| $/m);
          expect(text.endsWith("COMMIT\n")).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** A connection attempt by client or server to any address of the network, or to one that nobody has. */
function synIn(topology: Topology): fc.Arbitrary<Syn> {
  const addresses = topology.links.flatMap(({ ends }) => ends.map((end) => end.addresses.first));
  const nobody =
    topology.family === "ipv4"
      ? ["203.0.113.250", "192.168.10.250", "192.0.2.1"]
      : ["2001:db8:1::dead", "2001:db8:9::1"];
  return fc
    .record({
      from: fc.constantFrom(clientOf(topology).id, serverOf(topology).id),
      destination: fc.constantFrom(...addresses, ...nobody),
      ports: fc.constantFrom(21, 22, 990, 2121, 50000, 50999, 51000).map(port),
    })
    .map((syn) => ({ ...syn, source: addressOf(topology, syn.from) }));
}

/** A host that calls itself does not use the network. */
const attempt = network.chain((topology) =>
  fc
    .record({ topology: fc.constant(topology), syn: synIn(topology) })
    .filter(({ syn }) => syn.destination !== syn.source),
);

describe("the walk that the prediction takes", () => {
  it("ends where the planned routes and rules would take a new connection", () => {
    fc.assert(
      fc.property(attempt, ({ topology, syn }) => {
        expect(walk(topology, syn, []).end).toEqual(simulate(topology, syn, null));
      }),
      { numRuns: 1_000 },
    );
  });

  /** Where RELATED may pass; where it may not, see packet-walk.test.ts for what the walk gets wrong. */
  it("ends where the planned routes and rules would take an expected connection", () => {
    const expected = attempt.chain(({ topology, syn }) => {
      const routers = routersOf(topology).map(({ id }) => id);
      const other = syn.from === clientOf(topology).id ? serverOf(topology) : clientOf(topology);
      const expectation: fc.Arbitrary<Expectation> = fc.record({
        router: fc.constantFrom(...routers, "nowhere"),
        destination: fc.constant(syn.destination),
        // A helper announces what lies beyond its router, never the router's own address.
        deliverTo: fc.constant(addressOf(topology, other.id)),
        sourceAs: fc.option(fc.constant(routers[0] === undefined ? syn.source : addressOf(topology, routers[0]))),
      });
      return fc.record({
        topology: fc.constant(withFilters(topology, { related: true })),
        syn: fc.constant(syn),
        expectation,
      });
    });
    fc.assert(
      fc.property(expected, ({ topology, syn, expectation }) => {
        expect(walk(topology, syn, [expectation]).end).toEqual(simulate(topology, syn, expectation));
      }),
      { numRuns: 1_000 },
    );
  });

  it("hands each router's translation to the next, and what the last one made of it to the receiver", () => {
    fc.assert(
      fc.property(attempt, ({ topology, syn }) => {
        const { passages, end } = walk(topology, syn, []);
        const seen = [{ source: syn.source, destination: syn.destination }, ...passages.map(({ after }) => after)];
        expect(passages.map(({ before }) => before)).toEqual(seen.slice(0, passages.length));
        if (end.kind === "delivered") expect(end.source).toBe(seen.at(-1)?.source);
      }),
      { numRuns: 1_000 },
    );
  });
});
