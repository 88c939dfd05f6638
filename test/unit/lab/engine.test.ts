import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectEngine, explainConnectError } from "../../../harness/lab/engine";
import { probeHttpSocket } from "../../../harness/tools/setup/engine-state";

const withCode = (code: string) => Object.assign(new Error(code), { code });

describe("an engine that cannot be used", () => {
  it("is told from one that this user may not use", () => {
    expect(explainConnectError(withCode("EACCES"), "", "linux")).toMatchObject({
      phase: "engine",
      code: "engine-permission",
      hint: expect.stringContaining("usermod -aG docker") as string,
    });
  });

  it("is set up on Linux and started by hand elsewhere", () => {
    expect(explainConnectError(withCode("ENOENT"), "", "linux")).toMatchObject({
      message: "No Docker engine answers (there is no socket).",
      code: "engine-unreachable",
      hint: "Run `npm run setup`.",
    });
    expect(explainConnectError(withCode("ENOENT"), "", "darwin").hint).toMatch(/Docker Desktop/);
  });

  it("is named when DOCKER_HOST names it", () => {
    const { message, hint } = explainConnectError(withCode("ECONNREFUSED"), "tcp://lab:2375", "linux");
    expect(message).toBe("The engine at DOCKER_HOST=tcp://lab:2375 does not answer (connection refused).");
    expect(hint).toMatch(/unset DOCKER_HOST/);
  });
});

const onUnix = process.platform === "win32" ? describe.skip : describe;

onUnix("an engine that takes connections and never answers", () => {
  const socketPath = join(tmpdir(), `ftp-nat-matrix-test-${process.pid}.sock`);
  const silent = createServer();
  const before = process.env["DOCKER_HOST"];

  beforeAll((done) => {
    silent.listen(socketPath, done);
    process.env["DOCKER_HOST"] = `unix://${socketPath}`;
  });

  afterAll(() => {
    silent.close();
    rmSync(socketPath, { force: true });
    if (before === undefined) delete process.env["DOCKER_HOST"];
    else process.env["DOCKER_HOST"] = before;
  });

  it("is given up after the deadline", async () => {
    await expect(connectEngine(100)).rejects.toMatchObject({
      code: "engine-unreachable",
      message: expect.stringContaining("did not answer") as string,
    });
  });

  it("is observed as silent, and a socket that is not there as absent", async () => {
    expect(await probeHttpSocket(socketPath, 100)).toBe("silent");
    expect(await probeHttpSocket(`${socketPath}.none`, 100)).toBe("absent");
  });
});
