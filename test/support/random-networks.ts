/** Networks near those of the project: the same nodes and wires, and routers that do anything they could be told to. */
import fc from "fast-check";
import type { AllowRule, Filter, PortForward, RouterNode, Topology } from "../../harness/model/topology";
import { routersOf, serverOf } from "../../harness/model/network";
import { addressOf, attachmentsOf } from "../../harness/model/network";
import { translatorOf } from "../../harness/plan/translator";
import { topologies } from "./inputs";
import { port } from "./networks";
import { withRouters, withServer } from "./variations";

const verdict = fc.constantFrom("accept", "drop", "reject" as const);
const portRanges = fc.subarray([port(21), port(990), { first: 50000, last: 50999 }, { first: 1024, last: 65535 }]);

/** What translates between families is a program, of which routes and rulesets tell nothing. */
const simulated = topologies.filter((topology) => translatorOf(topology) === null);

/** One of the project's topologies with its routers and its server's MasqueradeAddress set at random. */
export const network: fc.Arbitrary<Topology> = fc.constantFrom(...simulated).chain((topology) => {
  const routers = routersOf(topology).map((router) => routerLike(topology, router));
  const addresses = topology.links.flatMap(({ ends }) => ends.map((end) => end.addresses.first));
  return fc
    .record({
      routers: fc.tuple(...routers),
      masqueradeAddress: fc.option(fc.constantFrom(...addresses), { freq: 2 }),
    })
    .map((drawn) => {
      const byId = new Map(drawn.routers.map((router) => [router.id, router]));
      const changed = withRouters(topology, ({ id }) => byId.get(id) ?? {});
      return withServer(changed, {
        masqueradeAddress: topology.family === "ipv4" ? drawn.masqueradeAddress : null,
      });
    });
});

function routerLike(topology: Topology, router: RouterNode): fc.Arbitrary<RouterNode> {
  const links = attachmentsOf(topology, router.id).map(({ link }) => link.id);
  const translates = topology.family === "ipv4";
  return fc.record({
    kind: fc.constant(router.kind),
    id: fc.constant(router.id),
    gateway: fc.constant(router.gateway),
    helperPorts: fc.subarray([21, 990, 2121]),
    portForwards: translates ? forwardsOf(topology, links) : fc.constant([]),
    masquerade: translates ? fc.subarray(links) : fc.constant([]),
    filter: filterOf(links),
    make: fc.constant(router.make),
  });
}

/** At most one forward a link, so that no two claim the same port. */
function forwardsOf(topology: Topology, links: readonly string[]): fc.Arbitrary<readonly PortForward[]> {
  const to = addressOf(topology, serverOf(topology).id);
  return fc
    .tuple(...links.map((on) => fc.option(fc.record({ on: fc.constant(on), ports: portRanges, to: fc.constant(to) }))))
    .map((forwards) => forwards.filter((forward) => forward !== null));
}

function filterOf(links: readonly string[]): fc.Arbitrary<Filter> {
  const link = fc.constantFrom(...links);
  const rule: fc.Arbitrary<AllowRule> = fc.record({ from: link, to: link, ports: fc.option(portRanges) });
  return fc.record({
    input: verdict,
    forward: verdict,
    related: fc.boolean(),
    allow: fc.array(rule, { maxLength: 4 }),
  });
}
