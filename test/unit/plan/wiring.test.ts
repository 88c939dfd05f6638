import { applyConditions } from "../../../harness/catalog/conditions/registry";
import { routersOf } from "../../../harness/model/network";
import { programUserRoutes } from "../../../harness/plan/program-users";
import { renderRuleset } from "../../../harness/plan/ruleset";
import { marksScript } from "../../../harness/plan/trace-marks";
import { withOtherNames } from "../../support/other-names";
import { addressesOf, planWiring, wiringScript } from "../../../harness/plan/wiring";
import { topologies, topologyNamed } from "../../support/inputs";

describe("the wiring of a topology", () => {
  it("has a wire for each link and a batch for each node", () => {
    for (const topology of topologies) {
      const { wires, batches } = planWiring(topology);
      expect(wires).toEqual(topology.links.map(({ id, ends }) => ends.map(({ node }) => ({ node, name: id }))));
      expect([...batches.keys()]).toEqual(topology.nodes.map(({ id }) => id));
    }
  });

  it("gives a node all of its addresses on a link and then brings the link up", () => {
    const topology = topologyNamed("server-nat");
    const lines = planWiring(topology).batches.get("client") ?? [];
    const addresses = Array.from({ length: 192 }, (_, index) => `addr add 203.0.113.${32 + index}/24 dev internet`);
    expect(lines).toEqual(["link set lo up", ...addresses, "link set internet up gso_max_segs 1"]);
  });

  it("sets the default route last, when the gateway can be reached", () => {
    const lines = planWiring(topologyNamed("server-nat")).batches.get("server");
    expect(lines?.slice(-2)).toEqual(["link set lan up gso_max_segs 1", "route add default via 192.168.10.1"]);
  });

  it("skips duplicate address detection over IPv6, where it would hold each address back for a second", () => {
    const addresses = [...planWiring(topologyNamed("ipv6-firewall")).batches.values()]
      .flat()
      .filter((line) => line.startsWith("addr add"));
    expect(addresses.length).toBeGreaterThan(0);
    expect(addresses.filter((line) => !line.endsWith(" nodad"))).toEqual([]);
  });

  it("calls each node's interfaces by their own names, in wires, addresses, queues, rules and traces", () => {
    const changed = applyConditions(topologyNamed("server-nat-range-helper"), ["rate-1mbit"]);
    if ("problem" in changed) throw new Error(changed.problem);
    const topology = withOtherNames(changed);
    const { wires, batches, queues } = planWiring(topology);
    expect(wires.map((ends) => ends.map(({ name }) => name))).toEqual([
      ["enp0s31f6", "pppoe-wan"],
      ["br-lan", "eth0.2"],
    ]);
    const router = routersOf(topology)[0];
    if (router === undefined) throw new Error("no router");
    const texts = [
      ...[...batches.values(), ...queues.values()].flat(),
      renderRuleset(topology, router).text,
      marksScript(topology, "router"),
      ...programUserRoutes(topology),
    ].join("\n");
    expect(texts).toContain("-A FORWARD -i pppoe-wan -o br-lan");
    expect(texts).toContain('egress device "br-lan"');
    expect(texts.match(/\b(dev|-i|-o|device) "?(internet|lan)\b/g)).toBeNull();
  });

  it("knows the addresses of a node only on links that it is on", () => {
    const [lan] = topologyNamed("client-nat").links;
    if (lan === undefined) throw new Error("client-nat has no link");
    expect(addressesOf(lan, "router")).toEqual(["192.168.20.1"]);
    expect(addressesOf(lan, "server")).toEqual([]);
  });
});

describe("the patch panel's script", () => {
  const wiring = planWiring(topologyNamed("direct"));

  it("stops at the first command that fails", () => {
    const pids = new Map([
      ["client", 7],
      ["server", 8],
    ]);
    expect(wiringScript(wiring, pids).split("\n")[0]).toBe("set -e");
  });

  it("needs the process id of every node", () => {
    expect(() => wiringScript(wiring, new Map([["client", 7]]))).toThrow("no process id for node server");
  });
});
