import { fileOf, importTexts } from "../../../support/import-files";

/** A router of an old kernel's: it forwards, and no rule attaches a helper. */
const rules = [
  "*nat",
  "-A PREROUTING -i eth0 -p tcp -m tcp --dport 21 -j DNAT --to-destination 192.168.1.5",
  "-A POSTROUTING -o eth0 -j MASQUERADE",
  "COMMIT",
  "*filter",
  ":FORWARD DROP [0:0]",
  "-A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT",
  "-A FORWARD -p tcp -m tcp --dport 21 -j ACCEPT",
  "COMMIT",
  "",
].join("\n");
const addresses =
  "2: eth0: <UP>\n    inet 203.0.113.9/24 scope global eth0\n3: eth1: <UP>\n    inet 192.168.1.1/24 scope global eth1\n";

function imported(files: Readonly<Record<string, string>>, saved = rules) {
  return importTexts({ "iptables-save.txt": saved, "ip-addr.txt": addresses, ...files });
}

function portsFollowed(files: Readonly<Record<string, string>>, saved = rules): readonly string[] {
  const text = fileOf(imported(files, saved), "rules/router.v4");
  return [...text.matchAll(/-A PREROUTING .*--dport (\S+) -j CT --helper ftp$/gm)].map(([, port = ""]) => port);
}

describe("the helper of a kernel that attaches it by itself", () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      "a setting and lsmod",
      {
        "sysctl.txt": "net.netfilter.nf_conntrack_helper = 1\n",
        "lsmod.txt": "Module Size Used by\nnf_conntrack_ftp 16384 0\n",
      },
      ["21"],
    ],
    [
      "modprobe.d alone",
      { "modprobe.conf": "options nf_conntrack nf_conntrack_helper=1\noptions nf_conntrack_ftp ports=21,2121\n" },
      ["21", "2121"],
    ],
    [
      "a list of modules with options",
      {
        "sysctl.conf": "net.netfilter.nf_conntrack_helper=1\n",
        modules: "# at boot\nloop\nnf_conntrack_ftp ports=2121\n",
      },
      ["2121"],
    ],
    [
      "parameters that were printed",
      {
        "router.txt":
          "root@router:~# cat /sys/module/nf_conntrack/parameters/nf_conntrack_helper\nY\nroot@router:~# cat /sys/module/nf_conntrack_ftp/parameters/ports\n21,8021\n",
      },
      ["21", "8021"],
    ],
    [
      "parameters that grep printed",
      {
        "parameters.txt":
          "/sys/module/nf_conntrack/parameters/nf_conntrack_helper:Y\n/sys/module/nf_conntrack_ftp/parameters/ports:21,2121\n",
      },
      ["21", "2121"],
    ],
    [
      "a parameter that is off",
      {
        "parameters.txt":
          "/sys/module/nf_conntrack/parameters/nf_conntrack_helper:N\n/sys/module/nf_conntrack_ftp/parameters/ports:21\n",
      },
      [],
    ],
    ["a setting without the module", { "sysctl.txt": "net.netfilter.nf_conntrack_helper = 1\n" }, []],
    [
      "options that are commented out",
      {
        "sysctl.txt": "net.netfilter.nf_conntrack_helper = 1\n",
        "modprobe.conf": "options nf_nat foo=1\n# options nf_conntrack_ftp ports=2121\n",
      },
      [],
    ],
  ])("follows the ports of %s", (_, files, ports) => {
    expect(portsFollowed(files)).toEqual(ports);
  });

  it("is read from a script, with the options of modprobe", () => {
    const script = [
      "#!/bin/sh",
      "echo 1 > /proc/sys/net/netfilter/nf_conntrack_helper",
      "/sbin/modprobe nf_conntrack_ftp ports=21,2121",
      "iptables -P FORWARD DROP",
      "iptables -t nat -A PREROUTING -i eth0 -p tcp --dport 2121 -j DNAT --to-destination 192.168.1.5:21",
      "iptables -A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT",
    ].join("\n");
    const text = fileOf(importTexts({ "firewall.sh": script, "ip-addr.txt": addresses }), "rules/router.v4");
    expect(text).toContain("--dport 2121 -j CT --helper ftp");
  });

  it("is added to rules of nftables, and beside a rule that attaches it to another port", () => {
    const files = {
      "modprobe.conf": "options nf_conntrack nf_conntrack_helper=1\noptions nf_conntrack_ftp ports=21,2121\n",
    };
    const raw = "*raw\n-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp\nCOMMIT\n";
    expect(portsFollowed(files, `${raw}${rules}`)).toEqual(["21", "2121"]);
    const nft =
      'table ip nat {\n\tchain pre {\n\t\ttype nat hook prerouting priority -100;\n\t\tiifname "eth0" tcp dport 21 dnat to 192.168.1.5\n\t}\n}\n';
    const both = importTexts({ "nft.txt": nft, "ip-addr.txt": addresses, ...files });
    expect(fileOf(both, "rules/router.v4")).toContain("--dport 2121 -j CT --helper ftp");
    expect(fileOf(both, "network.yaml")).toContain("rules/router.v4");
  });

  it("does not follow what a rule keeps from being tracked", () => {
    const raw = "*raw\n-A PREROUTING -p tcp -m tcp --dport 21 -j NOTRACK\nCOMMIT\n";
    const files = {
      "modprobe.conf": "options nf_conntrack nf_conntrack_helper=1\noptions nf_conntrack_ftp ports=21\n",
    };
    const text = fileOf(imported(files, `${raw}${rules}`), "rules/router.v4");
    expect(text.indexOf("NOTRACK")).toBeLessThan(text.indexOf("--helper ftp"));
  });
});

it("a helper that the option `ports` has named is the one of the lab", () => {
  const raw = "*raw\n-A PREROUTING -p tcp -m tcp --dport 2121 -j CT --helper ftp-2121\nCOMMIT\n";
  expect(portsFollowed({}, `${raw}${rules}`)).toEqual(["2121"]);
});

it("what `loose` lets pass is told as left out", () => {
  const { leftOut } = imported({ "modprobe.conf": "options nf_conntrack_ftp loose=1\n" });
  expect(leftOut).toMatchObject([
    { what: "loose=1 of nf_conntrack_ftp", decides: true, from: { file: "modprobe.conf", line: 1 } },
  ]);
  expect(imported({ "modprobe.conf": "options nf_conntrack_ftp loose=0\n" }).leftOut).toEqual([]);
});
