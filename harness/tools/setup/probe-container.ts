import { messageOf } from "../../model/errors";
import { text } from "node:stream/consumers";
import type { HostConfig } from "dockerode";
import type { Engine } from "../../lab/engine";
import { makeLabels } from "../../lab/labels";

/** One command in a container of its own, without a network. */
export type Probe = {
  readonly image: string;
  readonly command: readonly string[];
  readonly hostConfig?: HostConfig;
};

/** Exit code of the command, or null where the engine could not start the container; then `output` says why. */
export type ProbeResult = { readonly exitCode: number | null; readonly output: string };

/** Runs the command and removes the container, whatever happens. */
export async function runProbe(engine: Engine, probe: Probe): Promise<ProbeResult> {
  let containerId: string | null = null;
  try {
    const container = await engine.docker.createContainer({
      Image: probe.image,
      Cmd: [...probe.command],
      Labels: makeLabels(),
      // One stream instead of two interleaved ones.
      Tty: true,
      HostConfig: { NetworkMode: "none", ...probe.hostConfig },
    });
    containerId = container.id;
    const output = text(await container.attach({ stream: true, stdout: true, stderr: true }));
    await container.start();
    const end = (await container.wait()) as { StatusCode: number };
    return { exitCode: end.StatusCode, output: (await output).replaceAll("\r\n", "\n").trim() };
  } catch (error) {
    return { exitCode: null, output: messageOf(error) };
  } finally {
    if (containerId !== null) await removeContainer(engine, containerId);
  }
}

/** Runs `work` with the process id, on the engine's machine, of a container that only waits; it ends by itself too. */
export async function withIdleContainer(
  engine: Engine,
  image: string,
  work: (pid: number) => Promise<ProbeResult>,
): Promise<ProbeResult> {
  let containerId: string | null = null;
  try {
    const container = await engine.docker.createContainer({
      Image: image,
      Cmd: ["sleep", "60"],
      Labels: makeLabels(),
      HostConfig: { NetworkMode: "none" },
    });
    containerId = container.id;
    await container.start();
    return await work((await container.inspect()).State.Pid);
  } catch (error) {
    return { exitCode: null, output: messageOf(error) };
  } finally {
    if (containerId !== null) await removeContainer(engine, containerId);
  }
}

async function removeContainer(engine: Engine, id: string): Promise<void> {
  try {
    await engine.docker.getContainer(id).remove({ force: true });
  } catch {
    // `clean` finds it by its label.
  }
}
