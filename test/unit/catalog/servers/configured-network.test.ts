import { networkFor, listeningAt } from "../../../../harness/catalog/servers/configured-network";
import { dialledPort, routersOf, serverOf } from "../../../../harness/model/network";
import { topologyNamed } from "../../../support/inputs";

const range = { first: 60_000, last: 60_100 };
const ports = { control: 2819, implicit: 9900, passive: range };
const at = (...numbers: readonly number[]) => numbers.map((port) => ({ first: port, last: port }));

describe("a network with the server where a user's configuration has it listen", () => {
  it("forwards and allows what the configuration says in place of what its file says", () => {
    const network = networkFor(topologyNamed("server-nat-range"), ports);
    expect(serverOf(network)).toMatchObject({ controlPort: 2819, implicitPort: 9900, passivePorts: range });
    const [router] = routersOf(network);
    expect(router?.portForwards.map((forward) => forward.ports)).toEqual([[...at(2819, 9900), range]]);
    expect(router?.filter.allow[0]?.ports).toEqual([...at(2819, 9900), range]);
    expect(dialledPort(network, "ftps")).toBe(2819);
    expect(dialledPort(network, "ftps-implicit")).toBe(9900);
  });

  it("keeps its helper where it is: a real one watches port 21 whatever the server does", () => {
    const network = networkFor(topologyNamed("server-nat-helper"), ports);
    expect(routersOf(network).map(({ helperPorts }) => helperPorts)).toEqual([[21]]);
  });

  it("keeps the distance of a forward to other ports", () => {
    const forward = (passive: typeof range) =>
      routersOf(networkFor(topologyNamed("server-nat-remapped"), { ...ports, passive }))[0]?.portForwards[1];
    expect(forward({ first: 40_000, last: 40_100 })).toMatchObject({
      ports: [{ first: 50_000, last: 50_100 }],
      toFirstPort: 40_000,
    });
    // Ten thousand more would be no ports.
    expect(forward({ first: 60_000, last: 60_100 })).toMatchObject({ ports: [{ first: 50_000, last: 50_100 }] });
  });

  it("stays as it is where the configuration says nothing, or the same", () => {
    const network = topologyNamed("server-nat-range");
    expect(networkFor(network, { control: null, implicit: null, passive: null })).toBe(network);
    expect(listeningAt(network, { control: 21, implicit: 990, passive: range })).toBe(network);
  });
});
