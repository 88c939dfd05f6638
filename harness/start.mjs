// Runs one of the project's TypeScript programs: `node harness/start.mjs PROGRAM.ts [ARGUMENT...]`. A file is turned into
// JavaScript once and kept under the hash of its text, so that a start costs little more than reading. Loaders that also look at
// every module of every package cost each command over a second.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire, Module, SourceMap } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, "node_modules", ".cache", "ftp-nat-matrix");
const require = createRequire(import.meta.url);

const options = {
  loader: "ts",
  format: "cjs",
  target: "node20",
  // What a command loads when it needs it is required like all else.
  supported: { "dynamic-import": false },
  sourcemap: "external",
  sourcesContent: false,
};
/** What becomes of a text depends on its compiler too. */
const compiler = JSON.stringify([compilerVersion(), options]);

function compilerVersion() {
  try {
    return require("esbuild/package.json").version;
  } catch {
    console.error("error: The packages are not installed.\n  → Run `npm run setup`.");
    return process.exit(3);
  }
}

/** Where the map of each file's script lies. */
const maps = new Map();

function scriptOf(path) {
  const text = readFileSync(path, "utf8");
  const hash = createHash("sha256").update(`${compiler}\0${path}\0${text}`).digest("hex");
  const kept = join(cache, `${hash}.js`);
  maps.set(path, `${kept}.map`);
  try {
    return readFileSync(kept, "utf8");
  } catch {
    const { code, map } = require("esbuild").transformSync(text, { ...options, sourcefile: path });
    keep(`${kept}.map`, map);
    keep(kept, code);
    return code;
  }
}

/** Programs may start side by side: a file is there as a whole or not at all. */
function keep(file, code) {
  const mine = `${file}.${String(process.pid)}`;
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(mine, code);
    renameSync(mine, file);
  } catch {
    // Where nothing can be written, the next start takes longer.
    if (existsSync(mine)) rmSync(mine);
  }
}

Module._extensions[".ts"] = (module, path) => {
  module._compile(scriptOf(path), path);
};
// Node's own way reads every map at the start, for errors that hardly ever come.
Error.prepareStackTrace = (error, frames) => [`${error}`, ...frames.map(placeOf)].join("\n    at ");

/** A line of a stack trace, with the place in the source. */
function placeOf(frame) {
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
  if (!maps.has(file)) return `${frame}`;
  try {
    const map = new SourceMap(JSON.parse(readFileSync(maps.get(file), "utf8")));
    const { originalLine, originalColumn } = map.findEntry(line - 1, column - 1);
    return `${frame}`.replace(`:${line}:${column}`, `:${originalLine + 1}:${originalColumn + 1}`);
  } catch {
    // Where nothing could be kept, the script's own place has to do.
    return `${frame}`;
  }
}

const [node, , program, ...rest] = process.argv;
if (program === undefined) throw new Error("usage: node harness/start.mjs PROGRAM.ts [ARGUMENT...]");
process.argv = [node, resolve(program), ...rest];
Module._load(resolve(program), null, true);
