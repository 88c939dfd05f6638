/** Everything that the harness uses of the reports. */
import { tmpdir } from "node:os";
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
import { annotationLines, withoutCommands } from "./annotations";
import { reportForms } from "./forms/all";
import type { ReportForm } from "./forms/definition";
import { markdownReport } from "./forms/markdown";
import { reporterNames, type ReporterName } from "./reporter-names";
import { appendText, writeReportSomewhere } from "./write";

export { systemClock } from "./clock";
export { listJson, listText } from "./list-text";
export { matchJson, matchText } from "./match-text";
export { terminalTraits } from "./terminal";
export { thingsJson, thingsText } from "./things-text";
export { createRunFolder } from "./write";

/** The reporters that run if nobody chooses any; GitHub's runner is recognised by its own variable. */
export function defaultReporters(env: Environment): readonly ReporterName[] {
  return reporterNames.filter((name) => name !== "github" || isGitHub(env));
}

function isGitHub(env: Environment): boolean {
  return env["GITHUB_ACTIONS"] === "true";
}

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

function reportersNamed(name: ReporterName, context: ReporterContext): readonly Reporter[] {
  switch (name) {
    case "terminal":
      return [progressReporter(context), matrixReporter(context)];
    case "github":
      return [gitHubReporter(context)];
    default:
      return reportForms.filter((form) => form.name === name).map(fileReporter);
  }
}

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
    .flatMap((name) => reportersNamed(name, context))
    .map((reporter) => new GuardedReporter(reporter, note));
}

/** A stream without commands for GitHub's runner, where that reads along: of all reporters only one speaks to it. */
function forPeople(stream: OutputStream, env: Environment): { readonly write: (text: string) => unknown } {
  return { write: (text) => stream.write(isGitHub(env) ? withoutCommands(text) : text) };
}

function progressReporter({ stderr, env, clock, atExit }: ReporterContext): Reporter {
  const { colour, unicode, live } = terminalTraits(stderr.isTTY === true, env);
  if (!live) return new PlainReporter({ stream: forPeople(stderr, env), clock, unicode });
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
      const { folder } = event;
      const { columns } = stdout;
      forPeople(stdout, env).write(
        matrixText(event.report, { colours: createColors(colour), unicode, folder, columns }),
      );
    },
  };
}

/** Annotations on stdout, and the report as the job's summary where the runner names a file for it. */
function gitHubReporter({ stdout, env }: ReporterContext): Reporter {
  return later("github", async ({ report }) => {
    for (const line of annotationLines(report)) stdout.write(`${line}\n`);
    const summary = env["GITHUB_STEP_SUMMARY"] ?? "";
    if (summary !== "") await appendText(summary, markdownReport(report));
  });
}

function fileReporter(form: ReportForm): Reporter {
  return later(form.name, async ({ report, folder }) => {
    if (folder !== null) await writeReportSomewhere(report, folder, [form], tmpdir());
  });
}

type RunFinished = Extract<RunEvent, { readonly kind: "run-finished" }>;

/** Writing takes a while and an event cannot wait: `close` does, and throws what went wrong. */
function later(name: string, act: (event: RunFinished) => Promise<void>): Reporter {
  let done: Promise<void> = Promise.resolve();
  return {
    name,
    onEvent: (event: RunEvent) => {
      if (event.kind !== "run-finished") return;
      done = act(event);
      // `close` reports it; until then it must not count as an unhandled rejection.
      done.catch(() => undefined);
    },
    close: async () => {
      await done;
    },
  };
}
