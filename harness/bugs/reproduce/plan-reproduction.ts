/** The cells that show what a report says: one for each variant, and those that tell what else a fix does. */
import { isOwnClient } from "../../catalog/clients/user-program";
import { isHeavyClient } from "../../catalog/clients/registry";
import { dataCommandsOf, type Mode } from "../../model/axes";
import type { BugScenario, BugSetup, BugVariant } from "../../model/bug";
import type { Cell, ExpectedResult, PlannedCell } from "../../model/cell";
import type { ServerProfile } from "../../model/server-profile";
import type { Topology } from "../../model/topology";
import { cellId } from "../../model/cells";
import { expectedFrom } from "../../plan/expected";

/** What is run for a variant. */
export type PlannedVariant = {
  readonly variant: BugVariant;
  /** Its own cell. */
  readonly cell: Cell;
  /** The same set-up with other modes and data commands, in place of its own; empty where nothing is compared. */
  readonly others: readonly Cell[];
};

export type ReproductionPlan = {
  readonly variants: readonly PlannedVariant[];
  readonly planned: readonly PlannedCell[];
  readonly topologies: ReadonlyMap<string, Topology>;
  readonly profiles: ReadonlyMap<string, ServerProfile>;
};

/** Where a fix for one mode can break another: in clear, inside TLS, and cleared again. */
const comparedModes: readonly Mode[] = ["ftp", "ftps", "ftps-implicit", "ftps-ccc"];

/**
 * Plans all variants that can be had here.
 * @param comparesOthers whether the other modes are tried with the reported set-up and with each that changes more than the cell
 */
export function planReproduction(
  bug: BugScenario,
  { comparesOthers }: { readonly comparesOthers: boolean },
): ReproductionPlan {
  const topologies = new Map<string, Topology>();
  const profiles = new Map<string, ServerProfile>();
  const planned = new Map<string, PlannedCell>();
  const possible = bug.needs === null ? bug.variants.filter(({ needs }) => needs === null) : [];
  const reported = possible.find(({ id }) => id === "reported");
  const isAnyCompared = possible.some(({ setup }) => reported !== undefined && isCompared(setup, reported.setup));
  const own = possible.map((variant): { readonly variant: BugVariant; readonly cell: Cell } => {
    const { setup, id } = variant;
    const topology = { ...setup.topology, id: idAmong(topologies, setup.topology, `${bug.id}-${id}`) };
    const plain = { ...setup.server, id: idAmong(profiles, setup.server, `${bug.id}-${id}`) };
    const { client, mode, data, script, runs } = setup;
    const operation = script.steps.find((step) => step.kind === "transfer")?.operation ?? "list";
    const cellWith = (server: string): Cell => withId({ topology: topology.id, server, client, mode, data, operation });
    // Two variants may differ in nothing that a cell's id tells; a server's restart costs less than a lab.
    const server = planned.has(cellWith(plain.id).id) ? { ...plain, id: `${bug.id}-${id}` } : plain;
    const cell = cellWith(server.id);
    topologies.set(topology.id, topology);
    profiles.set(server.id, server);
    planned.set(cell.id, { cell, expected: expectedOf(variant), script, runs, keepsEvidence: true });
    return { variant, cell };
  });
  const variants = own.map(({ variant, cell }): PlannedVariant => {
    const isBase = variant === reported && isAnyCompared;
    const isOther = reported !== undefined && isCompared(variant.setup, reported.setup);
    const others = comparesOthers && (isBase || isOther) ? othersOf(cell, variant.setup) : [];
    for (const other of others) {
      if (!planned.has(other.id)) planned.set(other.id, { cell: other, expected: compared, runs: 1 });
    }
    return { variant, cell, others };
  });
  return { variants, planned: [...planned.values()], topologies, profiles };
}

/**
 * Whether a set-up changes something that other modes meet too. A client of which each session takes a display is not asked, and a
 * reporter's own program has one mode alone.
 */
function isCompared(one: BugSetup, other: BugSetup): boolean {
  if ([one, other].some(({ client }) => isHeavyClient(client) || isOwnClient(client))) return false;
  const shared = ({ topology, server, client }: BugSetup): string =>
    JSON.stringify([
      topology.nodes,
      topology.links,
      topology.dial,
      server.tls,
      server.directives,
      server.script,
      server.userConfig,
      client,
    ]);
  return shared(one) !== shared(other);
}

/** The id under which the same is known already, else its own, or another one where its own means something else. */
function idAmong<Part extends { readonly id: string }>(
  known: ReadonlyMap<string, Part>,
  wanted: Part,
  other: string,
): string {
  const same = [...known.values()].find(
    (part) => JSON.stringify({ ...part, id: wanted.id }) === JSON.stringify(wanted),
  );
  return same?.id ?? (known.has(wanted.id) ? other : wanted.id);
}

/** No fix changes what the client cannot do in a mode, and the proof takes long. */
function othersOf(cell: Cell, { topology, server }: BugSetup): readonly Cell[] {
  return comparedModes
    .flatMap((mode) =>
      dataCommandsOf(topology.family).map((data) => withId({ ...cell, mode, data, operation: "list" })),
    )
    .filter(({ mode, data }) => mode !== cell.mode || data !== cell.data)
    .filter((other) => expectedFrom(other, { topology, server }).result !== "unsupported");
}

function withId(axes: Omit<Cell, "id">): Cell {
  const { topology, server, client, mode, data, operation } = axes;
  return { id: cellId(axes), topology, server, client, mode, data, operation };
}

/** Such a cell is only compared with itself before the fix. No outcome is unexpected. */
const compared: ExpectedResult = {
  result: "not-run",
  stage: null,
  cause: null,
  unpredicted: true,
  reason: "Nothing is predicted: it is compared with the same cell of the reported set-up.",
};

/** What the report says of its own cell. */
function expectedOf({ id, shows }: BugVariant): ExpectedResult {
  const { result, stage, cause } = shows;
  const reason = `The report's variant \`${id}\` says so.`;
  // Where chance decides, or the stage is left open, no single session can be said to be as expected.
  const isOpen = shows.rate !== null || (result === "failed" && stage === null);
  return { result, stage, cause: isOpen ? null : cause, reason, ...(isOpen ? { unpredicted: true as const } : {}) };
}
