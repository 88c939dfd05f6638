import { advise } from "../../../../harness/diagnose/advise/advise";
import type { Topology } from "../../../../harness/model/topology";
import { withUserRules } from "../../../../harness/plan/user-rules";
import { idsIn, needs, question, setsOf } from "../../../support/ask-advice";
import { profileNamed, topologyNamed } from "../../../support/inputs";
import { ownRuleSets } from "../../../support/own-rule-sets";

const range = "open-range-50000-50999@router";

function withRules(topology: string, format: "iptables" | "nftables", text: string, node = "router"): Topology {
  const own = withUserRules(topologyNamed(topology), [{ node, rules: { format, text, file: "own.rules" } }]);
  if (typeof own === "string") throw new Error(own);
  return own;
}

describe("advice", () => {
  it("says that nothing has to be done where all works", () => {
    const { advice } = advise(question(topologyNamed("direct"), needs(["ftp", "ftps"]), ["server", "router"]));
    expect(advice).toMatchObject({ sets: [], impossible: null });
  });

  it.each([
    ["server-nat", ["ftp"], ["router"], [["attach-helper-21@router"], [range]]],
    ["server-nat", ["ftps"], ["router"], [[range]]],
    ["server-nat", ["ftp", "ftps"], ["server", "router"], [[range]]],
    ["hairpin", ["ftps"], ["router"], [["answer-for-server@router"]]],
    ["load-balanced", ["ftps"], ["router"], [["keep-sources@balancer"]]],
  ] as const)("finds the fewest changes for %s, %j, by %j", (network, modes, may, sets) => {
    expect(setsOf(question(topologyNamed(network), needs(modes), may))).toEqual(sets);
  });

  it("puts what opens nothing to strangers before what opens ports", () => {
    const { advice } = advise(question(topologyNamed("server-nat"), needs(["ftp"]), ["router"]));
    expect(advice.sets.map(({ opens }) => opens)).toEqual([
      [],
      [{ node: "server", address: "203.0.113.1", ports: [{ first: 50000, last: 50999 }], from: "203.0.113.0/24" }],
    ]);
  });

  it("says who else would have to change something where the parties cannot help", () => {
    const { advice } = advise(question(topologyNamed("server-nat-helper"), needs(["ftp", "ftps"]), ["server"]));
    expect(advice.sets).toEqual([]);
    expect(advice.impossible?.needs.map(({ need }) => need.mode)).toEqual(["ftps"]);
    expect(advice.impossible?.withOthers?.changes.map(({ party }) => party)).toEqual(["client"]);
  });

  it("leaves out the lines that a router's own rules do not need", () => {
    const [lines] = advise(question(topologyNamed("server-nat"), needs(["ftps"]), ["router"])).advice.sets.map(
      (set) => set.lines,
    );
    expect(lines).toEqual([
      {
        ...{ place: "router", name: "router" },
        lines: [
          "iptables -t nat -I PREROUTING -i internet -d 203.0.113.1 -p tcp --dport 50000:50999 -j DNAT --to-destination 192.168.10.10",
          "iptables -I FORWARD -i internet -o lan -d 192.168.10.10 -p tcp --dport 50000:50999 -m conntrack --ctstate NEW -j ACCEPT",
        ],
      },
    ]);
    const fw3 = ownRuleSets[0]?.rules.text.replace(/^.*--dport 50000:50999.*\n/m, "") ?? "";
    const own = advise(question(withRules("server-nat", "iptables", fw3), needs(["ftps"]), ["router"])).advice;
    // What is forwarded is accepted there already.
    expect(own.sets.map((set) => set.lines)).toMatchObject([[{ ...lines?.[0], lines: lines?.[0]?.lines.slice(0, 1) }]]);
  });

  it("speaks nft to a router whose rules are nft's", () => {
    const fw4 = ownRuleSets.find(({ name }) => name.includes("fw4"))?.rules.text ?? "";
    const { advice } = advise(question(withRules("server-nat", "nftables", fw4), needs(["ftps"]), ["router"]));
    expect(idsIn(advice)).toEqual([[range]]);
    expect(advice.sets[0]?.lines).toMatchObject([
      {
        ...{ place: "router", name: "router" },
        lines: [
          `nft 'insert rule inet fw4 dstnat iifname "internet" ip daddr 203.0.113.1 tcp dport 50000-50999 dnat ip to 192.168.10.10'`,
        ],
      },
    ]);
  });

  it("lets the server use the range that the user's router forwards", () => {
    const text = [
      "*nat",
      "-A PREROUTING -d 203.0.113.1/32 -p tcp -m multiport --dports 21,60000:60100 -j DNAT --to-destination 192.168.10.10",
      "COMMIT",
    ];
    const topology = withRules("server-nat", "iptables", `${text.join("\n")}\n`);
    const { advice } = advise(question(topology, needs(["ftps"]), ["server"]));
    expect(idsIn(advice)).toEqual([["use-range-60000-60100"]]);
    expect(advice.sets[0]).toMatchObject({ opens: [], lines: [{ lines: ["PassivePorts 60000 60100"] }] });
  });

  it("names the address that clients dial where a client rejects what 227 says", () => {
    const asked = needs(["ftps"], { client: "basic-ftp", data: "pasv" });
    expect(setsOf(question(topologyNamed("server-nat-range-no-masquerade"), asked, ["server"]))).toEqual([
      ["name-203.0.113.1"],
    ]);
  });

  it("switches TLS on in a configuration of a user's own that has none", () => {
    const server = profileNamed("tls-optional");
    const userConfig = { file: "proftpd.conf", text: 'ServerName "x"\nPassivePorts 50000 50999\n' };
    const asked = question(topologyNamed("direct"), needs(["ftps"]), ["server"]);
    const { advice } = advise({ ...asked, server: { ...server, userConfig } });
    expect(idsIn(advice)).toEqual([["offer-tls"]]);
    expect(advice.sets[0]?.lines).toMatchObject([{ place: "configuration", name: "proftpd.conf" }]);
  });

  it("opens a server's own firewall", () => {
    const ufw = ownRuleSets.find(({ name }) => name === "ufw on the server, control port alone")?.rules.text ?? "";
    const topology = withRules("direct", "iptables", ufw, "server");
    const { advice } = advise(question(topology, needs(["ftps"]), ["server"]));
    expect(idsIn(advice)).toEqual([["open-range-50000-50999@server"]]);
    expect(advice.sets[0]?.lines).toMatchObject([{ place: "host", name: "server" }]);
  });

  it("counts CCC as giving up encryption", () => {
    const asked = question(topologyNamed("server-nat-helper"), needs(["ftps"], { client: "curl-7.88" }), ["client"]);
    const exposing = advise(asked).advice.sets.filter(({ changes }) => changes.some(({ id }) => id === "ftps-ccc#0"));
    expect(exposing.map(({ changes }) => changes.map(({ exposes }) => exposes))).toEqual([[true]]);
  });
});
