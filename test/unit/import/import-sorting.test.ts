import { fileOf, importTexts } from "../../support/import-files";

const server = "listen=YES\nanonymous_enable=NO\npasv_min_port=50000\npasv_max_port=50100\n";
const own =
  "*filter\n:INPUT DROP [12:720]\n:ufw-user-input - [0:0]\n[0:0] -A INPUT -j ufw-user-input\n[3:180] -A ufw-user-input -p tcp -m tcp --dport 21 -j ACCEPT\nCOMMIT\n";
const addresses = "2: eth0: <UP> mtu 1500\n    inet 198.51.100.9/24 scope global eth0\n";
const nat =
  "*nat\n-A PREROUTING -i ppp0 -p tcp -m tcp --dport 21 -j DNAT --to-destination 192.168.5.10\n-A POSTROUTING -o ppp0 -j MASQUERADE\nCOMMIT\n";

function rolesIn(imported: ReturnType<typeof importTexts>): readonly string[] {
  return imported.draft.nodes.filter(({ host }) => host !== null).map(({ id, role }) => `${id} ${role}`);
}

describe("files that are called as what printed them", () => {
  it("are of the one machine that a prompt names", () => {
    const imported = importTexts({
      "iptables-save -c.txt": own,
      "ip a; ip r.txt": `${addresses}root@web2:~# ip r\ndefault via 198.51.100.1 dev eth0\n`,
      "ufw status.txt": "root@web2:~# ufw status\nStatus: active\n\nTo  Action  From\n21/tcp  ALLOW IN  Anywhere\n",
      "cat vsftpd.conf.txt": server,
    });
    expect(rolesIn(imported)).toEqual(["web2 server"]);
    // Rules with counters are the kernel's own, and no file of ufw's.
    expect(fileOf(imported, "rules/web2.v4")).toContain("-A INPUT -j ufw-user-input");
    expect(imported.draft.dial).toBe("198.51.100.9");
  });

  it("are answers between prompts, each of its own form, with no prose in them", () => {
    const thread = [
      "Hello, on the router:\n",
      `root@gw:~# iptables-save\n${nat}`,
      "and the server:\n",
      `root@files:~# cat /etc/vsftpd.conf\n${server}`,
      "Any idea? Thanks!",
    ].join("\n");
    const imported = importTexts({ "thread.txt": thread });
    expect(rolesIn(imported)).toEqual(["gw router", "files server"]);
    expect(fileOf(imported, "server/thread.txt")).toBe(server);
  });

  it("are the rules of the one of two machines whose interfaces they name", () => {
    const described = [
      "[root@gate ~]# ip addr",
      "2: eth1: <UP> mtu 1500\n    inet 192.168.5.1/24 scope global eth1",
      "3: ppp0: <UP> mtu 1492\n    inet 198.51.100.23 peer 198.51.100.254/32 scope global ppp0",
      "[root@files ~]# ip addr",
      "2: eth1: <UP> mtu 1500\n    inet 192.168.5.10/24 scope global eth1\n",
    ].join("\n");
    const imported = importTexts({ "rules.txt": nat, "machines.txt": described, "vsftpd.conf": server });
    expect(rolesIn(imported)).toEqual(["gate router", "files server"]);
    expect(imported.draft.dial).toBe("198.51.100.23");
  });

  it("are the rules of a machine that shows its network by uci too", () => {
    const described = [
      "root@attic:~# ip addr",
      "5: br-lan: <UP> mtu 1500\n    inet 192.168.5.1/24 scope global br-lan",
      "6: ppp0: <UP> mtu 1492\n    inet 198.51.100.23 peer 198.51.100.254/32 scope global ppp0",
      "root@attic:~# uci show network.wan\nnetwork.wan=interface\nnetwork.wan.proto='pppoe'\n",
    ].join("\n");
    const imported = importTexts({ "rules.txt": nat, "router.txt": described, "vsftpd.conf": server });
    expect(rolesIn(imported)[0]).toBe("attic router");
  });

  it("are the server's own beside rules that name the machine and pass nothing on", () => {
    const imported = importTexts({ "web7-iptables.txt": own, "ip a.txt": addresses, "vsftpd.conf": server });
    expect(rolesIn(imported)).toEqual(["web7 server"]);
  });
});

describe("containers", () => {
  const inspected = JSON.stringify([
    {
      Name: "/vsftpd",
      HostConfig: {
        PortBindings: { "21/tcp": [{ HostIp: "", HostPort: "2121" }], "21100/tcp": [{ HostPort: "21100" }] },
      },
      Config: {
        Image: "fauria/vsftpd",
        Env: ["PASV_ADDRESS=198.51.100.9", "PASV_MIN_PORT=21100", "PASV_MAX_PORT=21100"],
      },
      NetworkSettings: { Networks: { ftp: { IPAddress: "172.19.0.2" } } },
    },
  ]);
  const bridge = "3: br-5f1c0a9be7d2: <UP> mtu 1500\n    inet 172.19.0.1/16 scope global br-5f1c0a9be7d2\n";
  const run =
    'docker run -d --name ftpd \\\n  -p 2121:21 -p 21100:21100 -e "PUBLICHOST=198.51.100.9" -e FTP_PASSIVE_PORTS=21100:21100 \\\n  stilliard/pure-ftpd\n';

  it.each([
    ["docker inspect vsftpd.txt", `$ docker inspect vsftpd\n${inspected}`, "172.19.0.2", "vsftpd"],
    ["docker run.txt", run, "172.19.0.2", "pure-ftpd"],
  ])("are read from %s", (name, text, address, software) => {
    const imported = importTexts({ [name]: text, "ip addr.txt": `${addresses}${bridge}` });
    expect(fileOf(imported, "rules/router.v4")).toContain(`--dport 2121 -j DNAT --to-destination ${address}:21`);
    expect(fileOf(imported, "server.yaml")).toContain(`software: ${software}`);
    expect(imported.draft.server).toMatchObject({
      passivePorts: { first: 21_100, last: 21_100 },
      masqueradeAddress: "198.51.100.9",
    });
  });

  it("are told once, with the server's own command line in the log", () => {
    const log =
      "$ docker logs ftpd\nCreating user...\n  pure-ftpd -l puredb:/etc/x.pdb -E -P 198.51.100.9 -p 21100:21100 --tls=2\n";
    const imported = importTexts({
      "docker run.txt": run,
      "docker logs.txt": log,
      "ip addr.txt": `${addresses}${bridge}`,
    });
    expect(rolesIn(imported)).toEqual(["router router"]);
    expect(fileOf(imported, "server.yaml")).toMatch(/required: auth/);
    const rules = fileOf(imported, "rules/router.v4").split("\n");
    expect(rules.filter((line) => line.includes("--dport 2121 -j DNAT"))).toHaveLength(1);
  });

  it("do not make a router of the machine on which the server itself runs", () => {
    const docker = [
      "*nat\n:DOCKER - [0:0]\n-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
      "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
      "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80\nCOMMIT",
      "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m multiport --dports 21,22 -j ACCEPT\nCOMMIT\n",
    ].join("\n");
    const imported = importTexts({ "iptables-save.txt": docker, "ip a.txt": addresses, "vsftpd.conf": server });
    expect(rolesIn(imported)).toEqual(["server server"]);
  });
});

describe("what has no bearing", () => {
  it("is left out by name, and by what it is", () => {
    const { notes } = importTexts({
      "iptables.txt": own,
      "ip a.txt": addresses,
      "vsftpd.conf": server,
      "vsftpd.log": 'Tue Jun 11 09:10:01 2024 [pid 2] CONNECT: Client "::ffff:203.0.113.7"\n',
      "filezilla.txt": "Status:\tConnecting to 198.51.100.9:21...\nCommand:\tPASV\nError:\tConnection timed out\n",
      "ss -tln.txt": "State  Recv-Q Send-Q Local Address:Port\nLISTEN 0 32 0.0.0.0:21 0.0.0.0:*\n",
      "docker ps.txt": "CONTAINER ID   IMAGE   COMMAND\n",
      "rules.png": "\u0000PNG",
    });
    expect(notes).toEqual([
      expect.stringMatching(/^Left out: vsftpd\.log is a log; /),
      expect.stringMatching(/^Left out: filezilla\.txt is a client's log; /),
      expect.stringMatching(/^Left out: ss -tln\.txt is a list of listeners/),
      expect.stringMatching(/^Left out: docker ps\.txt is a list by Docker/),
      "Left out: rules.png is not text.",
    ]);
  });

  it("is the kernel's modules' list where only one machine has rules", () => {
    const modules = "nf_conntrack_ftp       24576  0\n";
    const imported = importTexts({ "router.txt": nat, "nas-vsftpd.conf": server, "lsmod grep ftp.txt": modules });
    expect(rolesIn(imported)).toEqual(["router router", "nas server"]);
  });
});

test("ufw's own policies count where they are told", () => {
  const rules = "*filter\n:ufw-user-input - [0:0]\n-A ufw-user-input -p tcp --dport 21 -j ACCEPT\nCOMMIT\n";
  const defaults = '# /etc/default/ufw\nDEFAULT_INPUT_POLICY="ACCEPT"\nDEFAULT_FORWARD_POLICY="DROP"\n';
  const told = importTexts({
    "user.rules": rules,
    "etc default ufw.txt": defaults,
    "ip a.txt": addresses,
    "vsftpd.conf": server,
  });
  expect(fileOf(told, "rules/server.v4")).toContain(":INPUT ACCEPT");
  const untold = importTexts({ "user.rules": rules, "ip a.txt": addresses, "vsftpd.conf": server });
  expect(fileOf(untold, "rules/server.v4")).toContain(":INPUT DROP");
});
