import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { LabError, messageOf } from "../model/errors";
import type { Engine } from "./engine";
import { imageId } from "./images";

/** Longest silence of a pull. Where there is no registry the engine's own patience is minutes. */
const silenceMs = 15_000;

type PullOptions = {
  readonly signal: AbortSignal;
  /** Called with each state that the engine reports. */
  readonly onLine?: (line: string) => void;
  readonly silenceMs?: number;
};

/**
 * Pulls an image. Gives null when it worked, else why not: having no registry is an ordinary state of affairs and no
 * error. Throws only when the signal aborts.
 */
export async function pullImage(engine: Engine, reference: string, options: PullOptions): Promise<string | null> {
  const silence = new AbortController();
  const silenceTimer = setTimeout(() => {
    silence.abort(new Error("no answer from the registry"));
  }, options.silenceMs ?? silenceMs);
  const abortSignal = AbortSignal.any([options.signal, silence.signal]);
  try {
    const stream = await engine.docker.pull(reference, { abortSignal });
    await followEvents(stream, (line) => {
      silenceTimer.refresh();
      options.onLine?.(line);
    });
    return null;
  } catch (error) {
    options.signal.throwIfAborted();
    if (silence.signal.aborted) return "no answer from the registry";
    const message = messageOf(error);
    // Docker's client wraps the engine's own words.
    return message.replace(/^\(HTTP code \d+\) .*? - /, "").trim();
  } finally {
    clearTimeout(silenceTimer);
  }
}

/**
 * Makes an image of a root file system's tar.
 * @throws LabError of phase `image`, code `base-image-import-failed`.
 */
export async function importImage(engine: Engine, tarFile: string, reference: string): Promise<void> {
  const [repo = "", tag = "latest"] = reference.split(":");
  try {
    // As in the image that is pulled under this name. Not labelled as ours: whatever is built upon it would inherit that.
    const changes = ['CMD ["bash"]'];
    const stream = await engine.docker.importImage(createReadStream(tarFile), { repo, tag, changes });
    await followEvents(stream, () => undefined);
  } catch (cause) {
    const reason = messageOf(cause);
    throw new LabError("image", `The engine did not take ${reference}: ${reason}`, {
      code: "base-image-import-failed",
      hint: "Check that the engine has disk space left (`npm run matrix -- doctor`), then run `npm run setup` again.",
      cause,
    });
  }
  if ((await imageId(engine, reference)) === null) throw new Error(`${reference} was imported and is not there`);
}

/** The engine answers 200 and reports a failure as an event. */
async function followEvents(stream: NodeJS.ReadableStream, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream })) {
    if (line.trim() === "") continue;
    const event = JSON.parse(line) as { id?: string; status?: string; progress?: string; error?: string };
    if (event.error !== undefined) throw new Error(event.error);
    onLine([event.id, event.status, event.progress].filter((part) => part !== undefined).join(" "));
  }
}
