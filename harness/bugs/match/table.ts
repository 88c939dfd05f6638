import { modes, traitsOf, type DataCommand, type Mode } from "../../model/axes";
import type { PlannedCell } from "../../model/cell";
import type { Topology } from "../../model/topology";
import { positionIn } from "../../model/positions";
import { addressOf, clientOf, dialledPort, nodeOf } from "../../model/network";
import { planCells, type Catalog } from "../../plan/planned-cells";
import { announceToClient } from "../../plan/predict/helper";
import { walk } from "../../plan/predict/packet-walk";

/** A cell of the table with what a person can see of it beside its result. */
export type KnownCell = PlannedCell & {
  /** What kind of address the client finds in 227; `null` where it sends no PASV. */
  readonly announced: AddressKind | null;
  /** One server, which demands nothing, and a way of protection that people choose without reading RFC 4217. */
  readonly isUsual: boolean;
};

/** The address that the client dialled, another one that nobody outside can reach, or another one. */
export type AddressKind = "dialled" | "private" | "other";

/** Every way in which a client can treat the address in 227, and resume TLS sessions or not. */
export const ways = [
  "basic-ftp",
  "basic-ftp+replace-227",
  "basic-ftp+trust-227",
  "basic-ftp+ignore-227",
  "basic-ftp+no-resume",
] as const;

/** The server profile that refuses nothing. */
export const undemanding = "tls-optional";

/** What no network of the core matrix shows, and users meet: helpers of old that know 227 alone. */
const conditioned = ["firewall-helper+helper-227-only", "server-nat-helper+helper-227-only"];

/** Profiles of the usual software. Options and other software tell little about networks. */
function serversOf({ profiles }: Catalog): readonly string[] {
  const [reference] = [...profiles.values()].filter(({ id }) => id === undemanding);
  return [...profiles.values()]
    .filter(
      ({ id, software, release }) =>
        !/[@+]/.test(id) && software === reference?.software && release === reference.release,
    )
    .map(({ id }) => id);
}

/** Listings through every network of the catalog, from every server profile, with every kind of client: what symptoms are compared with. */
export function knownCells(catalog: Catalog): readonly KnownCell[] {
  const data: readonly DataCommand[] = ["pasv", "epsv", "port", "eprt"];
  const selection = {
    // Networks with one position show the same as networks with several.
    topology: [
      ...catalog.topologies.files().flatMap(({ id }) => (positionIn(id) === null ? [id] : [])),
      ...conditioned,
    ],
    // First the one that demands nothing: what its cells' siblings do is the network's doing.
    server: [undemanding, ...serversOf(catalog).filter((id) => id !== undemanding)],
    client: ways,
    mode: modes,
    data,
    operation: ["list"],
  };
  const kinds = new Map<string, AddressKind | null>();
  return planCells([{ include: [selection], expect: [] }], catalog).map((planned) => {
    const { topology: id, mode, data: command } = planned.cell;
    const topology = catalog.topologies.get(id);
    const servers = topology?.nodes.filter(({ kind }) => kind === "server") ?? [];
    const isUsual =
      servers.length === 1 &&
      !conditioned.includes(id) &&
      planned.cell.server === undemanding &&
      traitsOf(mode).ccc === "none";
    if (topology === undefined || command !== "pasv") return { ...planned, isUsual, announced: null };
    const key = `${id}/${mode}`;
    const known = kinds.get(key);
    const announced = known === undefined ? announcedIn(topology, mode) : known;
    kinds.set(key, announced);
    return { ...planned, isUsual, announced };
  });
}

/** What 227 names once it has passed the routers. */
function announcedIn(topology: Topology, mode: Mode): AddressKind | null {
  const client = clientOf(topology);
  const controlPort = dialledPort(topology, mode);
  const source = addressOf(topology, client.id);
  const ports = { first: controlPort, last: controlPort };
  const control = walk(topology, { from: client.id, source, destination: topology.dial, ports }, []);
  const server = control.end.kind === "delivered" ? nodeOf(topology, control.end.node) : null;
  if (server?.kind !== "server") return null;
  const { tls, ccc } = traitsOf(mode);
  const readable = tls === "none" || ccc === "primed";
  const own = server.masqueradeAddress ?? addressOf(topology, server.id);
  const line = { readable, controlPort, word: "227", address: own } as const;
  return kindOf(announceToClient(line, control.passages).address, topology.dial);
}

/** RFC 1918, loopback, link-local and "this host" (RFC 6890): what nobody outside can reach. */
const unreachable = /^(10\.|127\.|0\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

/** How an address in 227 stands to the one that the client dialled; that is not known where a log does not show it. */
export function kindOf(address: string, dialled: string | null): AddressKind {
  if (address === dialled) return "dialled";
  if (unreachable.test(address) && (dialled === null || !unreachable.test(dialled))) return "private";
  return dialled === null ? "dialled" : "other";
}
