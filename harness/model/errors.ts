/** Errors that are thrown. Failures of FTP are data and never appear here. */
import type { ErrorCode } from "./error-codes";

/** Process exit codes, part of the contract. */
export const exitCodes = {
  expected: 0,
  unexpected: 1,
  usage: 2,
  lab: 3,
  noCell: 4,
  interrupted: 130,
} as const;

type Details = {
  readonly code: ErrorCode;
  /** The remedy, as one sentence or command. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
};

/** What this tool throws on purpose; each kind has its exit code. */
export abstract class HarnessError extends Error {
  abstract readonly exitCode: number;
  /** A stable word for machines. */
  readonly code: ErrorCode;
  readonly hint: string | null;

  constructor(message: string, details: Details) {
    super(message, { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.hint = details.hint ?? null;
  }
}

/** The command line asks for something that does not exist or does not fit. */
export class UsageError extends HarnessError {
  readonly exitCode = exitCodes.usage;
}

/** No cell matches the selection. */
export class NoCellError extends HarnessError {
  readonly exitCode = exitCodes.noCell;
}

/** A place in an input file; line and column count from 1. */
export type SourcePlace = { readonly file: string; readonly line: number; readonly column: number };

/** One thing wrong with an input file. */
export type InputProblem = {
  readonly place: SourcePlace;
  /** What is wrong, what was expected, and the nearest valid name where there is one. */
  readonly message: string;
};

/** `file:line:column: message`, the form that editors make clickable. */
export function formatProblem(problem: InputProblem): string {
  const { file, line, column } = problem.place;
  return `${file}:${line}:${column}: ${problem.message}`;
}

/** An input file is wrong; carries every problem found in it. */
export class ScenarioError extends HarnessError {
  readonly exitCode = exitCodes.usage;
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[], details: Partial<Details> = {}) {
    super(problems.map(formatProblem).join("\n"), { code: "invalid-input", ...details });
    this.problems = problems;
  }
}

/** Where in a lab's life it broke. */
export type LabPhase =
  "engine" | "image" | "start" | "wiring" | "rules" | "server" | "agent" | "run" | "evidence" | "clean-up";

/** The lab could not be built or broke; never the verdict of a cell. */
export class LabError extends HarnessError {
  readonly exitCode = exitCodes.lab;
  readonly phase: LabPhase;

  constructor(phase: LabPhase, message: string, details: Details) {
    super(message, details);
    this.phase = phase;
  }
}

/** Message and hint of anything thrown, for people. */
export function describeError(error: unknown): { readonly message: string; readonly hint: string | null } {
  if (error instanceof HarnessError) return { message: error.message, hint: error.hint };
  return { message: messageOf(error), hint: null };
}

/** Whether work was given up because the user ended it: the reason of an aborted signal (DOM standard). */
export function isInterruption(error: unknown): boolean {
  return typeof error === "object" && error !== null && "name" in error && error.name === "AbortError";
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
