import { PassThrough, type Duplex } from "node:stream";
import type { Engine } from "./engine";

/** A process inside a container, spoken to over its standard streams. */
export type ExecStream = {
  /** Writes to the process's stdin; ending it is how the process is told to finish. */
  readonly stdin: Duplex;
  readonly stdout: PassThrough;
  readonly stderr: PassThrough;
  /** Settles when the process or the connection to it has ended. */
  readonly closed: Promise<void>;
};

/**
 * Starts a process in a running container. Uses the engine's own exec, since Testcontainers' breaks multibyte output and
 * has no stdin.
 */
export async function openExec(engine: Engine, containerId: string, command: readonly string[]): Promise<ExecStream> {
  const exec = await engine.docker
    .getContainer(containerId)
    .exec({ Cmd: [...command], AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  (engine.docker.modem as { demuxStream(from: Duplex, out: PassThrough, err: PassThrough): void }).demuxStream(
    stream,
    stdout,
    stderr,
  );
  const closed = new Promise<void>((resolve) => {
    const end = (): void => {
      stdout.end();
      stderr.end();
      resolve();
    };
    stream.once("end", end);
    stream.once("close", end);
    // A reset connection ends the process's life for us just as its exit does; who waits for it is told by `closed`.
    stream.on("error", end);
  });
  return { stdin: stream, stdout, stderr, closed };
}
