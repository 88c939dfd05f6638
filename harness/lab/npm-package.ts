import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { LabError } from "../model/errors";
import type { ContextFile } from "./image-definitions";
import { runCommand } from "./machine/command";

/**
 * The files of a version of a package, below `package/`, as npm on this machine gets them.
 * @throws LabError of phase `image`, code `npm-package-missing`, in npm's words
 */
export async function packageFiles(
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<readonly ContextFile[]> {
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-"));
  try {
    const result = await runCommand("npm", ["pack", `${name}@${version}`, "--pack-destination", folder], {
      signal,
      // A silent npm above this process would make this one silent too.
      environment: { npm_config_loglevel: "error" },
    });
    if (!result.ok) {
      const said = result.lastLines.map(
        (line) => /^npm (?:error|ERR!) (?!code |A complete log)(?:notarget )?(.+)$/.exec(line)?.[1] ?? "",
      );
      const reason = said.find((line) => line !== "") ?? result.lastLines.join(" ");
      throw new LabError("image", `npm did not get ${name} ${version}: ${reason}`, {
        code: "npm-package-missing",
        hint: `\`npm view ${name} versions\` lists the versions that exist.`,
      });
    }
    return await filesIn(join(folder, `${name}-${version}.tgz`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function filesIn(archive: string): Promise<readonly ContextFile[]> {
  const files: ContextFile[] = [];
  const entries = createReadStream(archive).pipe(createGunzip()).pipe(extract());
  for await (const entry of entries) {
    const content = await buffer(entry);
    if (entry.header.type === "file") files.push({ path: entry.header.name, content });
  }
  return files;
}
