/** How an image of a release is built: recipes follow from the program and the release, and no release has a Dockerfile of its own. */
import { isOwnClient } from "../catalog/clients/user-program";
import { clients } from "../catalog/clients/registry";
import { isOwnScript, packagesIn } from "../catalog/clients/user-script";
import { isVersion } from "../catalog/clients/release";
import type { DebianRelease } from "../catalog/releases/definition";
import { debianRelease } from "../catalog/releases/registry";
import { LabError } from "../model/errors";
import { npmPath, ownNodePath } from "../model/ftp-site";
import { partsOfImage, type ReleaseImage } from "../model/release-image";
import type { ContextFile } from "./image-definitions";
import { ownerFilter } from "./labels";
import { installedFiles, packageFiles } from "./npm-package";

/** What recipes are made of, on the engine and on the disk. */
export type RecipeParts = {
  /** Tag of the image `client`, whose Node runs the agent whatever the release's own Node could run. */
  readonly clientTag: string;
  /** The build context of an image with a folder. */
  readonly contextOf: (folder: string) => Promise<readonly ContextFile[]>;
};

/** The release that an image is of; `null` for one of a library's version or of Node's, or for a user's own program. */
export function releaseOf(name: ReleaseImage): DebianRelease | null {
  const release = partsOfImage(name)?.release ?? "";
  return isVersion(release) || isOwnClient(name) ? null : debianRelease(release);
}

/**
 * What of an image's context comes from npm's registry, since no version there ever changes; empty for any other image.
 * @param architecture the engine's, as the kernel calls it
 * @throws LabError of phase `image` where npm does not have it
 */
export async function filesFromNpm(
  name: ReleaseImage,
  architecture: string,
  signal: AbortSignal,
): Promise<readonly ContextFile[]> {
  const { recipe, release, node } = partsOfImage(name) ?? { recipe: "", release: "", node: null };
  const library = clients.find(({ id }) => id === recipe)?.npm;
  const binary =
    node === null ? [] : await packageFiles(nodePackage(architecture), node, signal, (path) => path === nodeFile);
  if (isOwnScript(name)) return [...binary, ...(await installedFiles(packagesIn(name), signal))];
  if (library === undefined || releaseOf(name) !== null) return binary;
  return [...binary, ...(await packageFiles(library.package, release, signal))];
}

/** Where the packages of Node's own binaries have the program. */
const nodeFile = "package/bin/node";

/** The package with Node's own binary for Linux. */
function nodePackage(architecture: string): string {
  const known = { x86_64: "x64", aarch64: "arm64" } as const;
  const found = Object.entries(known).find(([kernels]) => kernels === architecture);
  if (found === undefined) {
    throw new LabError("image", `npm has no Node for the engine's architecture, ${architecture}.`, {
      code: "npm-package-missing",
      hint: "Use an engine on x86_64 or aarch64.",
    });
  }
  return `node-linux-${found[1]}`;
}

/** The build context of an image of a release. */
export async function releaseContext(name: ReleaseImage, parts: RecipeParts): Promise<readonly ContextFile[]> {
  const { recipe, release: version, node } = partsOfImage(name) ?? { recipe: "", release: "", node: null };
  const release = releaseOf(name);
  const client = clients.find(({ id }) => id === recipe);
  if (release === null) {
    // Node first: all libraries upon it share the layer. The comments make the images' tags differ by version.
    const lines = [
      `FROM ${parts.clientTag}`,
      `LABEL ${ownerFilter}`,
      ...(node === null ? [] : [`# node@${node}`, `COPY ${nodeFile} ${ownNodePath}`]),
      // Whatever folder a script lies in, Node looks for packages there last.
      ...(isOwnScript(name) ? [`# ${recipe}@${version}`, "COPY node_modules /node_modules"] : []),
      ...(client?.npm === undefined ? [] : [`# ${recipe}@${version}`, `COPY package ${npmPath(client.npm.package)}`]),
    ];
    return [dockerfile(`${lines.join("\n")}\n`)];
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
