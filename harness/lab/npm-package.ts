import { createReadStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { buffer } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { LabError } from "../model/errors";
import type { ContextFile } from "./image-definitions";
import { runCommand } from "./machine/command";

/**
 * The files of a version of a package, below `package/`, as npm on this machine gets them; `isWanted` chooses among their paths.
 * @throws LabError of phase `image`, code `npm-package-missing`, in npm's words
 */
export async function packageFiles(
  name: string,
  version: string,
  signal: AbortSignal,
  isWanted: (path: string) => boolean = () => true,
): Promise<readonly ContextFile[]> {
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-"));
  try {
    await runNpm(["pack", `${name}@${version}`, "--pack-destination", folder], `${name} ${version}`, signal);
    // `@scope/name` is packed as `scope-name`.
    const file = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
    return await filesIn(join(folder, file), isWanted);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The folder `node_modules` with these packages and all that they depend on, as npm on this machine installs them; their scripts are
 * not run.
 * @throws LabError of phase `image`, code `npm-package-missing`, in npm's words
 */
export async function installedFiles(
  packages: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly ContextFile[]> {
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-"));
  try {
    const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
    await writeFile(join(folder, "package.json"), "{}");
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-bin-links", "--prefix", folder];
    // An empty folder is no folder to COPY.
    const marker = { path: "node_modules/README", content: Buffer.from(`${wanted.join("\n")}\n`) };
    if (wanted.length === 0) return [marker];
    await runNpm(["install", ...flags, ...wanted], wanted.join(", "), signal);
    const entries = await readdir(join(folder, "node_modules"), { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const files = paths.map(async (path) => ({
      path: relative(folder, path).split(sep).join("/"),
      content: await readFile(path),
    }));
    return [marker, ...(await Promise.all(files))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runNpm(words: readonly string[], what: string, signal: AbortSignal): Promise<void> {
  const result = await runCommand("npm", words, {
    signal,
    // A silent npm above this process would make this one silent too.
    environment: { npm_config_loglevel: "error" },
  });
  if (result.ok) return;
  const said = result.lastLines.map(
    (line) => /^npm (?:error|ERR!) (?!code |A complete log)(?:notarget )?(.+)$/.exec(line)?.[1] ?? "",
  );
  const reason = said.find((line) => line !== "") ?? result.lastLines.join(" ");
  throw new LabError("image", `npm did not get ${what}: ${reason}`, {
    code: "npm-package-missing",
    hint: "`npm view NAME versions` lists the versions that exist.",
  });
}

async function filesIn(archive: string, isWanted: (path: string) => boolean): Promise<readonly ContextFile[]> {
  const files: ContextFile[] = [];
  const entries = createReadStream(archive).pipe(createGunzip()).pipe(extract());
  for await (const entry of entries) {
    const { name: path, type, mode } = entry.header;
    if (type === "file" && isWanted(path)) {
      const content = await buffer(entry);
      files.push({ path, content, ...((mode & 0o111) === 0 ? {} : { isProgram: true as const }) });
    } else entry.resume();
  }
  return files;
}
