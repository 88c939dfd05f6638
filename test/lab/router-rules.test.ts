import type { PlannedCell } from "../../harness/model/cell";
import { UsageError } from "../../harness/model/errors";
import type { UserRules, Topology } from "../../harness/model/topology";
import { expectedFrom } from "../../harness/plan/expected";
import { withUserRules } from "../../harness/plan/user-rules";
import { connectEngine } from "../../harness/lab/engine";
import { profileNamed, topologyNamed } from "../support/inputs";
import { choose, leftovers, runCells } from "../support/lab-run";

jest.setTimeout(60_000);

/** As an administrator would write `server-nat-helper`, with no word of iptables. */
const nftables = `table inet firewall {
  ct helper ftp-standard { type "ftp" protocol tcp; }
  chain helpers {
    type filter hook prerouting priority filter; policy accept;
    tcp dport 21 ct helper set "ftp-standard"
  }
  chain in {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
  }
  chain passing {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname "internet" oifname "lan" tcp dport { 21, 990 } accept
    iifname "lan" oifname "internet" accept
  }
}
table ip nat {
  chain pre {
    type nat hook prerouting priority dstnat;
    iifname "internet" tcp dport { 21, 990 } dnat to 192.168.10.10
  }
  chain post {
    type nat hook postrouting priority srcnat;
    oifname "internet" masquerade
  }
}
`;

/** Forwards port 21 and lets nothing else pass; asks for no trace. */
const iptables = `*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -i internet -p tcp --dport 21 -j DNAT --to-destination 192.168.10.10
COMMIT
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i internet -o lan -p tcp --dport 21 -j ACCEPT
COMMIT
`;

function serverNatWith(rules: Pick<UserRules, "format" | "text">): Topology {
  const topology = withUserRules(topologyNamed("server-nat"), [{ node: null, rules: { ...rules, file: "mine" } }]);
  if (typeof topology === "string") throw new Error(topology);
  return topology;
}

function plannedIn(topology: Topology, cells: readonly string[]): PlannedCell[] {
  return choose(cells.map((cell) => `server-nat/tls-optional/basic-ftp/${cell}`)).map(({ cell }) => ({
    cell,
    expected: expectedFrom(cell, { topology, server: profileNamed("tls-optional") }),
  }));
}

test("a user's own nftables rules, with nftables' own helper, are tried and every cause is told from their trace", async () => {
  const topology = serverNatWith({ format: "nftables", text: nftables });
  const planned = plannedIn(topology, ["ftp/pasv/list", "ftps/epsv/list"]);
  const report = await runCells(planned, { topologies: new Map([[topology.id, topology]]) });
  expect(report.cells.map(({ outcome, result, cause }) => ({ outcome, result, cause }))).toEqual([
    { outcome: "expected", result: "worked", cause: null },
    { outcome: "expected", result: "failed", cause: "helper-blind-to-tls" },
  ]);
  expect(report.summary.controls).toMatchObject({ failed: 0 });
});

test("a user's own iptables rules are witnessed though they ask for no trace", async () => {
  const topology = serverNatWith({ format: "iptables", text: iptables });
  const report = await runCells(plannedIn(topology, ["ftp/epsv/list", "ftps/port/list"]), {
    topologies: new Map([[topology.id, topology]]),
  });
  expect(report.cells.map(({ outcome, stage, cause }) => ({ outcome, stage, cause }))).toEqual([
    { outcome: "expected", stage: "data-connect", cause: "no-helper" },
    { outcome: "expected", stage: "data-connect", cause: "egress-blocked" },
  ]);
});

/** As an administrator of the server's host would write it, who forgot the passive range. */
const hostRules = `flush ruleset
table inet own {
  chain incoming {
    type filter hook input priority filter; policy drop;
    iif lo accept
    ct state established,related accept
    tcp dport { 21, 990 } accept
  }
}
`;

function directWith(node: string, text: string): Topology {
  const rules = { format: "nftables", file: "mine", text } as const;
  const topology = withUserRules(topologyNamed("direct"), [{ node, rules }]);
  if (typeof topology === "string") throw new Error(topology);
  return topology;
}

test("a user's own rules for the server's host are loaded there, and what they drop is told", async () => {
  const topology = directWith("server", hostRules);
  const planned = choose(["ftp/epsv/list", "ftp/port/list"].map((cell) => `direct/tls-optional/basic-ftp/${cell}`));
  const report = await runCells(
    planned.map(({ cell }) => ({
      cell,
      expected: expectedFrom(cell, { topology, server: profileNamed("tls-optional") }),
    })),
    { topologies: new Map([[topology.id, topology]]) },
  );
  expect(report.cells.map(({ outcome, stage, result, cause }) => [outcome, stage ?? result, cause])).toEqual([
    ["expected", "data-connect", "server-host-firewall"],
    ["expected", "worked", null],
  ]);
});

test("a host's rules that are refused end the run before any lab", async () => {
  const topology = directWith("client", hostRules.replace("policy drop", "policy dorp"));
  const planned = choose(["direct/tls-optional/basic-ftp/ftp/epsv/list"]);
  await expect(runCells(planned, { topologies: new Map([[topology.id, topology]]) })).rejects.toThrow(
    /^mine:4:\d+-\d+: Error: syntax error/,
  );
});

test.each([
  [
    "iptables",
    iptables.replace("lan -p tcp --dport", "lan -p tcp --dprt"),
    /^mine: iptables-restore .*--dprt.*\nError occurred at line: 9/,
  ],
  ["nftables", nftables.replace("chain passing", "chain fwd"), /^mine:11:9-11: Error: syntax error/],
] as const)(
  "%s rules that are refused end the run before any lab, with the program's words",
  async (format, text, words) => {
    const topology = serverNatWith({ format, text });
    let run = "";
    const ended = runCells(plannedIn(topology, ["ftp/pasv/list"]), {
      topologies: new Map([[topology.id, topology]]),
      onEvent: (event) => {
        if (event.kind === "run-started") run = event.run.id;
      },
    });
    const error: unknown = await ended.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toMatch(words);
    expect(await leftovers(await connectEngine(), run)).toEqual([]);
  },
);
