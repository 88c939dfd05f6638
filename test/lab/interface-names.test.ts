import type { CellResult, PlannedCell } from "../../harness/model/cell";
import type { MatrixReport } from "../../harness/model/report";
import type { Topology, UserRules } from "../../harness/model/topology";
import { expectedFrom } from "../../harness/plan/expected";
import { withUserRules, type RulesAssignment } from "../../harness/plan/user-rules";
import { profileNamed, topologyNamed } from "../support/inputs";
import { choose, runCells } from "../support/lab-run";
import { withOtherNames } from "../support/other-names";

jest.setTimeout(60_000);

function told({ id, result, stage, cause }: Pick<CellResult, "id" | "result" | "stage" | "cause">) {
  return { id, result, stage, cause };
}

function run(topology: Topology, planned: readonly PlannedCell[]): Promise<MatrixReport> {
  return runCells(planned, { topologies: new Map([[topology.id, topology]]) });
}

test("interfaces may have any names: in every mode, results, stages and causes are the predicted ones", async () => {
  const planned = choose(["server-nat-range-helper/tls-optional/basic-ftp/*/*/list"]);
  const report = await run(withOtherNames(topologyNamed("server-nat-range-helper")), planned);
  const expected = planned.map(({ cell: { id }, expected: { result, stage, cause } }) => ({
    id,
    result,
    stage,
    cause,
  }));
  expect(report.cells.map(told)).toEqual(expected);
  expect(report.summary.controls).toMatchObject({ failed: 0 });
});

/** Forwards the control port and half of the passive range, and lets the server out only to the web. */
const iptables = (wan: string, lan: string): string => `*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -i ${wan} -p tcp -m multiport --dports 21,990,50000:50999 -j DNAT --to-destination 192.168.10.10
-A POSTROUTING -o ${wan} -j MASQUERADE
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i ${wan} -o ${lan} -p tcp -m multiport --dports 21,990 -j ACCEPT
-A FORWARD -i ${lan} -o ${wan} -p tcp --dport 443 -j ACCEPT
COMMIT
`;

/** nft looks `iif` up when it loads it. */
const nftables = (own: string): string => `table inet own {
  chain incoming {
    type filter hook input priority filter; policy drop;
    iif "lo" accept
    ct state established,related accept
    iif "${own}" tcp dport { 21, 990 } accept
  }
}
`;

test("the user's own rules for them, on router and host, are understood as those with the lab's names", async () => {
  const ownOf = (names: { readonly wan: string; readonly lan: string; readonly own: string }): RulesAssignment[] => [
    { node: "router", rules: rulesOf("iptables", iptables(names.wan, names.lan)) },
    { node: "server", rules: rulesOf("nftables", nftables(names.own)) },
  ];
  const reports: MatrixReport[] = [];
  for (const topology of [
    placed(topologyNamed("server-nat"), ownOf({ wan: "internet", lan: "lan", own: "lan" })),
    placed(withOtherNames(topologyNamed("server-nat")), ownOf({ wan: "pppoe-wan", lan: "br-lan", own: "eth0.2" })),
  ]) {
    const planned = choose([
      "server-nat/tls-optional/basic-ftp/ftp/*/list",
      "server-nat/tls-optional/basic-ftp/ftps/*/list",
    ]).map(({ cell }) => ({
      cell,
      expected: expectedFrom(cell, { topology, server: profileNamed("tls-optional") }),
    }));
    reports.push(await run(topology, planned));
  }
  const [ours, others] = reports.map(({ cells }) => cells.map(told));
  expect(others).toEqual(ours);
  expect(new Set(ours?.map(({ cause }) => cause)).size).toBeGreaterThan(1);
});

function rulesOf(format: UserRules["format"], text: string): UserRules {
  return { format, file: "mine", text };
}

function placed(topology: Topology, orders: readonly RulesAssignment[]): Topology {
  const changed = withUserRules(topology, orders);
  if (typeof changed === "string") throw new Error(changed);
  return changed;
}
