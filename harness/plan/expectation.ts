import { resolveClient } from "../clients/registry";
import { softwareNamed } from "../servers/registry";
import { cellId } from "./cells";
import type { ClientOptions } from "../model/agent-protocol";
import type { Cell, ExpectedResult } from "../model/cell";
import { predict, type Premises } from "./predict/predict";

/** What is expected of a cell with its very client: first principles, what the client lacks, and what it does otherwise than others. */
export function expectationFrom(cell: Cell, rendered: Pick<Premises, "topology" | "server">): ExpectedResult {
  const premises = asConfigured(rendered);
  const client = resolveClient(cell.client);
  if (client === null) throw new Error(`cell ${cell.id} names something that is not in the catalog`);
  const { definition, options, words } = client;
  const family = premises.topology.family === "ipv6" ? 6 : 4;
  const lack = definition.program?.lacks({ ...cell, family, options: words }) ?? null;
  if (lack !== null) return { result: "unsupported", stage: null, cause: null, reason: lack.what };
  const predicted = (change: Partial<Cell>, otherwise: Partial<ClientOptions> = {}): ExpectedResult => {
    const other = { ...cell, ...change };
    return predict({ ...other, id: cellId(other) }, { ...premises, client: { ...options, ...otherwise } });
  };
  return definition.expects?.(cell, predicted) ?? predicted({});
}

/** With what a user's own configuration says in place of what would be rendered. */
function asConfigured(premises: Pick<Premises, "topology" | "server">): Pick<Premises, "topology" | "server"> {
  const { server } = premises;
  return server.own === undefined ? premises : (softwareNamed(server.software).own?.effective(premises) ?? premises);
}
