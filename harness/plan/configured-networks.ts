import { networkFor } from "../catalog/servers/configured-network";
import type { ConfiguredPorts } from "../catalog/servers/definition";
import { softwareNamed } from "../catalog/servers/registry";
import { NetworkCatalog } from "../catalog/conditions/network-catalog";
import type { Cell } from "../model/cell";
import { implicitPortOf, serverOf } from "../model/network";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import type { Catalog } from "./planned-cells";

/** Where a profile's own configuration listens; `null` if it has none, or none that is read. */
export function portsOf({ userConfig, software }: ServerProfile): ConfiguredPorts | null {
  if (userConfig === undefined) return null;
  return softwareNamed(software).userConfig?.ports(userConfig.text) ?? null;
}

/**
 * The catalog in which the networks of some cells have their servers where users' own configurations have them listen. A text says why
 * that cannot be: two configurations of one network that differ, or a condition that sets another port.
 */
export function withConfiguredPorts(catalog: Catalog, cells: readonly Cell[]): Catalog | string {
  const wanted = new Map<string, { readonly file: string; readonly ports: ConfiguredPorts }>();
  for (const { topology, server } of cells) {
    const profile = catalog.profiles.get(server);
    const ports = profile === undefined ? null : portsOf(profile);
    if (profile?.userConfig === undefined || ports === null) continue;
    const base = topology.split("+", 1)[0] ?? "";
    const { file } = profile.userConfig;
    const other = wanted.get(base);
    if (other !== undefined && JSON.stringify(other.ports) !== JSON.stringify(ports)) {
      return `${other.file} and ${file} listen on different ports, and ${base} can forward those of one of them`;
    }
    wanted.set(base, { file, ports });
  }
  if (wanted.size === 0) return catalog;
  const files = catalog.topologies.files().map((topology) => {
    const ports = wanted.get(topology.id)?.ports;
    return ports === undefined ? topology : networkFor(topology, ports);
  });
  const topologies = new NetworkCatalog(files);
  for (const id of new Set(cells.map(({ topology }) => topology))) {
    const own = wanted.get(id.split("+", 1)[0] ?? "");
    const made = topologies.get(id);
    if (own === undefined || made === undefined) continue;
    const clash = otherPort(made, own.ports);
    if (clash !== null) return `${id} has its server on port ${clash.network}, and ${own.file} on port ${clash.file}`;
  }
  return { ...catalog, topologies };
}

/** A port for which a network's condition and the configuration differ. */
function otherPort(
  topology: Topology,
  { control, implicit }: ConfiguredPorts,
): { readonly network: number; readonly file: number } | null {
  const server = serverOf(topology);
  if (control !== null && server.controlPort !== control) return { network: server.controlPort, file: control };
  const network = implicitPortOf(server);
  return implicit !== null && network !== implicit ? { network, file: implicit } : null;
}
