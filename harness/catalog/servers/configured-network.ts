import { implicitPortOf, serverOf } from "../../model/network";
import type { PortRange, Topology } from "../../model/topology";
import { forwardedAt } from "../conditions/ports";
import { changeServer } from "../conditions/change";
import type { ConfiguredPorts } from "./definition";

/**
 * The network with its server where a user's own configuration has it listen for control connections. What the network forwards and
 * allows of those ports follows; a helper does not, and neither do rules of a user's own.
 */
export function listeningAt(topology: Topology, { control, implicit }: ConfiguredPorts): Topology {
  const server = serverOf(topology);
  const [oldControl, oldImplicit] = [server.controlPort, implicitPortOf(server)];
  const [newControl, newImplicit] = [control ?? oldControl, implicit ?? oldImplicit];
  if (newControl === oldControl && newImplicit === oldImplicit) return topology;
  const moved = changeServer(topology, () => ({ controlPort: newControl, implicitPort: newImplicit }));
  return forwardedAt(moved, [
    { from: single(oldControl), to: single(newControl) },
    { from: single(oldImplicit), to: single(newImplicit) },
  ]);
}

/** As {@link listeningAt}, and what the network forwards and allows of its server's passive range is the configuration's range. */
export function networkFor(topology: Topology, ports: ConfiguredPorts): Topology {
  const listening = listeningAt(topology, ports);
  const { passive } = ports;
  const { passivePorts } = serverOf(topology);
  if (passive === null || (passive.first === passivePorts.first && passive.last === passivePorts.last))
    return listening;
  const moved = changeServer(listening, () => ({ passivePorts: passive }));
  return forwardedAt(moved, [{ from: passivePorts, to: passive }]);
}

/** Why the lab's clients cannot tell the server's ports apart, as a clause; `null` if they can. */
export function clashOf({ control, implicit }: ConfiguredPorts): string | null {
  if (control === null && implicit === null) return "it listens on no port";
  if (control === 990 && implicit === null) {
    return "it listens on port 990 without implicit TLS, and clients with implicit TLS dial that port too";
  }
  return control === null && implicit === 21
    ? "it has implicit TLS on port 21, and clients with explicit TLS or none dial that port too"
    : null;
}

function single(port: number): PortRange {
  return { first: port, last: port };
}
