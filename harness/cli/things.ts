/** The things that cells are made of and that answers name, for `list networks` and its like. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Thing } from "../../reports/things-text";
import { clients } from "../catalog/clients/registry";
import { clientReleases } from "../catalog/clients/release";
import { conditions } from "../catalog/conditions/registry";
import type { DebianRelease } from "../catalog/releases/definition";
import { softwareNamed, softwareReleases } from "../catalog/servers/registry";
import { causes } from "../diagnose/causes/registry";
import { loadScenario } from "../inputs/load";
import { projectRoot } from "../lab/project";
import { networkIdOf, positionIn } from "../model/positions";
import type { Topology } from "../model/topology";
import { cellsOf, type Catalog } from "../plan/planned-cells";
import { optionsOf } from "../plan/server-options";
import { knownNames } from "./catalog";

type Shelf = {
  /** What people call it, in the singular; the plural is the kind's own name. */
  readonly singular: string;
  readonly alsoCalled: readonly string[];
  readonly things: (catalog: Catalog) => readonly Thing[];
};

const shelves = {
  networks: { singular: "network", alsoCalled: ["topology", "topologies"], things: networks },
  servers: { singular: "server", alsoCalled: ["profile", "profiles"], things: servers },
  clients: { singular: "client", alsoCalled: ["program", "programs"], things: programs },
  conditions: { singular: "condition", alsoCalled: [], things: networkConditions },
  causes: { singular: "cause", alsoCalled: ["diagnosis", "diagnoses"], things: reasons },
  scenarios: { singular: "scenario", alsoCalled: [], things: scenarios },
} satisfies Readonly<Record<string, Shelf>>;

export type ThingKind = keyof typeof shelves;

export const thingKinds = Object.keys(shelves) as readonly ThingKind[];

/** Every word that `list` takes for a kind of things. */
export const thingWords: readonly string[] = thingKinds.flatMap((kind) => [
  ...[kind, shelves[kind].singular],
  ...shelves[kind].alsoCalled,
]);

/** The kind that a word means; `null` if it means none. */
export function kindCalled(word: string): ThingKind | null {
  const wanted = word.toLowerCase();
  return (
    thingKinds.find((kind) => {
      const { singular, alsoCalled }: Shelf = shelves[kind];
      return [kind, singular, ...alsoCalled].includes(wanted);
    }) ?? null
  );
}

/** All things of a kind. @throws ScenarioError where a scenario of the project's is wrong */
export function thingsOf(kind: ThingKind, catalog: Catalog): readonly Thing[] {
  return shelves[kind].things(catalog);
}

/** Networks with a file; what conditions make of them has ids of its own. */
function networks({ topologies }: Catalog): readonly Thing[] {
  const files = topologies.files();
  return [...new Set(files.map(({ id }) => networkIdOf(id)))].flatMap((id) => {
    const views = files.filter((topology) => networkIdOf(topology.id) === id);
    const [first] = views;
    return first === undefined ? [] : [networkOf(id, first, views)];
  });
}

function networkOf(id: string, { title, family, isFurther }: Topology, views: readonly Topology[]): Thing {
  const positions = views.flatMap((view) => positionIn(view.id) ?? []);
  const isCore = isFurther !== true;
  return {
    ...{ id, title },
    notes: [
      ...(family === "ipv6" ? ["IPv6"] : []),
      ...(positions.length === 0 ? [] : [`from ${positions.map((position) => `@${position}`).join(", ")}`]),
      ...(isCore ? [] : ["not in the core matrix"]),
    ],
    facts: { family, positions, core: isCore },
  };
}

/** Server profiles; their options are what `+` adds to an id. */
function servers({ profiles }: Catalog): readonly Thing[] {
  return [...profiles.values()].flatMap((profile) => {
    const { id, title, software, release } = profile;
    if (/[+@]/.test(id)) return [];
    const [options, releases] = [optionsOf(profile), idsOf(softwareReleases(softwareNamed(software)))];
    return {
      ...{ id, title },
      notes: [`${softwareNamed(software).name} of ${release}`, ...further(releases, options)],
      facts: { software, release, releases, options },
    };
  });
}

function programs(): readonly Thing[] {
  return clients.map((client) => {
    const { id, title, npm, program } = client;
    const [options, releases] = [Object.keys(client.options), idsOf(clientReleases(client))];
    const [isOfNpm, runsOnNode] = [npm !== undefined, program?.isNodeScript === true];
    const shown = runsOnNode ? [...options, "node@VERSION"] : options;
    return {
      ...{ id, title },
      notes: further(isOfNpm ? [...releases, "VERSION"] : releases, shown),
      facts: { releases, options, anyVersionOfNpm: isOfNpm, anyNode: runsOnNode },
    };
  });
}

/** As they stand behind a @. */
function idsOf(releases: readonly DebianRelease[]): readonly string[] {
  return releases.map(({ id }) => id);
}

function further(releases: readonly string[], options: readonly string[]): readonly string[] {
  return [
    ...(releases.length === 0 ? [] : [releases.map((release) => `@${release}`).join(" ")]),
    ...(options.length === 0 ? [] : [options.map((option) => `+${option}`).join(" ")]),
  ];
}

function networkConditions(): readonly Thing[] {
  return conditions.map(({ id, title, description }) => ({
    ...{ id, title },
    notes: [],
    facts: { description },
  }));
}

/** In the order in which they are looked for. */
function reasons(): readonly Thing[] {
  return causes.map(({ id, title, looksLike }) => ({
    ...{ id, title },
    notes: [],
    facts: { looksLike, page: `docs/causes.md#${id}` },
  }));
}

/** The project's own, by the paths that commands take. */
function scenarios(catalog: Catalog): readonly Thing[] {
  const known = knownNames(catalog);
  const names = readdirSync(join(projectRoot, "scenarios")).filter((name) => name.endsWith(".yaml"));
  return names.toSorted().map((name) => {
    const scenario = loadScenario(join(projectRoot, "scenarios", name), known);
    const cells = cellsOf(scenario, catalog).length;
    return {
      ...{ id: `scenarios/${name}`, title: scenario.name },
      notes: [`${cells} cells`, ...(scenario.claims.length === 0 ? [] : [`${scenario.claims.length} claims`])],
      facts: { description: scenario.description, cells, claims: scenario.claims.length },
    };
  });
}
