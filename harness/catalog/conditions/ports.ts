import type { PortRange, Topology } from "../../model/topology";
import { changeRouters, changeServer } from "./change";
import { isApplicable } from "./definition";

/** The usual control port (RFC 959), for which the networks are made. */
const usual = 21;

/** The server listens on another port than 21, and whoever forwards or allows 21 does so with that one. */
export function controlPortAt(topology: Topology, port: number): Topology {
  const moved = (ports: readonly PortRange[]): readonly PortRange[] =>
    ports.map((range) => (range.first === usual && range.last === usual ? { first: port, last: port } : range));
  const server = changeServer(topology, ({ firewall }) => ({
    controlPort: port,
    ...(firewall === undefined ? {} : { firewall: { accepts: moved(firewall.accepts) } }),
  }));
  const routers = changeRouters(server, ({ portForwards, filter }) => ({
    portForwards: portForwards.map((forward) => ({ ...forward, ports: moved(forward.ports) })),
    filter: {
      ...filter,
      allow: filter.allow.map((rule) => ({ ...rule, ports: rule.ports === null ? null : moved(rule.ports) })),
    },
  }));
  return isApplicable(routers) ? routers : server;
}
