/** `scenarios/<name>.yaml` → Scenario. */
import { axes, dataCommands, modes, operations, type Axis } from "../model/axes";
import { withProfileId } from "../model/server-profile";
import { verdictOn, type AxisSelection, type Claim, type ExpectedOutcome, type Scenario } from "../model/scenario";
import { resolveOptionIds, type KnownOptions, type KnownVersions } from "./option-id";
import { quote, unknownName } from "../text/nearest";
import { checkShape, ProblemList } from "./problems";
import { scenarioSchema, type ClaimText, type ExpectedText, type SelectionText } from "./scenario-schema";
import { cellGlobMatches, matchPatterns, readPattern } from "../text/patterns";
import { resolveTopologies, type KnownTopologies } from "./topology-id";
import { readYaml, type SourceText, type ValuePath } from "./yaml-document";

/** The ids that a scenario may name. */
export type KnownNames = {
  readonly topologies: KnownTopologies;
  readonly servers: KnownOptions;
  readonly clients: KnownOptions;
  /** Those of a release: `tls-optional@bullseye`, `curl@sid`. */
  readonly releases?: {
    readonly server: KnownOptions;
    readonly client: KnownOptions;
    readonly versions?: KnownVersions;
  };
};

/** What an axis that is left out stands for: the core matrix, whose server and client hide nothing of the network. */
const defaultPatterns: Readonly<Record<Axis, readonly string[]>> = {
  topology: ["*"],
  server: ["tls-optional"],
  client: ["basic-ftp"],
  mode: ["*"],
  data: ["*"],
  operation: ["*"],
};

/** The patterns of an axis that is left out. */
export function patternsOfDefault(axis: Axis, known: KnownNames): readonly string[] {
  if (axis !== "topology") return defaultPatterns[axis];
  return [...defaultPatterns.topology, ...known.topologies.further.map((id) => `!${id}`)];
}

/** Something wrong with one of several patterns, by its index. */
type PatternProblem = { readonly index: number; readonly message: string };

/** Reads a scenario file. Throws a ScenarioError with every problem found. */
export function parseScenario(source: SourceText, known: KnownNames): Scenario {
  const document = readYaml(source);
  const problems = new ProblemList(document);
  const text = checkShape(scenarioSchema, document, problems);
  const include = text.include.map((selection, index) => toSelection(selection, ["include", index], known, problems));
  const expect = text.expect.map((entry, index) => toExpectation(entry, ["expect", index], problems));
  const claims = text.claims.map((claim, index) => toClaim(claim, ["claims", index], problems));
  refuseSecondIds(claims, problems);
  // A glob can only be said to match nothing when it is certain which cells there are.
  if (problems.count === 0) {
    checkGlobs(expect, ["expect"], include, problems);
    claims.forEach(({ evidence }, index) => {
      checkGlobs(evidence, ["claims", index, "cells"], include, problems);
    });
  }
  problems.throwIfAny();
  return { name: text.name, description: text.description, include, expect, claims };
}

/** The ids that patterns select on an axis, and what is wrong with patterns that match nothing. Nothing is thrown. */
export function resolvePatterns(
  axis: Axis,
  patterns: readonly string[],
  known: KnownNames,
): { readonly ids: readonly string[]; readonly problems: readonly PatternProblem[] } {
  if (axis === "client")
    return resolveOptionIds(axis, patterns, known.clients, known.releases?.client, known.releases?.versions);
  if (axis === "server") {
    return resolveOptionIds(axis, patterns.map(withProfileId), known.servers, known.releases?.server);
  }
  if (axis === "topology") return resolveTopologies(patterns, known.topologies);
  const ids = knownIds(axis);
  const selection = matchPatterns(patterns, ids);
  const problems = patterns.flatMap((pattern, index) => {
    if (!selection.unknown.includes(pattern)) return [];
    return [{ index, message: unknownName(axis, readPattern(pattern).glob, ids) }];
  });
  return { ids: selection.ids, problems };
}

function knownIds(axis: Exclude<Axis, "client" | "server" | "topology">): readonly string[] {
  switch (axis) {
    case "mode":
      return modes;
    case "data":
      return dataCommands;
    case "operation":
      return operations;
  }
}

function toSelection(text: SelectionText, path: ValuePath, known: KnownNames, problems: ProblemList): AxisSelection {
  const entries = axes.map((axis): [Axis, readonly string[]] => {
    const written = text[axis];
    const resolved = resolvePatterns(axis, written ?? patternsOfDefault(axis, known), known);
    for (const { index, message } of resolved.problems) {
      problems.add(written === undefined ? path : [...path, axis, index], message);
    }
    if (resolved.ids.length === 0 && resolved.problems.length === 0) {
      problems.addAtKey([...path, axis], `the patterns for ${quote(axis)} exclude everything`);
    }
    return [axis, resolved.ids];
  });
  return Object.fromEntries(entries) as AxisSelection;
}

function toExpectation(text: ExpectedText, path: ValuePath, problems: ProblemList): ExpectedOutcome {
  const { cells, result, stage = null, cause = null, reason } = text;
  checkStage({ result, stage }, path, problems);
  return { cells, result, stage, cause, reason };
}

function toClaim({ cells, ...text }: ClaimText, path: ValuePath, problems: ProblemList): Claim {
  const evidence = cells.map(({ speaks, result, stage = null, cause = null, ...rest }, index) => {
    checkStage({ result, stage }, [...path, "cells", index], problems);
    return { speaks, cells: rest.cells, result, stage, cause };
  });
  const verdict = verdictOn(evidence);
  if (verdict !== text.verdict) {
    const found = { holds: "only for", "does-not-hold": "only against", "holds-with-conditions": "for and against" };
    problems.add([...path, "verdict"], `the cells speak ${found[verdict]} it, so the verdict is ${quote(verdict)}`);
  }
  return { ...text, evidence };
}

function refuseSecondIds(claims: readonly Claim[], problems: ProblemList): void {
  claims.forEach(({ id }, index) => {
    const isSecond = claims.findIndex((claim) => claim.id === id) < index;
    if (isSecond) problems.add(["claims", index, "id"], `there is a claim ${quote(id)} already`);
  });
}

function checkStage(
  { result, stage }: Pick<ExpectedOutcome, "result" | "stage">,
  path: ValuePath,
  problems: ProblemList,
): void {
  if (result === "failed" && stage === null) {
    problems.addAtKey(path, "missing key `stage`: `result: failed` needs the stage that fails");
  }
  if (result !== "failed" && stage !== null) {
    problems.addAtKey([...path, "stage"], `\`result: ${result}\` has no failing stage; leave \`stage\` out`);
  }
}

function checkGlobs(
  entries: readonly Pick<ExpectedOutcome, "cells">[],
  path: ValuePath,
  include: readonly AxisSelection[],
  problems: ProblemList,
): void {
  entries.forEach(({ cells }, index) => {
    if (include.some((selection) => anyCell(selection, (id) => cellGlobMatches(cells, id)))) return;
    problems.add([...path, index, "cells"], `${quote(cells)} matches no cell of this scenario`);
  });
}

function anyCell(selection: AxisSelection, test: (id: string) => boolean): boolean {
  const walk = (prefix: readonly string[]): boolean => {
    const axis = axes[prefix.length];
    if (axis === undefined) return test(prefix.join("/"));
    return selection[axis].some((id) => walk([...prefix, id]));
  };
  return walk([]);
}
