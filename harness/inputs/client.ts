/** The client that a report or a scenario chooses: one of the catalogue's, or a user's own program. */
import { ownImageId } from "../catalog/clients/user-image";
import { ownScriptId } from "../catalog/clients/user-script";
import { resolveClient } from "../catalog/clients/registry";
import { scriptedClient, scriptedCommand } from "../catalog/clients/scripted";
import { ownNodePath } from "../model/ftp-site";
import type { LiteralCommand } from "../model/session-script";
import { quote } from "../text/nearest";
import type { ClientText } from "./client-schema";
import { clientScriptOf, scriptLaidOver } from "./client-script-schema";
import { splitCommandLine } from "./command-line";
import type { ProblemList } from "./problems";
import { resolvePatterns, type KnownNames } from "./scenario-file";
import type { ValuePath } from "./yaml-document";

/** A client's id, and the command line that is the user's own; `null` if the client's definition makes it. */
export type ChosenClient = { readonly client: string; readonly command: LiteralCommand | null };

type Reading = {
  /** Where a key of the mapping is in the file. */
  readonly at: (path: ValuePath) => ValuePath;
  readonly known: KnownNames;
  readonly problems: ProblemList;
};

/** The core matrix's client, which hides nothing of the network. */
export const usualClient = "basic-ftp";

/** What a mapping takes as its program: each kind has keys of its own. */
type Kind = "packaged" | "node" | "scripted" | "image";

function kindOf({ script, npm, node, image }: ClientText): Kind {
  if (image !== undefined) return "image";
  if (typeof script === "object") return "scripted";
  return (script ?? npm ?? node) === undefined ? "packaged" : "node";
}

/** The keys that make a mapping one of its kind, whatever it is laid over. */
const making = { packaged: "id", node: "script", scripted: "script", image: "image" } as const;

/** A client's mapping upon another one; a program of another kind takes its place. */
export function laidOver(base: ClientText, own: ClientText): ClientText {
  const kind = kindOf(own);
  if (kind !== kindOf(base) && own[making[kind]] !== undefined) return own;
  const both = { ...base, ...own };
  if (typeof base.script !== "object" || typeof own.script !== "object") return both;
  return { ...both, script: scriptLaidOver(base.script, own.script) };
}

/** What a mapping chooses; what is wrong with it is added to the problems. */
export function chosenClient(written: ClientText, reading: Reading): ChosenClient {
  switch (kindOf(written)) {
    case "packaged":
      return packaged(written, reading);
    case "node":
      return inNode(written, reading);
    case "scripted":
      return scripted(written, reading);
    case "image":
      return inImage(written, reading);
  }
}

function packaged({ id = usualClient, ...own }: ClientText, { at, known, problems }: Reading): ChosenClient {
  const { ids, problems: wrong } = resolvePatterns("client", [id], known);
  for (const { message } of wrong) problems.add(at(["id"]), message);
  if (wrong.length === 0 && (ids.length !== 1 || ids[0] === undefined)) problems.add(at(["id"]), "expected one client");
  const [client = id] = ids;
  if (own.command === undefined) {
    if (Object.keys(own.files ?? {}).length > 0 || own.input !== undefined) {
      problems.add(at([]), "`files` and `input` need a `command` of the reporter");
    }
    return { client, command: null };
  }
  if (resolveClient(client)?.definition.program === null) {
    problems.add(at(["command"]), `${quote(client)} has no command line; name a packaged program, such as curl`);
  }
  return { client, command: commandOf(own, { at, problems }) };
}

/** A user's own image, in which the command is all that is known. */
function inImage({ image = "", id, script, npm, node, ...own }: ClientText, { at, problems }: Reading): ChosenClient {
  const foreign = Object.entries({ id, script, npm, node }).find(([, value]) => value !== undefined);
  if (foreign !== undefined) problems.add(at([foreign[0]]), "an `image` has its own programs; leave this key out");
  if (own.command === undefined) {
    problems.add(at([]), "missing key `command`: what runs in the image, which is never started by its own ENTRYPOINT");
  }
  return { client: ownImageId(image), command: commandOf(own, { at, problems }) };
}

function commandOf(
  { command = [], files = {}, input }: ClientText,
  { at, problems }: Pick<Reading, "at" | "problems">,
): LiteralCommand {
  const argv = typeof command === "string" ? splitCommandLine(command) : command;
  if (argv === null || (typeof command === "string" && argv.length === 0))
    problems.add(at(["command"]), "the command line is empty, or a quote is not closed");
  return { argv: argv ?? [], files: filesOf(files), input: input ?? null };
}

/** A script of the user's for Node. */
function inNode({ script, npm = {}, node: version, ...others }: ClientText, { at, problems }: Reading): ChosenClient {
  const node = version ?? null;
  const client = ownScriptId(npm, node);
  const text = typeof script === "string" ? script : "";
  if (text === "") problems.add(at([]), "missing key `script`, which `npm` and `node` are for");
  const foreign = Object.keys(others).find((key) => key !== "files");
  if (foreign !== undefined) problems.add(at([foreign]), "a `script` is run by Node alone; leave this key out");
  if (resolveClient(client) === null) {
    problems.add(at(["node"]), `Node ${node ?? ""} is too old for the lab; expected 16.11.0 or later`);
  }
  // Node before 20.19 tells the two kinds of modules by the file's name alone.
  const file = /^\s*(?:import|export)\s|^await\s/m.test(text) ? "session.mjs" : "session.cjs";
  const files = filesOf({ ...others.files, [file]: text });
  return { client, command: { argv: [node === null ? "node" : ownNodePath, file], files, input: null } };
}

/** The lab's own client, with its lines in a script. */
function scripted({ script, ...others }: ClientText, { at, problems }: Reading): ChosenClient {
  const written = typeof script === "object" ? script : {};
  const foreign = Object.keys(others).find((key) => key !== "id" || others.id !== scriptedClient.id);
  if (foreign !== undefined)
    problems.add(at([foreign]), "a scripted client does what its `steps` say; leave this key out");
  if (written.steps === undefined) problems.add(at(["script"]), "missing key `steps`: what the client sends");
  return { client: scriptedClient.id, command: scriptedCommand(clientScriptOf(written)) };
}

function filesOf(files: Readonly<Record<string, string>>): LiteralCommand["files"] {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}
