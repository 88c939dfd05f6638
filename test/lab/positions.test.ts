import { withUserRules } from "../../harness/plan/user-rules";
import { expectedFrom } from "../../harness/plan/expected";
import type { PlannedCell } from "../../harness/model/cell";
import type { Topology } from "../../harness/model/topology";
import { makeCell } from "../support/cells";
import { catalog, runCells } from "../support/lab-run";

jest.setTimeout(60_000);

/** What a router does whose NAT loopback is on: for those inside it forwards too, and hides them. */
const loopback = `*nat
-A PREROUTING -d 203.0.113.1/32 -p tcp -m multiport --dports 21,50000:50999 -j DNAT --to-destination 192.168.10.10
-A POSTROUTING -s 192.168.10.0/24 -d 192.168.10.10/32 -o lan -j MASQUERADE
-A POSTROUTING -o internet -j MASQUERADE
COMMIT
`;

function office(position: string, rules?: string): Topology {
  const topology = catalog.topologies.get(`office@${position}`);
  if (topology === undefined) throw new Error(`no position ${position}`);
  if (rules === undefined) return topology;
  const own = withUserRules(topology, [
    { node: "router", rules: { format: "iptables", file: "loopback.v4", text: rules } },
  ]);
  if (typeof own === "string") throw new Error(own);
  return { ...own, id: `loopback@${position}` };
}

test("from each position a network does what its router's rules say: hairpin fails, or works with NAT loopback", async () => {
  const topologies = [office("internet"), office("lan"), office("lan", loopback)];
  const server = catalog.profiles.get("tls-optional");
  if (server === undefined) throw new Error("no profile");
  const planned = topologies.map((topology): PlannedCell => {
    const cell = makeCell({ topology: topology.id, mode: "ftps", data: "epsv" });
    return { cell, expected: expectedFrom(cell, { topology, server }) };
  });
  const { cells } = await runCells(planned, { topologies: new Map(topologies.map((own) => [own.id, own])) });
  expect(cells.map(({ topology, outcome, result, cause }) => [topology, outcome, result, cause])).toEqual([
    ["office@internet", "expected", "worked", null],
    ["office@lan", "expected", "failed", "port-unreachable"],
    ["loopback@lan", "expected", "worked", null],
  ]);
});
