import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { LabError, messageOf } from "../model/errors";
import type { Engine } from "./engine";
import { sortContext, type ContextFile } from "./image-definitions";

/** One image to build. */
export type ImageBuild = {
  readonly name: string;
  readonly tag: string;
  readonly context: readonly ContextFile[];
  /** Called with each line that the build prints. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Aborting closes the connection, upon which the engine gives the build up. */
  readonly signal?: AbortSignal | undefined;
};

/** What is left of a build's output: the step it is at and that step's last lines. */
type BuildLog = { step: string; lines: string[]; error: string | null };

const shownLines = 15;

/**
 * Builds one image with the engine's classic builder.
 * @throws LabError of phase `image`, code `image-build-failed`, which names the failing step and shows its last output.
 */
export async function buildImage(engine: Engine, build: ImageBuild): Promise<void> {
  const log: BuildLog = { step: "", lines: [], error: null };
  try {
    const stream = await engine.docker.buildImage(packContext(build.context), {
      t: build.tag,
      buildargs: proxyArguments(process.env),
      rm: true,
      forcerm: true,
      ...(build.signal ? { abortSignal: build.signal } : {}),
    });
    for await (const line of createInterface({ input: stream })) {
      for (const text of readBuildEvent(log, line)) build.onLine?.(text);
    }
  } catch (error) {
    // The error of a stream that was cut off says nothing about the build.
    build.signal?.throwIfAborted();
    // A bad Dockerfile is refused before the first event, with the reason in the engine's answer.
    log.error ??= messageOf(error);
  }
  // A cut stream may end as a whole one does.
  build.signal?.throwIfAborted();
  if (log.error !== null) throw buildFailure(build.name, log);
}

function buildFailure(name: string, log: BuildLog): LabError {
  const lines = [`The image ${name} could not be built: ${log.error ?? ""}`];
  if (log.step !== "") lines.push(log.step, ...log.lines.map((line) => `  ${line}`));
  return new LabError("image", lines.join("\n"), {
    code: "image-build-failed",
    hint: `Check that containers reach the Debian mirror named above, then run \`npm run setup\` again.`,
  });
}

/** Takes one line of the event stream into the log; gives the printed lines in it. The stream says 200 even when the build fails. */
function readBuildEvent(log: BuildLog, line: string): readonly string[] {
  if (line.trim() === "") return [];
  const event = JSON.parse(line) as { stream?: string; error?: string };
  if (event.error !== undefined) log.error = event.error;
  const texts = (event.stream ?? "").split("\n").flatMap((text) => (text.trim() === "" ? [] : [text.trimEnd()]));
  for (const text of texts) {
    if (/^step \d+\/\d+ ?:/i.test(text)) {
      log.step = text;
      log.lines = [];
    } else {
      log.lines = [...log.lines, text].slice(-shownLines);
    }
  }
  return texts;
}

/** A tar with nothing in it that changes from machine to machine, so that the engine's layer cache hits. */
function packContext(context: readonly ContextFile[]): Readable {
  const tar = pack();
  for (const file of sortContext(context)) {
    const mode = file.isProgram === true ? 0o755 : 0o644;
    tar.entry({ name: file.path, mode, mtime: new Date(0) }, file.content);
  }
  tar.finalize();
  return Readable.from(tar);
}

/** Docker knows these arguments without an ARG line and keeps them out of the image. */
function proxyArguments(environment: NodeJS.ProcessEnv): Record<string, string> {
  const names = ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
