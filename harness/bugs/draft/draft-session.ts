/** What a draft's session does after login: the log's transfers, as far as a session of the lab can hold them. */
import { resolveClient } from "../../catalog/clients/registry";
import { bugLimits } from "../../inputs/bug-schema";
import type { Operation } from "../../model/axes";
import { counted } from "../../text/quantity";
import type { ToldTransfer } from "./told-transfers";

export type DraftSession = {
  /** In YAML, on one line. */
  readonly yaml: string;
  /** What of the log it leaves out, in sentences. */
  readonly remarks: readonly string[];
};

/** Where the log tells no size. */
const usualSize = 32 * 1024;
/** A longer file shows nothing else, and takes its time. */
const longestFile = 8 * 1024 * 1024;

type Step = { readonly operation: Operation; readonly transfers: readonly ToldTransfer[] };

/**
 * A packaged client does one thing in a session: that at which the log stopped.
 * @param failing what the log stopped at
 */
export function draftSession(transfers: readonly ToldTransfer[], failing: Operation, client: string): DraftSession {
  const all = stepsOf(transfers.slice(-bugLimits.files));
  const isAgents = (resolveClient(client)?.definition.program ?? null) === null;
  const last = all.findLast(({ operation }) => operation === failing) ?? { operation: failing, transfers: [] };
  const held = isAgents && all.length > 1 ? all.slice(-bugLimits.steps) : [last];
  const words = held.map(stepText);
  const worked = transfers.filter((transfer) => transfer.worked).length;
  return {
    yaml: words.length === 1 ? (words[0] ?? failing) : `[${words.join(", ")}]`,
    remarks: [
      ...(held.flatMap((step) => step.transfers).length < transfers.length
        ? [`The log's session transfers more: ${transfers.map(({ operation }) => operation).join(", ")}.`]
        : []),
      ...(worked > 0
        ? [`In the log ${counted(worked, "transfer")} worked; here the first is predicted to fail already.`]
        : []),
    ],
  };
}

function stepsOf(transfers: readonly ToldTransfer[]): readonly Step[] {
  const steps: { operation: Operation; transfers: ToldTransfer[] }[] = [];
  for (const transfer of transfers) {
    const last = steps.at(-1);
    if (last?.operation === transfer.operation && transfer.operation !== "list") last.transfers.push(transfer);
    else steps.push({ operation: transfer.operation, transfers: [transfer] });
  }
  return steps;
}

function stepText({ operation, transfers }: Step): string {
  if (operation === "list" || (transfers.length < 2 && transfers.every(({ size }) => size === null))) return operation;
  const sizes = transfers.map(({ size }) => `${Math.min(size ?? usualSize, longestFile)} B`);
  return `{ ${operation}: ${sizes.length === 1 ? (sizes[0] ?? "") : `[${sizes.join(", ")}]`} }`;
}
