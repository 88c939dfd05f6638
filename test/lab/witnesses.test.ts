import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { softwares } from "../../harness/catalog/servers/registry";
import { readRecording } from "../../harness/evidence/recording/read-recording";
import { choose, firstProfileOf, runCells } from "../support/lab-run";

// The images of other servers are built when they are not there yet.
jest.setTimeout(600_000);

const servers = softwares.map(({ id }) => firstProfileOf(id));

test("whichever the server, every witness is heard, and none is missing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-witnesses-"));
  try {
    const cells = choose(servers.map((id) => `server-nat-helper/${id}/basic-ftp/ftp/pasv/download`));
    const report = await runCells(cells, { folder });
    const heard = report.cells.map(({ server, evidence: files }) => {
      const recording = files.find((file) => file.endsWith("/evidence.json")) ?? "";
      const { evidence } = readRecording(join(folder, recording));
      return {
        server,
        missing: evidence?.missing,
        commands: evidence?.server?.exchanges.some(({ command }) => command.startsWith("PASV")),
        configuration: evidence?.server?.configuration !== "",
        routers: evidence?.routers.map(({ packets, rules }) => packets.length > 0 && rules !== ""),
        packets: evidence?.captures.every(({ packets }) => packets.length > 0),
      };
    });
    const whole = { missing: [], commands: true, configuration: true, routers: [true], packets: true };
    expect(heard).toEqual(servers.map((server) => ({ server, ...whole })));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
