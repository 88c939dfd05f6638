import { clientImageOf } from "../catalog/clients/registry";
import type { Cell } from "../model/cell";
import type { ClientImage } from "../model/program";
import type { ServerProfile } from "../model/server-profile";
import type { ServerImage } from "../catalog/servers/definition";
import type { Topology } from "../model/topology";
import { imageOf } from "../catalog/servers/registry";
import { translatorOf } from "./translator";

/** What the hosts of a lab are made of. */
export type HostImages = { readonly client: ClientImage; readonly server: ServerImage };

/** What sets a lab apart from the others of its run: its topology, its clients where they are not the agent's own, its server. */
export function labId(topology: string, { client, server }: HostImages): string {
  const others = [client, server].filter((image) => image !== "client" && image !== "server");
  return [topology, ...others].join("-");
}

/** The images of the lab that a cell runs in. */
export function hostsOf(cell: Cell, profiles: ReadonlyMap<string, ServerProfile>): HostImages {
  const profile = profiles.get(cell.server);
  if (profile === undefined) throw new Error(`no server profile ${cell.server}`);
  return { client: clientImageOf(cell.client), server: imageOf(profile) };
}

/** The images that a lab needs beside those of every lab. */
export function imagesOfLab(
  topology: Topology,
  { client, server }: HostImages,
): readonly (ClientImage | ServerImage | "translator")[] {
  return [client, server, ...(translatorOf(topology) === null ? [] : (["translator"] as const))];
}
