import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Held while setup works; one process of a user on a machine holds it at a time. */
export type SetupLock = { readonly release: () => void };

/**
 * Takes the lock, waiting for whoever holds it. It is a listening socket in Linux's abstract name space and not a
 * file: the kernel releases it with its process, so there is no stale lock to tell from a live one. Elsewhere setup
 * starts no engine and needs no lock.
 */
export async function takeSetupLock(
  signal: AbortSignal,
  onWaiting: () => void,
  name = `ftp-nat-matrix-setup-${process.getuid?.() ?? 0}`,
): Promise<SetupLock> {
  if (process.platform !== "linux") return { release: () => undefined };
  for (let attempt = 0; ; attempt += 1) {
    signal.throwIfAborted();
    const lock = await tryToListen(`\0${name}`);
    if (lock !== null) return lock;
    if (attempt === 0) onWaiting();
    signal.throwIfAborted();
    await waitForHolder(`\0${name}`, signal);
  }
}

async function tryToListen(name: string): Promise<SetupLock | null> {
  const waiting = new Set<Socket>();
  const server: Server = createServer((socket) => {
    waiting.add(socket);
    socket.on("error", () => undefined);
    socket.unref();
  });
  try {
    server.listen(name);
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return null;
    throw error;
  }
  // The lock alone must not keep the process.
  server.unref();
  const release = () => {
    server.close();
    for (const socket of waiting) socket.destroy();
  };
  return { release };
}

/** A holder's connections end with it, however it ends; that is what those who wait see. */
async function waitForHolder(name: string, signal: AbortSignal): Promise<void> {
  const socket = connect(name).resume();
  const abort = () => socket.destroy();
  signal.addEventListener("abort", abort, { once: true });
  await new Promise<void>((resolve) => {
    // An error, such as a holder that ended just now, is followed by the close.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      resolve();
    });
  });
  signal.removeEventListener("abort", abort);
}
