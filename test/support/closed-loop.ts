/** Labs, collected from inside, imported, and run again as networks of a user's own. */
import { readFileSync } from "node:fs";
import { proftpdPaths } from "../../harness/catalog/servers/proftpd-paths";
import { collectScript } from "../../harness/cli/commands/collect";
import { connectEngine, type Engine } from "../../harness/lab/engine";
import { NodeShell } from "../../harness/lab/node-shell";
import { openSite } from "../../harness/lab/open-site";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import { withoutPosition } from "../../harness/model/positions";
import type { CellResult } from "../../harness/model/cell";
import type { Topology } from "../../harness/model/topology";
import { makeRunId } from "../../harness/run/run-id";
import {
  chooseImported,
  chooseOwn,
  collectedServer,
  withImported,
  withoutNetwork,
  type Collected,
  type Loop,
  type Told,
} from "./imported-loops";
import { profileNamed, topologyNamed } from "./inputs";
import { catalog, runCells } from "./lab-run";

const hosts = { client: "client", server: "server" } as const;

/** Brings the lab of each topology up, with its server running, and collects on all its machines; nothing listens meanwhile. */
export async function collectFrom(topologies: readonly string[]): Promise<ReadonlyMap<string, Collected>> {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const { signal } = new AbortController();
  const site = await openSite(engine, { run: makeRunId(new Date()), images: [], notice: () => undefined, signal });
  const texts = new Map<string, Collected>();
  try {
    for (const id of topologies) {
      const topology = topologyNamed(id);
      const lab = await site.startLab(topology, hosts);
      try {
        await lab.server.serve(profileNamed(collectedServer));
        texts.set(id, await collectIn(engine, topology, lab.containers));
      } finally {
        await lab.close();
      }
    }
  } finally {
    await site.close();
  }
  return texts;
}

/** The server's configuration has no usual place, so it is named. */
function collectIn(engine: Engine, { nodes }: Topology, containers: ReadonlyMap<string, string>): Promise<Collected> {
  const script = readFileSync(collectScript).toString("base64");
  return Promise.all(
    nodes.map(async ({ id, kind }) => {
      const shell = await NodeShell.open(engine, containers.get(id) ?? "", `collect/${id}`);
      try {
        const files = kind === "server" ? proftpdPaths.config : "";
        const text = await shell.run("rules", `base64 -d <<'END' | sh -s -- ${files}\n${script}\nEND`);
        return { name: `${id}.txt`, text };
      } finally {
        shell.close();
      }
    }),
  );
}

/** Imports what was collected in labs, and runs the same cells there and in the import. @param pattern as of `chooseImported` */
export function closedLoops(collected: ReadonlyMap<string, Collected>, pattern: string): Promise<readonly Loop[]> {
  return withImported(collected, async (imported) => {
    const selections = [...imported.values()].map((network) => chooseImported(network, pattern));
    const own = [...imported.keys()].flatMap((topology) => chooseOwn(topology, pattern));
    const files = [catalog, ...selections.map((one) => one.catalog)].flatMap(({ topologies }) => topologies.files());
    const { cells } = await runCells([...own, ...selections.flatMap(({ planned }) => planned)], {
      topologies: new Map(files.map((file) => [file.id, file])),
      profiles: new Map(selections.flatMap((one) => [...one.catalog.profiles])),
    });
    const toldOf = (id: string): Told =>
      toldBy(cells.filter((cell) => [cell.topology, withoutPosition(cell.topology)].includes(id)));
    return [...imported].map(([topology, { id }]) => ({ topology, own: toldOf(topology), again: toldOf(id) }));
  });
}

/** Results, stages and causes. */
function toldBy(cells: readonly CellResult[]): Told {
  return new Map(
    cells.map(({ id, result, stage, cause, message }) => [
      withoutNetwork(id),
      [result, stage ?? "-", cause ?? (result === "not-run" ? message : "-")].join(" "),
    ]),
  );
}
