/**
 * What the planned commands would do: routes from the `ip` batches, verdicts from the rulesets, nothing from the model. Only
 * what a helper expects is told from outside.
 */
import type { Expectation, Syn, WalkEnd } from "../../harness/plan/predict/packet-walk";
import type { Topology } from "../../harness/model/topology";
import { contains } from "../../harness/net/blocks";
import { routersOf } from "../../harness/model/network";
import { renderRuleset } from "../../harness/plan/ruleset";
import { planWiring, type Wiring } from "../../harness/plan/wiring";
import { verdictIn, type Packet } from "./iptables";

type Interface = {
  readonly name: string;
  readonly address: string;
  /** All of a router's; of the client's the first, by which it is walked. */
  readonly addresses: readonly string[];
  readonly subnet: string;
};
type Host = {
  readonly interfaces: readonly Interface[];
  readonly gateway: string | null;
  readonly rules: string | null;
};
type Lab = { readonly wires: Wiring["wires"]; readonly hosts: ReadonlyMap<string, Host> };

/** A packet's way into a node: who sent it there, and the source that it then had. */
type Step = { readonly node: string; readonly from: string; readonly source: string };

/** Sends a connection's first packet to one port through a lab that is only simulated and, where it arrives, the answer back. */
export function simulate(topology: Topology, syn: Syn, expectations: readonly Expectation[]): WalkEnd {
  const { wires, batches } = planWiring(topology);
  const lab = { wires, hosts: hostsOf(topology, batches) };
  const steps: Step[] = [];
  let { from: at, source, destination } = syn;
  let port = syn.ports.first;
  let arrivedOn = "";
  for (let hop = 0; hop < 20; hop += 1) {
    const { rules, interfaces } = hostOf(lab, at);
    const seen = { at, source, destination };
    const expected = expectations.find((entry) => expects(entry, seen));
    const state = expected === undefined ? "NEW" : "RELATED";
    const packet = { in: arrivedOn, port, state } as const;
    // What follows the control connection has both ends set before the nat table is asked, which then never is.
    const bound = expected?.translated ?? null;
    if (bound !== null) ({ destination } = bound);
    else if (rules !== null) ({ destination, port } = translated(rules, { ...packet, destination }));
    if (interfaces.some(({ addresses }) => addresses.includes(destination))) {
      return rules === null
        ? answer(lab, steps, { kind: "delivered", node: at, source })
        : arrivalAt(at, verdictIn(rules, "filter", "INPUT", packet));
    }
    const next = nextHop(lab, at, destination);
    if (next === null) return { kind: "unreachable", node: at, destination };
    const { out } = next;
    if (rules !== null && arrivedOn !== "") {
      const verdict = verdictIn(rules, "filter", "FORWARD", { ...packet, port, out: out.name });
      if (verdict !== "ACCEPT") {
        const blocked = blockedAt(at, { arrivedOn, out: out.name }, verdict);
        return expected === undefined ? blocked : { ...blocked, expected: true };
      }
      if (bound !== null) ({ source } = bound);
      else source = translatedSource(rules, { ...packet, port, out: out.name }, out) ?? source;
    } else if (hop > 0) {
      return { kind: "unreachable", node: at, destination };
    }
    steps.push({ node: next.node, from: at, source });
    [arrivedOn, at] = [out.name, next.node];
  }
  return { kind: "unreachable", node: at, destination };
}

/** Each node gives the packet back the source that it had on its way in, and then looks up where to send it. */
function answer(lab: Lab, steps: readonly Step[], arrived: WalkEnd): WalkEnd {
  let arrivedOn = "";
  for (const { node, from, source } of [...steps].reverse()) {
    const next = nextHop(lab, node, source);
    // Any other neighbour knows nothing of the connection and would not undo what this one did.
    if (next === null) return { kind: "no-way-back", node, source };
    if (next.node !== from) return { kind: "no-way-back", node, source, astray: true };
    const { rules } = hostOf(lab, node);
    const packet: Packet = { in: arrivedOn, out: next.out.name, port: 40000, state: "ESTABLISHED" };
    const verdict = rules === null ? "ACCEPT" : verdictIn(rules, "filter", "FORWARD", packet);
    if (verdict !== "ACCEPT") return blockedAt(node, { arrivedOn, out: next.out.name }, verdict);
    arrivedOn = next.out.name;
  }
  return arrived;
}

function expects(
  { router, source, destination }: Expectation,
  seen: { readonly at: string; readonly source: string; readonly destination: string },
): boolean {
  return router === seen.at && source === seen.source && destination === seen.destination;
}

function hostsOf(topology: Topology, batches: Wiring["batches"]): Lab["hosts"] {
  const rules = new Map(routersOf(topology).map((router) => [router.id, renderRuleset(topology, router).text]));
  return new Map(
    [...batches].map(([node, lines]) => {
      const interfaces = new Map<string, Interface>();
      for (const line of lines) {
        const [, address = "", prefix = "", name = ""] = /^addr add (\S+)\/(\d+) dev (\S+)/.exec(line) ?? [];
        const known = interfaces.get(name);
        if (name === "") continue;
        if (known === undefined) {
          interfaces.set(name, { name, address, addresses: [address], subnet: `${address}/${prefix}` });
        } else if (rules.has(node)) {
          interfaces.set(name, { ...known, addresses: [...known.addresses, address] });
        }
      }
      const gateway = lines
        .map((line) => /^route add default via (\S+)$/.exec(line)?.[1])
        .find((via) => via !== undefined);
      return [node, { interfaces: [...interfaces.values()], gateway: gateway ?? null, rules: rules.get(node) ?? null }];
    }),
  );
}

function hostOf({ hosts }: Lab, node: string): Host {
  const host = hosts.get(node);
  if (host === undefined) throw new Error(`no node ${node}`);
  return host;
}

/** By which wire a node sends what is for an address, and to whom; `null` where it has no route or nobody answers for it. */
function nextHop(lab: Lab, at: string, address: string): { readonly out: Interface; readonly node: string } | null {
  const { interfaces, gateway } = hostOf(lab, at);
  const has = (node: string): boolean => hostOf(lab, node).interfaces.some((own) => own.addresses.includes(address));
  // The local table comes first: what is for oneself never sees a wire.
  if (has(at)) return null;
  const onLink = interfaces.find(({ subnet }) => contains(subnet, address));
  const out = onLink ?? interfaces.find(({ subnet }) => gateway !== null && contains(subnet, gateway));
  const wire = lab.wires.find((ends) => ends.some(({ node, name }) => node === at && name === out?.name)) ?? [];
  const neighbours = wire.map((end) => end.node).filter((end) => end !== at);
  const wanted = onLink === undefined ? gateway : address;
  const node = neighbours.find((end) =>
    hostOf(lab, end).interfaces.some((own) => own.addresses.includes(wanted ?? "")),
  );
  return out === undefined || node === undefined ? null : { out, node };
}

/** `DNAT 192.168.10.10` or, with a range that is shifted, `DNAT 192.168.10.10:50000-50999/60000`. */
function translated(
  rules: string,
  packet: Packet & { readonly destination: string },
): { destination: string; port: number } {
  const { destination, port } = packet;
  if (!rules.includes("*nat")) return { destination, port };
  const [jump, target = ""] = verdictIn(rules, "nat", "PREROUTING", packet).split(" ");
  if (jump !== "DNAT") return { destination, port };
  const [, to = "", first, base] = /^([^:]+)(?::(\d+)-\d+\/(\d+))?$/.exec(target) ?? [];
  return { destination: to, port: first === undefined ? port : port - Number(base) + Number(first) };
}

/** `null` where the source stays. */
function translatedSource(rules: string, packet: Packet, out: Interface): string | null {
  if (!rules.includes("*nat")) return null;
  const [jump, target = null] = verdictIn(rules, "nat", "POSTROUTING", packet).split(" ");
  if (jump === "SNAT") return target;
  return jump === "MASQUERADE" ? out.address : null;
}

function arrivalAt(node: string, verdict: string): WalkEnd {
  if (verdict === "ACCEPT") return { kind: "closed", node };
  return { kind: "blocked", node, where: "input", silent: verdict === "DROP", in: null, out: null };
}

/** A packet that FORWARD stops. */
function blockedAt(
  node: string,
  { arrivedOn, out }: { readonly arrivedOn: string; readonly out: string },
  verdict: string,
): Extract<WalkEnd, { readonly kind: "blocked" }> {
  return { kind: "blocked", node, where: "forward", silent: verdict === "DROP", in: arrivedOn, out };
}
