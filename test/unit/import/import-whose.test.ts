import { fileOf, importTexts } from "../../support/import-files";

const server = "listen=YES\nanonymous_enable=NO\npasv_min_port=50000\npasv_max_port=50100\n";
const gateway = [
  "*nat",
  "-A PREROUTING -i vlan2 -p tcp -m tcp --dport 2200 -j DNAT --to-destination 192.168.1.1:22",
  "-A PREROUTING -i vlan2 -p tcp -m tcp --dport 21 -j DNAT --to-destination 192.168.1.2",
  "-A POSTROUTING -s 192.168.1.0/24 -d 192.168.1.0/24 -o br0 -j SNAT --to-source 192.168.1.1",
  "-A POSTROUTING -o vlan2 -j MASQUERADE",
  "COMMIT",
  "",
].join("\n");
const gatewayAddresses =
  "2: br0: <UP> mtu 1500\n    inet 192.168.1.1/24 scope global br0\n3: vlan2: <UP> mtu 1500\n    inet 203.0.113.5/24 scope global vlan2\n";
const serverAddresses = "2: eth0: <UP> mtu 1500\n    inet 192.168.1.2/24 scope global eth0\n";

function rolesIn({ draft }: ReturnType<typeof importTexts>): readonly string[] {
  return draft.nodes.filter(({ host }) => host !== null).map(({ id, role }) => `${id} ${role}`);
}

describe("addresses beside a server's files", () => {
  it("are the router's, which forwards some ports to itself", () => {
    const imported = importTexts({
      "save_tomato.txt": gateway,
      "ifconfig.txt": `${gatewayAddresses}default via 203.0.113.1 dev vlan2\n`,
      "vsftpd.conf": server,
    });
    expect(rolesIn(imported)).toEqual(["tomato router", "server server"]);
    expect(imported.draft.dial).toBe("203.0.113.5");
    expect(imported.draft.nodes.find(({ id }) => id === "server")?.gateway).toBe("192.168.1.1");
  });

  it("are the server's under its own prompt, while OpenWrt's configuration is the router's", () => {
    const uci =
      "config redirect\n\toption src 'wan'\n\toption src_dport '21'\n\toption dest_ip '192.168.1.2'\n\toption target 'DNAT'\n";
    const prompts = `root@OpenWrt:~# ip a\n${gatewayAddresses}root@nas:~# ip a\n${serverAddresses}`;
    const files = { "firewall.uci": uci, "ip.txt": prompts, "vsftpd.conf": server };
    const dump = importTexts({ ...files, "nft.txt": `root@OpenWrt:~# iptables-save\n${gateway}` });
    expect(rolesIn(dump)).toEqual(["openwrt router", "nas server"]);
    expect(fileOf(dump, "rules/openwrt.v4")).toContain("--dport 2200");
  });

  it("are OpenWrt's, whose configuration names no machine, and the server is another one", () => {
    const network =
      "config interface 'lan'\n\toption device 'br-lan'\n\toption ipaddr '192.168.1.1'\n\nconfig interface 'wan'\n\toption device 'wan'\n\toption proto 'dhcp'\n";
    const firewall =
      "config zone\n\toption name 'wan'\n\toption masq '1'\n\tlist network 'wan'\n\nconfig redirect\n\toption src 'wan'\n\toption src_dport '21'\n\toption dest 'lan'\n\toption dest_ip '192.168.1.2'\n\toption target 'DNAT'\n";
    const addresses = `root@OpenWrt:~# ip -4 addr\n${gatewayAddresses.replaceAll("br0", "br-lan").replaceAll("vlan2", "wan")}`;
    const imported = importTexts({ firewall, network, "router-ip.txt": addresses, "vsftpd.conf": server });
    expect(rolesIn(imported)).toEqual(["openwrt router", "server server"]);
    expect(imported.draft.dial).toBe("203.0.113.5");
  });

  it("are the server's where its configuration lies beside the router's rules", () => {
    const imported = importTexts({
      "rules.txt": gateway,
      "ip.txt": `root@nas:~# ip a\n${serverAddresses}`,
      "vsftpd.conf": server,
    });
    expect(rolesIn(imported)).toEqual(["router router", "nas server"]);

    const laptop = `anna@laptop:~$ ip a\n${serverAddresses.replace("192.168.1.2/", "192.168.1.77/")}`;
    const other = { "gw_rules.txt": gateway, "ip.txt": laptop, "server_vsftpd.conf": server };
    expect(() => importTexts(other)).toThrow("Nothing says what laptop is");
  });
});

describe("outputs of several machines in one file", () => {
  const told = [
    "Internet --- [DSL router] --- 192.168.1.0/24 --- NAS",
    "",
    "=== DSL router ===",
    "# ip -4 addr",
    gatewayAddresses,
    "admin@RT-68:/tmp# ip route",
    "default via 203.0.113.1 dev vlan2",
    "",
    "=== NAS (vsftpd) ===",
    "$ ip -4 addr show eth0",
    serverAddresses,
    "=== ip route ===",
    "default via 192.168.1.1 dev eth0",
    "",
  ].join("\n");

  it("are of the machines that headings name, whatever prompts stand below", () => {
    const imported = importTexts({ "addresses.txt": told, "dsl-router_save.txt": gateway, "vsftpd.conf": server });
    expect(rolesIn(imported)).toEqual(["dsl-router router", "nas server"]);
    expect(imported.draft.nodes.find(({ id }) => id === "nas")?.gateway).toBe("192.168.1.1");
  });

  it("are one machine's under headings that name its sides or what was asked", () => {
    const [lan, wan] = gatewayAddresses.split("3: vlan2");
    const sides = `=== LAN ===\n${lan}=== WAN ===\n3: vlan2${wan}=== routes ===\ndefault via 203.0.113.1 dev vlan2\n`;
    const imported = importTexts({ "router_addresses.txt": sides, "router_save.txt": gateway, "vsftpd.conf": server });
    expect(rolesIn(imported)).toEqual(["router router", "server server"]);

    const one = { "router_addresses.txt": `=== Fritz 7590 ===\n${gatewayAddresses}`, "router_save.txt": gateway };
    expect(rolesIn(importTexts({ ...one, "vsftpd.conf": server }))).toEqual(["router router", "server server"]);
  });
});

describe("a server's default route", () => {
  const files = { "router_save.txt": gateway, "router_ip.txt": gatewayAddresses, "nas_vsftpd.conf": server };

  it("leads to the router where no network of its own has the next hop", () => {
    const imported = importTexts({
      ...files,
      "nas_ip.txt": `${serverAddresses}default via 10.9.9.1 dev eth0 onlink\n`,
    });
    expect(imported.draft.nodes.find(({ id }) => id === "nas")?.gateway).toBe("192.168.1.1");
    expect(imported.draft.inferences).toContainEqual({
      kind: "assumed",
      what: "the default route of `nas` is 192.168.1.1, `router`",
      why: "nas_ip.txt:3 has 10.9.9.1, which is in no network of `nas`",
    });
  });

  it("is refused with its place where it leaves by another network of the server's", () => {
    const second = "3: eth1: <UP> mtu 1500\n    inet 10.9.9.2/24 scope global eth1\n";
    const both = `${serverAddresses}${second}default via 10.9.9.1 dev eth1\n`;
    expect(() => importTexts({ ...files, "nas_ip.txt": both })).toThrow(
      "nas_ip.txt:5: the default route of `nas` is 10.9.9.1, and connections come in from 192.168.1.0/24.",
    );
  });
});

test("networks that cannot be built are told in the words of the user's files", () => {
  const outer = gateway.replaceAll("192.168.1.", "10.0.0.").replace("10.0.0.1:22", "10.0.0.3:22");
  const files = {
    "inner_save.txt": gateway,
    "inner_ip.txt": gatewayAddresses.replace("203.0.113.5/24", "10.0.0.2/24"),
    "outer_save.txt": outer,
    "outer_ip.txt":
      "2: br0: <UP> mtu 1500\n    inet 10.0.0.1/24 scope global br0\n3: vlan2: <UP> mtu 1500\n    inet 192.168.7.9/16 scope global vlan2\n",
    "vsftpd.conf": server,
  };
  expect(() => importTexts(files)).toThrow(
    /^The files do not come to a network that can be built: the subnet overlaps/,
  );
});

describe("a forward of a range that holds the control port", () => {
  it.each([
    "--dport 20:21 -j DNAT --to-destination 192.168.1.2:20-21",
    "--dport 20:21 -j DNAT --to-destination 192.168.1.2",
  ])("leads to it: %s", (words) => {
    const rules = gateway.replace("--dport 21 -j DNAT --to-destination 192.168.1.2", words);
    for (const files of [{ "rules.txt": rules }, { "rules.txt": rules, "vsftpd.conf": server }]) {
      const { draft } = importTexts(files);
      expect(draft.server.controlPort).toBe(21);
      expect(draft.notes.join("\n")).not.toContain("turns it into");
    }
  });
});
