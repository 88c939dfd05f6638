import type { Cell, ExpectedResult } from "../../harness/model/cell";
import { resolveClient } from "../../harness/catalog/clients/registry";
import type { Topology } from "../../harness/model/topology";
import { cellId } from "../../harness/model/cells";
import { predict } from "../../harness/plan/predict/predict";
import type { ServerProfile } from "../../harness/model/server-profile";
import { expectedFrom } from "../../harness/plan/expected";
import { profileNamed, topologyNamed } from "./inputs";

/** A cell that lists a folder of `direct` over plain FTP, but for what is said. */
export function makeCell(axes: Partial<Omit<Cell, "id">> = {}): Cell {
  const all = {
    topology: "direct",
    server: "tls-optional",
    client: "basic-ftp",
    mode: "ftp",
    data: "pasv",
    operation: "list",
    ...axes,
  } as const;
  return { id: cellId(all), ...all };
}

/** What is predicted for a session through a network, which need not be one of the project's. */
export function predictFor(
  topology: Topology,
  axes: Partial<Omit<Cell, "id" | "topology">> = {},
  server: ServerProfile = profileNamed(axes.server ?? "tls-optional"),
): ExpectedResult {
  const cell = makeCell({ ...axes, topology: topology.id, server: server.id });
  const client = resolveClient(cell.client);
  if (client === null) throw new Error(`no client ${cell.client}`);
  return predict(cell, { topology, server, client: client.options });
}

/** What is expected of a cell with its very client, in one of the project's networks. */
export function expectedOf(axes: Partial<Omit<Cell, "id">>): ExpectedResult {
  const cell = makeCell(axes);
  return expectedFrom(cell, { topology: topologyNamed(cell.topology), server: profileNamed(cell.server) });
}

/** `worked`, or the stage that fails. */
export function verdictOf({ result, stage }: ExpectedResult): string {
  return stage ?? result;
}

/** `worked`, or the stage that fails and why: `data-connect: no-helper`. */
export function verdictAndCauseOf({ result, stage, cause }: ExpectedResult): string {
  return stage === null ? result : `${stage}: ${cause ?? "no cause"}`;
}
