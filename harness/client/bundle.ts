import { join } from "node:path";
import { build } from "esbuild";

/** The client agent as one CommonJS file for the Node of the client's container: 18 with Debian 12, 20 with Debian 13. */
export function bundleAgent(): Promise<string> {
  return bundle("agent.ts");
}

/** The user's script that is the client `basic-ftp-5`, with that release inside. */
export function bundleBasicFtp5(): Promise<string> {
  return bundle("basic-ftp-5-session.ts");
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, entry)],
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
