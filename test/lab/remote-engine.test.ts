import { connect, createServer, type AddressInfo } from "node:net";
import { matrix } from "../support/command";

jest.setTimeout(60_000);

test("an engine that is reached over TCP alone runs cells like one beside us", async () => {
  const socket = (process.env["DOCKER_HOST"] ?? "").replace(/^unix:\/\//, "") || "/var/run/docker.sock";
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: socket, allowHalfOpen: true });
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const cell = "server-nat-helper/tls-optional/basic-ftp/ftp/pasv/download";
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${String(port)}` };
    const { exitCode, stdout } = await matrix([cell, "--reporter", "terminal"], env).ended;
    expect(stdout).toContain("1 cell: 1 expected");
    expect(exitCode).toBe(0);
  } finally {
    server.close();
  }
});
