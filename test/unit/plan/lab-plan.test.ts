import { planLab } from "../../../harness/plan/lab-plan";
import { topologies, topologyNamed } from "../../support/inputs";

describe("what the nodes' containers are given", () => {
  it("is capabilities for routers and translators only, and a device for the latter", () => {
    for (const { role, capabilities, devices } of topologies.flatMap(planLab)) {
      expect(capabilities).toEqual(role === "router" || role === "translator" ? ["NET_ADMIN", "NET_RAW"] : []);
      expect(devices).toEqual(role === "translator" ? ["/dev/net/tun"] : []);
    }
  });

  it("lets routers forward in the topology's family, and hosts give a dropped SYN up after two", () => {
    const sysctls = (id: string): unknown => planLab(topologyNamed(id)).map((node) => [node.role, node.sysctls]);
    expect(sysctls("server-nat")).toEqual([
      ["client", { "net.ipv4.tcp_syn_retries": "1" }],
      ["router", expect.objectContaining({ "net.ipv4.ip_forward": "1" })],
      ["server", { "net.ipv4.tcp_syn_retries": "1" }],
    ]);
    const [client, translator, router] = planLab(topologyNamed("nat64")).map((node) => node.sysctls);
    expect(client).toMatchObject({ "net.ipv6.conf.all.disable_ipv6": "0" });
    expect(translator).toMatchObject({ "net.ipv6.conf.all.forwarding": "1", "net.ipv4.ip_forward": "1" });
    expect(Object.keys(router ?? {}).filter((name) => name.includes("ipv6"))).toEqual([]);
    expect(sysctls("ipv6-firewall")).toContainEqual([
      "router",
      expect.objectContaining({ "net.ipv6.conf.all.forwarding": "1" }),
    ]);
  });

  it("lets routers take packets from any source, on every interface that they will have", () => {
    // The higher of `all` and the interface's own counts (ip-sysctl), and a new interface takes its own from `default`.
    const routers = planLab(topologyNamed("double-nat-helper")).filter(({ role }) => role === "router");
    expect(routers).toHaveLength(2);
    for (const { sysctls } of routers) {
      expect(sysctls).toMatchObject({ "net.ipv4.conf.all.rp_filter": "0", "net.ipv4.conf.default.rp_filter": "0" });
    }
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
