import { runInNewContext } from "node:vm";
import { UsageError, messageOf } from "../model/errors";

/** More than any pattern needs for all cells there are; one that backtracks without end would need years. */
const mostMs = 2_000;

/** Which of the ids a regular expression of the user's matches. @throws UsageError for one that is none, or that takes too long */
export type Grep = (ids: readonly string[]) => ReadonlySet<string>;

/** @param pattern left out: every id */
export function compileGrep(pattern: string | undefined): Grep {
  if (pattern === undefined) return (ids) => new Set(ids);
  try {
    new RegExp(pattern);
  } catch (cause) {
    throw refusal(`--grep: ${messageOf(cause)}.`, "Give a JavaScript regular expression.", cause);
  }
  return (ids) => {
    try {
      const context = { pattern, ids: [...new Set(ids)] };
      // Nothing else in Node ends a match that is under way.
      const matching: unknown = runInNewContext(
        "{ const wanted = new RegExp(pattern); ids.filter((id) => wanted.test(id)); }",
        context,
        { timeout: mostMs },
      );
      return new Set(matching as readonly string[]);
    } catch (cause) {
      const why = `\`${pattern}\` takes longer than ${mostMs / 1000} s on the cells' ids`;
      throw refusal(
        `--grep: ${why}.`,
        "Do not repeat a group that contains a repetition: write `a+` instead of " + "`(a+)+`.",
        cause,
      );
    }
  };
}

function refusal(message: string, hint: string, cause: unknown): UsageError {
  return new UsageError(message, { code: "invalid-grep", hint, cause });
}
