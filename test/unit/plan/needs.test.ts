import { NetworkCatalog } from "../../../harness/catalog/conditions/network-catalog";
import { conditions } from "../../../harness/catalog/conditions/registry";
import { needsOf } from "../../../harness/plan/needs";
import { topologies } from "../../support/inputs";

const networks = new NetworkCatalog(topologies);

describe("what a network needs of the kernel", () => {
  it("is nothing beyond the helpers without conditions", () => {
    const needing = topologies.filter((topology) => needsOf(topology).length > 0).map(({ id }) => id);
    // A balancer that counts or draws lots does it by xt_statistic; one that goes by the source address does not.
    expect(needing).toEqual([
      ...["load-balanced", "load-balanced-helper", "load-balanced-random", "load-balancer-front"],
      "nat64",
    ]);
    // A translator is a program that reads packets.
    expect(topologies.flatMap(needsOf)).toEqual([...Array<string>(4).fill("xt_statistic"), "tun"]);
  });

  it("follows from what is true of it", () => {
    const needed = conditions.flatMap(({ id }) => {
      const network = networks.get(`firewall-helper+${id}`);
      const needs = network === undefined ? [] : needsOf(network);
      return needs.length === 0 ? [] : [[id, ...needs]];
    });
    expect(needed).toEqual([
      ["helper-nft", "nft_ct_helper"],
      ["helper-227-only", "nft_egress"],
      ["iptables-legacy", "iptable_raw"],
      ["loss-2pct", "xt_statistic"],
      ["rate-1mbit", "sch_tbf"],
      ["rate-128kbit", "sch_tbf"],
      ["delay-100ms", "sch_netem"],
    ]);
  });
});
