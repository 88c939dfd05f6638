import { readdir, readFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { matrix } from "../support/command";
import { hasSshServer, startSshServer } from "../support/ssh-server";

jest.setTimeout(60_000);

const cell = "server-nat-helper/tls-optional/basic-ftp/ftp/pasv/download";
const localSocket = (process.env["DOCKER_HOST"] ?? "").replace(/^unix:\/\//, "") || "/var/run/docker.sock";

test("an engine that is reached over TCP alone runs cells like one beside us", async () => {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: localSocket, allowHalfOpen: true });
    sockets.push(near, far);
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}` };
    const { exitCode, stdout } = await matrix([cell, "--reporter", "terminal"], env).ended;
    expect(stdout).toContain("1 cell: 1 expected");
    expect(exitCode).toBe(0);
  } finally {
    server.close();
    // The engine may keep a half of a connection open for ever, and that would keep this process alive.
    for (const socket of sockets) socket.destroy();
  }
});

if (!hasSshServer)
  process.stderr.write("Skipped, since there is no sshd: `apt-get install openssh-server` installs it.\n");

(hasSshServer ? describe : describe.skip)("an engine that is reached over ssh alone", () => {
  it("runs cells like one beside us, and leaves no ssh behind", async () => {
    const server = await startSshServer();
    try {
      const env = { DOCKER_HOST: `${server.address}${localSocket}`, PATH: server.path };
      const { exitCode, stdout } = await matrix([cell, "--reporter", "terminal"], env).ended;
      expect(stdout).toContain("1 cell: 1 expected");
      expect(exitCode).toBe(0);
      expect(await sshProcesses(server.address)).toEqual([]);
    } finally {
      await server.close();
    }
  });

  it("is not asked for a password, and says what ssh says", async () => {
    const { exitCode, stderr } = await matrix(["clean"], { DOCKER_HOST: "ssh://nobody@127.0.0.1:1" }).ended;
    expect(stderr).toMatch(/DOCKER_HOST=ssh:\/\/nobody@127\.0\.0\.1:1 does not answer \(.*refused/);
    expect(stderr).toContain("`ssh` must reach that machine without asking for anything");
    expect(exitCode).toBe(3);
  });
});

/** Command lines of the clients that still have a tunnel to that server open. */
async function sshProcesses(address: string): Promise<readonly string[]> {
  const { port } = new URL(address);
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(processes.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.includes(`\0-p\0${port}\0`));
}
