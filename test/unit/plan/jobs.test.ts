import { jobsOf, runsOf } from "../../../harness/plan/jobs";
import { profiles, topologies } from "../../support/inputs";
import { planCell } from "../../support/planned-cells";

const catalog = {
  topologies: new Map(topologies.map((each) => [each.id, each])),
  profiles: new Map(profiles.map((each) => [each.id, each])),
};

test("a cell is run as often as the run says, or as it says itself", () => {
  const [once, often] = [planCell(), { ...planCell({ mode: "ftps" }), runs: 3 }];
  const runs = runsOf([once, often], 2);
  expect(runs.map(({ planned, repeat }) => [planned.cell.mode, repeat])).toEqual([
    ["ftp", 1],
    ["ftp", 2],
    ["ftps", 1],
    ["ftps", 2],
    ["ftps", 3],
  ]);
});

test("cells of one network share a lab unless their hosts are made of other images", () => {
  const cells = [
    planCell({ topology: "firewall" }),
    planCell({ topology: "direct" }),
    planCell({ topology: "firewall", server: "tls-required" }),
    planCell({ topology: "firewall", client: "curl" }),
  ];
  const jobs = jobsOf(runsOf(cells, 1), catalog);
  expect(jobs.map(({ id, hosts, runs }) => [id, hosts.client, runs.length])).toEqual([
    ["firewall", "client", 2],
    ["direct", "client", 1],
    ["firewall-programs", "programs", 1],
  ]);
  expect(jobs.map(({ topology }) => topology.id)).toEqual(["firewall", "direct", "firewall"]);
});

test("a network that nobody has is an error of our own", () => {
  expect(() => jobsOf(runsOf([planCell()], 1), { ...catalog, topologies: new Map() })).toThrow("no topology direct");
});
