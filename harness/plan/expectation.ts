import { resolveClient } from "../clients/registry";
import { cellId } from "./cells";
import { stages, traitsOf, type Stage } from "../model/axes";
import type { ClientOptions } from "../model/agent-protocol";
import type { Cell, ExpectedResult } from "../model/cell";
import { unpredicted } from "./own-rules";
import { predict, type Premises } from "./predict/predict";

/** What is expected of a cell with its very client: first principles, what the client lacks, and what it does otherwise than others. */
export function expectationFrom(cell: Cell, premises: Pick<Premises, "topology" | "server">): ExpectedResult {
  const client = resolveClient(cell.client);
  if (client === null) throw new Error(`cell ${cell.id} names something that is not in the catalog`);
  const { definition, options, words } = client;
  const family = premises.topology.family === "ipv6" ? 6 : 4;
  const lack = definition.program?.lacks({ ...cell, family, options: words }) ?? null;
  const predicted = (change: Partial<Cell>, otherwise: Partial<ClientOptions> = {}): ExpectedResult => {
    const other = { ...cell, ...change };
    return predict({ ...other, id: cellId(other) }, { ...premises, client: { ...options, ...otherwise } });
  };
  const open = unpredicted(premises.topology);
  if (lack === null && open !== null) return open;
  if (lack === null) return definition.expects?.(cell, predicted) ?? predicted({});
  const unsupported = { result: "unsupported", stage: null, cause: null, reason: lack.what } as const;
  if (lack.proof.kind === "command") return unsupported;
  // A session shows what it lacks only if it comes so far.
  const expected = predicted({});
  return isBefore(expected.stage, traitsOf(cell.mode).ccc === "none" ? "data-command" : "ccc") ? expected : unsupported;
}

function isBefore(stage: Stage | null, limit: Stage): boolean {
  return stage !== null && stages.indexOf(stage) < stages.indexOf(limit);
}
