import { PassThrough, type Duplex, type Readable, type Writable } from "node:stream";
import type { Engine } from "./engine";

/** A process, as inside a container, spoken to over its standard streams. */
export type ExecStream = {
  /** Writes to the process's stdin; ending it tells the process to finish. */
  readonly stdin: Writable;
  /** Both end when the process or the connection to it has ended, once all that it has written is read. */
  readonly stdout: Readable;
  readonly stderr: Readable;
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
  const end = (): void => {
    stdout.end();
    stderr.end();
  };
  stream.once("end", end);
  stream.once("close", end);
  // For us a reset connection is the end of the process just as its exit is.
  stream.on("error", end);
  return { stdin: stream, stdout, stderr };
}
