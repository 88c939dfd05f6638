/** What the users of the clients can change, session by session. */
import { dataCommandsOf, traitsOf, type Mode } from "../../model/axes";
import type { Need } from "../../model/advice";
import { addressOf, clientOf, dialledPort, serverOf } from "../../model/network";
import type { Topology } from "../../model/topology";
import { resolveClient } from "../../catalog/clients/registry";
import { anyTlsVersion, dialName, resumeSession } from "../remedies/encryption";
import { closeTlsFirst } from "../remedies/clear-control";
import { ignoreAddress, trustAddress } from "../remedies/data-commands";
import type { Change } from "./change";
import { speakerFor } from "./router-lines";
import { setupOf, type View } from "./state";

/** A session of the same kind in other words: never one with less encryption than was asked for, but for CCC. */
const otherModes: Readonly<Partial<Record<Mode, readonly Mode[]>>> = {
  ftps: ["ftps-implicit", "ftps-ccc"],
  "ftps-implicit": ["ftps", "ftps-ccc"],
  "ftps-clear-data": ["ftps"],
  "ftps-ccc-clear-data": ["ftps-ccc", "ftps"],
  "ftps-ccc-unprimed": ["ftps-ccc", "ftps"],
  "ftps-ccc": ["ftps"],
};

export function clientChanges(view: View): readonly Change[] {
  return [...view.uses.flatMap((use, at) => otherUses(view, use, view.indices[at] ?? at)), ...openHost(view)];
}

function otherUses(view: View, use: Need, index: number): readonly Change[] {
  const name = `${use.client} (${use.mode})`;
  const change = (id: string, as: Partial<Need>, what: string, exposes = false): readonly Change[] => {
    const other = { ...use, ...as };
    if (lacks(view, other)) return [];
    const more = exposes ? ({ exposes: true } as const) : {};
    return [{ id: `${id}#${index}`, party: "client", what, use: { index, as }, ...more }];
  };
  const commands = dataCommandsOf(view.topology.family).filter((data) => data !== use.data);
  const remedies = [ignoreAddress, trustAddress, closeTlsFirst, resumeSession, anyTlsVersion, dialName];
  return [
    ...commands.flatMap((data) => change(data, { data }, `Let ${name} use ${data.toUpperCase()}.`)),
    ...(otherModes[use.mode] ?? []).flatMap((mode) => {
      const isCleared = traitsOf(use.mode).ccc === "none" && traitsOf(mode).ccc !== "none";
      const tail = isCleared ? ", which makes commands and file names readable on the way" : "";
      return change(mode, { mode }, `Let ${name} use ${mode} instead${tail}.`, isCleared);
    }),
    ...remedies.flatMap((remedy) => {
      const after = remedy.apply(setupOf({ ...view, views: [view.topology] }, { ...use, position: undefined }));
      return after === null || after.cell.client === use.client
        ? []
        : change(remedy.id, { client: after.cell.client }, `Use ${after.cell.client} instead of ${use.client}.`);
    }),
  ];
}

/** Whether the client cannot have such a session, or only with code that has to be written first. */
function lacks({ topology }: View, { client, ...asked }: Need): boolean {
  const resolved = resolveClient(client);
  if (resolved === null) return true;
  const family = topology.family === "ipv6" ? 6 : 4;
  if (resolved.definition.program?.lacks({ ...asked, family, options: resolved.words })) return true;
  const usage = usageOf(topology, { client, ...asked });
  return usage.length === 0 || usage.some((line) => line.startsWith("// What "));
}

/** How a user is told to set the client up for a session; empty if unknown. */
export function usageOf(topology: Topology, { client, mode, data }: Need): readonly string[] {
  const resolved = resolveClient(client);
  if (resolved === null) return [];
  const { definition, words } = resolved;
  const family = topology.family === "ipv6" ? 6 : 4;
  const port = dialledPort(topology, mode);
  return definition.usage({ mode, data, words, family, port, host: topology.dial, caFile: null }) ?? [];
}

/** The client host's own firewall lets the server in. */
function openHost({ topology }: View): readonly Change[] {
  const client = clientOf(topology);
  if (client.userRules === undefined || topology.nodes.every(({ id }) => id !== client.id)) return [];
  const ports = { first: 1024, last: 65535 };
  const seen = [...new Set([topology.dial, addressOf(topology, serverOf(topology).id)])];
  const say = speakerFor(topology, client);
  return [
    {
      id: `open-client@${client.id}`,
      party: "client",
      what: `Let the own firewall of ${client.id} accept connections from the server.`,
      pasted: { node: client.id, lines: seen.flatMap((source) => say.accept("INPUT", { source, ports })) },
    },
  ];
}
