/** `docs/causes.md`: every cause that the diagnosis knows, for people who look one up. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { clients } from "../../catalog/clients/registry";
import { conditions } from "../../catalog/conditions/registry";
import type { CauseDefinition } from "../../diagnose/cause";
import { causes } from "../../diagnose/causes/registry";
import { observe } from "../../diagnose/observe/observe";
import type { Observations } from "../../diagnose/observations";
import { inOrder } from "../../diagnose/remedies/remedy";
import { readSource } from "../../inputs/load";
import { readYaml } from "../../inputs/yaml-document";
import { dataCommands, modes } from "../../model/axes";
import type { CauseId } from "../../model/diagnosis";
import type { CellEvidence } from "../../model/evidence";
import type { AxisSelection } from "../../model/scenario";
import { planCells, type Catalog } from "../../plan/planned-cells";

/** The page's text. `root` is the project's folder. */
export function causesPage(root: string, catalog: Catalog): string {
  const shown = shownBy(catalog);
  const reported = reportedIn(join(root, "scenarios/bugs"));
  const parts = [
    "# Causes",
    "Each reason for which FTP fails that the diagnosis knows, in the order in which they are looked for. `explain`, `match` and the reports name them by these ids. Of a session at hand, `explain` prints only the cures that fit it, each with lines to paste.",
    causes.map(({ id, title }) => `- [\`${id}\`](#${id}): ${title}`).join("\n"),
    ...causes.flatMap((cause) => sectionOf(cause, shown.get(cause.id) ?? null, reported.get(cause.id) ?? null)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function sectionOf(
  { id, title, looksLike, why, remedies }: CauseDefinition,
  cell: string | null,
  report: string | null,
): readonly string[] {
  const cures = inOrder(remedies).map(({ party, what }) => `- ${party}: ${what(nothingKnown)}`);
  const shows = cell ?? (report === null ? null : `reproduce ${report}`);
  return [
    `## ${id}`,
    `**${title}**`,
    `Looks like: ${looksLike}`,
    `Why: ${why}`,
    `Cures:\n\n${cures.join("\n")}`,
    ...(shows === null ? [] : [`A session that shows it:\n\n\`\`\`sh\nnpm run matrix -- ${shows}\n\`\`\``]),
  ];
}

/** A session of which nothing is known but that it failed: a cure then names no router and no address. */
const nothingKnown: Observations = observe({
  schemaVersion: "1.3",
  cell: {
    ...{ id: "", topology: "", server: "", client: "", mode: "ftp", data: "pasv", operation: "list" },
  },
  attempt: {
    ...{ result: "failed", stage: "data-connect", message: null, replyCode: null, startedAt: 0, durationMs: 0 },
    ...{ stages: [], transcript: [], transfers: [], output: [], redraws: 0 },
  },
  server: null,
  routers: [],
  captures: [],
  missing: [{ collector: "router", node: null, reason: "nobody listened" }],
} satisfies CellEvidence);

/** The first cell of which each cause is predicted: of the core matrix first, then with options and conditions. */
function shownBy(catalog: Catalog): ReadonlyMap<CauseId, string> {
  const networks = catalog.topologies.files().map(({ id }) => id);
  const usual = { server: ["tls-optional"], client: ["basic-ftp"], mode: modes, data: dataCommands };
  const options = clients.flatMap(({ id, options: words }) => [
    id,
    ...Object.keys(words).map((word) => `${id}+${word}`),
  ]);
  const selections: readonly AxisSelection[] = [
    { ...usual, topology: networks, operation: ["list"] },
    {
      ...usual,
      topology: ["direct"],
      server: [...catalog.profiles.keys()],
      client: ["basic-ftp"],
      operation: ["list"],
    },
    {
      ...usual,
      topology: ["direct"],
      server: ["tls-required-reuse", "vsftpd-reuse"],
      client: options,
      operation: ["list"],
    },
    { ...usual, topology: networks, client: options.filter((id) => id.startsWith("basic-ftp+")), operation: ["list"] },
    {
      ...usual,
      topology: ["firewall-range", "server-nat-helper"].flatMap((id) =>
        [...singly, slowly].map((words) => `${id}+${words}`),
      ),
      operation: ["list", "download"],
    },
  ];
  const found = new Map<CauseId, string>();
  for (const selection of selections) {
    for (const { cell, expected } of planCells([{ include: [selection], expect: [] }], catalog)) {
      if (expected.cause !== null && !found.has(expected.cause)) found.set(expected.cause, cell.id);
    }
  }
  return found;
}

const singly = conditions.map(({ id }) => id);
/** A connection is silent for long only where a transfer is. */
const slowly = "idle-timeout-1s+rate-128kbit";

/** The first report whose session shows each cause. */
function reportedIn(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder).toSorted()) {
    if (!name.endsWith(".yaml")) continue;
    const cause = causeIn(readYaml(readSource(join(folder, name))).value);
    if (cause !== null && !found.has(cause)) found.set(cause, `scenarios/bugs/${name}`);
  }
  return found;
}

type ReportText = { readonly variants?: { readonly reported?: { readonly shows?: { readonly cause?: unknown } } } };

function causeIn(value: unknown): string | null {
  const cause = (value as ReportText).variants?.reported?.shows?.cause;
  return typeof cause === "string" ? cause : null;
}
