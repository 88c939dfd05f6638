/** The network and the server of a report: an id, an id with changes, or all of it. */
import { applyConditions } from "../catalog/conditions/registry";
import { networkIdOf, positionIn } from "../model/positions";
import type { UserConfiguration, ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import { variantsOf } from "../plan/server-options";
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
  /** The report's own file, as it is told in messages. */
  readonly file: string;
  readonly title: string;
  /** What a network or server is called that no file has. */
  readonly id: string;
  readonly written: WrittenFiles;
  readonly problems: ProblemList;
};

type Chosen = {
  readonly base: string;
  /** `null` where none is named. */
  readonly position: string | null;
  readonly words: readonly string[];
  readonly patch: Readonly<Record<string, unknown>>;
};

/** What a part begins from, and what is changed of it; `null` where nothing can be said of it. */
function chosenIn({ value, at }: BugPart, context: PartContext, axis: "topology" | "server"): Chosen | null {
  const { problems, written } = context;
  const known = axis === "topology" ? written.topologies : written.servers;
  const mapping = isMapping(value) ? value : null;
  const { from = mapping === null ? value : undefined, ...patch } = mapping ?? {};
  if (from === undefined) return { base: "", position: null, words: [], patch };
  const place = at(mapping === null ? [] : ["from"]);
  if (typeof from !== "string") {
    problems.add(place, "expected an id");
    return null;
  }
  const [named = "", ...words] = from.split("+");
  const [base, position] = axis === "topology" ? [networkIdOf(named), positionIn(named)] : [named, null];
  if (known.ids.includes(base)) return { base, position, words, patch };
  problems.add(place, unknownName(axis, base, known.ids));
  return null;
}

/** The network of a variant; `null`, with problems, where it is none. */
export function networkIn(part: BugPart, context: PartContext): Topology | null {
  const { problems, document, file, id, title, written } = context;
  const chosen = chosenIn(part, context, "topology");
  if (chosen === null) return null;
  const { base, words } = chosen;
  const { position = chosen.position, ...patch } = chosen.patch;
  const start = written.topologies.valueOf(base) ?? { title, description: title };
  const value = mergePatch(start, patch) as Readonly<Record<string, unknown>>;
  const isChanged = Object.keys(patch).length > 0;
  const inner = documentOf(document, value, part.at);
  const whole = problems.gather(() =>
    topologyIn(inner, { id: isChanged || base === "" ? id : base, file }, new ProblemList(inner)),
  );
  const topology = whole === null ? null : viewIn(whole, position, part, problems);
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
  const known = positionsOf(whole);
  const isKey = isMapping(part.value) && "position" in part.value;
  problems.add(
    part.at(isKey ? ["position"] : isMapping(part.value) ? ["from"] : []),
    position === null
      ? `the network has several clients; name the position of one with \`position\`: ${oneOf(known)}`
      : `the network has no position ${quote(String(position))}; expected ${oneOf(known)}`,
  );
  return null;
}

/** TLS for whoever asks, and the certificate that it needs. */
const openTls = { protocol: "TLSv1.2 TLSv1.3", required: "off" };

/** The server of a variant; `null`, with problems, where it is none. */
export function serverIn(part: BugPart, context: PartContext): ServerProfile | null {
  const { problems, document, file, id, title, written } = context;
  const chosen = chosenIn(part, context, "server");
  if (chosen === null) return null;
  const { base, words } = chosen;
  const { config, ...patch } = chosen.patch;
  // Of TLS a whole file says all there is to say.
  const bare = { title, description: title, ...(config === undefined ? {} : { tls: openTls }) };
  const start = written.servers.valueOf(base) ?? bare;
  const value = mergePatch(start, patch) as Readonly<Record<string, unknown>>;
  const isChanged = Object.keys(chosen.patch).length > 0;
  const inner = documentOf(document, value, part.at);
  const profile = problems.gather(() =>
    profileIn(inner, { id: isChanged || base === "" ? id : base, file }, new ProblemList(inner)),
  );
  if (profile === null) return null;
  const own = config === undefined ? null : ownIn(config, part, context, file);
  const whole = own === null ? profile : { ...profile, userConfig: own };
  if (words.length === 0) return whole;
  const variant = variantsOf(whole).find((other) => other.id === [whole.id, ...words].join("+"));
  if (variant !== undefined) return variant;
  problems.add(part.at(["from"]), `${quote(base)} does not take the options ${words.map(quote).join(" and ")}`);
  return null;
}

function ownIn(config: unknown, part: BugPart, { problems }: PartContext, file: string): UserConfiguration | null {
  if (typeof config === "string" && config.trim() !== "") return { file: `${file} (config)`, text: config };
  problems.add(part.at(["config"]), "expected the text of a configuration file");
  return null;
}
