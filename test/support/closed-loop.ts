/** Labs, collected from inside, imported, and told or run again as networks of a user's own. */
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { proftpdPaths } from "../../harness/catalog/servers/proftpd-paths";
import { namedCells } from "../../harness/cli/cell-choice";
import { collectScript } from "../../harness/cli/commands/collect";
import { selectCells, type Selection } from "../../harness/cli/select-cells";
import { noUserFiles } from "../../harness/cli/user-files";
import { importNetwork } from "../../harness/import/import-network";
import { connectEngine, type Engine } from "../../harness/lab/engine";
import { NodeShell } from "../../harness/lab/node-shell";
import { openSite } from "../../harness/lab/open-site";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import type { CellResult, PlannedCell } from "../../harness/model/cell";
import type { Topology } from "../../harness/model/topology";
import { makeRunId } from "../../harness/run/run-id";
import { profileNamed, topologyNamed } from "./inputs";
import { catalog, choose, runCells } from "./lab-run";

/** What `collect` printed on each of a network's machines. */
export type Collected = readonly { readonly name: string; readonly text: string }[];

/** What became of a cell, or is predicted to, by its id without the network and the server. */
export type Told = ReadonlyMap<string, string>;

const server = "tls-optional";
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
        await lab.server.serve(profileNamed(server));
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

/** Imports what was collected into a folder whose name is the network's id. @throws UsageError as `import` does */
async function importInto(folder: string, id: string, texts: Collected): Promise<string> {
  const { files } = importNetwork(texts, { id, front: null });
  const network = join(folder, id);
  for (const { path, text } of files) {
    await mkdir(dirname(join(network, path)), { recursive: true });
    await writeFile(join(network, path), text);
  }
  return network;
}

/** The cells of an imported network. @param pattern client, mode, data command and operation: `basic-ftp/ftps/pasv/list` */
function chooseImported(network: string, id: string, pattern: string): Selection {
  const choice = namedCells([`${id}/${id}-server/${pattern}`]);
  return selectCells({ ...choice, networks: [network] }, noUserFiles, catalog);
}

function predictionsOf(planned: readonly PlannedCell[]): Told {
  return new Map(
    planned.map(({ cell, expected: { result, stage } }) => [withoutNetwork(cell.id), `${result} ${stage ?? "-"}`]),
  );
}

/** What became of cells in a lab, and in the lab of what was collected in it. */
export type Loop = { readonly topology: string; readonly own: Told; readonly again: Told };

/** Collects in the lab of each topology, imports, and runs the same cells in both. @param pattern as of `chooseImported` */
export async function closedLoops(topologies: readonly string[], pattern: string): Promise<readonly Loop[]> {
  const collected = await collectFrom(topologies);
  return withImported(collected, async (imported) => {
    const selections = [...imported.values()].map(({ network, id }) => chooseImported(network, id, pattern));
    const own = choose(topologies.map((topology) => `${topology}/${server}/${pattern}`));
    const files = [catalog, ...selections.map((one) => one.catalog)].flatMap(({ topologies }) => topologies.files());
    const { cells } = await runCells([...own, ...selections.flatMap(({ planned }) => planned)], {
      topologies: new Map(files.map((file) => [file.id, file])),
      profiles: new Map(selections.flatMap((one) => [...one.catalog.profiles])),
    });
    const toldOf = (id: string): Told => toldBy(cells.filter((cell) => cell.id.startsWith(`${id}/`)));
    return [...imported].map(([topology, { id }]) => ({ topology, own: toldOf(topology), again: toldOf(id) }));
  });
}

/** What is predicted for cells, by the topology and by what `import` reads of the collected texts: results and stages. */
export function predictedLoops(collected: ReadonlyMap<string, Collected>, pattern: string): Promise<readonly Loop[]> {
  return withImported(collected, (imported) =>
    Promise.resolve(
      [...imported].map(([topology, { network, id }]) => ({
        topology,
        own: predictionsOf(choose([`${topology}/${server}/${pattern}`])),
        again: predictionsOf(chooseImported(network, id, pattern).planned),
      })),
    ),
  );
}

type ImportedNetwork = { readonly network: string; readonly id: string };

/** Imports each network into a folder that is gone afterwards. */
async function withImported<T>(
  collected: ReadonlyMap<string, Collected>,
  use: (imported: ReadonlyMap<string, ImportedNetwork>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-loop-"));
  try {
    const imported = new Map<string, ImportedNetwork>();
    for (const [topology, texts] of collected) {
      // A network's id has at most 30 characters.
      const id = `collected-${imported.size + 1}`;
      imported.set(topology, { network: await importInto(folder, id, texts), id });
    }
    return await use(imported);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

function withoutNetwork(id: string): string {
  return id.split("/").slice(2).join("/");
}
