import { resolveClient } from "../clients/registry";
import { cellId } from "./cells";
import type { ClientOptions } from "../model/agent-protocol";
import { stages } from "../model/axes";
import type { Cell, ExpectedResult } from "../model/cell";
import { predict, type Premises } from "./predict/predict";
import { agreedVersion } from "./predict/tls-versions";

/** What is expected of a cell with its very client: first principles, what the client lacks, and what it does otherwise than others. */
export function expectationFrom(cell: Cell, premises: Pick<Premises, "topology" | "server">): ExpectedResult {
  const client = resolveClient(cell.client);
  if (client === null) throw new Error(`cell ${cell.id} names something that is not in the catalog`);
  const { definition, options, words } = client;
  const family = premises.topology.family === "ipv6" ? 6 : 4;
  const predicted = (change: Partial<Cell>, otherwise: Partial<ClientOptions> = {}): ExpectedResult => {
    const other = { ...cell, ...change };
    return predict({ ...other, id: cellId(other) }, { ...premises, client: { ...options, ...otherwise } });
  };
  const fallback = definition.fallsBackTo?.(cell, predicted) ?? null;
  if (fallback !== null) return afterRefusal(predicted({}), expectationFrom({ ...cell, mode: fallback }, premises));
  const lack = definition.program?.lacks({ ...cell, family, options: words }) ?? null;
  // What only the session can show, it does not show when it ends before.
  const isShown = lack?.proof.kind === "command" || !endsEarly(predicted({}));
  if (lack !== null && isShown) return { result: "unsupported", stage: null, cause: null, reason: lack.what };
  const { tls } = premises.server;
  const version = tls === null ? null : agreedVersion(tls.protocol, options.versions);
  return definition.expects?.(cell, predicted, version) ?? predicted({});
}

/** The server's refusal is part of the reason. */
function afterRefusal(refusal: ExpectedResult, expected: ExpectedResult): ExpectedResult {
  return { ...expected, reason: `${refusal.reason} The client goes on: ${expected.reason}` };
}

const early = stages.slice(0, stages.indexOf("ccc"));

/** Whether a session fails before CCC and the data command. */
function endsEarly({ stage }: ExpectedResult): boolean {
  return stage !== null && early.includes(stage);
}
