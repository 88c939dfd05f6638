import type { PortForward, PortRange, Topology } from "../../model/topology";
import { serverOf } from "../../model/network";
import { changeRouters, changeServer } from "./change";
import { isApplicable } from "./definition";

/** Ports of the server's that get other numbers; the ranges may differ in length. */
export type PortMove = { readonly from: PortRange; readonly to: PortRange };

/** The server listens on another port, and whoever forwards or allows its old one does so with that one. */
export function controlPortAt(topology: Topology, port: number): Topology {
  const { controlPort } = serverOf(topology);
  const moved = changeServer(topology, () => ({ controlPort: port }));
  return forwardedAt(moved, [{ from: { first: controlPort, last: controlPort }, to: { first: port, last: port } }]);
}

/** Every forward, filter and host firewall that names one of these ranges, and nothing else, names the new one. */
export function forwardedAt(topology: Topology, moves: readonly PortMove[]): Topology {
  const moved = (ports: readonly PortRange[]): readonly PortRange[] =>
    ports.map((range) => moves.find(({ from }) => isSame(from, range))?.to ?? range);
  const server = changeServer(topology, ({ firewall }) =>
    firewall === undefined ? {} : { firewall: { accepts: moved(firewall.accepts) } },
  );
  const routers = changeRouters(server, ({ portForwards, filter }) => ({
    portForwards: portForwards.map(
      (forward) => shiftedForward(forward, moves) ?? { ...forward, ports: moved(forward.ports) },
    ),
    filter: {
      ...filter,
      allow: filter.allow.map((rule) => ({ ...rule, ports: rule.ports === null ? null : moved(rule.ports) })),
    },
  }));
  return isApplicable(routers) ? routers : server;
}

/** A forward to other port numbers keeps its distance to them; `null` if it is none, or none of these ports. */
function shiftedForward(forward: PortForward, moves: readonly PortMove[]): PortForward | null {
  const { ports, toFirstPort } = forward;
  const [range] = ports;
  if (toFirstPort === undefined || range === undefined) return null;
  const target = { first: toFirstPort, last: toFirstPort + range.last - range.first };
  const move = moves.find(({ from }) => isSame(from, target));
  if (move === undefined) return forward;
  const distance = range.first - toFirstPort;
  const fits = move.to.first + distance > 0 && move.to.last + distance <= 65_535;
  const by = fits ? distance : -distance;
  return {
    ...forward,
    ports: [{ first: move.to.first + by, last: move.to.last + by }],
    toFirstPort: move.to.first,
  };
}

function isSame(one: PortRange, other: PortRange): boolean {
  return one.first === other.first && one.last === other.last;
}
