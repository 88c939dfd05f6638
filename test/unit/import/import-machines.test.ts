import { fileOf, importTexts } from "../../support/import-files";

const server = "listen=YES\nanonymous_enable=NO\npasv_min_port=50000\npasv_max_port=50100\n";
const gateway = [
  "*nat",
  "-A PREROUTING -i vlan2 -p tcp -m tcp --dport 21 -j DNAT --to-destination 192.168.1.5",
  "-A PREROUTING -d 203.0.113.99/32 -p tcp -m tcp --dport 50000:50100 -j DNAT --to-destination 192.168.1.5",
  "-A POSTROUTING -o vlan2 -j MASQUERADE",
  "COMMIT",
  "",
].join("\n");
const addresses =
  "2: br0: <UP> mtu 1500\n    inet 192.168.1.1/24 scope global br0\n3: vlan2: <UP> mtu 1500\n    inet 203.0.113.5/24 scope global vlan2\n";

describe("whose a file is", () => {
  it("is not told by words that name a command", () => {
    const { draft } = importTexts({
      "firewall-cmd.txt": "public (active)\n  target: default\n  interfaces: eth0\n  services: ftp\n",
      "nft-list-ruleset.txt":
        "table inet f {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\t\ttcp dport 21 accept\n\t}\n}\n",
      "vsftpd.conf": server,
    });
    expect(draft.nodes.filter(({ host }) => host !== null).map(({ role }) => role)).toEqual(["server"]);
  });

  it("is the router's where its interfaces are those of the router's rules", () => {
    const { draft } = importTexts({ "router.txt": gateway, "ip-addr.txt": addresses, "vsftpd.conf": server });
    const lan = draft.links.find(({ id }) => id === "lan");
    expect(Object.fromEntries(lan?.addresses ?? [])).toMatchObject({ router: "192.168.1.1", server: "192.168.1.5" });
    expect(draft.dial).toBe("203.0.113.5");
  });

  it("is not told by a prompt of a machine without a name", () => {
    const pasted = `root@unknown:/tmp/home/root# iptables-save\n${gateway}`;
    const { draft } = importTexts({ "all.txt": pasted, "ip-addr.txt": addresses, "vsftpd.conf": server });
    expect(draft.nodes.filter(({ host }) => host !== null).map(({ id }) => id)).toEqual(["router", "server"]);
  });

  it("is the server's where the router forwards to its address", () => {
    const own = "2: br0: <UP> mtu 1500\n    inet 192.168.1.5/24 scope global br0\n";
    const { draft } = importTexts({ "router.txt": gateway, "ip-addr.txt": own, "vsftpd.conf": server });
    const lan = draft.links.find(({ id }) => id === "lan");
    expect(lan?.addresses.get("server")).toBe("192.168.1.5");
    expect(lan?.interfaces.get("server")).toBe("br0");
  });
});

describe("what a machine's rules name and nobody has", () => {
  it("is absent where its addresses are told", () => {
    const told = importTexts({ "router.txt": gateway, "ip-addr.txt": addresses, "vsftpd.conf": server });
    expect(fileOf(told, "network.yaml")).toContain("    absent: [203.0.113.99]\n");
    expect(told.notes).toContain(
      "No node has 203.0.113.99, which the rules of `router` name, so those rules match nothing.",
    );

    const untold = importTexts({ "router.txt": gateway, "vsftpd.conf": server });
    expect(fileOf(untold, "network.yaml")).not.toContain("absent");
  });

  it("is never absent as somebody who connects", () => {
    const rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -s 198.18.0.7/32 -p tcp -m tcp --dport 21 -j ACCEPT\nCOMMIT\n";
    const host = "2: eth0: <UP> mtu 1500\n    inet 203.0.113.5/24 scope global eth0\n";
    const told = importTexts({ "iptables.txt": rules, "ip-addr.txt": host, "vsftpd.conf": server });
    expect(fileOf(told, "network.yaml")).not.toContain("absent");
  });

  it("is absent as one of few who get data connections, where anybody may log in", () => {
    const rules = gateway.replace("-d 203.0.113.99/32", "-s 192.0.2.77/32");
    const told = importTexts({ "router.txt": rules, "ip-addr.txt": addresses, "vsftpd.conf": server });
    expect(fileOf(told, "network.yaml")).toContain("    absent: [192.0.2.77]\n");
  });
});

describe("a file that import does not know", () => {
  it("is left out by name, with all others read", () => {
    const { notes, draft } = importTexts({ "notes.txt": "FRITZ!Box 7590\n", "fw.txt": gateway, "vsftpd.conf": server });
    expect(notes).toContain("Left out: notes.txt:1: import does not know what this is: FRITZ!Box 7590");
    expect(draft.dial).not.toBe("");
  });
});

describe("files that name no machine", () => {
  const hostRules = [
    "root@alma9:~# iptables-save",
    "*filter",
    ":INPUT DROP [0:0]",
    ":FORWARD DROP [0:0]",
    ":OUTPUT ACCEPT [0:0]",
    "-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT",
    "COMMIT",
    "",
  ].join("\n");

  it("are a server's own, beside rules that neither forward nor hide", () => {
    const { draft } = importTexts({ "iptables.txt": hostRules, "vsftpd.conf": server });
    expect(draft.nodes.filter(({ host }) => host !== null).map(({ id, role }) => `${id} ${role}`)).toEqual([
      "alma9 server",
    ]);
  });

  it("are of the machine that a prompt in another file names", () => {
    const rules = hostRules.replace("root@alma9:~# iptables-save\n", "");
    const asked =
      "root@pwgdata:~# ip -4 a s\n2: enp35s0: <UP> mtu 1500\n    inet 198.51.100.203/27 scope global enp35s0\n";
    const { draft } = importTexts({ "ip-a.txt": asked, "rules.v4": rules, "vsftpd.conf": server });
    expect(draft.nodes.filter(({ host }) => host !== null).map(({ id, role }) => `${id} ${role}`)).toEqual([
      "pwgdata server",
    ]);
    expect(draft.dial).toBe("198.51.100.203");
  });

  it("are of the machine whose dump has the same chains, interfaces or addresses", () => {
    const script =
      "#!/bin/sh\niptables -t nat -A PREROUTING -i wan -p tcp --dport 21 -j DNAT --to-destination 192.168.1.20\n";
    const dump = `root@gw:~# iptables-save\n${gateway}`;
    const { draft, notes } = importTexts({ "firewall.user": script, "save.txt": dump, "vsftpd.conf": server });
    expect(draft.nodes.filter(({ host }) => host !== null).map(({ id, role }) => `${id} ${role}`)).toEqual([
      "gw router",
      "server server",
    ]);
    expect(notes).toContain("firewall.user is not read: what it makes is in the dump of the rules, or was not loaded.");
  });

  it("are of the machine that another file's name begins with", () => {
    const addresses = "2: wan: <BROADCAST,UP> mtu 1500\n    inet 203.0.113.9/24 scope global wan\n";
    const { draft } = importTexts({ "kvm1-save": gateway, "kvm1-wires.txt": addresses, "vsftpd.conf": server });
    expect(draft.nodes.filter(({ host }) => host !== null).map(({ id }) => id)).toEqual(["kvm1", "server"]);
  });
});

describe("several commands in one file", () => {
  it("are told apart, whatever stands first", () => {
    const pasted = [
      "[root@alma9 ~]# firewall-cmd --list-all",
      "public",
      "  target: default",
      "  services: ftp ssh",
      "  ports: ",
      "[root@alma9 ~]# ip -4 -br a",
      "lo               UNKNOWN        127.0.0.1/8 ",
      "ens192           UP             192.0.2.171/25 ",
      "[root@alma9 ~]# ip r",
      "default via 192.0.2.129 dev ens192 proto static metric 100 ",
      "",
    ].join("\n");
    const { draft } = importTexts({ "firewall.txt": pasted, "vsftpd.conf": server });
    expect(draft.dial).toBe("192.0.2.171");
    expect(draft.links.map(({ interfaces }) => Object.fromEntries(interfaces))).toContainEqual({ alma9: "ens192" });
  });

  it("name no interface by what a rule asks the routes", () => {
    const rules =
      'table inet f {\n\tchain c {\n\t\tfib saddr . mark . iif oif missing drop\n\t\tiifname "ens5" tcp dport 21 accept\n\t}\n}\n';
    const { draft } = importTexts({ "nft.txt": rules, "vsftpd.conf": server });
    expect(draft.links.flatMap(({ interfaces }) => [...interfaces.values()])).toEqual(["ens5"]);
  });
});

describe("a container's variables", () => {
  it.each([
    ['ADDED_FLAGS: "--tls=2"', "auth"],
    ['ADDED_FLAGS: "-d -Y 3"', "on"],
    ['ADDED_FLAGS: "--tls=1"', "off"],
    ["FORCE_SSL: 'YES'", "on"],
  ])("tell with %s how far TLS is required", (variable, required) => {
    const compose = `services:\n  ftp:\n    image: stilliard/pure-ftpd\n    environment:\n      ${variable}\n    ports: ["21:21"]\n`;
    const { files } = importTexts({ "docker-compose.yml": compose });
    expect(files.find(({ path }) => path === "server.yaml")?.text).toContain(`required: ${required}\n`);
  });
});

describe("what a summary or a file leaves open", () => {
  it("is told of variables of a compose file, with their lines", () => {
    const compose = [
      "services:",
      "  ftp:",
      "    image: stilliard/pure-ftpd",
      "    env_file: [./ftp.env]",
      "    ports:",
      '      - "${FTP_PORT:-21}:21"',
      '      - "${RANGE}:${RANGE}"',
      "",
    ].join("\n");
    expect(() => importTexts({ "docker-compose.yml": compose })).toThrow(
      "docker-compose.yml:7: the published ports depend on ${RANGE}, and no file shows its value.",
    );
    const { leftOut } = importTexts({ "docker-compose.yml": compose.replaceAll("${RANGE}", "30000-30009") });
    const deciding = leftOut.filter(({ decides }) => decides).map(({ what, from }) => `${what} ${from.line}`);
    expect(deciding).toEqual(["./ftp.env 4"]);
  });

  it("is told of routing by policy", () => {
    const rule = "0:\tfrom all lookup local\n1000:\tfrom all fwmark 0x2 lookup ispb\n32766:\tfrom all lookup main\n";
    const { leftOut } = importTexts({ "fw.txt": `${gateway}\n${rule}` });
    expect(leftOut.map(({ what, decides, from }) => ({ what, decides, text: from.line > 0 }))).toContainEqual({
      what: "policy routing (ip rule)",
      decides: true,
      text: true,
    });
  });

  it("is told of a table by itself", () => {
    const { leftOut } = importTexts({ "rules.txt": "-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT\n" });
    expect(leftOut.map(({ what, decides }) => ({ what, decides }))).toEqual([
      { what: "the tables nat and raw", decides: true },
    ]);
  });
});

describe("a vsftpd.conf with blanks around its signs", () => {
  it("is one, as it is, and its own lint says that vsftpd does not start", () => {
    const text = "listen = YES\npasv_min_port = 50000\npasv_max_port = 50100\n";
    const imported = importTexts({ "vsftpd.conf": text });
    expect(fileOf(imported, "server/vsftpd.conf")).toBe(text);
    expect(imported.draft.server.passivePorts).toEqual({ first: 50_000, last: 50_100 });
  });
});

describe("lines that the lab's programs do not take", () => {
  it("are left out of a pure-ftpd.conf by name", () => {
    const text = "TLS 1\nPassivePortRange 35000 35999\nUseFtpUsers no\nAntiWarez yes\nMaxIdleTime soon\n";
    const imported = importTexts({ "pure-ftpd.conf": text });
    expect(fileOf(imported, "server.yaml")).toContain("directives: |\n  AntiWarez yes\ntls:");
    expect(imported.leftOut.map(({ what }) => what)).toEqual(["UseFtpUsers", "MaxIdleTime"]);
  });

  it("are left out of a proftpd.conf where only older ones had them", () => {
    const text = "ServerName x\nTLSOptions NoCertRequest NoSessionReuseRequired\n";
    const imported = importTexts({ "proftpd.conf": text });
    expect(fileOf(imported, "server/proftpd.conf")).toBe("ServerName x\nTLSOptions NoSessionReuseRequired\n");
    expect(imported.leftOut.map(({ what, from }) => `${what} ${from.line}`)).toEqual(["NoCertRequest 2"]);
  });

  it("are left out of the table nat, and decide where they ask for the address outside", () => {
    const rules = gateway.replace(
      "*nat\n",
      "*nat\n-A PREROUTING -d 192.168.1.0/24 -i vlan2 -j DROP\n-A PREROUTING -s 198.18.0.0/16 -j DROP\n",
    );
    const { leftOut, files } = importTexts({ "fw.txt": rules, "ip-addr.txt": addresses, "vsftpd.conf": server });
    expect(files.find(({ path }) => path.endsWith(".v4"))?.text).not.toContain("DROP");
    expect(leftOut.filter(({ what }) => what.includes("nat")).map(({ decides }) => decides)).toEqual([false, true]);
  });
});

describe("an address outside that no interface has", () => {
  const vsftpd = "listen=YES\npasv_address=203.0.113.66\npasv_min_port=50000\npasv_max_port=50100\n";
  const inner = "2: ens4: <UP> mtu 1460\n    inet 10.128.0.20/32 scope global ens4\n";
  const dialOf = (text: string): string =>
    importTexts({ "ip.txt": `${inner}${text}\n`, "vsftpd.conf": vsftpd }).draft.dial;

  it.each([
    ["a remark", "# External address (curl -4 ifconfig.me): 203.0.113.190 (1:1 NAT to 10.128.0.20)"],
    ["a stranger's answer", "kofi@web:~$ curl -s ifconfig.me\n203.0.113.190kofi@web:~$ date"],
    ["metadata", "$ curl -s http://169.254.169.254/latest/meta-data/public-ipv4\n203.0.113.190"],
    ["a provider's list", "NAME ZONE INTERNAL_IP EXTERNAL_IP STATUS\nweb us-a 10.128.0.20 203.0.113.190 RUNNING"],
    ["a provider's JSON", '            "PublicIpAddress": "203.0.113.190",'],
    ["a name", "$ host ftp.example.org\nftp.example.org has address 203.0.113.190"],
    ["a zone", "ftp  3600  IN  A  203.0.113.190"],
    ["what a client dialled", "Status: Connecting to 203.0.113.190:21..."],
  ])("is read from %s", (_, text) => {
    expect(dialOf(text)).toBe("203.0.113.190");
  });

  it.each([
    ["nothing", ""],
    ["one of former times", "# the external address was 203.0.113.190 until May"],
    ["one inside", "# external address: 10.0.0.7"],
    ["two that are as likely", "# public IP: 203.0.113.190\n# public IP: 203.0.113.191"],
  ])("is the server's word where files tell %s", (_, text) => {
    expect(dialOf(text)).toBe("203.0.113.66");
  });
});

describe("a server whose files name no machine", () => {
  const vsftpd = "listen=YES\npasv_min_port=50000\npasv_max_port=50100\n";
  const vpn =
    "*nat\n-A PREROUTING -i eth0 -p tcp -m tcp --dport 8443 -j DNAT --to-destination 10.8.0.2\n-A POSTROUTING -s 10.8.0.0/24 -o eth0 -j MASQUERADE\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n-A INPUT -i tun0 -j ACCEPT\nCOMMIT\n";
  const home =
    "*nat\n-A PREROUTING -i eth0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 192.168.7.2\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth1 -j ACCEPT\nCOMMIT\n";
  const taking = home.replace(
    ":INPUT DROP [0:0]\n",
    ":INPUT DROP [0:0]\n:f2b-ftp - [0:0]\n-A INPUT -p tcp -m multiport --dports 21 -j f2b-ftp\n",
  );

  const guests =
    "*nat\n-A POSTROUTING -s 192.168.122.0/24 ! -d 192.168.122.0/24 -p tcp -j MASQUERADE --to-ports 1024-65535\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n-A FORWARD -i enp3s0 -o enp4s0 -j ACCEPT\nCOMMIT\n";

  it.each([
    ["that hides only its virtual machines", guests],
    ["with one line, which hides only a tunnel", vpn],
    ["whose rules take FTP", taking],
  ])("runs on the machine %s", (_, rules) => {
    for (const file of ["iptables-save.txt", "vps7-iptables-save.txt"]) {
      const { draft } = importTexts({ [file]: rules, "vsftpd.conf": vsftpd });
      expect(draft.nodes.filter(({ host }) => host !== null).map(({ role }) => role)).toEqual(["server"]);
    }
  });

  it("may be anywhere behind a router that forwards no FTP", () => {
    expect(() => importTexts({ "iptables-save.txt": home, "vsftpd.conf": vsftpd })).toThrow(
      "no rule forwards FTP to it, and no file shows the address of the server",
    );
  });
});

it("takes the last of several dumps in one file", () => {
  const dump = (port: number): string =>
    `# Generated by iptables-save\n*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dport ${port} -j ACCEPT\nCOMMIT\n`;
  const imported = importTexts({ "web.txt": `${dump(22)}# now:\n$ iptables-save\n${dump(21)}` });
  expect(fileOf(imported, "rules/web.v4")).toContain("--dport 21 ");
  expect(fileOf(imported, "rules/web.v4")).not.toContain("--dport 22 ");
});
