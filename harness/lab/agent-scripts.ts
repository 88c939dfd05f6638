/** The scripts for the client's container, as the build made them: each one is one CommonJS file with its library inside. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeClients } from "../catalog/clients/registry";
import { distFolder } from "./project";

/** The client agent. */
export function agentScript(): Promise<string> {
  return scriptNamed("agent");
}

/** The user's scripts that are clients, by client id. */
export async function nodeClientScripts(): Promise<Readonly<Record<string, string>>> {
  const scripts = nodeClients.map(async (id) => [id, await scriptNamed(`${id}-session`)] as const);
  return Object.fromEntries(await Promise.all(scripts));
}

function scriptNamed(name: string): Promise<string> {
  return readFile(join(distFolder, "agent", `${name}.js`), "utf8");
}
