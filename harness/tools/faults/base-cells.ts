import { dataCommands, modes, operations } from "../../model/axes";
import { cellId } from "../../model/cells";
import { planCell, type Catalog } from "../../plan/planned-cells";
import type { Base } from "./kinds/definition";
import type { Random } from "../random";

/** Clients and servers of base cells, by how often they are drawn. */
const clients = [
  { weight: 8, item: "basic-ftp" },
  { weight: 2, item: "curl" },
  { weight: 1, item: "lftp" },
] as const;
const servers = [
  { weight: 10, item: "tls-optional" },
  { weight: 1, item: "tls-auth-data" },
  { weight: 1, item: "tls-required" },
  { weight: 2, item: "vsftpd" },
  { weight: 1, item: "pure-ftpd" },
] as const;

export const baseClients: readonly string[] = clients.map(({ item }) => item);
export const baseServers: readonly string[] = servers.map(({ item }) => item);

/** Most cells of most networks work: so many drawings without one that does mean that there is none. */
const mostDrawings = 500;

/** A cell that is predicted to work. @throws Error where none is found */
export function drawBase(catalog: Catalog, random: Random): Base {
  const topologies = catalog.topologies.files();
  for (let drawing = 0; drawing < mostDrawings; drawing += 1) {
    const topology = random.pick(topologies);
    const profile = catalog.profiles.get(random.weighted(servers));
    if (profile === undefined) continue;
    const axes = {
      topology: topology.id,
      server: profile.id,
      client: random.weighted(clients),
      mode: random.pick(modes),
      data: random.pick(dataCommands),
      operation: random.pick(operations),
    };
    if (topology.family === "ipv6" && (axes.data === "pasv" || axes.data === "port")) continue;
    // Chance gives it another outcome now and then.
    if (axes.mode === "ftps-ccc-unprimed") continue;
    const planned = planCell({ cell: { id: cellId(axes), ...axes }, expect: [] }, catalog);
    if (planned.expected.result === "worked") return { planned, topology, profile };
  }
  throw new Error("no cell is predicted to work");
}
