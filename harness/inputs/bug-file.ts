/** `scenarios/bugs/<id>.yaml` → BugScenario. */
import { ownScriptId } from "../catalog/clients/own-script";
import { resolveClient } from "../catalog/clients/registry";
import { ownNodePath } from "../model/ftp-site";
import type { Bounds, BugScenario, BugSetup, BugVariant, Shows } from "../model/bug";
import type { LiteralCommand, SessionScript, SessionStep } from "../model/session-script";
import type { Topology } from "../model/topology";
import { dataCommandsOf } from "../model/axes";
import { labRemedyNamed } from "../diagnose/remedies/registry";
import { listeningAt } from "../catalog/servers/configured-network";
import { remediableSetup, remediedSetup } from "../plan/bug-setup";
import { portsOf } from "../plan/configured-networks";
import { overruledBy } from "../plan/setup";
import { networkIn, serverIn, type PartContext, type WrittenFiles } from "./bug-network";
import { partOf, type BugPart } from "./bug-part";
import { bugLimits, bugSchema, type BugText, type ShowsText, type VariantText } from "./bug-schema";
import { splitCommandLine } from "./command-line";
import { fileId } from "./file-id";
import { quote } from "../text/nearest";
import { checkShape, ProblemList } from "./problems";
import { resolvePatterns, type KnownNames } from "./scenario-file";
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
  const order: SessionScript = { steps, command, port, asksServer: variant.shows.stored !== undefined };
  const ports = portsOf(profile);
  const reached = ports === null ? topology : listeningAt(topology, ports);
  const setup: BugSetup = { topology: reached, server: profile, client, mode, data, order, runs };
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

type ClientText = Exclude<NonNullable<BugText["client"]>, string>;

/** The core matrix's client, which hides nothing of the network. */
const usualClient = "basic-ftp";

/** The client of a variant: like any part, but its mapping has been read by the schema of the whole. */
function clientOf(
  name: string,
  { document, known, text }: Reader,
  problems: ProblemList,
): { readonly client: string; readonly command: LiteralCommand | null } {
  const part = partOf(document, name, "client");
  const own = text.variants[name]?.client ?? text.client ?? usualClient;
  const base = typeof text.client === "string" ? { id: text.client } : text.client;
  const written: ClientText = typeof own === "string" ? { id: own } : laidOver(base ?? {}, own);
  if (written.script !== undefined || written.npm !== undefined || written.node !== undefined) {
    return scriptOf(written, part, problems);
  }
  const { id = usualClient } = written;
  const place = part.at(typeof part.values.at(-1) === "string" ? [] : ["id"]);
  const { ids, problems: wrong } = resolvePatterns("client", [id], known);
  for (const { message } of wrong) problems.add(place, message);
  if (wrong.length === 0 && (ids.length !== 1 || ids[0] === undefined)) problems.add(place, "expected one client");
  const [client = id] = ids;
  const { command, files = {}, input = null } = written;
  if (command === undefined) {
    if (Object.keys(files).length > 0 || input !== null) {
      problems.add(part.at([]), "`files` and `input` need a `command` of the reporter");
    }
    return { client, command: null };
  }
  const argv = typeof command === "string" ? splitCommandLine(command) : command;
  if (argv === null || argv.length === 0)
    problems.add(part.at(["command"]), "the command line is empty, or a quote is not closed");
  if (resolveClient(client)?.definition.program === null) {
    problems.add(part.at(["command"]), `${quote(client)} has no command line; name a packaged program, such as curl`);
  }
  const listed = Object.entries(files).map(([path, content]) => ({ path, text: content }));
  return { client, command: { argv: argv ?? [], files: listed, input } };
}

/** A client's mapping upon another one; a script takes the place of a packaged client, and the other way round. */
function laidOver(base: ClientText, own: ClientText): ClientText {
  const ofScripts = (written: ClientText) => written.script ?? written.npm ?? written.node;
  const isOther = ofScripts(base) === undefined ? own.script !== undefined : own.id !== undefined;
  return isOther ? own : { ...base, ...own };
}

/** A script of the reporter's in the client's place. */
function scriptOf(
  { script = "", npm = {}, node: version, ...others }: ClientText,
  part: BugPart,
  problems: ProblemList,
): { readonly client: string; readonly command: LiteralCommand } {
  const node = version ?? null;
  const client = ownScriptId(npm, node);
  if (script === "") problems.add(part.at([]), "missing key `script`, which `npm` and `node` are for");
  const foreign = Object.keys(others).find((key) => key !== "files");
  if (foreign !== undefined) problems.add(part.at([foreign]), "a `script` is run by Node alone; leave this key out");
  if (resolveClient(client) === null) {
    problems.add(part.at(["node"]), `Node ${node ?? ""} is too old for the lab; expected 16.11.0 or later`);
  }
  // Node before 20.19 tells the two kinds of modules by the file's name alone.
  const file = /^\s*(?:import|export)\s|^await\s/m.test(script) ? "session.mjs" : "session.cjs";
  const files = Object.entries({ ...others.files, [file]: script }).map(([path, content]) => ({ path, text: content }));
  return { client, command: { argv: [node === null ? "node" : ownNodePath, file], files, input: null } };
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
