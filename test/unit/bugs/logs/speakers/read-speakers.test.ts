import { readSpeakers } from "../../../../../harness/bugs/logs/speakers/read-speakers";
import type { PastedFact } from "../../../../../harness/model/symptom";
import { speakerSamples } from "../../../../support/speaker-samples";

type Sample = keyof typeof speakerSamples;

function factsIn(text: string): readonly PastedFact[] {
  return readSpeakers(text).facts.map(({ fact }) => fact);
}

const sample = (id: Sample): readonly PastedFact[] => factsIn(speakerSamples[id]);

describe("a packet that a firewall logged", () => {
  it("is read whatever the rule writes before it", () => {
    expect(sample("ufw-block")).toMatchObject([
      {
        verdict: "blocked",
        prefix: "[UFW BLOCK]",
        to: { address: "10.180.0.3", port: 16881 },
        out: null,
        flags: ["SYN"],
      },
      { verdict: "blocked", from: { address: "198.51.100.77", port: 53039 }, to: { port: 8190 }, in: "eth0" },
      { prefix: "FINAL_REJECT:", in: "eth0", out: "eth1", to: { address: "2001:db8:1::5", port: 50100 } },
      { prefix: "DROP", out: "br0" },
      { prefix: "Shorewall:net2fw:DROP:", in: "ppp0" },
      { prefix: "DROP(src wan)", verdict: "blocked" },
    ]);
  });

  it.each([
    ["[Tue Feb  3 10:00:00 2026] [UFW BLOCK] ", "[UFW BLOCK]", "blocked"],
    ["Feb  3 10:00:00 host [UFW AUDIT INVALID] ", "[UFW AUDIT INVALID]", null],
    ["2026-02-03T10:00:00.123456+00:00 host kernel: [UFW ALLOW] ", "[UFW ALLOW]", "allowed"],
    ["<4>[ 12.5] fw-reject ", "fw-reject", "blocked"],
  ])("has the prefix of its rule behind %s", (before, prefix, verdict) => {
    const line = `${before}IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=TCP SPT=1025 DPT=50000 SYN`;
    expect(factsIn(line)).toMatchObject([{ prefix, verdict }]);
  });

  it("has no verdict where the prefix tells none", () => {
    const [fact] = factsIn(
      "kernel: [1.0] ftp-data: IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=TCP SPT=1 DPT=2 SYN",
    );
    expect(fact).toMatchObject({ verdict: null, prefix: "ftp-data:" });
  });

  it("is one though a terminal wrapped it", () => {
    expect(sample("ufw-wrapped")).toMatchObject([{ line: 1, to: { address: "10.180.0.3", port: 16881 } }]);
  });

  it.each<[Sample]>([
    ["windows-firewall"],
    ["filterlog"],
    ["fortigate"],
    ["fortios-flow"],
    ["pflog"],
    ["cisco-asa"],
    ["vpc-flow-log"],
    ["mikrotik"],
    ["firewall-flows"],
    ["pan-os"],
    ["azure-flow-log"],
    ["windows-filtering-platform"],
    ["firewall-pairs"],
  ])("is read from %s", (id) => {
    expect(sample(id)[0]).toMatchObject({
      kind: "logged-packet",
      verdict: "blocked",
      from: { address: "198.51.100.7", port: 51000 },
      to: { port: 50123 },
    });
  });

  it("is no fact where it is not of TCP", () => {
    expect(factsIn("[UFW BLOCK] IN=eth0 OUT= SRC=192.0.2.1 DST=192.0.2.2 PROTO=UDP SPT=5353 DPT=5353 LEN=46")).toEqual(
      [],
    );
  });
});

describe("the kernel's helper", () => {
  it("dropped a packet, or is not there", () => {
    expect(sample("kernel-helper-drop")).toMatchObject([
      {
        kind: "helper",
        said: "dropped-packet",
        from: { address: "192.168.88.11", port: 21 },
        to: { address: "192.168.88.2", port: 52558 },
      },
    ]);
    expect(sample("kernel-helpers")).toMatchObject([{ said: "not-assigned" }, { said: "no-sequence-adjustment" }]);
  });
});

describe("a listing of connections", () => {
  it("is read with both directions, flags and helper", () => {
    expect(sample("conntrack")).toMatchObject([
      { state: "ESTABLISHED", flags: ["ASSURED"], helper: "ftp", answeredTo: { address: "198.51.100.7", port: 40000 } },
      { state: "SYN_SENT", flags: ["UNREPLIED"], to: { address: "203.0.113.9", port: 50123 }, helper: null },
      { event: "NEW", state: "SYN_SENT" },
      { state: "ESTABLISHED", to: { port: 21 } },
    ]);
  });
});

/** Rules in short, as far as they are told. */
function rulesIn(id: Sample): readonly string[] {
  return sample(id).flatMap((fact) => {
    if (fact.kind !== "rule") return [];
    const { chain, action, isPolicy, ports, states, source, target, in: input, helper } = fact;
    const words = [
      chain,
      isPolicy ? "policy" : "",
      action,
      ports.map((range) => range.join("-")).join(","),
      states.join(","),
    ];
    const more = [source, target === null ? null : `${target.address}:${target.port ?? "*"}`, input, helper];
    return [[...words, ...more].filter((word) => word !== "" && word !== null && word !== undefined).join(" ")];
  });
}

describe("a listing of rules", () => {
  it.each<[Sample, readonly string[]]>([
    [
      "iptables-save",
      [
        "INPUT policy drop",
        "INPUT accept lo",
        "INPUT accept 20-20,21-21",
        "PREROUTING dnat 21-21 192.168.1.5:21 wan",
        "PREROUTING helper 21-21 ftp",
      ],
    ],
    [
      "iptables-s",
      ["INPUT policy drop", "INPUT accept 40000-40100", "INPUT accept 21-21 NEW,ESTABLISHED", "INPUT reject"],
    ],
    ["iptables-commands", ["INPUT policy drop", "PREROUTING dnat 21-21 192.168.1.5:* eth0"]],
    [
      "iptables-list",
      ["INPUT policy drop", "INPUT accept 21-21", "INPUT accept 40000-40100", "INPUT accept RELATED,ESTABLISHED"],
    ],
    [
      "iptables-list-verbose",
      [
        "INPUT accept lo",
        "INPUT accept 20-20,21-21 192.0.2.0/24",
        "PREROUTING dnat 21-21 192.168.1.5:21 wan",
        "PREROUTING helper 21-21 ftp",
      ],
    ],
    [
      "nft-ruleset",
      [
        "input policy drop",
        "input accept lo",
        "input accept 21-21,50000-50999",
        "pre helper 21-21 ftp",
        "prerouting dnat 21-21 192.168.1.5:21 wan",
      ],
    ],
    [
      "ufw-status",
      [
        "incoming policy drop",
        "incoming accept 20-20,21-21 192.0.2.0/24",
        "incoming accept 40000-50000",
        "incoming drop 21-21",
      ],
    ],
    [
      "firewalld",
      [
        "public accept 21-21",
        "public accept 40000-40100",
        "public helper 21-21 ftp",
        "public dnat 2121-2121 192.168.1.5:21",
      ],
    ],
  ])("%s is read rule by rule", (id, expected) => {
    expect(rulesIn(id)).toEqual(expect.arrayContaining([...expected]));
  });

  it.each([
    [
      "Chain INPUT (policy DROP)\nACCEPT     tcp      anywhere             anywhere             tcp dpt:ftp",
      [[21, 21]],
    ],
    ["$ sudo ufw allow 40000:50000/tcp", [[40000, 50000]]],
    ["firewall-cmd --permanent --zone=public --add-port=40000-40100/tcp", [[40000, 40100]]],
  ])("may be typed, or have no options: %s", (text, ports) => {
    expect(factsIn(text).at(-1)).toMatchObject({ kind: "rule", action: "accept", ports });
  });

  it("says nothing of a rule that asks for more than a fact holds", () => {
    expect(factsIn("-A INPUT -p tcp ! --dport 21 -j DROP\n-A INPUT -m set --match-set bad src -j DROP")).toEqual([]);
  });

  it("without links does not take the loopback's rule for one of everything", () => {
    expect(rulesIn("iptables-list")).not.toContain("INPUT accept");
  });
});

describe("a listing that is quoted", () => {
  it("is read as it was, in ticks too", () => {
    for (const id of ["iptables-list", "iptables-save", "firewalld", "ufw-status", "nft-ruleset"] as const) {
      const bodies = (text: string) => factsIn(text).map((fact) => ({ ...fact, text: "" }));
      const plain = bodies(speakerSamples[id]);
      expect(bodies(speakerSamples[id].replace(/^/gm, "> "))).toEqual(plain);
    }
    expect(factsIn("`-P INPUT DROP`")).toHaveLength(1);
  });
});

describe("what people look up", () => {
  it("tells which ports Docker forwards", () => {
    const ports = (id: Sample) => sample(id).map((fact) => (fact.kind === "rule" ? [fact.action, fact.ports] : null));
    expect(ports("docker-ports")).toEqual([["dnat", [[20, 21]]]]);
    expect(ports("docker-run")).toEqual([
      ["dnat", [[21, 21]]],
      ["dnat", [[21100, 21110]]],
    ]);
    expect(ports("docker-compose")).toEqual([
      ["dnat", [[21, 21]]],
      ["dnat", [[30000, 30009]]],
    ]);
  });

  it("tells a host's connections, and not where it listens", () => {
    expect(sample("sockets")).toMatchObject([
      { kind: "connection", state: "SYN_SENT", to: { address: "203.0.113.9", port: 50123 } },
      { state: "SYN_SENT", to: { port: 50124 } },
      { state: "ESTAB", to: { address: "203.0.113.9", port: 21 } },
    ]);
    expect(sample("sockets")).toHaveLength(3);
  });

  it("tells modules, settings, scans and expectations as they are", () => {
    const words = (id: Sample) => readSpeakers(speakerSamples[id]).lines.map(({ line }) => [line.by, line.text]);
    expect(words("machine")).toContainEqual(["listing", "50000/tcp filtered unknown"]);
    expect(sample("machine")).toMatchObject([{ kind: "helper", said: "not-assigned", line: 4 }]);
    expect(words("conntrack-expect")[0]).toEqual([
      "listing",
      "conntrack v1.4.7 (conntrack-tools): 0 expectations have been shown.",
    ]);
    expect(words("vsftpd-conf").map(([, text]) => text)).toEqual([
      "pasv_enable=YES",
      "pasv_min_port=40000",
      "pasv_max_port=40100",
    ]);
  });
});

describe("a capture's text", () => {
  it("is read packet by packet, with what ICMP says and what FTP is decoded", () => {
    expect(sample("tcpdump")).toMatchObject([
      { kind: "packet", flags: ["SYN"], from: { address: "198.51.100.7", port: 40000 }, to: { port: 21 } },
      { ftp: "227 Entering Passive Mode (10,0,0,5,195,80)." },
      { to: { address: "203.0.113.9", port: 50000 } },
      { kind: "icmp-error", from: "203.0.113.1", says: "host 203.0.113.9 unreachable - admin prohibited" },
      { from: { address: "2001:db8::7", port: 40002 }, flags: ["RST", "ACK"] },
      { from: { address: "client.example.com", port: 40003 }, to: { address: "server.example.com", port: 21 } },
    ]);
    expect(sample("tcpdump-verbose")).toMatchObject([
      { kind: "packet", length: 38 },
      { kind: "icmp-error", target: { address: "203.0.113.9", port: 50000 } },
    ]);
    const [quiet, old, link] = factsIn(
      [
        "10:00:00.1 IP 192.0.2.1.40000 > 192.0.2.2.21: tcp 50",
        "10:00:00.1 IP 192.0.2.1.40000 > 192.0.2.2.21: S 123:123(0) win 5840",
        "10:00:00.1 00:00:5e:00:53:01 > 00:00:5e:00:53:02, ethertype IPv4 (0x0800), length 74: 192.0.2.1.40000 > 192.0.2.2.21: Flags [S], length 0",
      ].join("\n"),
    );
    expect(quiet).toMatchObject({ length: 50, flags: [] });
    expect(old).toMatchObject({ flags: ["SYN"] });
    expect(link).toMatchObject({ from: { address: "192.0.2.1", port: 40000 } });
    expect(sample("tshark")[0]).toMatchObject({ to: { address: "203.0.113.9", port: 21 }, flags: ["SYN"], length: 0 });
  });
});
