// Builds `dist/`. `--if-stale` does so only if a source has changed since the last time. `--package` builds what `npm pack` ships,
// whose texts name its commands as `npx ftp-nat-matrix` and not as `npm run matrix`.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { licencesOf } from "./licences.mjs";
import { loadEsbuild, programOptions, root } from "./options.mjs";
import { isFresh, lineOf } from "./stamp.cjs";

const dist = join(root, "dist");
const nodeClients = "harness/agent/node-clients";
const isForPackage = process.argv.includes("--package");

/** The programs of this machine, by their names in `dist/`. Those in `dev/` are the project's own and are not shipped. */
const programs = {
  cli: "harness/cli.ts",
  "soak-load": "harness/tools/soak/load-process.ts",
  "dev/catalog-text": "harness/tools/build/catalog-text.ts",
  "dev/known-cells-text": "harness/tools/build/known-cells-text.ts",
  "dev/check-workflows": "harness/tools/nightly/check-workflows.ts",
  "dev/lab-faults": "harness/tools/lab-faults/lab-faults.ts",
  "dev/nightly": "harness/tools/nightly/nightly.ts",
  "dev/bench-page": "test/e2e/bench.ts",
  "dev/closed-loop": "test/support/run-closed-loops.ts",
  "dev/record-client": "test/support/record-client.ts",
  "dev/advise-all": "test/support/run-every-advice.ts",
  "dev/screenshot": "test/e2e/screenshot.ts",
};

/** What else a build depends on: who builds, what is installed, and the catalogue. */
const otherSources = () => [
  ...["build.mjs", "licences.mjs", "options.mjs", "stamp.cjs"].map((name) => `harness/tools/build/${name}`),
  ...["node_modules", `${nodeClients}/node_modules`].map((folder) => `${folder}/.package-lock.json`),
  "reports/page/style.css",
  ...["topologies", "topologies/servers"].flatMap((folder) => [
    folder,
    ...readdirSync(join(root, folder)).flatMap((name) => (name.endsWith(".yaml") ? [`${folder}/${name}`] : [])),
  ]),
];

async function main() {
  if (process.argv.includes("--if-stale") && isFresh(root)) return 0;
  const esbuild = await loadEsbuild();
  if (esbuild === null) return 3;
  const installed = installNodeClients();
  if (installed !== 0) return installed;
  const startedAt = Date.now();
  if (isForPackage) rmSync(dist, { recursive: true, force: true });
  const results = await bundleAll(esbuild).catch(() => null);
  // esbuild has said why.
  if (results === null) return 3;
  for (const { path, contents } of results.flatMap(({ outputFiles }) => outputFiles)) write(path, contents);
  mkdirSync(join(dist, "page"), { recursive: true });
  cpSync(join(root, "reports/page/style.css"), join(dist, "page/style.css"));
  const require = createRequire(import.meta.url);
  const catalog = require(join(dist, "dev/catalog-text.js")).catalogText(root);
  write(join(dist, "catalog.json"), catalog);
  write(join(dist, "known-cells.json"), require(join(dist, "dev/known-cells-text.js")).knownCellsText(catalog));
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  write(join(dist, "licences.txt"), licencesOf(root, inputs));
  // The next start from a clone builds again, with a clone's texts.
  if (!isForPackage) write(join(dist, "stamp"), stampOf(inputs, startedAt));
  return 0;
}

/** The libraries that are only tested have a lock file of their own. */
function installNodeClients() {
  const args = [join(root, "harness/install.mjs"), "--quiet", nodeClients];
  return spawnSync(process.execPath, args, { stdio: ["ignore", 2, 2] }).status ?? 3;
}

function bundleAll({ build }) {
  const common = {
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    outdir: "dist",
    logLevel: "error",
    legalComments: "none",
    plugins: isForPackage ? [packageTexts] : [],
  };
  const sessions = readdirSync(join(root, nodeClients)).filter((name) => name.endsWith("-session.ts"));
  const page = { ...common, jsx: "automatic", jsxImportSource: "preact", charset: "utf8" };
  return Promise.all([
    build({ ...common, ...programOptions, entryPoints: programs }),
    build({
      ...common,
      // Each is one file for the Node of the client's container: 18 with Debian 12, 20 with Debian 13.
      entryPoints: ["harness/agent/agent.ts", ...sessions.map((name) => `${nodeClients}/${name}`)],
      entryNames: "agent/[name]",
      platform: "node",
      target: "node18",
      format: "cjs",
    }),
    build({
      ...page,
      entryPoints: { "page/browser": "reports/page/browser.tsx" },
      platform: "browser",
      target: "es2022",
      format: "iife",
      minify: true,
    }),
    build({
      ...page,
      // A bundle too, since Preact's packages are modules that Jest cannot load from CommonJS.
      entryPoints: { "page/static": "reports/page/static.tsx" },
      platform: "node",
      target: "node20",
      format: "cjs",
    }),
  ]);
}

/** Names the commands as they are called where the package is installed. */
const packageTexts = {
  name: "package-texts",
  setup({ onLoad }) {
    onLoad({ filter: /\.tsx?$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8")
        .replaceAll(/npm run (--silent )?matrix( --(?= ))?/g, "npx ftp-nat-matrix")
        .replaceAll(/npm run setup( --(?= ))?/g, "npx ftp-nat-matrix setup"),
      loader: path.endsWith("x") ? "tsx" : "ts",
    }));
  },
};

/** Programs may start side by side: a file is there as a whole or not at all. */
function write(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, contents);
  renameSync(`${path}.${process.pid}`, path);
}

/** What has changed during the build is left without a time, so that the next start builds again. */
function stampOf(inputs, startedAt) {
  const own = inputs.filter((path) => !path.includes("node_modules/"));
  const lines = [...new Set([...own, ...otherSources()])].map((path) =>
    statSync(join(root, path)).mtimeMs < startedAt ? lineOf(root, path) : `${path}\tchanged`,
  );
  return `${lines.join("\n")}\n`;
}

process.exitCode = await main();
