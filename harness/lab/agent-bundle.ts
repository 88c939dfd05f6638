import { join } from "node:path";
import { build } from "esbuild";
import { nodeClients } from "../catalog/clients/registry";

/** The client agent as one CommonJS file for the Node of the client's container: 18 with Debian 12, 20 with Debian 13. */
export function bundleAgent(): Promise<string> {
  return bundle("agent.ts");
}

/** The user's scripts that are clients, each with its library inside. */
export async function bundleNodeClients(): Promise<Readonly<Record<string, string>>> {
  const bundles = nodeClients.map(async (id) => [id, await bundle(`${id}-session.ts`)] as const);
  return Object.fromEntries(await Promise.all(bundles));
}

/** One process may run the matrix many times. */
const bundles = new Map<string, Promise<string>>();

function bundle(entry: string): Promise<string> {
  const known = bundles.get(entry) ?? makeBundle(entry);
  bundles.set(entry, known);
  return known;
}

async function makeBundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "..", "agent", entry)],
    bundle: true,
    write: false,
    platform: "node",
    target: "node18",
    format: "cjs",
    legalComments: "none",
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (!file) throw new TypeError("esbuild bundles one entry point into one file.");
  return file.text;
}
