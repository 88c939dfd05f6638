import { accessSync, constants, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createColors } from "picocolors";
import { explainText } from "../../reports/explain-text";
import { reproduceJson } from "../../reports/reproduce-json";
import { reproduceText } from "../../reports/reproduce-text";
import { packFiles, type ArchivedFile } from "../bugs/bundle/tarball";
import { Redactor } from "../bugs/bundle/redactor";
import { redactedScenario, textsIn } from "../bugs/bundle/scenario-text";
import { packetFileName } from "../evidence/packets/packet-files";
import { renderRecording } from "../evidence/recording/recording";
import type { BugVariant } from "../model/bug";
import { UsageError } from "../model/errors";
import type { Reproduction, VariantReport } from "../model/reproduction";
import { hostsOf, routersOf, serverOf } from "../model/network";
import { drawTopology } from "../plan/picture";
import { renderHostRuleset, renderRuleset, rulesetText } from "../plan/ruleset";
import { softwareNamed } from "../catalog/servers/registry";
import { projectVersion } from "../lab/project";

export type BundleRequest = {
  readonly reproduction: Reproduction;
  /** The scenario as it is written. */
  readonly source: string;
  /** The run's folder, with the recordings. */
  readonly folder: string;
};

type NewFile = { readonly path: string; readonly text: string };

/** Checks that a bundle can be written before anything runs. @throws UsageError `unwritable-bundle` */
export function checkBundleFile(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (cause) {
    throw new UsageError(`${file} cannot be written: there is no such folder, or you may not write to it.`, {
      code: "unwritable-bundle",
      cause,
    });
  }
}

/** Writes all that a stranger needs to see what was seen, and to run it again, with nothing in it that is the reporter's own. */
export async function writeBundle(file: string, request: BundleRequest): Promise<void> {
  writeFileSync(file, await packFiles(bundleFiles(request)));
}

/** The bundle's files. */
export function bundleFiles({ reproduction, source, folder }: BundleRequest): readonly ArchivedFile[] {
  const redactor = new Redactor(textsIn(source));
  const scenario = redactedScenario(source, redactor);
  const told = redactor.value(reproduction);
  const { id } = told.bug;
  const colours = createColors(false);
  const leftOut: string[] = [];
  const sessions = reproduction.variants.map((report, index) => ({
    report,
    redacted: told.variants[index] ?? report,
    hidesPackets: redactor.concerns(report.evidence) || redactor.concerns(ownPartsOf(report.variant)),
  }));
  const texts: NewFile[] = [
    { path: `${id}.yaml`, text: scenario },
    { path: "report.txt", text: reproduceText(told, { colours, unicode: true, columns: 100 }) },
    { path: "report.json", text: reproduceJson(told) },
    { path: "versions.json", text: json(versionsOf(told)) },
    ...told.variants.flatMap(({ variant }) => setupFiles(variant)),
    ...sessions.flatMap(({ redacted, hidesPackets }) => cellFiles(redacted, hidesPackets)),
  ];
  // Which addresses are the reporter's is known once all texts have been read.
  const packets = sessions.flatMap(({ report, redacted, hidesPackets }): ArchivedFile[] => {
    return packetPaths(report).flatMap((path) => {
      const name = join(cellFolder(redacted), path.slice(path.lastIndexOf("/") + 1));
      const bytes = readFileSync(join(folder, path));
      if (!hidesPackets && !redactor.isIn(bytes)) return [{ path: name, bytes }];
      leftOut.push(`${name}: its packets contain names, addresses or secrets of the reporter`);
      return [];
    });
  });
  const files = [...texts.map(({ path, text }) => ({ path, bytes: Buffer.from(text) })), ...packets].filter((file) => {
    const isClean = !redactor.isIn(Buffer.concat([Buffer.from(`${file.path}\n`), file.bytes]));
    if (!isClean) leftOut.push(`a file: something of the reporter would have stayed in it`);
    return isClean;
  });
  return [...files, { path: "README.md", bytes: Buffer.from(readme(told, leftOut)) }];
}

/** What of a variant a reporter may have written word for word. */
function ownPartsOf({ setup: { script, server, topology, client } }: BugVariant): unknown {
  return [script.command, server.userConfig, server.directives, topology, client];
}

function versionsOf({ versions }: Reproduction): Readonly<Record<string, string>> {
  return { "ftp-nat-matrix": projectVersion(), ...versions };
}

/** What the lab was built from. */
function setupFiles({ id, setup: { topology, server } }: BugVariant): readonly NewFile[] {
  const base = `setup/${id}`;
  const [configuration] = softwareNamed(server.software).files({
    topology,
    server: serverOf(topology),
    profile: server,
  });
  return [
    { path: `${base}/network.txt`, text: `${drawTopology(topology)}\n` },
    { path: `${base}/server.conf`, text: configuration.text },
    ...routersOf(topology).map((router) => {
      return { path: `${base}/router-${router.id}.rules`, text: rulesetText(renderRuleset(topology, router)) };
    }),
    ...hostsOf(topology).flatMap((host) => {
      const ruleset = renderHostRuleset(topology, host);
      if (ruleset === null) return [];
      return { path: `${base}/host-${host.id}.rules`, text: rulesetText(ruleset) };
    }),
  ];
}

/** The recording of the reported session, with its diagnosis. */
function cellFiles(report: VariantReport, hidesPackets: boolean): readonly NewFile[] {
  const { variant, evidence, diagnosis } = report;
  if (evidence === null || diagnosis === null) return [];
  const hidden = {
    collector: "packets",
    node: null,
    reason: "left out of the bundle, since they are the reporter's own",
  } as const;
  const kept = hidesPackets ? { ...evidence, captures: [], missing: [...evidence.missing, hidden] } : evidence;
  const options = { colours: createColors(false), unicode: true, columns: 100, all: true };
  return [
    ...renderRecording(kept).map(({ path, text }) => ({ path: join(cellFolder(report), path), text })),
    { path: `diagnosis/${variant.id}.txt`, text: explainText(kept, diagnosis, options) },
    { path: `diagnosis/${variant.id}.json`, text: json(diagnosis) },
  ];
}

/** Each variant has one: two may be the same cell with different set-ups. */
function cellFolder({ variant, evidence }: VariantReport): string {
  return join("cells", variant.id, ...(evidence?.cell.id.split("/") ?? []));
}

function packetPaths({ verdict, evidence }: VariantReport): readonly string[] {
  const names = new Set([...(evidence?.captures ?? []).map((capture) => packetFileName(capture)), "merged.pcapng"]);
  const recorded = verdict?.told?.result.evidence ?? [];
  return recorded.filter((path) => names.has(path.slice(path.lastIndexOf("/") + 1)));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function readme({ bug }: Reproduction, leftOut: readonly string[]): string {
  return `# ${bug.id}

${bug.title}

Run it again, in a checkout of ftp-nat-matrix:

    npm run setup
    npm run matrix -- reproduce ${bug.id}.yaml

See what was recorded, without a lab: \`npm run matrix -- diagnose\` with this archive's name.

- \`${bug.id}.yaml\`: the scenario
- \`report.txt\`, \`report.json\`: what its variants did
- \`setup/\`: network, rules and configuration of each variant
- \`cells/\`: what client, routers and server saw; \`diagnosis/\`: why
- \`versions.json\`: what it ran with

Host names, user names, secrets and public addresses of the reporter are replaced, the same everywhere.
${leftOut.map((line) => `Left out: ${line}.\n`).join("")}`;
}
