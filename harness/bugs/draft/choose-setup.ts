/** The set-up of the lab that is predicted to show a symptom. */
import { clients, resolveClient } from "../../catalog/clients/registry";
import { softwareCalled } from "../../catalog/servers/greetings";
import type { Candidate } from "../match/candidates";
import { cluesOf, insideTopology, type OtherSession } from "../match/known-traits";
import { undemanding, ways } from "../match/table";
import { dataCommandsOf, type DataCommand, type Mode, type Operation, type Stage } from "../../model/axes";
import type { SoftwareId } from "../../model/ids";
import type { ExpectedResult } from "../../model/cell";
import type { ServerProfile, TlsRequired } from "../../model/server-profile";
import type { Symptom } from "../../model/symptom";
import type { Topology } from "../../model/topology";
import { cellId } from "../../model/cells";
import { expectedFrom } from "../../plan/expected";
import type { Setup } from "../../plan/setup";
import type { Catalog } from "../../plan/planned-cells";
import { networkNamed, networksFor, type ChosenNetwork } from "./choose-network";
import { lackOf } from "../../catalog/servers/registry";

/** A server of the catalog, or one with what its profile demands changed. */
export type ChosenServer = {
  readonly profile: ServerProfile;
  /** Id of the file that it comes from, with options. */
  readonly from: string;
  /** What of the file's `tls` is changed; `null` for nothing. */
  readonly required: TlsRequired | null;
};

export type ChosenSetup = {
  readonly setup: Setup;
  readonly network: ChosenNetwork;
  readonly server: ChosenServer;
  /** The cause that it is predicted to fail from. */
  readonly cause: Candidate;
  /** Whether the very client of the report is in it, and the software that greeted. */
  readonly isClient: boolean;
  readonly isSoftware: boolean;
  /** What else was reported of the same place, as far as it is predicted too. */
  readonly others: readonly OtherSession[];
};

/** A cause that no set-up is predicted to fail from as the report does. */
export type Unshown = {
  readonly cause: Candidate;
  /** Where set-ups fail from it, where they do so elsewhere than the report. */
  readonly stages: readonly Stage[];
};

export type Choice = {
  /** `null` where none of the likeliest causes can be shown. */
  readonly chosen: ChosenSetup | null;
  /** Likelier causes than the chosen one. */
  readonly unshown: readonly Unshown[];
};

type Fixed = { readonly mode: Mode; readonly data: DataCommand; readonly operation: Operation };

/** Causes that are told as the likeliest. A set-up that fails from another one does not show what was reported. */
export const mostLikely = 3;

/**
 * The first set-up that fails where the report does, from its likeliest cause that has one: with the report's own client and server
 * software where the lab has them, in the network that was told or else in those that are known to show the same.
 */
export function chooseSetup(symptom: Symptom, candidates: readonly Candidate[], context: ChoiceContext): Choice {
  const unshown: Unshown[] = [];
  for (const cause of candidates.slice(0, mostLikely)) {
    const { chosen, stages } = chooseFor(cause, symptom, context);
    if (chosen !== null) return { chosen, unshown };
    unshown.push({ cause, stages });
  }
  return { chosen: null, unshown };
}

export type ChoiceContext = {
  readonly catalog: Catalog;
  /** Id of the network in which it was reported to happen; `null` where that is not known. */
  readonly network: string | null;
  /** What works and fails in the same place. */
  readonly others: readonly OtherSession[];
  /** The client's version; `null` where it is not known. */
  readonly version: string | null;
};

type ChoiceFor = { readonly chosen: ChosenSetup | null; readonly stages: readonly Stage[] };

function chooseFor(cause: Candidate, symptom: Symptom, context: ChoiceContext): ChoiceFor {
  const { catalog, network, others } = context;
  const known = networksFor(cause, symptom, catalog);
  const told = network === null ? null : networkNamed(network, catalog);
  const stages = new Set<Stage>();
  // What else was reported may contradict itself, or a network that was chosen in haste.
  for (const demanded of others.length === 0 ? [others] : [others, []]) {
    for (const networks of told === null ? [known] : [[told], known]) {
      for (const tried of setupsFor(cause, symptom, networks, context)) {
        const { setup } = tried;
        const { result, cause: expected, stage } = predicted(setup);
        if (result !== "failed" || expected !== cause.cause || stage === null) continue;
        if (symptom.stage !== null && stage !== symptom.stage) stages.add(stage);
        else if (demanded.every((other) => isAsTold(setup, other, catalog) !== false)) {
          const predicted = others.filter((other) => isAsTold(setup, other, catalog) === true);
          return { chosen: { ...tried, cause, others: predicted }, stages: [] };
        }
      }
    }
  }
  return { chosen: null, stages: [...stages] };
}

/** What is predicted of set-ups, by network and server: one cause after another tries the same ones. */
const predictedBefore = new WeakMap<Topology, WeakMap<ServerProfile, Map<string, ExpectedResult>>>();

function predicted({ cell, topology, server }: Setup): ExpectedResult {
  const ofNetwork = predictedBefore.get(topology) ?? new WeakMap<ServerProfile, Map<string, ExpectedResult>>();
  predictedBefore.set(topology, ofNetwork);
  const ofServer = ofNetwork.get(server) ?? new Map<string, ExpectedResult>();
  ofNetwork.set(server, ofServer);
  const expected = ofServer.get(cell.id) ?? expectedFrom(cell, { topology, server });
  ofServer.set(cell.id, expected);
  return expected;
}

type TriedSetup = Omit<ChosenSetup, "cause" | "others">;

function* setupsFor(
  cause: Candidate,
  symptom: Symptom,
  networks: readonly ChosenNetwork[],
  { catalog, version }: ChoiceContext,
): Generator<TriedSetup> {
  const software = softwareCalled(symptom.server);
  const [first] = cause.cells;
  const fixed = { data: symptom.data ?? first?.cell.data ?? "pasv", operation: symptom.operation ?? "list" } as const;
  const servers = serversFor(software, catalog);
  for (const mode of modesFor(symptom, first?.cell.mode ?? null)) {
    for (const client of clientsFor(symptom, version)) {
      for (const server of servers) {
        for (const network of networks) {
          const setup = setupOf(network.topology, server.profile, { ...fixed, mode, client });
          if (setup === null) continue;
          const isClient = isOf(client, symptom.client);
          const isSoftware = software !== null && server.profile.software === software;
          yield { setup, network, server, isClient, isSoftware };
        }
      }
    }
  }
}

/** The report's own mode; where it has none, those of which the cause may be, the plainest first. */
function modesFor({ mode }: Symptom, known: Mode | null): readonly Mode[] {
  if (mode !== null) return [mode];
  return [...new Set<Mode>([known ?? "ftp", "ftp", "ftps", "ftps-implicit"])];
}

function setupOf(
  topology: Topology,
  server: ServerProfile,
  { client, mode, data, operation }: Fixed & { readonly client: string },
): Setup | null {
  if (resolveClient(client) === null || !dataCommandsOf(topology.family).includes(data)) return null;
  const axes = { topology: topology.id, server: server.id, client, mode, data, operation };
  return { cell: { id: cellId(axes), ...axes }, topology, server };
}

/** Whether what else was reported of the same place is predicted too; `null` where it cannot be had with this client and network. */
function isAsTold(
  { cell, topology, server }: Setup,
  { mode, data, inside, worked }: OtherSession,
  catalog: Catalog,
): boolean | null {
  const network = inside ? catalog.topologies.get(insideTopology) : topology;
  const axes = { client: cell.client, mode: mode ?? cell.mode, data: data ?? cell.data, operation: cell.operation };
  const other = network === undefined ? null : setupOf(network, server, axes);
  const result = other === null ? "unsupported" : expectedFrom(other.cell, other).result;
  return result === "unsupported" ? null : (result === "worked") === worked;
}

/** The report's own client first, in its release if the lab has that, then the agent's, which can be any; each as it was seen to treat the address in 227. */
function clientsFor(symptom: Symptom, version: string | null): readonly string[] {
  const { policy } = cluesOf(symptom);
  const own = clients.filter(
    ({ id }) => id === symptom.client || (isOf(id, symptom.client) && version !== null && isRelease(id, version)),
  );
  const named = own
    .toSorted((one, other) => other.id.length - one.id.length)
    .flatMap(({ id, options }) => [id, ...Object.keys(options).map((word) => `${id}+${word}`)]);
  const all = [...new Set([...named, ...ways])];
  const alike = all.filter((id) => policy === null || resolveClient(id)?.options.foreignAddress === policy);
  return alike.length === 0 ? all : alike;
}

/** Whether a client id, with its options, is of this program: `curl-7.88+ccc-active` is of `curl`. */
function isOf(id: string, program: string | null): boolean {
  const own = resolveClient(id)?.definition.id;
  return program !== null && (own === program || own?.replace(/-[\d.]+$/, "") === program);
}

/** `curl-7.88` for 7.88.1. */
function isRelease(id: string, version: string): boolean {
  const release = /-([\d.]+)$/.exec(id)?.[1];
  return release !== undefined && `${version}.`.startsWith(`${release}.`);
}

/** Words of TLSRequired that a profile may need beside those that the files have. */
const demands = ["auth+data", "on"] as const;

/** The software that greeted first, or where none is known that of the core matrix; and what demands nothing before what does. */
function serversFor(software: SoftwareId | null, catalog: Catalog): readonly ChosenServer[] {
  const wanted = software ?? catalog.profiles.get(undemanding)?.software;
  const rank = ({ profile, from, required }: ChosenServer): number =>
    (profile.software === wanted ? 0 : 8) +
    (required === null ? 0 : 4) +
    (from.includes("+") ? 2 : 0) +
    (from === undemanding || (profile.release === "trixie" && from === profile.software) ? 0 : 1);
  return everyServerOf(catalog).toSorted((one, other) => rank(one) - rank(other));
}

const serversBefore = new WeakMap<Catalog, readonly ChosenServer[]>();

/** Those of the files, and with what they demand changed: the same profiles each time, since predictions are known by them. */
function everyServerOf(catalog: Catalog): readonly ChosenServer[] {
  const known = serversBefore.get(catalog);
  if (known !== undefined) return known;
  const written = [...catalog.profiles.values()]
    .filter(({ id }) => !id.includes("@") && id.split("+").length <= 2)
    .map((profile): ChosenServer => ({ profile, from: profile.id, required: null }));
  const demanding = written.flatMap(({ profile }) => demands.flatMap((required) => demanded(profile, required) ?? []));
  const all = [...written, ...demanding];
  serversBefore.set(catalog, all);
  return all;
}

function demanded(profile: ServerProfile, required: (typeof demands)[number]): ChosenServer | null {
  if (profile.id.includes("+") || profile.tls === null) return null;
  const changed = { ...profile, tls: { ...profile.tls, required } };
  return lackOf(changed) === null ? { profile: changed, from: profile.id, required } : null;
}
