/** A lab, collected from inside, imported, and run again as a network of a user's own. */
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { namedCells } from "../../harness/cli/cell-choice";
import { collectScript } from "../../harness/cli/commands/collect";
import { selectCells } from "../../harness/cli/select-cells";
import { importNetwork } from "../../harness/import/import-network";
import { proftpdPaths } from "../../harness/catalog/servers/proftpd-paths";
import { noUserFiles } from "../../harness/cli/user-files";
import type { Lab } from "../../harness/lab/lab";
import { routersOf } from "../../harness/model/network";
import { catalog, choose, runCells } from "./lab-run";

/** What became of a cell, by its id without the network and the server. */
export type Told = ReadonlyMap<string, string>;

/** Runs cells of a topology with the profile `tls-optional`, collects on its router and server, and runs them in what import makes of it. */
export async function closedLoop(topology: string, pattern: string): Promise<{ readonly own: Told; readonly again: Told }> {
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-loop-"));
  try {
    const texts: { readonly name: string; readonly text: string }[] = [];
    const planned = choose([`${topology}/tls-optional/${pattern}`]);
    const own = await runCells(planned, {
      beforeCells: async (lab) => {
        if (texts.length === 0) texts.push(...(await collected(lab)));
      },
    });
    if (process.env["LOOP"]) for (const one of texts) await writeFile(join(process.env["LOOP"], one.name), one.text);
    const imported = importNetwork(texts.map((one) => ({ ...one, isOptional: false })), { id: "collected", front: null });
    const network = join(folder, "collected");
    for (const { path, text } of imported.files) {
      await mkdir(dirname(join(network, path)), { recursive: true });
      await writeFile(join(network, path), text);
    }
    const choice = namedCells([`collected/collected-server/${pattern}`]);
    const selection = selectCells({ ...choice, networks: [network] }, noUserFiles, catalog);
    const again = await runCells(selection.planned, {
      topologies: selection.catalog.topologies,
      profiles: selection.catalog.profiles,
    });
    return { own: toldBy(own), again: toldBy(again) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function toldBy({ cells }: Awaited<ReturnType<typeof runCells>>): Told {
  return new Map(
    cells.map(({ id, result, stage, cause, message }) => [
      id.split("/").slice(2).join("/"),
      [result, stage ?? "-", cause ?? (result === "not-run" ? message : "-")].join(" "),
    ]),
  );
}

/** The script's text from each router and the server, whose configuration has no usual place. */
async function collected(lab: Lab): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const script = readFileSync(collectScript).toString("base64");
  const run = `base64 -d <<'END' | sh -s --`;
  const hosts = [
    ...routersOf(lab.topology).map((router) => ({ id: router.id, shell: lab.routerShell(router), files: "" })),
    { id: "server", shell: lab.serverShell, files: proftpdPaths.config },
  ];
  const texts = [];
  for (const { id, shell, files } of hosts) {
    const text = await shell.run("rules", `${run} ${files}\n${script}\nEND`);
    texts.push({ name: `${id}.txt`, text });
  }
  return texts;
}
