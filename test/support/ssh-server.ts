import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort, listens } from "./loopback-port";

const sshd = "/usr/sbin/sshd";

/** Whether this machine has an ssh server that a test can start for itself. */
export const hasSshServer = existsSync(sshd) && existsSync("/usr/bin/ssh");

/** An ssh server on loopback that lets this very user in by key. */
export type SshServer = {
  readonly address: string;
  /** A `PATH` whose `ssh` has the key and knows the server, as a user's own configuration would see to. */
  readonly path: string;
  readonly close: () => Promise<void>;
};

export async function startSshServer(): Promise<SshServer> {
  const folder = mkdtempSync(join(tmpdir(), "sshd-"));
  const file = (name: string) => join(folder, name);
  for (const name of ["host", "user"]) {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file(name)]);
  }
  const port = await freePort();
  // Where it gives its privileges up; Debian's start script makes it.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
  const lines = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${file("host")}`,
    `AuthorizedKeysFile ${file("user.pub")}`,
    "PidFile none",
    "PermitRootLogin prohibit-password",
    "PasswordAuthentication no",
    "StrictModes no",
    "UsePAM no",
  ];
  writeFileSync(file("sshd_config"), `${lines.join("\n")}\n`);
  const config = [
    `IdentityFile ${file("user")}`,
    `UserKnownHostsFile ${file("known_hosts")}`,
    "StrictHostKeyChecking accept-new",
  ];
  writeFileSync(file("ssh_config"), `${config.join("\n")}\n`);
  mkdirSync(file("bin"));
  writeFileSync(file("bin/ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F ${file("ssh_config")} "$@"\n`, { mode: 0o755 });
  const child = spawn(sshd, ["-D", "-q", "-f", file("sshd_config")], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) =>
    child.once("close", () => {
      resolve();
    }),
  );
  const close = async (): Promise<void> => {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true });
  };
  for (let attempt = 0; !(await listens(port)); attempt += 1) {
    if (attempt < 100 && child.exitCode === null) await delay(50);
    else {
      await close();
      throw new Error("sshd did not start");
    }
  }
  return {
    address: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    path: `${file("bin")}:${process.env["PATH"] ?? ""}`,
    close,
  };
}
