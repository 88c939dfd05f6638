/** What was collected in labs, imported, and predicted as a network of a user's own. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { loadCatalog } from "../../harness/cli/catalog";
import { namedCells } from "../../harness/cli/cell-choice";
import { selectCells, type Selection } from "../../harness/cli/select-cells";
import { noUserFiles } from "../../harness/cli/user-files";
import { importNetwork } from "../../harness/import/import-network";
import type { PlannedCell } from "../../harness/model/cell";

/** What `collect` printed on each of a network's machines. */
export type Collected = readonly { readonly name: string; readonly text: string }[];

/** What became of a cell, or is predicted to, by its id without the network and the server. */
export type Told = ReadonlyMap<string, string>;

/** What became of cells in a network, and in what `import` made of the texts collected there. */
export type Loop = { readonly topology: string; readonly own: Told; readonly again: Told };

/** The profile of all servers that texts are collected from. */
export const collectedServer = "tls-optional";

/** Results and stages, as predicted for the topology and for its import. @param pattern as of `chooseImported` */
export function predictedLoops(collected: ReadonlyMap<string, Collected>, pattern: string): Promise<readonly Loop[]> {
  return withImported(collected, (imported) =>
    Promise.resolve(
      [...imported].map(([topology, network]) => ({
        topology,
        own: predictionsOf(chooseOwn(topology, pattern)),
        again: predictionsOf(chooseImported(network, pattern).planned),
      })),
    ),
  );
}

/** An imported folder, and the network's id. */
export type ImportedNetwork = { readonly folder: string; readonly id: string };

/** Imports each network into a folder that is gone afterwards. @throws UsageError as `import` does */
export async function withImported<T>(
  collected: ReadonlyMap<string, Collected>,
  use: (imported: ReadonlyMap<string, ImportedNetwork>) => Promise<T>,
): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-loop-"));
  try {
    const imported = new Map<string, ImportedNetwork>();
    for (const [topology, texts] of collected) {
      // A network's id has at most 30 characters, and names of topologies are longer.
      const id = `collected-${imported.size + 1}`;
      const folder = join(parent, id);
      for (const { path, text } of importNetwork(texts, { id, front: null }).files) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      imported.set(topology, { folder, id });
    }
    return await use(imported);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** The cells of a topology with `collectedServer`. */
export function chooseOwn(topology: string, pattern: string): readonly PlannedCell[] {
  return selectCells(namedCells([`${topology}/${collectedServer}/${pattern}`])).planned;
}

/** The cells of an imported network, from outside where it has positions. @param pattern client, mode, data command and operation: `basic-ftp/ftps/pasv/list` */
export function chooseImported({ folder, id }: ImportedNetwork, pattern: string): Selection {
  const choice = namedCells([`${id}/${id}-server/${pattern}`]);
  const selection = selectCells({ ...choice, networks: [folder] }, noUserFiles, loadCatalog());
  const [first] = selection.planned;
  return { ...selection, planned: selection.planned.filter(({ cell }) => cell.topology === first?.cell.topology) };
}

function predictionsOf(planned: readonly PlannedCell[]): Told {
  return new Map(
    planned.map(({ cell, expected: { result, stage } }) => [withoutNetwork(cell.id), `${result} ${stage ?? "-"}`]),
  );
}

/** `firewall/tls-optional/curl/ftp/pasv/list` → `curl/ftp/pasv/list`. */
export function withoutNetwork(cellId: string): string {
  return cellId.split("/").slice(2).join("/");
}
