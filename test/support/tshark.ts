import { join } from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { connectEngine } from "../../harness/lab/engine";
import { ensureImages } from "../../harness/lab/images";
import { makeLabels } from "../../harness/lab/labels";

const file = "/capture.pcapng";

/**
 * What Wireshark's command line makes of a capture: the given fields of the packets that the display filter lets through, a
 * packet a line, separated by tabs. Its image is built when it is first needed.
 */
export async function tshark(capture: Buffer, filter: string, fields: readonly string[]): Promise<readonly string[]> {
  const engine = await connectEngine();
  const { tshark: image } = await ensureImages(engine, ["tshark"], undefined, { folder: join(__dirname, "images") });
  const container = await engine.docker.createContainer({
    Image: image,
    Cmd: ["tshark", "-r", file, "-Y", filter, "-T", "fields", ...fields.flatMap((field) => ["-e", field])],
    Labels: makeLabels({ role: "client" }),
    Tty: false,
    HostConfig: { NetworkMode: "none" },
  });
  try {
    const archive = pack();
    archive.entry({ name: file.slice(1) }, capture);
    archive.finalize();
    await container.putArchive(Readable.from(archive), { path: "/" });
    await container.start();
    const { StatusCode: status } = (await container.wait()) as { StatusCode: number };
    const stdout = plainText(await container.logs({ stdout: true }));
    if (status !== 0) throw new Error(`tshark: ${plainText(await container.logs({ stderr: true }))}`);
    return stdout.split("\n").filter((line) => line !== "");
  } finally {
    await container.remove({ force: true });
  }
}

/** The engine's log stream puts eight bytes before each piece: the stream's number and the piece's length. */
function plainText(log: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length;) {
    const length = log.readUInt32BE(at + 4);
    pieces.push(log.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(pieces).toString("utf8");
}
