/** How an image of a release is built: recipes follow from the program and the release, and no release has a Dockerfile of its own. */
import { clients } from "../catalog/clients/registry";
import { isVersion } from "../catalog/clients/release";
import type { DebianRelease } from "../catalog/releases/definition";
import { debianRelease } from "../catalog/releases/registry";
import { npmPath } from "../model/ftp-site";
import { partsOfImage, type ReleaseImage } from "../model/release-image";
import type { ContextFile } from "./image-definitions";
import { ownerFilter } from "./labels";
import { packageFiles } from "./npm-package";

/** What recipes are made of, on the engine and on the disk. */
export type RecipeParts = {
  /** Tag of the image `client`, whose Node runs the agent whatever the release's own Node could run. */
  readonly clientTag: string;
  /** The build context of an image with a folder. */
  readonly contextOf: (folder: string) => Promise<readonly ContextFile[]>;
};

/** The release that an image is of; `null` for one of a library's version, which stands upon the image `client`. */
export function releaseOf(name: ReleaseImage): DebianRelease | null {
  const release = partsOfImage(name)?.release ?? "";
  return isVersion(release) ? null : debianRelease(release);
}

/** What of an image's context comes from npm's registry, since no version there ever changes; empty for any other image. */
export async function filesFromNpm(name: ReleaseImage, signal: AbortSignal): Promise<readonly ContextFile[]> {
  const { recipe, release } = partsOfImage(name) ?? {};
  const library = clients.find(({ id }) => id === recipe)?.npm;
  if (release === undefined || library === undefined || releaseOf(name) !== null) return [];
  return packageFiles(library.package, release, signal);
}

/** The build context of an image of a release. */
export async function releaseContext(name: ReleaseImage, parts: RecipeParts): Promise<readonly ContextFile[]> {
  const recipe = partsOfImage(name)?.recipe ?? "";
  const release = releaseOf(name);
  const client = clients.find(({ id }) => id === recipe);
  if (release === null) {
    const path = npmPath(client?.npm?.package ?? recipe);
    return [dockerfile(`FROM ${parts.clientTag}\nLABEL ${ownerFilter}\n# ${name}\nCOPY package ${path}\n`)];
  }
  if (client?.debian !== undefined) {
    return [dockerfile(clientDockerfile(client.debian.package, release, parts.clientTag))];
  }
  const context = await parts.contextOf(recipe);
  return context.map((file) =>
    file.path === "Dockerfile" ? dockerfile(serverDockerfile(file.content.toString("utf8"), release)) : file,
  );
}

function dockerfile(text: string): ContextFile {
  return { path: "Dockerfile", content: Buffer.from(text) };
}

/**
 * The program upon the release's base. Node and its libraries come from the image `client`: they are started by their own loader, so
 * that the program finds nothing but its release's libraries.
 */
function clientDockerfile(debianPackage: string, release: DebianRelease, clientTag: string): string {
  return `FROM ${clientTag} AS agent
RUN mkdir -p /agent/opt/node/lib /agent/usr/local/bin /agent/usr/share \\
 && node=$(readlink -f "$(command -v node)") \\
 && cp "$node" /agent/opt/node/node \\
 && ldd "$node" | grep -o '/[^ ]*' | while read -r library; do cp -L "$library" /agent/opt/node/lib/; done \\
 && ln -s "$(basename "$(ls /agent/opt/node/lib/ld-*)")" /agent/opt/node/lib/loader \\
 && cp -r /usr/share/nodejs /agent/usr/share/ \\
 && printf '#!/bin/sh\\nexec /opt/node/lib/loader --library-path /opt/node/lib /opt/node/node "$@"\\n' > /agent/usr/local/bin/node \\
 && chmod 755 /agent/usr/local/bin/node
FROM ${release.base}
LABEL ${ownerFilter}
COPY --from=agent /agent /
# Each session in flight is a user of its own: some programs ask who they are.
RUN for slot in $(seq 0 511); do echo "lab$slot:x:$((20000 + slot)):$((20000 + slot))::/nonexistent:/bin/sh"; done >> /etc/passwd
${installing(release, ["ca-certificates", "iproute2", debianPackage])}`;
}

/** The software's own Dockerfile upon another base. */
function serverDockerfile(text: string, release: DebianRelease): string {
  const options = aptOptions(release);
  return text
    .replace(/^FROM .*$/m, `FROM ${release.base}`)
    .replaceAll(/apt-get -o/g, options === "" ? "apt-get -o" : `apt-get ${options} -o`);
}

function installing(release: DebianRelease, packages: readonly string[]): string {
  const { suite } = release;
  const options = ["-o Acquire::Retries=8", aptOptions(release)].filter((option) => option !== "").join(" ");
  const source =
    suite === undefined
      ? ""
      : `echo "deb http://deb.debian.org/debian ${suite} main" > /etc/apt/sources.list.d/release.list \\\n && `;
  const from = suite === undefined ? "" : `-t ${suite} `;
  return `RUN ${source}apt-get ${options} update \\
 && DEBIAN_FRONTEND=noninteractive apt-get ${options} install -y --no-install-recommends ${from}\\
      ${packages.join(" ")} \\
 && rm -rf /var/lib/apt/lists/*
`;
}

/** The lists of a suite that moves expire, and a mirror may be behind. */
function aptOptions({ isMoving }: DebianRelease): string {
  return isMoving === true ? "-o Acquire::Check-Valid-Until=false" : "";
}
