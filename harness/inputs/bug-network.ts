/** The network and the server of a report: an id, an id with changes, or all of it. */
import type { UserConfigSupport } from "../catalog/servers/definition";
import { softwareNamed } from "../catalog/servers/registry";
import type { SoftwareId } from "../model/ids";
import { joinConfiguration } from "./configuration-files";
import { applyConditions } from "../catalog/conditions/registry";
import { networkIdOf, positionIn } from "../model/positions";
import { withProfileId, type UserConfiguration, type ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import { profileOfRelease, releasesOf, variantsOf } from "../plan/server-options";
import { documentOf, type BugPart } from "./bug-part";
import { bugLimits } from "./bug-schema";
import { isMapping, mergePatch } from "./merge-patch";
import { oneOf, quote, unknownName } from "../text/nearest";
import { ProblemList } from "./problems";
import { profileIn } from "./server-file";
import { topologyIn } from "./topology-file";
import { positionsOf, viewFrom, viewsOf } from "./topology-views";
import type { YamlDocument } from "./yaml-document";

/** The files that a report's changes begin from, as they are written. */
export type WrittenFiles = { readonly topologies: WrittenFolder; readonly servers: WrittenFolder };

/** Values by id, each read when it is asked for. */
export type WrittenFolder = {
  readonly ids: readonly string[];
  readonly valueOf: (id: string) => Readonly<Record<string, unknown>> | null;
};

export type PartContext = {
  readonly document: YamlDocument;
  /** The report's own file, as messages name it. */
  readonly file: string;
  readonly title: string;
  /** The id of a network or server that no file has. */
  readonly id: string;
  readonly written: WrittenFiles;
  readonly problems: ProblemList;
};

type Mapping = Readonly<Record<string, unknown>>;

type Chosen = {
  readonly base: string;
  /** As it is written; `null` if none is named. */
  readonly position: unknown;
  readonly words: readonly string[];
  /** The release of a server that is named behind `@`. */
  readonly release: string | null;
  /** One after the other: a later one may take away what an earlier one or the base has. */
  readonly patches: readonly Mapping[];
};

/** The value that a part begins from, and its changes; `null` if it is not valid. */
function chosenIn({ values, at }: BugPart, context: PartContext, axis: "topology" | "server"): Chosen | null {
  const { problems, written } = context;
  const known = axis === "topology" ? written.topologies : written.servers;
  const last = values.at(-1);
  const mappings = isMapping(last) ? values.filter(isMapping) : [];
  const isNetwork = axis === "topology";
  const own = isNetwork ? { from: null, position: null } : { from: null };
  const patches = mappings.map((one) => mergePatch(one, own) as Mapping);
  const from = isMapping(last) ? (mappings.findLast((one) => "from" in one)?.["from"] ?? undefined) : last;
  const position = isNetwork ? positionAmong(mappings, from) : null;
  if (from === undefined) return { base: "", position, words: [], release: null, patches };
  const place = at(isMapping(last) ? ["from"] : []);
  if (typeof from !== "string") {
    problems.add(place, "expected an id");
    return null;
  }
  const [named = "", ...words] = from.split("+");
  const [base = "", release = null] = isNetwork ? [networkIdOf(named)] : withProfileId(named).split("@");
  if (known.ids.includes(base)) return { base, position, words, release, patches };
  problems.add(place, unknownName(axis, base, known.ids));
  return null;
}

/** The position that is named last: by itself, or with a network. */
function positionAmong(mappings: readonly Mapping[], from: unknown): unknown {
  const at = mappings.findLastIndex((one) => "position" in one);
  const isLater = mappings.slice(at + 1).some((one) => "from" in one);
  if (at >= 0 && !isLater) return mappings[at]?.["position"];
  return typeof from === "string" ? positionIn(from) : null;
}

/** The value of a part. */
function patched(start: Mapping, { patches }: Chosen): Mapping {
  return patches.reduce((value, patch) => mergePatch(value, patch) as Mapping, start);
}

function isChanged({ patches, base }: Chosen): boolean {
  return base === "" || patches.some((patch) => Object.keys(patch).length > 0);
}

/** The network of a variant; `null`, with problems, where it is none. */
export function networkIn(part: BugPart, context: PartContext): Topology | null {
  const { problems, document, file, id, title, written } = context;
  const chosen = chosenIn(part, context, "topology");
  if (chosen === null) return null;
  const { base, words } = chosen;
  const value = patched(written.topologies.valueOf(base) ?? { title, description: title }, chosen);
  const inner = documentOf(document, value, part.at);
  const whole = problems.gather(() =>
    topologyIn(inner, { id: isChanged(chosen) ? id : base, file }, new ProblemList(inner)),
  );
  const topology = whole === null ? null : viewIn(whole, chosen.position, part, problems);
  if (topology === null) return null;
  if (topology.nodes.length > bugLimits.nodes) {
    problems.add(part.at([]), `expected at most ${bugLimits.nodes} nodes`);
  }
  if (words.length === 0) return topology;
  const applied = applyConditions(topology, words);
  if (!("problem" in applied)) return applied;
  problems.add(part.at(["from"]), applied.problem);
  return null;
}

/** The network from the position that is meant; `null`, with a problem, where there is none or none is named of several. */
function viewIn(whole: Topology, position: unknown, part: BugPart, problems: ProblemList): Topology | null {
  const [only, ...others] = viewsOf(whole);
  if (position === null && others.length === 0) return only ?? null;
  const view = typeof position === "string" ? viewFrom(whole, position) : null;
  if (view !== null) return view;
  const known = oneOf(positionsOf(whole));
  const last = part.values.at(-1);
  const key = part.values.some((one) => isMapping(one) && "position" in one) ? "position" : "from";
  problems.add(
    part.at(isMapping(last) ? [key] : []),
    position === null
      ? `the network has several clients; name the position of one with \`position\`: ${known}`
      : `the network has no position ${typeof position === "string" ? quote(position) : "of this kind"}; expected ${known}`,
  );
  return null;
}

/** TLS for every client that asks, and the certificate that it needs. */
const openTls = { protocol: "TLSv1.2 TLSv1.3", required: "off" };

/** The server of a variant; `null`, with problems, where it is none. */
export function serverIn(part: BugPart, context: PartContext): ServerProfile | null {
  const { problems, document, file, id, title, written } = context;
  const chosen = chosenIn(part, context, "server");
  if (chosen === null) return null;
  const { base, words, release } = chosen;
  const start = written.servers.valueOf(base) ?? { title, description: title };
  const { config, ...rest } = patched(start, chosen);
  // Of TLS a whole file says all there is to say.
  const value = config === undefined || "tls" in rest ? rest : { ...rest, tls: openTls };
  const inner = documentOf(document, value, part.at);
  const profile = problems.gather(() =>
    profileIn(inner, { id: isChanged(chosen) ? id : base, file }, new ProblemList(inner)),
  );
  if (profile === null) return null;
  const own = config === undefined ? null : ownIn(config, profile.software, { part, problems, file });
  const asked = release === null ? profile : ofRelease(profile, release, { part, problems });
  if (asked === null) return null;
  const whole = own === null ? asked : { ...asked, userConfig: own };
  if (words.length === 0) return whole;
  const variant = variantsOf(whole).find((other) => other.id === [whole.id, ...words].join("+"));
  if (variant !== undefined) return variant;
  problems.add(part.at(["from"]), `${quote(base)} does not take the options ${words.map(quote).join(" and ")}`);
  return null;
}

/** The profile with the server of the release that is named; `null`, with a problem, where the release does not have it. */
function ofRelease(
  profile: ServerProfile,
  release: string,
  { part, problems }: Pick<PartContext, "problems"> & { readonly part: BugPart },
): ServerProfile | null {
  const releases = releasesOf(profile);
  const found = releases.find(({ id }) => id === release);
  if (found !== undefined) return profileOfRelease(profile, found);
  const known = releases.map(({ id }) => id);
  problems.add(part.at(isMapping(part.values.at(-1)) ? ["from"] : []), unknownName("release", release, known));
  return null;
}

/** The reporter's own configuration: one text, or several by their paths, of which the first is the main one. */
function ownIn(
  config: unknown,
  software: SoftwareId,
  { part, problems, file }: Pick<PartContext, "problems" | "file"> & { readonly part: BugPart },
): UserConfiguration | null {
  const place = part.at(["config"]);
  const files = isMapping(config)
    ? Object.entries(config).map(([path, text]) => ({ file: path, text }))
    : [{ file: `${file} (config)`, text: config }];
  const [main, ...others] = files.filter(isConfiguration);
  if (main === undefined || others.length + 1 < files.length) {
    problems.add(place, "expected the text of a configuration file, or a mapping of such texts by their paths");
    return null;
  }
  const joined = joinConfiguration(software, [main, ...others]);
  const { name, userConfig } = softwareNamed(software);
  const wrong =
    userConfig === null
      ? `the lab takes no configuration of ${name}`
      : "problem" in joined
        ? joined.problem
        : lackIn(joined, userConfig);
  if (wrong !== null) problems.add(place, wrong);
  return wrong !== null || "problem" in joined ? null : joined;
}

function lackIn({ text }: UserConfiguration, { lacks }: UserConfigSupport): string | null {
  const lack = lacks(text);
  return lack === null ? null : `the lab cannot run it: ${lack}`;
}

function isConfiguration(file: {
  readonly file: string;
  readonly text: unknown;
}): file is { readonly file: string; readonly text: string } {
  return typeof file.text === "string" && file.text.trim() !== "";
}
