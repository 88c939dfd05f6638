import { importNetwork } from "../../harness/import/import-network";
import type { FilesBeside } from "../../harness/inputs/files-beside";
import { parseServerProfile } from "../../harness/inputs/server-file";
import { parseViews } from "../../harness/inputs/topology-file";
import { networkIdOf } from "../../harness/model/positions";
import type { ServerProfile } from "../../harness/model/server-profile";
import type { Topology } from "../../harness/model/topology";
import { expectedFrom } from "../../harness/plan/expected";
import { fileOf, fixtureFiles } from "../support/import-files";
import { choose, runCells } from "../support/lab-run";

jest.setTimeout(60_000);

/** What is so in the networks of which the files are, by the rules that decide. */
const truth: Readonly<Record<string, readonly (readonly [mode: string, result: string, cause: string | null])[]>> = {
  // firewalld attaches the helper, opens port 21, and no port of the range.
  "firewalld-nft": [
    ["ftp", "worked", null],
    ["ftps", "failed", "server-host-firewall"],
  ],
  // The range's DNAT asks for the address of the day before.
  "stale-address@internet": [["ftps", "failed", "passive-port-not-forwarded"]],
};

function imported(view: string): { readonly topology: Topology; readonly server: ServerProfile } {
  const id = networkIdOf(view);
  const own = importNetwork(fixtureFiles(id), { id, front: null });
  const beside: FilesBeside = (path) => Buffer.from(fileOf(own, path));
  const views = parseViews({ file: `${id}.yaml`, text: fileOf(own, "network.yaml") }, { beside });
  const topology = views.find((one) => one.id === view);
  if (topology === undefined) throw new Error(`no network ${view}`);
  return {
    topology,
    server: parseServerProfile({ file: `${id}-server.yaml`, text: fileOf(own, "server.yaml") }, { beside }),
  };
}

test("networks made of users' files do what those of the users do", async () => {
  const networks = Object.keys(truth).map((id) => imported(id));
  const planned = networks.flatMap(({ topology, server }) =>
    (truth[topology.id] ?? []).flatMap(([mode]) =>
      choose([`server-nat/tls-optional/basic-ftp/${mode}/epsv/list`]).map(({ cell: like }) => {
        const id = `${topology.id}/${server.id}/basic-ftp/${mode}/epsv/list` as const;
        const cell = { ...like, id, topology: topology.id, server: server.id };
        return { cell, expected: expectedFrom(cell, { topology, server }) };
      }),
    ),
  );
  const report = await runCells(planned, {
    topologies: new Map(networks.map(({ topology }) => [topology.id, topology])),
    profiles: new Map(networks.map(({ server }) => [server.id, server])),
  });
  expect(report.cells.map(({ topology, mode, result, cause }) => [topology, mode, result, cause])).toEqual(
    Object.entries(truth).flatMap(([id, cells]) => cells.map((cell) => [id, ...cell])),
  );
});
