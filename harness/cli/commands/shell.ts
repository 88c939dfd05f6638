import { Command } from "@commander-js/extra-typings";
import { spawn } from "node:child_process";
import { clientImageOf } from "../../catalog/clients/registry";
import { connectEngine } from "../../lab/engine";
import { prepareTestcontainers } from "../../lab/testcontainers-environment";
import { exitCodes, UsageError } from "../../model/errors";
import { clientOf } from "../../model/network";
import { imagesOfLab } from "../../plan/labs";
import { imageOf } from "../../catalog/servers/registry";
import { oneOf } from "../../text/nearest";
import { namedCells } from "../cell-choice";
import { checkUserFiles, setupOf } from "../cell-setup";
import type { DeclareCommand } from "../command";
import { selectCells } from "../select-cells";
import { interruptible } from "../signals";
import { makeRunId } from "../../run/run-id";
import { mapOption, ownNetworkOption, routerRulesOption, serverConfigOption, type UserFiles } from "../user-files";

export const command: DeclareCommand = ({ finish }) =>
  new Command("shell")
    .summary("open a shell in a node of a cell's lab")
    .description("bring up a cell's lab and open a shell in one of its nodes")
    .argument("<cell>", "cell id")
    .argument("[node]", "node of the topology (default: the client)")
    .addOption(ownNetworkOption)
    .addOption(routerRulesOption)
    .addOption(mapOption)
    .addOption(serverConfigOption)
    .action(async (cell, node, { topology, ...own }) => {
      finish(await runShell(cell, node, { networks: topology, ...own }));
    });

type ShellOptions = UserFiles & { readonly networks: readonly string[] };

/** `shell`: brings up the lab of one cell, with its server running, and opens a shell in a node; the lab ends with it. */
async function runShell(cellId: string, nodeId: string | undefined, own: ShellOptions): Promise<number> {
  const selection = selectCells(namedCells([cellId], own.networks), own);
  const { planned, topology, server: profile } = setupOf(selection);
  const node = nodeId ?? clientOf(topology).id;
  const nodes = topology.nodes.map(({ id }) => id);
  if (!nodes.includes(node)) {
    throw new UsageError(`Topology ${topology.id} has no node \`${node}\`.`, {
      code: "unknown-node",
      hint: `Its nodes are ${oneOf(nodes)}.`,
    });
  }
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  await checkUserFiles(engine, selection);
  const { openSite } = await import("../../lab/open-site.ts");
  // Ctrl-C belongs to the shell inside.
  const interrupt = interruptible(() => undefined);
  // The client's node is the host that the cell's client lives on, with its packages; the server's is that of its software.
  const hosts = { client: clientImageOf(planned.cell.client), server: imageOf(profile) };
  const site = await openSite(engine, {
    run: makeRunId(new Date()),
    images: imagesOfLab(topology, hosts),
    notice: (line) => process.stderr.write(`${line}\n`),
    signal: interrupt.signal,
  });
  try {
    await site.checkUserRules([topology]);
    const lab = await site.startLab(topology, hosts);
    try {
      await lab.server.serve(profile);
      const container = lab.containers.get(node) ?? "";
      process.stderr.write(`${topology.id}: shell in ${node}; the lab ends with it\n`);
      await attach(container);
      return exitCodes.expected;
    } finally {
      await lab.close();
    }
  } finally {
    await site.close();
    interrupt.release();
  }
}

function attach(container: string): Promise<void> {
  const flags = process.stdin.isTTY ? "-it" : "-i";
  return new Promise((resolve, reject) => {
    const child = spawn("docker", ["exec", flags, container, "bash"], { stdio: "inherit" });
    child.once("error", (cause) => {
      const hint = "Install the Docker command-line client.";
      reject(new UsageError("`docker` cannot be run.", { code: "no-docker-client", hint, cause }));
    });
    child.once("close", () => {
      resolve();
    });
  });
}
