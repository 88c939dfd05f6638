/** Whether a variant showed what it must. */
import type { Bounds, Shows } from "../../model/bug";
import type { Attempt, CellResult } from "../../model/cell";
import type { SideEffect, VariantSession, VariantVerdict } from "../../model/reproduction";

/** Compares all sessions of a variant, each of which was run, with what it must show. */
export function judgeVariant(shows: Shows, sessions: readonly VariantSession[]): VariantVerdict {
  const differences = sessions.map((session) => differenceOf(shows, session));
  const shown = differences.filter((difference) => difference === null).length;
  const runs = sessions.length;
  const verdict = (difference: string | null, told: VariantSession | undefined): VariantVerdict => ({
    difference,
    shown,
    runs,
    told: told ?? sessions[0] ?? null,
  });
  if (shows.rate === null) {
    const first = differences.findIndex((difference) => difference !== null);
    return first === -1 ? verdict(null, sessions[0]) : verdict(differences[first] ?? null, sessions[first]);
  }
  const percent = runs === 0 ? 0 : (shown / runs) * 100;
  const typical = sessions[differences.indexOf(null)];
  if (isWithin(percent, shows.rate)) return verdict(null, typical);
  return verdict(`seen in ${percent.toFixed(0)} % of the runs in place of ${boundsText(shows.rate, " %")}`, typical);
}

/** The first difference of one session, in the order of its steps. `null`: there is none. */
function differenceOf(shows: Shows, { result, attempt }: VariantSession): string | null {
  const seconds = result.durationMs / 1000;
  const said = saidBy(result, attempt);
  const missing = shows.says.find((text) => !said.includes(plain(text)));
  if (result.result !== shows.result)
    return `${result.result}${result.stage === null ? "" : ` at ${result.stage}`} in place of ${shows.result}`;
  if (shows.stage !== null && result.stage !== shows.stage)
    return `failed at ${result.stage ?? "no stage"} in place of ${shows.stage}`;
  if (shows.reply !== null && result.replyCode !== shows.reply)
    return `${result.replyCode === null ? "no reply" : `reply ${result.replyCode}`} in place of ${shows.reply}`;
  if (missing !== undefined) return `the client never said “${missing}”`;
  if (shows.cause !== null && result.cause !== shows.cause)
    return `the cause is ${result.cause ?? "none"} in place of ${shows.cause}`;
  const stored = attempt === null ? null : storedOf(attempt);
  if (shows.stored !== null && stored !== shows.stored)
    return `the server has ${stored ?? "nothing"} of the files in place of ${shows.stored}`;
  if (shows.lasts !== null && !isWithin(seconds, shows.lasts))
    return `it lasted ${seconds.toFixed(1)} s in place of ${boundsText(shows.lasts, " s")}`;
  return null;
}

/** All that the client told: its message, what it printed, the dialogue. */
function saidBy({ message }: CellResult, attempt: Attempt | null): string {
  const lines = [message ?? "", ...(attempt?.output ?? []), ...(attempt?.transcript ?? []).map(({ text }) => text)];
  return plain(lines.join("\n"));
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}

/** SHA-256 of a file without a byte. */
const emptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** What of the sent files lies on the server. */
function storedOf({ transfers }: Attempt): Shows["stored"] {
  const there = transfers.filter(({ serverSha256 }) => serverSha256 !== null);
  if (there.length === 0) return "nothing";
  if (transfers.every(({ clientSha256, serverSha256 }) => clientSha256 === serverSha256)) return "complete";
  return there.every(({ serverSha256 }) => serverSha256 === emptySha256) ? "empty" : "partial";
}

function isWithin(value: number, { least, most }: Bounds): boolean {
  return (least === null || value >= least) && (most === null || value <= most);
}

function boundsText({ least, most }: Bounds, unit: string): string {
  if (least !== null && most !== null) return `${least} to ${most}${unit}`;
  return least === null ? `at most ${String(most)}${unit}` : `at least ${least}${unit}`;
}

/** What a change breaks and cures beside the report's own cell: the same mode and data command before and after it. */
export function sideEffects(
  before: readonly CellResult[],
  after: readonly CellResult[],
): { readonly breaks: readonly SideEffect[]; readonly cures: readonly SideEffect[]; readonly compared: number } {
  const pairs = after.flatMap((changed): SideEffect[] => {
    const same = before.find(({ mode, data }) => mode === changed.mode && data === changed.data);
    return same === undefined ? [] : [{ before: same, after: changed }];
  });
  const turns = (from: CellResult["result"], to: CellResult["result"]): readonly SideEffect[] =>
    pairs.filter((pair) => pair.before.result === from && pair.after.result === to);
  return { breaks: turns("worked", "failed"), cures: turns("failed", "worked"), compared: pairs.length };
}
