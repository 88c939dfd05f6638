import { NetworkCatalog } from "../../../../harness/catalog/conditions/network-catalog";
import type { Cell } from "../../../../harness/model/cell";
import type { Topology } from "../../../../harness/model/topology";
import { predictFor, verdictAndCauseOf } from "../../../support/cells";
import { topologies } from "../../../support/inputs";

const networks = new NetworkCatalog(topologies);

function network(id: string): Topology {
  const found = networks.get(id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
}

const verdict = (id: string, axes: Partial<Cell>): string => verdictAndCauseOf(predictFor(network(id), axes));

const serverStops = "data-connect: server-host-firewall";
const clientStops = "data-connect: client-host-firewall";

describe("a server whose own host lets in the control ports alone", () => {
  it.each(["direct", "firewall-range", "server-nat-helper", "ipv6-firewall-helper"])(
    "stops passive data connections in %s, and opens active ones itself",
    (id) => {
      expect(verdict(`${id}+server-firewall`, { data: "epsv" })).toBe(serverStops);
      expect(verdict(`${id}+server-firewall`, { data: "eprt" })).toBe(verdict(id, { data: "eprt" }));
    },
  );

  it("is not to blame for what a router stops before it", () => {
    for (const id of ["firewall", "server-nat", "client-egress-helper"]) {
      const axes = { mode: "ftps", data: "epsv" } as const;
      expect(verdict(`${id}+server-firewall`, axes)).toBe(verdict(id, axes));
    }
  });

  it("lets in the control port that it has", () => {
    expect(verdict("direct+port-2121+server-firewall", { data: "epsv" })).toBe(serverStops);
    expect(verdict("direct+server-firewall", { mode: "ftps-implicit", data: "epsv" })).toBe(serverStops);
  });

  it("says so in the reason", () => {
    expect(predictFor(network("direct+server-firewall"), { data: "epsv" }).reason).toBe(
      "229 leads to 203.0.113.10, and the own firewall of server drops it (INPUT).",
    );
  });
});

describe("a client whose own host lets in only what it asked for", () => {
  it.each(["direct", "client-nat-helper", "server-nat-helper", "ipv6-firewall-helper"])(
    "stops active data connections in %s, and opens passive ones itself",
    (id) => {
      expect(verdict(`${id}+client-firewall`, { data: "eprt" })).toBe(clientStops);
      expect(verdict(`${id}+client-firewall`, { data: "epsv" })).toBe(verdict(id, { data: "epsv" }));
    },
  );

  it("is not to blame for what a router stops before it", () => {
    expect(verdict("client-nat+client-firewall", { data: "eprt" })).toBe(verdict("client-nat", { data: "eprt" }));
  });
});
