import { announceToClient, announceToServer } from "../../../../harness/plan/predict/helper";
import type { Passage } from "../../../../harness/plan/predict/packet-walk";
import { makeRouter } from "../../../support/networks";

const client = "192.168.20.32";
const home = "203.0.113.2";
const office = "203.0.113.1";
const server = "192.168.10.10";

function passage(
  id: string,
  before: readonly [string, string],
  after: readonly [string, string],
  helperPorts: readonly number[] = [21],
): Passage {
  return {
    router: makeRouter(id, { helperPorts }),
    before: { source: before[0], destination: before[1] },
    after: { source: after[0], destination: after[1] },
    ports: { first: 21, last: 21 },
    by: "rule",
  };
}

/** A control connection through a client's router and a server's, client to server. */
function control(helpers: { readonly home?: readonly number[]; readonly office?: readonly number[] } = {}): Passage[] {
  return [
    passage("home", [client, office], [home, office], helpers.home),
    passage("office", [home, office], [home, server], helpers.office),
  ];
}

const line = { readable: true, controlPort: 21, word: "227" } as const;

/** What the helpers expect of the client: each on its router's side of the client, and translated as the control connection is. */
const homeExpectsClient = {
  router: "home",
  source: client,
  destination: office,
  translated: { source: home, destination: office },
};
const officeExpectsClient = {
  router: "office",
  source: home,
  destination: office,
  translated: { source: home, destination: server },
};

describe("a 227 on its way to the client", () => {
  it("is rewritten to the address that the client dialled, and every helper on the way expects it", () => {
    expect(announceToClient({ ...line, address: server }, control())).toEqual({
      address: office,
      expectations: [officeExpectsClient, homeExpectsClient],
      ignoredBy: [],
    });
  });

  it("is passed over by every helper when it names another address than the server's", () => {
    const announced = announceToClient({ ...line, address: office }, control());
    expect(announced).toMatchObject({
      address: office,
      expectations: [homeExpectsClient],
      ignoredBy: ["office"],
    });
    expect(announceToClient({ ...line, address: "198.51.100.9" }, control())).toMatchObject({
      address: "198.51.100.9",
      expectations: [],
      ignoredBy: ["office", "home"],
    });
  });

  it("is passed over by the client's router where no helper rewrote it before", () => {
    const announced = announceToClient({ ...line, address: server }, control({ office: [] }));
    expect(announced).toMatchObject({ address: server, expectations: [], ignoredBy: ["home"] });
  });
});

describe("a 229 on its way to the client", () => {
  it("carries no address, so that nothing is rewritten and nothing is foreign", () => {
    const announced = announceToClient({ ...line, address: null }, control({ office: [] }));
    expect(announced).toEqual({
      address: "",
      expectations: [homeExpectsClient],
      ignoredBy: [],
    });
  });
});

describe("a PORT on its way to the server", () => {
  it("is rewritten to the address that the server sees, and every helper on the way expects the way back", () => {
    expect(announceToServer({ ...line, address: client }, control())).toEqual({
      address: home,
      expectations: [
        { router: "home", source: office, destination: home, translated: { source: office, destination: client } },
        { router: "office", source: server, destination: home, translated: { source: office, destination: home } },
      ],
      ignoredBy: [],
    });
  });

  it("is passed over by the server's router where the client's did not rewrite it", () => {
    const announced = announceToServer({ ...line, address: client }, control({ home: [] }));
    expect(announced).toMatchObject({ address: client, expectations: [], ignoredBy: ["office"] });
  });

  it("is rewritten by a router that hides the client from the server", () => {
    const snat = [passage("router", ["203.0.113.32", office], ["192.168.10.1", server])];
    expect(announceToServer({ ...line, address: "203.0.113.32" }, snat)).toMatchObject({
      address: "192.168.10.1",
      expectations: [
        {
          router: "router",
          source: server,
          destination: "192.168.10.1",
          translated: { source: office, destination: "203.0.113.32" },
        },
      ],
    });
  });
});

describe("a line of a control connection that the router does not translate", () => {
  const plain = [passage("firewall", [home, office], [home, office])];

  it("leaves what a 227 announces to the router's own NAT rules", () => {
    expect(announceToClient({ ...line, address: office }, plain)).toEqual({
      address: office,
      expectations: [{ router: "firewall", source: home, destination: office, translated: null }],
      ignoredBy: [],
    });
  });

  it("leaves what a PORT announces to the router's own NAT rules", () => {
    expect(announceToServer({ ...line, address: home }, plain)).toEqual({
      address: home,
      expectations: [{ router: "firewall", source: office, destination: home, translated: null }],
      ignoredBy: [],
    });
  });
});

describe("a line that no helper reads", () => {
  const asSent = { address: server, expectations: [], ignoredBy: [] };

  it("goes through unchanged where it cannot be parsed", () => {
    expect(announceToClient({ readable: false, word: "227", controlPort: 21, address: server }, control())).toEqual(
      asSent,
    );
  });

  it("goes through unchanged on a port that no helper watches", () => {
    expect(announceToClient({ ...line, controlPort: 990, address: server }, control())).toEqual(asSent);
  });

  it("goes through unchanged where no router is on the way", () => {
    expect(announceToClient({ ...line, address: server }, [])).toEqual(asSent);
  });
});

it("leaves the control connection's route in its order", () => {
  const route = control();
  announceToClient({ ...line, address: server }, route);
  expect(route.map(({ router }) => router.id)).toEqual(["home", "office"]);
});
