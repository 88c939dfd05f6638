import { parse, stringify } from "yaml";
import { ScenarioError } from "../../../harness/model/errors";
import type { BugScenario } from "../../../harness/model/bug";
import { planLab } from "../../../harness/plan/lab-plan";
import { routersOf, serverOf } from "../../../harness/model/network";
import { renderProftpdConf } from "../../../harness/catalog/servers/proftpd-conf";
import { renderNativeRules } from "../../../harness/plan/native-rules";
import { renderRuleset } from "../../../harness/plan/ruleset";
import { planWiring, wiringScript } from "../../../harness/plan/wiring";
import { bugOf, problemsOf, reportWith } from "../../support/bugs";
import { processorMs } from "../../support/processor-time";

/** A report that has every kind of value. */
const everything = `
title: It does not work
link: https://example.org/issues/1
reported: { text: The listing hangs, stage: data-connect }
confidence: likely
network:
  family: ipv4
  dial: 203.0.113.1
  nodes:
    client: { role: client, sysctls: { net.ipv4.tcp_keepalive_time: "5" } }
    gate:
      role: router
      helper: [21]
      port-forwards: [{ on: out, address: 203.0.113.1, ports: ["21-22"], to: 192.168.1.10, to-ports: "21-22" }]
      masquerade: [out]
      source-nat: [{ out: in, ports: [21], to: 192.168.1.1 }]
      filter: { input: drop, forward: drop, allow: [{ from: out, to: in, ports: ["21-22"] }] }
      tables: nf_tables
      helper-by: iptables
      helper-knows: [PORT]
    files:
      { role: server, gateway: 192.168.1.1, passive-ports: 4000-4010, masquerade-address: 203.0.113.1 }
  links:
    out: { subnet: 203.0.113.0/24, addresses: { client: 203.0.113.9, gate: 203.0.113.1 } }
    in: { subnet: 192.168.1.0/24, addresses: { gate: 192.168.1.1, files: 192.168.1.10 } }
server:
  title: A server
  description: Of the report
  software: proftpd
  release: trixie
  allow-foreign-address: "on"
  tls: { protocol: TLSv1.2, options: [NoSessionReuseRequired], verify-client: "off", required: "off", certificate: trusted }
client: curl
mode: ftps
data: pasv
session: [{ download: 1 kB }]
variants:
  reported:
    shows: { result: failed, stage: data-connect, cause: no-helper, says: [refused], stored: nothing, lasts: { least: 1 s } }
`;

const payloads = [
  "x'; touch /pwned; '",
  '$(touch /pwned)"`touch /pwned`',
  "a\ntouch /pwned\nMasqueradeAddress 6.6.6.6 # pwned",
  "../../../../pwned",
  "END_OF_RULES\ntouch /pwned\n",
];

type Path = readonly (string | number)[];

function stringsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    stringsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function keysIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return [...(Array.isArray(value) ? [] : [here]), ...keysIn(inner, here)];
  });
}

function withAt(root: unknown, path: Path, change: (parent: Record<string, unknown>, key: string) => void): string {
  const copy = structuredClone(root) as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], copy);
  change(parent as Record<string, unknown>, String(path.at(-1)));
  return stringify(copy);
}

/** All texts that reach a shell, a router or a server of the lab. */
function reachingOf({ variants }: BugScenario): string {
  return variants
    .flatMap(({ setup: { topology, server, script } }) => {
      const pids = new Map(topology.nodes.map(({ id }, index) => [id, index + 1]));
      return [
        ...routersOf(topology).flatMap((router) => [
          renderRuleset(topology, router).text,
          renderNativeRules(topology, router) ?? "",
        ]),
        wiringScript(planWiring(topology), pids),
        renderProftpdConf(topology, serverOf(topology), server),
        JSON.stringify(planLab(topology)),
        JSON.stringify(script),
      ];
    })
    .join("\n");
}

const whole = parse(everything) as unknown;

test("the report that has every kind of value is a valid one", () => {
  expect(problemsOf(everything)).toEqual([]);
});

test.each(payloads)("%j in any value reaches no shell, no rule and no directive", (payload) => {
  for (const path of stringsIn(whole)) {
    const text = withAt(whole, path, (parent, key) => {
      parent[key] = payload;
    });
    const reaching = refusedOr(text);
    expect([path.join("."), reaching.includes("pwned")]).toEqual([path.join("."), false]);
  }
});

test.each(payloads)("%j as any key is refused", (payload) => {
  for (const path of keysIn(whole)) {
    const text = withAt(whole, path, (parent, key) => {
      parent[payload] = parent[key];
    });
    expect([path.join("."), problemsOf(text).length > 0]).toEqual([path.join("."), true]);
  }
});

/** What of a report reaches the lab; nothing where it is refused. */
function refusedOr(text: string): string {
  try {
    return reachingOf(bugOf(text));
  } catch (error) {
    if (error instanceof ScenarioError) return "";
    throw error;
  }
}

const bomb = [
  "a: &a [x, x, x, x, x, x, x, x, x]",
  ..."bcdefgh".split("").map((letter, index) => {
    const before = "abcdefgh".charAt(index);
    return `${letter}: &${letter} [${Array(9).fill(`*${before}`).join(", ")}]`;
  }),
].join("\n");

test.each([
  ["aliases that multiply", bomb],
  ["a text of 10 MB", `title: ${"x".repeat(10_000_000)}`],
  ["mappings in mappings", `network: ${"{ a: ".repeat(50_000)}`],
  ["the key __proto__", reportWith("network: { from: direct, __proto__: { polluted: true } }")],
  ["a thousand routers", reportWith(`network: { from: direct, nodes: { ${manyNodes(1000)} } }`)],
  ["a thousand variants", reportWith("network: direct", manyVariants(1000))],
  ["an endless pause", reportWith("network: direct\nsession: [list, pause: 999999 min]")],
  ["repeats without end", reportWith("network: direct\nruns: .inf")],
  [
    "a file from elsewhere",
    reportWith("network: direct\nclient: { id: curl, command: a, files: { ../../etc/cron.d/x: y } }"),
  ],
  ["a network from elsewhere", reportWith("network: ../../../etc/passwd")],
  ["a server from elsewhere", reportWith("network: direct\nserver: { from: ../../package }")],
  [
    "a link that is a page's script",
    reportWith("network: direct").replace("title:", "link: 'https://x/\"><script>'\ntitle:"),
  ],
])("%s is refused, quickly and in few words", (_, text) => {
  let problems: readonly string[] = [];
  const ms = processorMs(() => {
    problems = problemsOf(text);
  });
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.join("\n").length).toBeLessThan(20_000);
  // Seconds, not minutes: a slow machine may take ten times as long as this takes.
  expect(ms).toBeLessThan(10_000);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

function manyNodes(count: number): string {
  return Array.from({ length: count }, (_, index) => `r${index}: { role: router }`).join(", ");
}

function manyVariants(count: number): string {
  return Array.from({ length: count }, (_, index) => `  v${index}: { change: a, shows: { result: worked } }`).join(
    "\n",
  );
}
