/** Routers that share connections out among several servers: which connection goes where. */
import type { Balance, PortForward, PortRange, RulesFile, Topology } from "../model/topology";
import { areConsecutive } from "../net/address";
import { ownRulesOf, routersOf, serversOf } from "../model/network";
import { perNetwork } from "../model/per-network";
import { rulesFilesOf } from "./user-rules";

/** The hosts that a forward leads to, in their order. */
export function targetsOf({ to, balance }: PortForward): readonly string[] {
  return [to, ...(balance?.others ?? [])];
}

/** Whether data connections are dealt out by turns: what a session meets then depends on the others at the same time. */
export function dealsDataByTurns(topology: Topology): boolean {
  const ranges = serversOf(topology).map(({ passivePorts }) => passivePorts);
  const isKnown = balancedIn(topology).some(
    ({ balance, ports }) =>
      balance?.by === "round-robin" &&
      ports.some((port) => ranges.some((range) => port.first <= range.last && range.first <= port.last)),
  );
  return isKnown || ownRulesOf(topology).some(({ rules }) => rulesFilesOf(rules).some(countsTurns));
}

/** Whether a user's rule takes every nth connection (`statistic` of iptables, `numgen inc` of nftables). */
function countsTurns({ text }: RulesFile): boolean {
  return /^[^#\n]*(--mode nth\b|\bnumgen inc\b)/m.test(text);
}

/** What is shared out, and how. */
export function balancesOf(topology: Topology): readonly Balance[] {
  return balancedIn(topology).flatMap(({ balance }) => balance ?? []);
}

/** Whether every forward's servers can be one DNAT range, which is what `source` takes. */
export function canBalanceBySource(topology: Topology): boolean {
  return balancedIn(topology).every((forward) => areConsecutive(targetsOf(forward)));
}

function balancedIn(topology: Topology): readonly PortForward[] {
  return routersOf(topology).flatMap(({ portForwards }) => portForwards.filter(({ balance }) => balance !== undefined));
}

/** A network as a session's control connection meets it, and as its first data connection does: each forward leads to one server. */
export type Lot = { readonly control: Topology; readonly data: Topology };

/** Every way in which a session's two connections may be shared out; one where nothing is. */
export function lotsOf(topology: Topology, controlPort: number): readonly [Lot, ...Lot[]] {
  const known = lotsByPort(topology);
  const lots = known.get(controlPort) ?? drawLots(topology, controlPort);
  known.set(controlPort, lots);
  return lots;
}

const lotsByPort = perNetwork(() => new Map<number, readonly [Lot, ...Lot[]]>());

function drawLots(topology: Topology, controlPort: number): readonly [Lot, ...Lot[]] {
  const balanced = balancedIn(topology);
  // A network as it is keeps what is known of it.
  if (balanced.length === 0) return [{ control: topology, data: topology }];
  // By forward, the places of the servers that control and data connection get.
  let draws: readonly (readonly Draw[])[] = [[]];
  const bySource = balanced.filter(({ balance }) => balance?.by === "source");
  const most = Math.max(1, ...bySource.map((forward) => targetsOf(forward).length));
  const sources = Array.from({ length: most }, (_, place) => place);
  for (const forward of balanced) {
    draws = draws.flatMap((draw) => drawsOf(forward, controlPort).map((one) => [...draw, one]));
  }
  const [first = { control: topology, data: topology }, ...others] = draws.flatMap((draw) =>
    sources.map((source): Lot => {
      const placeOf = (connection: keyof Draw): ((forward: PortForward) => number) => {
        return (forward) =>
          forward.balance?.by === "source" ? source : (draw[balanced.indexOf(forward)]?.[connection] ?? 0);
      };
      return { control: settled(topology, placeOf("control")), data: settled(topology, placeOf("data")) };
    }),
  );
  return [first, ...others];
}

type Draw = { readonly control: number; readonly data: number };

function drawsOf(forward: PortForward, controlPort: number): readonly Draw[] {
  const places = targetsOf(forward).map((_, place) => place);
  switch (forward.balance?.by) {
    case "round-robin":
      // One rule counts both; a rule for data alone counts by itself.
      if (forward.ports.some((range) => holds(range, controlPort))) {
        return places.map((control) => ({ control, data: (control + 1) % places.length }));
      }
      return places.map((data) => ({ control: 0, data }));
    case "random":
      return places.flatMap((control) => places.map((data) => ({ control, data })));
    case "source":
    case undefined:
      return [{ control: 0, data: 0 }];
  }
}

function holds({ first, last }: PortRange, port: number): boolean {
  return first <= port && port <= last;
}

function settled(topology: Topology, placeOf: (forward: PortForward) => number): Topology {
  const settle = (forward: PortForward): PortForward => {
    const { balance, to, ...rest } = forward;
    if (balance === undefined) return forward;
    const targets = targetsOf(forward);
    return { ...rest, to: targets[placeOf(forward) % targets.length] ?? to };
  };
  const nodes = topology.nodes.map((node) =>
    node.kind === "router" ? { ...node, portForwards: node.portForwards.map(settle) } : node,
  );
  return { ...topology, nodes };
}
