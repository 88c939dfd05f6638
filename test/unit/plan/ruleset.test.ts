import type { PortRange, Topology } from "../../../harness/model/topology";
import { nodeOf, routersOf } from "../../../harness/model/network";
import { renderRuleset } from "../../../harness/plan/ruleset";
import { tablesOf, verdictIn } from "../../support/iptables";
import { makeLink, makeRouter, makeTopology, port } from "../../support/networks";
import { topologies, topologyNamed } from "../../support/inputs";

function network(router: Parameters<typeof makeRouter>[1] = {}): Topology {
  const links = [
    makeLink("net", ["client", "203.0.113.32"], ["router", "203.0.113.1"]),
    makeLink("lan", ["router", "192.168.10.1"], ["server", "192.168.10.10"]),
  ];
  return makeTopology([makeRouter("router", router)], links, "203.0.113.1");
}

function textOf(topology: Topology, id = "router"): string {
  const router = nodeOf(topology, id);
  if (router.kind !== "router") throw new Error(`${id} is no router`);
  return renderRuleset(topology, router).text;
}

function forward(
  text: string,
  packet: { readonly port?: number; readonly state?: "NEW" | "RELATED" | "ESTABLISHED" },
): string {
  return verdictIn(text, "filter", "FORWARD", { in: "net", out: "lan", port: 21, state: "NEW", ...packet });
}

describe("a router's filter", () => {
  it("lets ESTABLISHED pass whatever it does with new connections", () => {
    for (const verdict of ["drop", "reject", "accept"] as const) {
      const text = textOf(network({ filter: { input: verdict, forward: verdict } }));
      expect(forward(text, { state: "ESTABLISHED" })).toBe("ACCEPT");
      expect(verdictIn(text, "filter", "INPUT", { in: "net", port: 21, state: "ESTABLISHED" })).toBe("ACCEPT");
    }
  });

  it.each([
    ["drop", "DROP"],
    ["reject", "REJECT"],
    ["accept", "ACCEPT"],
  ] as const)("does with new connections what its policy %s says", (verdict, expected) => {
    const text = textOf(network({ filter: { input: verdict, forward: verdict } }));
    expect(forward(text, {})).toBe(expected);
    expect(verdictIn(text, "filter", "INPUT", { in: "net", port: 21, state: "NEW" })).toBe(expected);
  });

  it("rejects with a TCP RST, as the last rule of the chain, since no policy can be REJECT", () => {
    const text = textOf(
      network({ filter: { forward: "reject", allow: [{ from: "net", to: "lan", ports: [port(21)] }] } }),
    );
    const rules = text.split("\n").filter((line) => line.startsWith("-A FORWARD"));
    expect(rules.at(-1)).toBe("-A FORWARD -p tcp -j REJECT --reject-with tcp-reset");
    expect(text).toContain(":FORWARD DROP [0:0]");
    expect([forward(text, { port: 21 }), forward(text, { port: 22 })]).toEqual(["ACCEPT", "REJECT"]);
  });

  it("lets RELATED pass only where the topology says so", () => {
    expect(forward(textOf(network({ filter: { related: true } })), { state: "RELATED" })).toBe("ACCEPT");
    expect(forward(textOf(network({ filter: { related: false } })), { state: "RELATED" })).toBe("DROP");
  });

  it("lets new connections to allowed ports pass, in the allowed direction", () => {
    const text = textOf(
      network({ filter: { allow: [{ from: "net", to: "lan", ports: [port(21), { first: 50, last: 60 }] }] } }),
    );
    expect([20, 21, 22, 49, 50, 60, 61].filter((number) => forward(text, { port: number }) === "ACCEPT")).toEqual([
      21, 50, 60,
    ]);
    expect(verdictIn(text, "filter", "FORWARD", { in: "lan", out: "net", port: 21, state: "NEW" })).toBe("DROP");
  });

  it("lets new connections to any port pass where no port is named", () => {
    const text = textOf(network({ filter: { allow: [{ from: "net", to: "lan", ports: null }] } }));
    expect(text).toContain("-A FORWARD -i net -o lan -p tcp -m conntrack --ctstate NEW -j ACCEPT");
    expect([1, 65535].map((number) => forward(text, { port: number }))).toEqual(["ACCEPT", "ACCEPT"]);
  });

  it("lets neighbour discovery in over IPv6, and has no nat table there", () => {
    const topology = topologyNamed("ipv6-firewall");
    const { command, text } = renderRuleset(topology, nodeOf(topology, "router") as ReturnType<typeof makeRouter>);
    expect(command).toBe("ip6tables-restore");
    expect(text).toContain("-A INPUT -p ipv6-icmp -j ACCEPT");
    expect(tablesOf(text).map(({ name }) => name)).toEqual(["raw", "filter"]);
  });
});

describe("a long list of ports", () => {
  const sixteen = Array.from({ length: 16 }, (_, index) => port(1000 + 10 * index));
  const ranges: readonly PortRange[] = Array.from({ length: 8 }, (_, index) => ({
    first: 2000 + 10 * index,
    last: 2005 + 10 * index,
  }));

  it.each([
    ["sixteen ports", sixteen],
    ["eight ranges", ranges],
  ])("is split over several rules, since multiport takes at most 15 and counts a range as two: %s", (_, ports) => {
    const text = textOf(network({ filter: { allow: [{ from: "net", to: "lan", ports }] } }));
    const lists = [...text.matchAll(/--dports? (\S+)/g)].map(([, list = ""]) => list.split(/[,:]/));
    expect(lists.length).toBeGreaterThan(1);
    expect(Math.max(...lists.map((list) => list.length))).toBeLessThanOrEqual(15);
    const passing = ports.filter(({ first, last }) =>
      [first, last].every((number) => forward(text, { port: number }) === "ACCEPT"),
    );
    expect(passing).toEqual(ports);
    expect(forward(text, { port: 999 })).toBe("DROP");
  });

  it("is split in port forwards as well", () => {
    const text = textOf(network({ portForwards: [{ on: "net", ports: sixteen, to: "192.168.10.10" }] }));
    const targets = sixteen.map(({ first }) =>
      verdictIn(text, "nat", "PREROUTING", { in: "net", destination: "203.0.113.1", port: first, state: "NEW" }),
    );
    expect(new Set(targets)).toEqual(new Set(["DNAT 192.168.10.10"]));
  });

  it("has no rule where it is empty", () => {
    const text = textOf(network({ filter: { allow: [{ from: "net", to: "lan", ports: [] }] } }));
    expect(text).not.toContain("--ctstate NEW");
  });
});

describe("a router's translation", () => {
  it("forwards only what arrives for the router's own address on that link", () => {
    const text = textOf(network({ portForwards: [{ on: "net", ports: [port(21)], to: "192.168.10.10" }] }));
    const target = (change: object): string =>
      verdictIn(text, "nat", "PREROUTING", {
        in: "net",
        destination: "203.0.113.1",
        port: 21,
        state: "NEW",
        ...change,
      });
    expect(target({})).toBe("DNAT 192.168.10.10");
    expect(target({ in: "lan" })).toBe("ACCEPT");
    expect(target({ destination: "192.168.10.1" })).toBe("ACCEPT");
    expect(target({ port: 22 })).toBe("ACCEPT");
  });

  it("masquerades out of the links that the topology names and no others", () => {
    const text = textOf(topologyNamed("server-nat"));
    expect(verdictIn(text, "nat", "POSTROUTING", { in: "lan", out: "internet", port: 1, state: "NEW" })).toBe(
      "MASQUERADE",
    );
    expect(verdictIn(text, "nat", "POSTROUTING", { in: "internet", out: "lan", port: 1, state: "NEW" })).toBe("ACCEPT");
  });
});

describe("a router's helper", () => {
  it("is attached in the raw table, a rule a port", () => {
    const raw = tablesOf(textOf(network({ helperPorts: [21, 2121] })))[0];
    expect(raw?.name).toBe("raw");
    expect(raw?.lines.filter((line) => line.startsWith("-A")).slice(1)).toEqual([
      "-A PREROUTING -p tcp --dport 21 -j CT --helper ftp",
      "-A PREROUTING -p tcp --dport 2121 -j CT --helper ftp",
    ]);
  });

  it("is nowhere where the topology has none", () => {
    expect(textOf(network())).not.toContain("helper");
  });
});

describe("a router's rule trace", () => {
  // A packet is followed from the rule that marks it on: what it met before would not be told (iptables-extensions(8)).
  it("is of each connection's first packet, and begins before any other rule, in every router", () => {
    for (const topology of topologies) {
      for (const router of routersOf(topology)) {
        const [raw, ...others] = tablesOf(renderRuleset(topology, router).text);
        const rules = raw?.lines.filter((line) => line.startsWith("-A"));
        expect(rules?.[0]).toBe("-A PREROUTING -p tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TRACE");
        const rest = [...(rules?.slice(1) ?? []), ...others.flatMap(({ lines }) => lines)];
        expect(
          rest.filter((line) => line.includes("TRACE") && !/^-A (INPUT|FORWARD) -p tcp -j TRACE$/.test(line)),
        ).toEqual([]);
      }
    }
  });

  it("is also of whatever comes to the end of a chain that does not accept, and of nothing that is let through", () => {
    for (const topology of topologies) {
      for (const router of routersOf(topology)) {
        const { filter } = router;
        const lines = textOf(topology, router.id).split("\n");
        for (const [chain, verdict] of [
          ["INPUT", filter.input],
          ["FORWARD", filter.forward],
        ] as const) {
          const rules = lines.filter((line) => line.startsWith(`-A ${chain} `));
          const places = rules.flatMap((rule, index) => (rule === `-A ${chain} -p tcp -j TRACE` ? [index] : []));
          const last = rules.length - (verdict === "reject" ? 2 : 1);
          expect(places).toEqual(verdict === "accept" ? [] : [last]);
        }
      }
    }
  });
});
