/** What the planned commands would do: routes from the `ip` batches, verdicts from the rulesets, nothing from the model. */
import type { Expectation, Syn, WalkEnd } from "../../harness/plan/predict/packet-walk";
import type { Topology } from "../../harness/model/topology";
import { contains } from "../../harness/plan/addresses";
import { routersOf } from "../../harness/plan/network";
import { renderRuleset } from "../../harness/plan/ruleset";
import { planWiring, type Wiring } from "../../harness/plan/wiring";
import { verdictIn, type Packet } from "./iptables";

type Interface = { readonly name: string; readonly address: string; readonly subnet: string };
type Host = {
  readonly interfaces: readonly Interface[];
  readonly gateway: string | null;
  readonly rules: string | null;
};

/** Sends the first packet of a connection to one port through a lab that is only simulated. */
export function simulate(topology: Topology, syn: Syn, expectation: Expectation | null): WalkEnd {
  const { wires, batches } = planWiring(topology);
  const hosts = hostsOf(topology, batches);
  let { from: at, source, destination } = syn;
  let arrivedOn = "";
  for (let hop = 0; hop < 20; hop += 1) {
    const host = hosts.get(at);
    if (host === undefined) throw new Error(`no node ${at}`);
    const { rules } = host;
    const expected = expectation?.router === at && expectation.destination === destination ? expectation : null;
    const packet = { in: arrivedOn, port: syn.ports.first, state: expected === null ? "NEW" : "RELATED" } as const;
    if (rules !== null)
      destination = expected?.deliverTo ?? translated(rules, { ...packet, destination }) ?? destination;
    if (host.interfaces.some(({ address }) => address === destination)) {
      return rules === null
        ? { kind: "delivered", node: at, source }
        : arrivalAt(at, verdictIn(rules, "filter", "INPUT", packet));
    }
    const out = routeTo(host, destination);
    const wire = wires.find(({ name }) => name === out?.name);
    const next = wire?.ends.find((end) => end !== at);
    const answers = next !== undefined && hosts.get(next)?.interfaces.some(({ address }) => address === destination);
    if (out === null || next === undefined || (contains(out.subnet, destination) && answers !== true)) {
      return { kind: "unreachable", node: at, destination };
    }
    if (rules !== null && arrivedOn !== "") {
      const verdict = verdictIn(rules, "filter", "FORWARD", { ...packet, out: out.name });
      if (verdict !== "ACCEPT") return { kind: "blocked", node: at, where: "forward", silent: verdict === "DROP" };
      if (expected !== null) source = expected.sourceAs ?? source;
      else if (masquerades(rules, { ...packet, out: out.name })) source = out.address;
    } else if (hop > 0) {
      return { kind: "unreachable", node: at, destination };
    }
    [arrivedOn, at] = [out.name, next];
  }
  return { kind: "unreachable", node: at, destination };
}

function hostsOf(topology: Topology, batches: Wiring["batches"]): ReadonlyMap<string, Host> {
  const rules = new Map(routersOf(topology).map((router) => [router.id, renderRuleset(topology, router).text]));
  return new Map(
    [...batches].map(([node, lines]) => {
      const interfaces = new Map<string, Interface>();
      for (const line of lines) {
        const [, address = "", prefix = "", name = ""] = /^addr add (\S+)\/(\d+) dev (\S+)/.exec(line) ?? [];
        // Hosts are walked by their first address.
        if (name !== "" && !interfaces.has(name))
          interfaces.set(name, { name, address, subnet: `${address}/${prefix}` });
      }
      const gateway = lines
        .map((line) => /^route add default via (\S+)$/.exec(line)?.[1])
        .find((via) => via !== undefined);
      return [node, { interfaces: [...interfaces.values()], gateway: gateway ?? null, rules: rules.get(node) ?? null }];
    }),
  );
}

function routeTo({ interfaces, gateway }: Host, destination: string): Interface | null {
  const towards = (address: string): Interface | null =>
    interfaces.find(({ subnet }) => contains(subnet, address)) ?? null;
  return towards(destination) ?? (gateway === null ? null : towards(gateway));
}

function translated(rules: string, packet: Packet): string | null {
  if (!rules.includes("*nat")) return null;
  const [jump, target = null] = verdictIn(rules, "nat", "PREROUTING", packet).split(" ");
  return jump === "DNAT" ? target : null;
}

function masquerades(rules: string, packet: Packet): boolean {
  return rules.includes("*nat") && verdictIn(rules, "nat", "POSTROUTING", packet) === "MASQUERADE";
}

function arrivalAt(node: string, verdict: string): WalkEnd {
  if (verdict === "ACCEPT") return { kind: "closed", node };
  return { kind: "blocked", node, where: "input", silent: verdict === "DROP" };
}
