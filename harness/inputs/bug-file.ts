/** `scenarios/bugs/<id>.yaml` → BugScenario. */
import { resolveClient } from "../catalog/clients/registry";
import type { Bounds, BugScenario, BugSetup, BugVariant, Shows } from "../model/bug";
import type { SessionScript, SessionStep } from "../model/session-script";
import type { Topology } from "../model/topology";
import { dataCommandsOf } from "../model/axes";
import { labRemedyNamed } from "../diagnose/remedies/registry";
import { listeningAt } from "../catalog/servers/configured-network";
import { remediableSetup, remediedSetup } from "../plan/bug-setup";
import { portsOf } from "../plan/configured-networks";
import { overruledBy } from "../plan/setup";
import { networkIn, serverIn, type PartContext, type WrittenFiles } from "./bug-network";
import { partOf } from "./bug-part";
import { bugLimits, bugSchema, type BugText, type ShowsText, type VariantText } from "./bug-schema";
import { chosenClient, laidOver, usualClient, type ChosenClient } from "./client";
import type { ClientText } from "./client-schema";
import { fileId } from "./file-id";
import { quote } from "../text/nearest";
import { checkShape, ProblemList } from "./problems";
import type { KnownNames } from "./scenario-file";
import { readYaml, type SourceText, type ValuePath, type YamlDocument } from "./yaml-document";

/** What a report may name. */
export type BugNames = { readonly known: KnownNames; readonly written: WrittenFiles };

type Reader = BugNames & {
  readonly text: BugText;
  readonly document: YamlDocument;
  readonly file: string;
  readonly id: string;
};

/** Reads a report; its file name gives the id. Throws a ScenarioError with every problem found. */
export function parseBug(source: SourceText, names: BugNames): BugScenario {
  const document = readYaml(source);
  const problems = new ProblemList(document);
  const id = fileId(source.file, problems);
  const text = checkShape(bugSchema, document, problems);
  const ids = Object.keys(text.variants);
  if (!ids.includes("reported"))
    problems.addAtKey(["variants"], "missing key `reported`: the variant that shows what was reported");
  if (ids.length > bugLimits.variants) {
    problems.addAtKey(["variants"], `expected at most ${bugLimits.variants} variants`);
  }
  problems.throwIfAny();
  const reader: Reader = { ...names, text, document, file: source.file, id };
  const ordered = ["reported", ...ids.filter((name) => name !== "reported")];
  const variants = ordered.flatMap((name) => problems.gather(() => variantOf(name, reader)) ?? []);
  problems.throwIfAny();
  return {
    id,
    title: text.title,
    link: text.link ?? null,
    reported: { text: text.reported.text, stage: text.reported.stage ?? null },
    confidence: text.confidence ?? null,
    needs: text.needs ?? null,
    variants,
  };
}

function variantOf(name: string, reader: Reader): BugVariant {
  const { text, document } = reader;
  const problems = new ProblemList(document);
  const variant = text.variants[name];
  if (variant === undefined) throw new Error(`no variant ${name}`);
  const shows = showsOf(variant.shows, ["variants", name, "shows"], problems);
  if (name !== "reported" && variant.change === undefined) {
    problems.addAtKey(["variants", name], "missing key `change`: what is changed, in one sentence");
  }
  const setup = setupOf(name, variant, reader, problems);
  problems.throwIfAny();
  const { change = null, needs = null, remedy = null } = variant;
  return { id: name, change, needs, remedy, setup, shows };
}

function setupOf(name: string, variant: VariantText, reader: Reader, problems: ProblemList): BugSetup {
  const { text, document, written, file, id } = reader;
  const context: PartContext = { document, file, title: text.title, id: `${id}-${name}`, written, problems };
  const network = partOf(document, name, "network");
  const server = partOf(document, name, "server");
  const topology = network.values.length === 0 ? null : networkIn(network, context);
  if (network.values.length === 0) problems.addAtKey([], "missing key `network`");
  const profile = serverIn(server.values.length === 0 ? { ...server, values: ["tls-optional"] } : server, context);
  const { client, command } = clientOf(name, reader, problems);
  const at = (key: keyof VariantText): ValuePath => (key in variant ? ["variants", name, key] : [key]);
  const { mode = text.mode ?? "ftp", data = text.data ?? "pasv", runs = text.runs ?? 1 } = variant;
  const steps = variant.session ?? text.session ?? [{ kind: "transfer", operation: "list", sizes: [] } as const];
  if (topology !== null && !dataCommandsOf(topology.family).includes(data)) {
    problems.add(at("data"), `${topology.family} has no ${data.toUpperCase()} (RFC 2428)`);
  }
  checkSession({ steps, client, command }, at("session"), problems);
  const leastMs = topology === null ? 0 : leastDurationMs(steps, runs, topology);
  if (leastMs > bugLimits.variantMs) {
    const minutes = (ms: number): string => String(Math.ceil(ms / 60_000));
    problems.add(
      at("session"),
      `it would take ${minutes(leastMs)} minutes; the limit is ${minutes(bugLimits.variantMs)}`,
    );
  }
  problems.throwIfAny();
  // A problem was added for each that is missing.
  if (topology === null || profile === null) throw new Error(`${id}: ${name} has no set-up`);
  const port = variant.port ?? text.port ?? null;
  const script: SessionScript = { steps, command, port, asksServer: variant.shows.stored !== undefined };
  const ports = portsOf(profile);
  const reached = ports === null ? topology : listeningAt(topology, ports);
  const setup: BugSetup = { topology: reached, server: profile, client, mode, data, script, runs };
  return variant.remedy === undefined
    ? setup
    : remedied(setup, variant.remedy, { path: ["variants", name, "remedy"], problems });
}

/** The set-up with one of the lab's own remedies in it; one that changes nothing of it is a mistake. */
function remedied(
  setup: BugSetup,
  id: string,
  { path, problems }: { readonly path: ValuePath; readonly problems: ProblemList },
): BugSetup {
  const before = remediableSetup(setup);
  const after = labRemedyNamed(id).apply(before);
  if (after === null) {
    problems.add(path, `${quote(id)} is no remedy for this network, server or client`);
    return setup;
  }
  if (JSON.stringify(after) === JSON.stringify(before)) {
    problems.add(path, `${quote(id)} changes nothing of this network and server`);
  }
  const own = overruledBy(before, after);
  if (own !== null) {
    problems.add(path, `${quote(id)} cannot be applied: it would change ${own}. Change that text in the variant`);
  }
  return remediedSetup(setup, after);
}

/** The client of a variant: like any part, but its mapping has been read by the schema of the whole. */
function clientOf(name: string, { document, known, text }: Reader, problems: ProblemList): ChosenClient {
  const part = partOf(document, name, "client");
  const own = text.variants[name]?.client ?? text.client ?? usualClient;
  const base = typeof text.client === "string" ? { id: text.client } : text.client;
  const written: ClientText = typeof own === "string" ? { id: own } : laidOver(base ?? {}, own);
  const isId = typeof part.values.at(-1) === "string";
  return chosenClient(written, { at: (path) => part.at(isId ? [] : path), known, problems });
}

/** What a program's session can contain: one command line begins and ends it. */
function checkSession(
  { steps, client, command }: Pick<SessionScript, "steps" | "command"> & { readonly client: string },
  path: ValuePath,
  problems: ProblemList,
): void {
  const transfers = steps.filter((step) => step.kind === "transfer");
  const files = transfers.reduce((sum, { sizes }) => sum + sizes.length, 0);
  if (files > bugLimits.files) problems.add(path, `expected at most ${bugLimits.files} files in a session`);
  const bytes = transfers.flatMap(({ sizes }) => sizes).reduce((sum, size) => sum + size, 0);
  if (bytes > bugLimits.sessionBytes)
    problems.add(path, `expected at most ${bugLimits.sessionBytes} bytes in a session`);
  const isAgents = (resolveClient(client)?.definition.program ?? null) === null;
  if (transfers.length === 0 && !isAgents && command === null) {
    problems.add(
      path,
      `${quote(client)} needs something to transfer; only basic-ftp, a script and a command line do not`,
    );
  }
  if (steps.length > 1 && !isAgents) {
    problems.add(path, `${quote(client)} does one thing per session; only basic-ftp does several, with pauses`);
  }
}

/** How long a variant takes at least: on slow lines sessions take turns, else they run side by side. */
function leastDurationMs(steps: readonly SessionStep[], runs: number, { links }: Topology): number {
  const pauses = steps.reduce((sum, step) => sum + (step.kind === "pause" ? step.ms : 0), 0);
  const bits = steps.reduce(
    (sum, step) => sum + (step.kind === "transfer" ? step.sizes.reduce((a, b) => a + b, 0) * 8 : 0),
    0,
  );
  const slowest = Math.min(...links.flatMap(({ rateKbit }) => rateKbit ?? []));
  return Number.isFinite(slowest) ? (pauses + bits / slowest) * runs : pauses;
}

function showsOf(text: ShowsText, path: ValuePath, problems: ProblemList): Shows {
  const { result, stage = null } = text;
  if (result !== "failed" && stage !== null) {
    problems.addAtKey([...path, "stage"], `\`result: ${result}\` has no failing stage; leave \`stage\` out`);
  }
  if (result !== "failed" && text.cause !== undefined) {
    problems.addAtKey([...path, "cause"], `\`result: ${result}\` has no cause; leave \`cause\` out`);
  }
  return {
    result,
    stage,
    cause: text.cause ?? null,
    reply: text.reply ?? null,
    says: text.says ?? [],
    stored: text.stored ?? null,
    lasts: scaled(boundsOf(text.lasts), 1 / 1000),
    rate: boundsOf(text.rate),
  };
}

function boundsOf(text: ShowsText["rate"]): Bounds | null {
  return text === undefined ? null : { least: text.least ?? null, most: text.most ?? null };
}

function scaled(bounds: Bounds | null, by: number): Bounds | null {
  if (bounds === null) return null;
  const times = (value: number | null): number | null => (value === null ? null : value * by);
  return { least: times(bounds.least), most: times(bounds.most) };
}
