/** Faults in a file: found or written down by somebody, to be examined again. */
import { z } from "zod";
import { dataCommands, modes, operations } from "../../model/axes";
import { causeIds } from "../../model/ids";
import { UsageError } from "../../model/errors";
import { cellId } from "../../model/cells";
import { planCell, type Catalog } from "../../plan/planned-cells";
import type { DrawnFault } from "./draw";
import type { Base, Change } from "./kinds/definition";

const change = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("network"), node: z.string(), lines: z.array(z.string()) }),
  z.object({ kind: z.literal("sysctls"), node: z.string(), values: z.record(z.string(), z.string()) }),
  z.object({ kind: z.literal("directives"), lines: z.array(z.string()) }),
  z.object({ kind: z.literal("server-files"), lines: z.array(z.string()) }),
  z.object({ kind: z.literal("client"), set: z.record(z.string(), z.unknown()) }),
]);

const filedFault = z.object({
  /** In one line, for people. */
  what: z.string(),
  kind: z.string(),
  /** Cell id. */
  cell: z.string(),
  /** Where the change is. */
  node: z.string(),
  changes: z.array(change),
  /** An injected rule whose text is read back from the kernel; `null` if the change is none, or its text does not matter. */
  rule: z.object({ table: z.string(), chains: z.array(z.string()), show: z.string() }).nullable(),
  truth: z.object({ causes: z.array(z.enum(causeIds)), nodes: z.array(z.string()), quotesRule: z.boolean() }),
});

export type FiledFault = z.infer<typeof filedFault>;

/** Reads a file of faults, a JSON array. @throws UsageError with the place of what cannot be read */
export function readFaults(file: string, text: string): readonly FiledFault[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`, {
      code: "invalid-input",
    });
  }
  const read = z.array(filedFault).safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UsageError(`${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not a list of faults"}`, {
    code: "invalid-input",
  });
}

/** The fault at its place in the file, which counts from 1. @throws UsageError where its cell does not exist, or does not work unchanged */
export function filedAs(filed: FiledFault, index: number, catalog: Catalog): DrawnFault {
  const { what, kind, node, changes, rule, truth } = filed;
  const base = baseOf(filed.cell, catalog);
  const known = changes as readonly Change[];
  return { seed: 0, index, kind, base, fault: { what, node, changes: known, rule, truth: () => truth } };
}

function baseOf(id: string, catalog: Catalog): Base {
  const [topologyId = "", server = "", client = "", mode = "", data = "", operation = ""] = id.split("/");
  const topology = catalog.topologies.get(topologyId);
  const profile = catalog.profiles.get(server);
  const axes = {
    topology: topologyId,
    server,
    client,
    mode: modes.find((known) => known === mode),
    data: dataCommands.find((known) => known === data),
    operation: operations.find((known) => known === operation),
  };
  if (topology === undefined || profile === undefined || !areKnown(axes)) {
    throw new UsageError(`There is no cell ${id}.`, { code: "invalid-input" });
  }
  const planned = planCell({ cell: { id: cellId(axes), ...axes }, expect: [] }, catalog);
  if (planned.expected.result === "worked") return { planned, topology, profile };
  throw new UsageError(`${id} is not expected to work, so a fault would show nothing.`, { code: "invalid-input" });
}

type Axes = { readonly mode: unknown; readonly data: unknown; readonly operation: unknown };

function areKnown<T extends Axes>(
  axes: T,
): axes is T & {
  readonly mode: NonNullable<T["mode"]>;
  readonly data: NonNullable<T["data"]>;
  readonly operation: NonNullable<T["operation"]>;
} {
  return axes.mode !== undefined && axes.data !== undefined && axes.operation !== undefined;
}
