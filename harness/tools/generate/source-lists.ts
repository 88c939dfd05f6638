/** Lists of the files in folders, so that nobody has to keep them by hand: the catalog's parts, report forms, and ids that types know. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file that is made from others; `path` is from the project's folder. */
export type GeneratedFile = { readonly path: string; readonly text: string };

/** A folder whose files each define one thing, beside files that help them. */
type Shelf = {
  readonly folder: string;
  /** Type by which a definition is known: `export const lftp: ClientDefinition = ...`. */
  readonly type: string;
  /** Name of the list in the folder's `all.ts`. */
  readonly list: string;
  readonly description: string;
};

const clients: Shelf = {
  folder: "harness/catalog/clients",
  type: "ClientDefinition",
  list: "clients",
  description: "Every client program, in the order in which they are listed.",
};
const softwares: Shelf = {
  folder: "harness/catalog/servers",
  type: "ServerSoftware",
  list: "softwares",
  description: "Every server software, in the order in which they are listed.",
};
const debianReleases: Shelf = {
  folder: "harness/catalog/releases",
  type: "DebianRelease",
  list: "debianReleases",
  description: "Every release of Debian, in the order in which they are listed.",
};
const conditions: Shelf = {
  folder: "harness/catalog/conditions",
  type: "Condition",
  list: "conditions",
  description: "Every condition, in the order in which they are listed, applied, and named in a network's id.",
};
const reportForms: Shelf = {
  folder: "reports/forms",
  type: "ReportForm",
  list: "reportForms",
  description: "Every form of a report, in the order in which they are written.",
};
const faultKinds: Shelf = {
  folder: "harness/tools/faults/kinds",
  type: "FaultKind",
  list: "faultKinds",
  description: "Every kind of fault that `npm run faults` makes, in the order in which they are drawn from.",
};
const causes = { folder: "harness/diagnose/causes", type: "CauseDefinition" } as const;

const imagesFolder = "harness/lab/images";

/** A definition's exported name, and its file's name without `.ts`, which is its id. */
type Definition = { readonly name: string; readonly id: string };

/**
 * The lists as they should be. What an `all.ts` has already keeps its place, and what is new comes to its end.
 * @throws Error for a cause without a place in the order, which only a person can give it
 */
export function sourceLists(root: string): readonly GeneratedFile[] {
  return [
    ...[clients, softwares, debianReleases, conditions, reportForms, faultKinds].map((shelf) => partList(root, shelf)),
    { path: "harness/model/ids.ts", text: idsText(root) },
  ];
}

function partList(root: string, shelf: Shelf): GeneratedFile {
  const { folder, type, list, description } = shelf;
  const parts = partsOf(root, shelf);
  const text = [
    "// Written by `npm run generate`, which keeps this order and puts what is new at the end.",
    `import type { ${type} } from "./definition";`,
    ...parts.map(({ name, id }) => `import { ${name} } from "./${id}";`),
    "",
    `/** ${description} */`,
    ...listText(
      `export const ${list}: readonly ${type}[] = `,
      parts.map(({ name }) => name),
      ";",
    ),
    "",
  ].join("\n");
  return { path: `${folder}/all.ts`, text };
}

function partsOf(root: string, { folder, type }: Shelf): readonly Definition[] {
  const path = join(root, folder, "all.ts");
  const known = existsSync(path) ? namesListed(readFileSync(path, "utf8")) : [];
  const rank = ({ name }: Definition): number => (known.includes(name) ? known.indexOf(name) : known.length);
  return definitionsIn(root, folder, type).toSorted((one, other) => rank(one) - rank(other));
}

/** What a folder's files define, by file name. */
function definitionsIn(root: string, folder: string, type: string): readonly Definition[] {
  const pattern = new RegExp(`^export const (\\w+): ${type} =`, "m");
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith(".ts"))
    .toSorted()
    .flatMap((file) => {
      const name = pattern.exec(readFileSync(join(root, folder, file), "utf8"))?.[1];
      return name === undefined ? [] : [{ name, id: file.replace(/\.ts$/, "") }];
    });
}

/** The names in a source's one list: `export const clients: readonly ClientDefinition[] = [basicFtp, curl];`. */
function namesListed(text: string): readonly string[] {
  const [, list = ""] = /^export const \w+: readonly \w+\[\] = \[([^\]]*)\];/m.exec(text) ?? [];
  return list.replace(/\/\/.*/g, "").match(/\w+/g) ?? [];
}

function causesByRank(root: string): readonly string[] {
  const { folder, type } = causes;
  const registry = `${folder}/registry.ts`;
  const order = namesListed(readFileSync(join(root, registry), "utf8"));
  const found = definitionsIn(root, folder, type);
  const unplaced = found.find(({ name }) => !order.includes(name));
  if (unplaced !== undefined) {
    throw new Error(`${folder}/${unplaced.id}.ts: ${unplaced.name} needs its place in the order in ${registry}.`);
  }
  return order.flatMap((name) => found.find((cause) => cause.name === name)?.id ?? []);
}

function idsText(root: string): string {
  const images = readdirSync(join(root, imagesFolder))
    .filter((name) => existsSync(join(root, imagesFolder, name, "Dockerfile")))
    .toSorted();
  return [
    "// Written by `npm run generate` from the files that these are the ids of.",
    ...idList(
      "softwareIds",
      "SoftwareId",
      "Server software: files of `harness/catalog/servers`.",
      partsOf(root, softwares).map(({ id }) => id),
    ),
    ...idList(
      "releaseIds",
      "ReleaseId",
      "Debian's releases: files of `harness/catalog/releases`.",
      partsOf(root, debianReleases).map(({ id }) => id),
    ),
    ...idList("causeIds", "CauseId", "Causes by rank: files of `harness/diagnose/causes`, and where none was found.", [
      ...causesByRank(root),
      "unknown",
    ]),
    ...idList(
      "reportFormNames",
      "ReportFormName",
      "Forms of a report: files of `reports/forms`.",
      partsOf(root, reportForms).map(({ id }) => id),
    ),
    ...idList("imageNames", "ImageName", "Images: folders of `harness/lab/images`.", images),
    "",
  ].join("\n");
}

function idList(list: string, type: string, description: string, ids: readonly string[]): readonly string[] {
  return [
    "",
    `/** ${description} */`,
    ...listText(
      `export const ${list} = `,
      ids.map((id) => JSON.stringify(id)),
      " as const;",
    ),
    `export type ${type} = (typeof ${list})[number];`,
  ];
}

const mostColumns = 120;

/** A list as Prettier lays it out: on one line where it fits, else an item a line. */
function listText(before: string, items: readonly string[], after: string): readonly string[] {
  const line = `${before}[${items.join(", ")}]${after}`;
  if (line.length <= mostColumns) return [line];
  return [`${before}[`, ...items.map((item) => `  ${item},`), `]${after}`];
}
