import type { Engine } from "./engine";

/** Without a renewal for so long, a container ends itself; a killed run's labs are gone within a minute. */
const leaseSeconds = 45;
const renewalMs = 10_000;

/** What every host knows of itself. */
const loopbackHosts = ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback"];

/**
 * Main process of every container: writes `/etc/hosts` (`address name`, a line each), then waits for renewals on its stdin and ends when they stop. Where the run is killed the
 * engine closes that stdin, so the container usually ends at once; the time-out is for a run that hangs, or one that died
 * between starting the container and attaching to it. `keep` ends the lease and leaves the container to `clean`.
 */
export function leaseCommand(hosts: readonly string[]): readonly string[] {
  const script = [
    `printf '%s\\n' "$@" > /etc/hosts`,
    "trap 'exit 0' TERM INT",
    `while read -r -t ${leaseSeconds} word; do`,
    `  [ "$word" = keep ] && { trap - TERM INT; exec sleep infinity; }`,
    "done",
  ];
  return ["bash", "-c", script.join("\n"), "lease", ...loopbackHosts, ...hosts];
}

/** Renews a container's lease for as long as this process lives. */
export class Lease {
  readonly #stream: AttachedStream;
  readonly #timer: NodeJS.Timeout;

  private constructor(stream: AttachedStream) {
    this.#stream = stream;
    stream.on("error", () => {
      // The container is gone; its users learn that from their own streams.
    });
    stream.resume();
    this.#timer = setInterval(() => stream.write("renew\n"), renewalMs);
    this.#timer.unref();
  }

  static async hold(engine: Engine, containerId: string): Promise<Lease> {
    const stream = (await engine.docker
      .getContainer(containerId)
      .attach({ stream: true, stdin: true, stdout: false, stderr: false, hijack: true })) as AttachedStream;
    stream.write("renew\n");
    return new Lease(stream);
  }

  /** Lets the container live on without this process. */
  keep(): void {
    clearInterval(this.#timer);
    // Once flushed it must be closed from here: the engine keeps it open as long as the container lives.
    this.#stream.end("keep\n", () => {
      this.#stream.destroy();
    });
  }

  end(): void {
    clearInterval(this.#timer);
    this.#stream.destroy();
  }
}

/** The real type of dockerode's hijacked connection. */
type AttachedStream = NodeJS.ReadWriteStream & { destroy(): void };
