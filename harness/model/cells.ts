import { dataCommandsOf, modes, operations, type Axis } from "./axes";
import type { Cell } from "./cell";
import type { Topology } from "./topology";

/** Chosen ids on each axis. */
export type AxisChoice = Readonly<Record<Exclude<Axis, "topology">, readonly string[]>> & {
  readonly topologies: readonly Topology[];
};

/** The product of the chosen ids, in the order of the axes, without the data commands that IPv6 lacks (RFC 2428). */
export function expandCells(choice: AxisChoice): Cell[] {
  return choice.topologies.flatMap((topology) =>
    choice.server.flatMap((server) =>
      choice.client.flatMap((client) =>
        modes.filter(chosen(choice.mode)).flatMap((mode) =>
          dataCommandsOf(topology.family)
            .filter(chosen(choice.data))
            .flatMap((data) =>
              operations.filter(chosen(choice.operation)).map((operation): Cell => {
                const axes = { topology: topology.id, server, client, mode, data, operation };
                return { id: cellId(axes), ...axes };
              }),
            ),
        ),
      ),
    ),
  );
}

/** `topology/server/client/mode/data/operation`. */
export function cellId(axes: Omit<Cell, "id">): string {
  return [axes.topology, axes.server, axes.client, axes.mode, axes.data, axes.operation].join("/");
}

function chosen(ids: readonly string[]): (id: string) => boolean {
  return (id) => ids.includes(id);
}
