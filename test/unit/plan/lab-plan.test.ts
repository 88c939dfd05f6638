import { planLab } from "../../../harness/plan/lab-plan";
import { topologies, topologyNamed } from "../../support/inputs";

describe("what the nodes' containers are given", () => {
  it("is capabilities for routers only", () => {
    for (const { role, capabilities } of topologies.flatMap(planLab)) {
      expect(capabilities).toEqual(role === "router" ? ["NET_ADMIN", "NET_RAW"] : []);
    }
  });

  it("lets routers forward in the topology's family, and hosts give a dropped SYN up after two", () => {
    const sysctls = (id: string): unknown => planLab(topologyNamed(id)).map((node) => [node.role, node.sysctls]);
    expect(sysctls("server-nat")).toEqual([
      ["client", { "net.ipv4.tcp_syn_retries": "1" }],
      ["router", { "net.ipv4.ip_forward": "1", "net.ipv4.conf.all.rp_filter": "0" }],
      ["server", { "net.ipv4.tcp_syn_retries": "1" }],
    ]);
  });

  it("makes the site's name the address dialled for the client, and the server's own for the server", () => {
    const hosts = planLab(topologyNamed("server-nat")).map(({ role, hosts }) => [role, ...hosts]);
    expect(hosts).toEqual([
      ["client", { host: "ftp.example.net", ipAddress: "203.0.113.1" }],
      ["router"],
      ["server", { host: "ftp.example.net", ipAddress: "192.168.10.10" }],
    ]);
  });

  it("could be written as JSON", () => {
    const plan = planLab(topologyNamed("double-nat-helper"));
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });
});
