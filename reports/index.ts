/** Everything that the harness uses of the reports. */
import { createColors } from "picocolors";
import { UsageError } from "../harness/model/errors";
import type { Reporter, RunEvent } from "../harness/model/events";
import type { Clock } from "./clock";
import { GuardedReporter } from "./guard";
import { LiveReporter } from "./live";
import type { LiveStream } from "./live";
import { matrixText } from "./matrix-text";
import { PlainReporter } from "./plain";
import type { Environment } from "./terminal";
import { terminalTraits } from "./terminal";
import type { ReportFiles } from "./write";
import { writeReport } from "./write";

export { systemClock } from "./clock";
export { listJson, listText } from "./list-text";
export { matchJson, matchText } from "./match-text";
export { terminalTraits } from "./terminal";
export { createRunFolder } from "./write";

/** Names that `--reporter` takes. */
export const reporterNames = ["terminal", "json", "markdown", "html"] as const;
type ReporterName = (typeof reporterNames)[number];

/** `process.stdout` and `process.stderr` fit. */
type OutputStream = LiveStream & { readonly isTTY?: boolean | undefined };

export type ReporterContext = {
  /** For results, so that they can be piped. */
  readonly stdout: OutputStream;
  /** For progress. */
  readonly stderr: OutputStream;
  readonly env: Environment;
  readonly clock: Clock;
  /** Runs an action when the process exits, however that comes: `(action) => process.once("exit", action)`. */
  readonly atExit: (action: () => void) => unknown;
};

const noFile: ReportFiles = { json: false, markdown: false, html: false };

const factories: Readonly<Record<ReporterName, (context: ReporterContext) => readonly Reporter[]>> = {
  terminal: (context) => [progressReporter(context), matrixReporter(context)],
  json: () => [fileReporter("json", { ...noFile, json: true })],
  markdown: () => [fileReporter("markdown", { ...noFile, markdown: true })],
  html: () => [fileReporter("html", { ...noFile, html: true })],
};

/**
 * The reporters of these names, each once, in order; each is guarded, so that one that throws is noted on stderr and left out.
 * @throws UsageError `unknown-reporter`
 */
export function createReporters(names: readonly string[], context: ReporterContext): readonly Reporter[] {
  const known = names.map((name) => {
    const found = reporterNames.find((candidate) => candidate === name.trim());
    if (found !== undefined) return found;
    throw new UsageError(`there is no reporter "${name}"`, {
      code: "unknown-reporter",
      hint: `Reporters are ${reporterNames.join(", ")}; several are separated by commas.`,
    });
  });
  const note = (line: string): unknown => context.stderr.write(line);
  return [...new Set(known)]
    .flatMap((name) => factories[name](context))
    .map((reporter) => new GuardedReporter(reporter, note));
}

function progressReporter({ stderr, env, clock, atExit }: ReporterContext): Reporter {
  const { colour, unicode, live } = terminalTraits(stderr.isTTY === true, env);
  if (!live) return new PlainReporter({ stream: stderr, clock, unicode });
  const reporter = new LiveReporter({ stream: stderr, clock, unicode, colours: createColors(colour) });
  atExit(() => {
    reporter.shut();
  });
  return reporter;
}

function matrixReporter({ stdout, env }: ReporterContext): Reporter {
  return {
    name: "terminal",
    onEvent: (event) => {
      if (event.kind !== "run-finished") return;
      const { colour, unicode } = terminalTraits(stdout.isTTY === true, env);
      stdout.write(matrixText(event.report, { colours: createColors(colour), unicode, folder: event.folder }));
    },
  };
}

/** Writing takes a while and an event cannot wait: `close` does, and throws what went wrong. */
function fileReporter(name: string, files: ReportFiles): Reporter {
  let written: Promise<unknown> = Promise.resolve();
  return {
    name,
    onEvent: (event: RunEvent) => {
      if (event.kind !== "run-finished" || event.folder === null) return;
      written = writeReport(event.report, event.folder, files);
      // `close` reports it; until then it must not count as a rejection that nobody handles.
      written.catch(() => undefined);
    },
    close: async () => {
      await written;
    },
  };
}
