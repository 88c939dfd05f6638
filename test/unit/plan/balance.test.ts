import type { Topology } from "../../../harness/model/topology";
import { balancesOf, canBalanceBySource, dealsDataByTurns, lotsOf, targetsOf } from "../../../harness/plan/balance";
import { withUserRules } from "../../../harness/plan/user-rules";
import { routersOf } from "../../../harness/model/network";
import { topologies, topologyNamed } from "../../support/inputs";
import { withRouters } from "../../support/variations";

/** Where control and data connection go, by the last number of the servers' addresses: `11 12`. */
function lots(topology: Topology): readonly string[] {
  const server = (settled: Topology): string =>
    routersOf(settled)
      .flatMap(({ portForwards }) => portForwards.map(({ to }) => to.split(".").at(-1) ?? ""))
      .join("/");
  return lotsOf(topology, 21).map(({ control, data }) => `${server(control)} ${server(data)}`);
}

describe("how a session's connections are shared out", () => {
  it("is no question where every forward leads to one host", () => {
    const plain = topologies.filter((topology) => balancesOf(topology).length === 0);
    for (const topology of plain) expect(lotsOf(topology, 21)).toEqual([{ control: topology, data: topology }]);
  });

  it("is in turn, by chance or by the source address", () => {
    expect(lots(topologyNamed("load-balanced"))).toEqual(["11 12", "12 11"]);
    expect(lots(topologyNamed("load-balanced-random"))).toEqual(["11 11", "11 12", "12 11", "12 12"]);
    expect(lots(topologyNamed("load-balanced-affinity"))).toEqual(["11 11", "12 12"]);
  });

  it("goes round all servers, and leaves no forward undecided", () => {
    const three = withRouters(topologyNamed("load-balanced"), ({ portForwards }) => ({
      portForwards: portForwards.map((entry) => ({
        ...entry,
        balance: { others: ["192.168.10.12", "192.168.10.13"], by: "round-robin" },
      })),
    }));
    expect(lots(three)).toEqual(["11 12", "12 13", "13 11"]);
    for (const { control, data } of lotsOf(three, 21))
      expect([...balancesOf(control), ...balancesOf(data)]).toEqual([]);
  });

  it("counts data connections apart where another rule forwards them", () => {
    const apart = withRouters(topologyNamed("load-balanced"), ({ portForwards }) => ({
      portForwards: portForwards.flatMap((entry) => entry.ports.map((range) => ({ ...entry, ports: [range] }))),
    }));
    // Three rules, for 21, 990 and the passive range, each with a count of its own.
    const data = new Set(lots(apart).map((text) => `${text.slice(0, 2)} ${text.slice(-2)}`));
    expect([...data].sort()).toEqual(["11 11", "11 12", "12 11", "12 12"]);
  });

  it("makes sessions hang on each other where data connections are counted", () => {
    const hanging = topologies.filter(dealsDataByTurns).map(({ id }) => id);
    expect(hanging).toEqual(["load-balanced", "load-balanced-helper"]);
  });

  it.each([
    ["-A PREROUTING -p tcp -m statistic --mode nth --every 2 --packet 0 -j DNAT --to-destination 192.168.10.11", true],
    ["# -A PREROUTING -p tcp -m statistic --mode nth --every 2 --packet 0", false],
    ["-A PREROUTING -p tcp -m statistic --mode random --probability 0.5 -j DNAT --to-destination 192.168.10.11", false],
    ["-A PREROUTING -p tcp -j DNAT --to-destination 192.168.10.10", false],
  ])("is read in a user's own rules: %s", (rule, hangs) => {
    const rules = { format: "iptables", file: "rules.v4", text: `*nat\n${rule}\nCOMMIT\n` } as const;
    const network = withUserRules(topologyNamed("server-nat"), [{ node: null, rules }]);
    expect(typeof network !== "string" && dealsDataByTurns(network)).toBe(hangs);
  });

  it("can go by the source address where the servers' addresses are one range", () => {
    const [forward] = routersOf(topologyNamed("load-balanced")).flatMap(({ portForwards }) => portForwards);
    expect(forward === undefined ? [] : targetsOf(forward)).toEqual(["192.168.10.11", "192.168.10.12"]);
    expect(canBalanceBySource(topologyNamed("load-balanced"))).toBe(true);
    const gap = withRouters(topologyNamed("load-balanced"), ({ portForwards }) => ({
      portForwards: portForwards.map((entry) => ({ ...entry, to: "192.168.10.14" })),
    }));
    expect(canBalanceBySource(gap)).toBe(false);
  });
});
