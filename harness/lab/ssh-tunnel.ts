/** An engine behind `ssh://`, brought here by the user's own ssh: its keys, agent, known hosts and configuration hold. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Where Docker's daemon listens on the other machine, unless the address names a path. */
const usualSocket = "/var/run/docker.sock";
const pollMs = 20;

/** What ssh is called with, for an address such as `ssh://user@host:22/run/user/1000/docker.sock`. */
export function sshArguments(address: string, localSocket: string): readonly string[] {
  const { hostname, port, username, pathname } = new URL(address);
  const remoteSocket = pathname === "" || pathname === "/" ? usualSocket : decodeURIComponent(pathname);
  return [
    "-T",
    // Nobody is there to be asked; a forward that fails is no tunnel; a shared connection would outlive us.
    ...["BatchMode=yes", "ExitOnForwardFailure=yes", "ServerAliveInterval=30", "ControlPath=none"].flatMap((option) => [
      "-o",
      option,
    ]),
    "-L",
    `${localSocket}:${remoteSocket}`,
    ...(port === "" ? [] : ["-p", port]),
    ...(username === "" ? [] : ["-l", decodeURIComponent(username)]),
    "--",
    hostname.replace(/^\[|\]$/g, ""),
    // Ends when its input does, and so the tunnel ends with this process, however that ends.
    "cat",
  ];
}

/**
 * Opens a tunnel that lasts as long as this process, and gives the path of its near end.
 * @throws Error with ssh's own last line.
 */
export async function openSshTunnel(address: string, deadlineMs: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-"));
  const socket = join(folder, "docker.sock");
  const child = spawn("ssh", sshArguments(address, socket), {
    // Of a session of its own: Ctrl-C is for us, who then clean up through it.
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  });
  const close = (): void => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", close);
  let said = "";
  const end: { why: string | null } = { why: null };
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_096)));
  child.stdin.on("error", () => undefined);
  child.once("error", ({ message }) => (end.why = `ssh could not be started: ${message}`));
  child.once("close", () => (end.why ??= lastLine(said) ?? "ssh ended without a word"));
  const deadline = Date.now() + deadlineMs;
  while (!existsSync(socket)) {
    if (end.why !== null || Date.now() > deadline) {
      process.off("exit", close);
      close();
      throw new Error(end.why ?? lastLine(said) ?? "ssh stayed silent");
    }
    await delay(pollMs);
  }
  // It must not keep a finished command from ending.
  child.unref();
  for (const stream of [child.stdin, child.stderr]) (stream as unknown as { unref(): void }).unref();
  return socket;
}

function lastLine(text: string): string | null {
  return (
    text
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "")
      .at(-1) ?? null
  );
}
