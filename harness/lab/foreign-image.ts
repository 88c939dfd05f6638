/** A user's own image as a client's host: nothing of it is used to run the lab's part, so it may be of any distribution, or hold one file. */
import { foreignImageFile, foreignTools } from "../model/ftp-site";
import type { ContextFile } from "./image-definitions";
import { ownerFilter } from "./labels";

/** What the lab runs in a client's container beside the agent's Node: the lease, the agent's line, the shell that reads the key log. */
const tools = ["cat", "head", "sleep", "tar"] as const;

const folder = "/opt/ftp-nat-matrix";

/**
 * What a client's host with a user's own image is built from.
 * @param id the image's own
 * @param clientTag of the image `client`, whose Node runs the agent
 */
export function foreignContext(reference: string, id: string, clientTag: string): readonly ContextFile[] {
  const texts = { Dockerfile: foreignDockerfile(reference, clientTag), image: `${id}\n` };
  return Object.entries(texts).map(([path, text]) => ({ path, content: Buffer.from(text) }));
}

/**
 * Bash and busybox come linked statically, and the agent's Node with its own loader and libraries. Debian's Node wants its parts in
 * `/usr/share/nodejs`: an image with a Node of Debian's has them there.
 */
function foreignDockerfile(reference: string, clientTag: string): string {
  const links = tools.map((tool) => `ln -s busybox /agent${foreignTools}/${tool}`);
  return `FROM ${clientTag} AS agent
RUN apt-get -o Acquire::Retries=8 update \\
 && DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=8 install -y --no-install-recommends bash-static busybox-static \\
 && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /agent${foreignTools} /agent${folder}/lib \\
 && cp "$(command -v bash-static)" /agent${foreignTools}/bash \\
 && cp "$(command -v busybox)" /agent${foreignTools}/busybox \\
 && ${links.join(" && ")} \\
 && node=$(readlink -f "$(command -v node)") \\
 && cp "$node" /agent${folder}/lib/node \\
 && ldd "$node" | grep -o '/[^ ]*' | while read -r library; do cp -L "$library" /agent${folder}/lib/; done \\
 && ln -s "$(basename "$(ls /agent${folder}/lib/ld-*)")" /agent${folder}/lib/loader \\
 && cp -rL /usr/share/nodejs /agent${folder}/nodejs \\
 && printf '#!${foreignTools}/bash\\nexec ${folder}/lib/loader --library-path ${folder}/lib ${folder}/lib/node "$@"\\n' > /agent${foreignTools}/node \\
 && chmod 755 /agent${foreignTools}/node
FROM ${reference}
LABEL ${ownerFilter}
USER 0
ENTRYPOINT []
HEALTHCHECK NONE
COPY --from=agent /agent /
COPY image ${foreignImageFile}
ENV PATH=${foreignTools}:$PATH
# Each session in flight is a user of its own: some programs ask who they are.
RUN ${JSON.stringify([`${foreignTools}/bash`, "-c", users])}
`;
}

const users = [
  "for slot in {0..511}; do echo lab$slot:x:$((20000 + slot)):$((20000 + slot))::/nonexistent:/bin/sh; done >> /etc/passwd",
  `[ -e /usr/share/nodejs ] || { ${foreignTools}/busybox mkdir -p /usr/share && ${foreignTools}/busybox ln -s ${folder}/nodejs /usr/share/nodejs; }`,
].join("; ");
