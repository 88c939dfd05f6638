import { createReporters, defaultReporters, systemClock } from "../../reports";
import type { Reporter } from "../model/events";

/** The reporters of these names on this process's streams; those that have a reader where nobody chose. */
export function reportersHere(names: readonly string[] | undefined): readonly Reporter[] {
  return createReporters(names ?? defaultReporters(process.env), {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    clock: systemClock,
    atExit: (action) => process.once("exit", action),
  });
}
