#!/usr/bin/env node
import { CommanderError } from "commander";
import { outliveReaders } from "./tools/outlive-readers";
import { withSourcePlaces } from "./tools/source-places";
import { buildProgram } from "./cli/program";
import { describeError, exitCodes, HarnessError, isInterruption } from "./model/errors";

/** Runs the command line and gives the exit code; every error ends as one message with its remedy on stderr. */
async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.expected;
  try {
    const program = await buildProgram(argv, (code) => {
      exitCode = code;
    });
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    // commander has already printed its message; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.expected : exitCodes.usage;
    if (isInterruption(error)) {
      process.stderr.write("interrupted\n");
      return exitCodes.interrupted;
    }
    const { message, hint } = describeError(error);
    process.stderr.write(`error: ${message}\n${hint === null ? "" : `  → ${hint}\n`}`);
    if (error instanceof HarnessError) return error.exitCode;
    // A bug of ours: whoever reports it needs the place.
    process.stderr.write(`${error instanceof Error ? withSourcePlaces(error.stack ?? "") : ""}\n`);
    return exitCodes.lab;
  }
}

outliveReaders();
void main(process.argv.slice(2)).then((exitCode) => {
  // Not process.exit: a pipe may still be taking our output.
  process.exitCode = exitCode;
  // A connection that nobody closed must not keep a nightly waiting.
  setTimeout(() => process.exit(exitCode), 3_000).unref();
});
