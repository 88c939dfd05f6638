import { parseTopology } from "../../../harness/inputs/topology-file";
import { routersOf } from "../../../harness/model/network";

const between = (routers: string): string => `title: T
description: D
family: ipv4
dial: 203.0.113.1
nodes:
  server: { role: server, gateway: 192.168.10.1, passive-ports: 50000-50999 }
${routers}
  client: { role: client, gateway: 198.51.100.1 }
links:
  lan: { subnet: 192.168.10.0/24, addresses: { home: 192.168.10.1, server: 192.168.10.10 } }
  wan: { subnet: 203.0.113.0/24, addresses: { home: 203.0.113.1, isp: 203.0.113.254 } }
  internet: { subnet: 198.51.100.0/24, addresses: { isp: 198.51.100.1, client: 198.51.100.32-198.51.100.40 } }
`;
const home = "  home: { role: router, gateway: 203.0.113.254 }";
const isp = "  isp: { role: router, filter: { forward: accept } }";

describe("routers", () => {
  it("are counted from the client on, however the file lists them", () => {
    for (const routers of [`${home}\n${isp}`, `${isp}\n${home}`]) {
      const topology = parseTopology({ file: "mine.yaml", text: between(routers) });
      expect(routersOf(topology).map(({ id }) => id)).toEqual(["isp", "home"]);
      expect(topology.nodes.map(({ kind }) => kind)).toEqual(["server", "router", "router", "client"]);
    }
  });
});
