/** `scenarios/<name>.yaml` → Scenario. */
import { axes, dataCommands, modes, operations, type Axis } from "../model/axes";
import type { AxisSelection, Expectation, Scenario } from "../model/scenario";
import { expandClient, unknownName, type KnownClients } from "./client-id";
import { quote } from "./nearest";
import { checkShape, ProblemList } from "./problems";
import { scenarioSchema, type ExpectationText, type SelectionText } from "./scenario-schema";
import { cellGlobMatches, matchPatterns, readPattern } from "./select";
import { readYaml, type SourceText, type ValuePath } from "./yaml-document";

/** The ids that a scenario may name. */
export type KnownNames = {
  readonly topologies: readonly string[];
  readonly servers: readonly string[];
  readonly clients: KnownClients;
};

/** The core matrix: every network, one server and one client that hide nothing. */
const defaults: Readonly<Record<Axis, readonly string[]>> = {
  topology: ["*"],
  server: ["tls-optional"],
  client: ["basic-ftp"],
  mode: ["*"],
  data: ["*"],
  operation: ["*"],
};

/** Reads a scenario file. Throws a ScenarioError with every problem found. */
export function parseScenario(source: SourceText, known: KnownNames): Scenario {
  const document = readYaml(source);
  const problems = new ProblemList(document);
  const text = checkShape(scenarioSchema, document, problems);
  const include = text.include.map((selection, index) => resolve(selection, ["include", index], known, problems));
  const expect = text.expect.map((entry, index) => toExpectation(entry, ["expect", index], problems));
  // A glob can only be said to match nothing when it is certain which cells there are.
  if (problems.count === 0) checkGlobs(expect, include, problems);
  problems.throwIfAny();
  return { name: text.name, description: text.description, include, expect };
}

/** The ids of an axis that a scenario or the command line may name; clients are listed without options. */
export function knownIds(axis: Axis, known: KnownNames): readonly string[] {
  const ids: Readonly<Record<Axis, readonly string[]>> = {
    topology: known.topologies,
    server: known.servers,
    client: [...known.clients.keys()],
    mode: modes,
    data: dataCommands,
    operation: operations,
  };
  return ids[axis];
}

function resolve(text: SelectionText, path: ValuePath, known: KnownNames, problems: ProblemList): AxisSelection {
  const entries = axes.map((axis): [Axis, readonly string[]] => {
    const written = text[axis];
    const patterns = written ?? defaults[axis];
    const at = (index: number): ValuePath => (written === undefined ? path : [...path, axis, index]);
    const before = problems.count;
    const ids =
      axis === "client" ? selectClients(patterns, known, at, problems) : select(axis, patterns, known, at, problems);
    if (ids.length === 0 && problems.count === before) {
      problems.addAtKey([...path, axis], `the patterns for ${quote(axis)} exclude everything`);
    }
    return [axis, ids];
  });
  return Object.fromEntries(entries) as AxisSelection;
}

function select(
  axis: Axis,
  patterns: readonly string[],
  known: KnownNames,
  at: (index: number) => ValuePath,
  problems: ProblemList,
): readonly string[] {
  const ids = knownIds(axis, known);
  const selection = matchPatterns(patterns, ids);
  for (const pattern of selection.unknown) {
    problems.add(at(patterns.indexOf(pattern)), unknownName(axis, readPattern(pattern).glob, ids));
  }
  return selection.ids;
}

/** Options make client ids that no list holds: the patterns say which there are. */
function selectClients(
  patterns: readonly string[],
  known: KnownNames,
  at: (index: number) => ValuePath,
  problems: ProblemList,
): readonly string[] {
  const ids = new Set(known.clients.keys());
  const chosen = patterns.flatMap((pattern, index) => {
    const expansion = expandClient(pattern, known.clients);
    if ("problem" in expansion) {
      problems.add(at(index), expansion.problem);
      return [];
    }
    for (const id of expansion.ids) ids.add(id);
    const mark = readPattern(pattern).excludes ? "!" : "";
    return expansion.ids.map((id) => `${mark}${id}`);
  });
  return matchPatterns(chosen, [...ids]).ids;
}

function toExpectation(text: ExpectationText, path: ValuePath, problems: ProblemList): Expectation {
  const { cells, result, stage = null, cause = null, reason } = text;
  if (result === "failed" && stage === null) {
    problems.addAtKey(path, "missing key `stage`: `result: failed` needs the stage that fails");
  }
  if (result !== "failed" && stage !== null) {
    problems.addAtKey([...path, "stage"], `\`result: ${result}\` has no failing stage; leave \`stage\` out`);
  }
  return { cells, result, stage, cause, reason };
}

function checkGlobs(expect: readonly Expectation[], include: readonly AxisSelection[], problems: ProblemList): void {
  expect.forEach(({ cells }, index) => {
    if (include.some((selection) => anyCell(selection, (id) => cellGlobMatches(cells, id)))) return;
    problems.add(["expect", index, "cells"], `${quote(cells)} matches no cell of this scenario`);
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
