import fc from "fast-check";
import type { Topology } from "../../../harness/model/topology";
import { clientOf, routersOf, serverOf, addressOf } from "../../../harness/model/network";
import { walk, type Expectation, type Syn } from "../../../harness/plan/predict/packet-walk";
import { renderRuleset } from "../../../harness/plan/ruleset";
import { tablesOf } from "../../support/iptables";
import { topologyNamed } from "../../support/inputs";
import { port } from "../../support/networks";
import { network } from "../../support/random-networks";
import { simulate } from "../../support/simulated-lab";
import { withRouters } from "../../support/variations";

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

/** What a helper on some router may expect: mostly the connection itself, so that it is met. */
function expectationOf(topology: Topology, syn: Syn): fc.Arbitrary<Expectation> {
  const addresses = topology.links.flatMap(({ ends }) => ends.map((end) => end.addresses.first));
  const anyAddress = fc.constantFrom(...addresses);
  const mostly = (address: string): fc.Arbitrary<string> =>
    fc.oneof({ arbitrary: fc.constant(address), weight: 3 }, { arbitrary: anyAddress, weight: 1 });
  const hosts = [clientOf(topology), serverOf(topology)].map(({ id }) => addressOf(topology, id));
  const routers = routersOf(topology).map(({ id }) => id);
  return (
    fc
      .record({
        router: fc.constantFrom(...routers, "nowhere"),
        source: mostly(syn.source),
        destination: mostly(syn.destination),
        translated: fc.option(fc.record({ source: anyAddress, destination: fc.constantFrom(...hosts) })),
      })
      // A control connection that is not translated ends at a host, and so does what the helper expects of it.
      .filter(({ destination, translated }) => translated !== null || hosts.includes(destination))
  );
}

/** TCP sends a SYN again that was dropped in silence; an expectation is used up by the first. */
function simulateTwice(...[topology, syn, expectations]: Parameters<typeof simulate>): ReturnType<typeof simulate> {
  const first = simulate(topology, syn, expectations);
  if (first.kind !== "blocked" || first.expected !== true || !first.silent) return first;
  const left = expectations.filter(({ router }) => router !== first.node);
  const second = simulateTwice(topology, syn, left);
  return second.kind === "delivered" ? second : first;
}

describe("the walk that the prediction takes", () => {
  it("ends where the planned routes and rules would take a new connection", () => {
    fc.assert(
      fc.property(attempt, ({ topology, syn }) => {
        expect(walk(topology, syn, []).end).toEqual(simulate(topology, syn, []));
      }),
      { numRuns: 1_000 },
    );
  });

  it("ends where the planned routes and rules would take an expected connection", () => {
    const expected = attempt.chain(({ topology, syn }) =>
      fc.record({
        topology: fc.constant(topology),
        syn: fc.constant(syn),
        expectations: fc.array(expectationOf(topology, syn), { minLength: 1, maxLength: 2 }),
      }),
    );
    fc.assert(
      fc.property(expected, ({ topology, syn, expectations }) => {
        expect(walk(topology, syn, expectations).end).toEqual(simulateTwice(topology, syn, expectations));
      }),
      { numRuns: 2_000 },
    );
  });

  it("lets a connection to any port of a range through where the rules let every port of it through", () => {
    const range = fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 5 }))
      .map(([first, more]) => ({ first, last: first + more }));
    const ranges = fc.array(range, { maxLength: 9 });
    const topology = topologyNamed("server-nat");
    const { from, source } = { from: clientOf(topology).id, source: addressOf(topology, clientOf(topology).id) };
    const to = addressOf(topology, serverOf(topology).id);
    fc.assert(
      fc.property(ranges, ranges, range, (forwarded, allowed, ports) => {
        const drawn = withRouters(topology, ({ filter }) => ({
          portForwards: [{ on: "internet", ports: forwarded, to }],
          filter: { ...filter, allow: [{ from: "internet", to: "lan", ports: allowed }] },
        }));
        const syn = { from, source, destination: topology.dial };
        const single = Array.from({ length: ports.last - ports.first + 1 }, (_, index) => port(ports.first + index));
        const ends = single.map((one) => simulate(drawn, { ...syn, ports: one }, []).kind);
        const passes = walk(drawn, { ...syn, ports }, []).end.kind === "delivered";
        expect(passes).toBe(ends.every((kind) => kind === "delivered"));
      }),
      { numRuns: 300 },
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
