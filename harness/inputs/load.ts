/** Reads input files from disk; the one file of this folder that touches it. */
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ScenarioError, UsageError, type InputProblem, messageOf } from "../model/errors";
import type { Scenario } from "../model/scenario";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import type { FilesBeside } from "./files-beside";
import { parseScenario, type KnownNames } from "./scenario-file";
import { parseServerProfile } from "./server-file";
import { parseViews } from "./topology-file";
import type { SourceText } from "./yaml-document";

/** Reads every `*.yaml` of a folder as topologies, by id: one for each position. Throws a ScenarioError with the problems of all files. */
export function loadTopologies(folder: string): readonly Topology[] {
  return parseAll(folder, (source) => parseViews(source, { beside: filesBeside(source.file) })).flat();
}

/** Reads every `*.yaml` of a folder as a server profile, by id. Throws a ScenarioError as {@link loadTopologies} does. */
export function loadServerProfiles(folder: string): readonly ServerProfile[] {
  return parseAll(folder, (source) => parseServerProfile(source, { beside: filesBeside(source.file) }));
}

/** Reads a topology file, one network for each position, and the files that it names. Throws a ScenarioError with every problem found. */
export function loadTopology(file: string, id?: string): readonly Topology[] {
  return parseViews(readSource(file), { beside: filesBeside(file), id });
}

/** Reads a server profile and the files that it names. Throws a ScenarioError with every problem found. */
export function loadServerProfile(file: string, id?: string): ServerProfile {
  return parseServerProfile(readSource(file), { beside: filesBeside(file), id });
}

/** Reads files by their paths from the folder of another. */
function filesBeside(file: string): FilesBeside {
  return (path) => readUserFile(join(dirname(file), path));
}

/** Reads a user's own file, of rules or of a server's configuration, or says why it cannot, in words that follow its name. */
export function readUserFile(file: string): Uint8Array | { readonly problem: string } {
  try {
    return readBytes(file, mostUserBytes);
  } catch (cause) {
    return { problem: `cannot be read: ${reasonOf(cause)}` };
  }
}

/** Reads a scenario file. Throws a ScenarioError with its problems. */
export function loadScenario(file: string, known: KnownNames): Scenario {
  return parseScenario(readSource(file), known);
}

function parseAll<Parsed>(folder: string, parse: (source: SourceText) => Parsed): readonly Parsed[] {
  const parsed: Parsed[] = [];
  const problems: InputProblem[] = [];
  for (const name of yamlNames(folder)) {
    const source = readSource(join(folder, name));
    try {
      parsed.push(parse(source));
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return parsed;
}

function yamlNames(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
    // Sorted by id and not by file name: `server-nat` comes before `server-nat-helper`.
    const ids = names.map((name) => name.slice(0, -".yaml".length)).sort();
    return ids.map((id) => `${id}.yaml`);
  } catch (cause) {
    const hint = "name a folder of YAML files, such as topologies";
    throw new UsageError(`cannot read the folder ${folder}: ${reasonOf(cause)}`, {
      code: "unreadable-folder",
      hint,
      cause,
    });
  }
}

/** More than any input file may have, so that the reader of YAML can say that it is too long. */
const mostBytes = 1024 * 1024;

/** More than rules or configurations may have, so that their readers can say so, with the number of their lines. */
const mostUserBytes = 16 * 1024 * 1024;

/** Reads a file's text, as much of it as any input file may have. @throws UsageError where it cannot be read */
export function readSource(file: string): SourceText {
  try {
    return { file, text: readBytes(file, mostBytes).toString("utf8") };
  } catch (cause) {
    const hint = "name a file that exists and that you may read";
    throw new UsageError(`cannot read ${file}: ${reasonOf(cause)}`, { code: "unreadable-file", hint, cause });
  }
}

/** The start of a file, as much as there may be of it. */
function readBytes(file: string, most: number): Buffer {
  // A pipe or a device might never end.
  if (!statSync(file).isFile() && !statSync(file).isDirectory()) throw new Error("it is not a regular file");
  const handle = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(most);
    let filled = 0;
    for (let count = -1; count !== 0 && filled < most; filled += count) {
      count = readSync(handle, buffer, filled, most - filled, filled);
    }
    return buffer.subarray(0, filled);
  } finally {
    closeSync(handle);
  }
}

function reasonOf(cause: unknown): string {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : null;
  const words: Readonly<Record<string, string>> = {
    ENOENT: "it does not exist",
    ENOTDIR: "it is not a folder",
    EISDIR: "it is a folder",
    EACCES: "permission denied",
  };
  if (typeof code === "string") return words[code] ?? code;
  return messageOf(cause);
}
