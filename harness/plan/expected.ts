import { resolveClient } from "../catalog/clients/registry";
import { softwareNamed, traitsOfServer } from "../catalog/servers/registry";
import { cellId } from "../model/cells";
import type { ClientOptions } from "../model/agent-protocol";
import { stages, traitsOf } from "../model/axes";
import type { Cell, ExpectedResult } from "../model/cell";
import type { ServerProfile } from "../model/server-profile";
import type { Lack } from "../model/program";
import { predict, type Premises } from "./predict/predict";
import { asRead } from "./predict/rules/as-keys";
import { agreedVersion } from "./predict/tls-versions";

/** What is expected of a cell with its own client: first principles, what the client lacks, and what it does differently from others. */
export function expectedFrom(cell: Cell, rendered: Pick<Premises, "topology" | "server">): ExpectedResult {
  const configured = asConfigured(rendered, traitsOf(cell.mode).tls === "implicit");
  const premises = { ...configured, topology: asRead(configured.topology) };
  const client = resolveClient(cell.client);
  if (client === null) throw new Error(`cell ${cell.id} names something that is not in the catalog`);
  const { definition, options, words } = client;
  const family = premises.topology.family === "ipv6" ? 6 : 4;
  const predicted = (change: Partial<Cell>, otherwise: Partial<ClientOptions> = {}): ExpectedResult => {
    const other = { ...cell, ...change };
    return predict({ ...other, id: cellId(other) }, { ...premises, client: { ...options, ...otherwise } });
  };
  const lack = definition.program?.lacks({ ...cell, family, options: words }) ?? null;
  const open = undecided(premises.server, cell);
  if (lack === null && open !== null) return open;
  const { tls } = premises.server;
  const version = tls === null ? null : agreedVersion(tls.protocol, options.versions);
  const expected = definition.expects?.(cell, predicted, version, traitsOfServer(premises.server)) ?? predicted({});
  if (lack === null || !isShown(lack, expected, predicted({}))) return expected;
  return { result: "unsupported", stage: null, cause: null, reason: lack.what };
}

/** That nothing is expected where the server's own profile decides beyond what the prediction knows; else `null`. */
function undecided(server: ServerProfile, cell: Cell): ExpectedResult | null {
  const clause = softwareNamed(server.software).undecided?.(server, cell) ?? null;
  if (clause === null) return null;
  const reason = `Nothing is predicted: ${clause} (${server.id}).`;
  return { result: "not-run", stage: null, cause: null, reason, unpredicted: true };
}

/** Whether the run can prove the lack: a session shows nothing of what it does not come to. */
function isShown({ proof }: Lack, expected: ExpectedResult, predicted: ExpectedResult): boolean {
  if (proof.kind === "command") return true;
  // A client may go on after a refused CCC, but not in clear.
  const { stage } = proof.shownBy === "first-clear-line" ? predicted : expected;
  return stage === null || stages.indexOf(stage) >= stages.indexOf("data-command");
}

/** With what a user's own configuration says in place of what would be rendered. */
function asConfigured(
  premises: Pick<Premises, "topology" | "server">,
  isImplicit: boolean,
): Pick<Premises, "topology" | "server"> {
  const { server } = premises;
  return server.userConfig === undefined
    ? premises
    : (softwareNamed(server.software).userConfig?.effective(premises, isImplicit) ?? premises);
}
