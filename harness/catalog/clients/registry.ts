import type { ClientOptions } from "../../model/agent-protocol";
import type { ClientImage } from "../../model/program";
import { clients } from "./all";
import { onNode } from "./user-node";
import { isOwnClient, ownClient } from "./user-program";
import { clientOfRelease } from "./release";
import type { ClientDefinition } from "./definition";

export { clients };

/** A client id taken apart. */
export type ResolvedClient = {
  readonly definition: ClientDefinition;
  /** What the id's options come to. */
  readonly options: ClientOptions;
  /** The options' words. */
  readonly words: readonly string[];
};

/** The image in which a client lives; what the agent itself drives lives with the agent. */
export function clientImageOf(clientId: string): ClientImage {
  return resolveClient(clientId)?.definition.program?.image ?? "client";
}

/** Ids of the scripts for libraries of Node's. */
export const nodeClients: readonly string[] = clients.flatMap(({ id, program, npm }) => [
  ...(program?.isNodeScript === true ? [id] : []),
  ...(npm === undefined ? [] : [npm.script]),
]);

/** Whether a session of this client costs as much as dozens of others. */
export function isHeavyClient(clientId: string): boolean {
  return resolveClient(clientId)?.definition.program?.isHeavy === true;
}

/** `basic-ftp+no-resume`, `curl@bullseye+no-check` → its definition and effective options; `null` if program or option is not known. */
export function resolveClient(clientId: string): ResolvedClient | null {
  const [name = "", ...words] = clientId.split("+");
  const definition = definitionOf(name, words.find((word) => word.includes("@")) ?? null);
  if (definition === null) return null;
  let options = definition.defaults;
  for (const word of words) {
    const option = Object.hasOwn(definition.options, word) ? definition.options[word] : undefined;
    if (option === undefined) return null;
    options = { ...options, ...option.set };
  }
  return { definition, options, words };
}

/** Those that were made for a release or a Node: a run knows a client by its definition. */
const ofReleases = new Map<string, ClientDefinition | null>();

/** `curl`, `curl@bullseye` → its definition, on the Node that `node@22.22.3` names. */
function definitionOf(name: string, node: string | null): ClientDefinition | null {
  if (node === null) return definitionNamed(name);
  const id = `${name}+${node}`;
  const known = ofReleases.get(id);
  if (known !== undefined) return known;
  const usual = definitionNamed(name);
  const made = usual === null ? null : onNode(usual, node);
  ofReleases.set(id, made);
  return made;
}

function definitionNamed(name: string): ClientDefinition | null {
  if (isOwnClient(name)) {
    const own = ofReleases.get(name) ?? ownClient(name);
    ofReleases.set(name, own);
    return own;
  }
  const [program = "", release, ...more] = name.split("@");
  if (more.length > 0) return null;
  const definition = clients.find(({ id }) => id === program) ?? null;
  if (definition === null || release === undefined) return definition;
  const known = ofReleases.get(name);
  if (known !== undefined) return known;
  const made = clientOfRelease(definition, release);
  ofReleases.set(name, made);
  return made;
}
