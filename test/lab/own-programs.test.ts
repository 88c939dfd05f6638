import { ownImageId } from "../../harness/catalog/clients/user-image";
import { connectEngine, type Engine } from "../../harness/lab/engine";
import { buildImage } from "../../harness/lab/image-build";
import { imageRepository } from "../../harness/lab/image-definitions";
import { ownerFilter } from "../../harness/lab/labels";
import { reproduceText } from "../support/reproduce-text";

// The images are built when they are not there yet.
jest.setTimeout(600_000);

const tag = "ftp-nat-matrix-test/own-program:1";

/** Without a shell that the lab could use, with an environment, an ENTRYPOINT and a USER of its own. */
const dockerfile = `FROM debian:trixie-slim
LABEL ${ownerFilter}
ENV PATH=/opt/own:/usr/bin GREETING=hello
RUN mkdir /opt/own && cp /usr/bin/dash /opt/own/job && rm /usr/bin/tar /usr/bin/head
ENTRYPOINT ["/nothing"]
USER nobody
`;

const report = `title: A program of one's own
reported: { text: It works. }
network: direct
session: login
client:
  image: ${tag}
  command: [job, -c, 'echo "$GREETING from $PATH in {mode}"; id -u; command -v node']
variants:
  reported: { shows: { result: failed, stage: control-connect, says: hello from /opt/own:/usr/bin in ftp } }
  user: { change: Each session has a user of its own., shows: { result: failed, says: "200" } }
  none:
    change: No such program.
    client: { command: [busybox] }
    shows: { result: failed, cause: client-program-failed, says: busybox could not be started }
  absent:
    change: No such image.
    client: { image: "ftp-nat-matrix-test/absent:1" }
    shows: { result: worked }
`;

async function makeImage(engine: Engine): Promise<void> {
  const context = [{ path: "Dockerfile", content: Buffer.from(dockerfile) }];
  await buildImage(engine, { name: tag, tag, context });
}

/** The user's image, and what the lab built upon it. */
async function removeImages({ docker }: Engine): Promise<void> {
  const built = await docker.listImages({ filters: { reference: [imageRepository(ownImageId(tag))] } });
  for (const { Id } of built) await docker.getImage(Id).remove();
  await docker.getImage(tag).remove();
}

test("a user's own image runs as it is at home, and its own errors are told", async () => {
  const engine = await connectEngine();
  await makeImage(engine);
  try {
    const { variants, labErrors, versions } = await reproduceText(report);
    expect(labErrors).toEqual([]);
    expect(variants.map(({ variant, verdict }) => [variant.id, verdict?.difference])).toEqual([
      ["reported", null],
      ["user", null],
      ["none", null],
      ["absent", undefined],
    ]);
    expect(variants[3]?.skipped).toContain("the engine has no image ftp-nat-matrix-test/absent:1");
    expect(versions).toMatchObject({ [ownImageId(tag)]: expect.stringMatching(/^sha256:/) as string });
  } finally {
    await removeImages(engine);
  }
});
