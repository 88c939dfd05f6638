/** Proves in the lab what `advise` found by prediction. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setupOf, type State } from "../diagnose/advise/state";
import type { Proposal } from "../diagnose/advise/advise";
import type { AdvisedSet } from "../model/advice";
import type { CellResult, PlannedCell } from "../model/cell";
import { networkIdOf } from "../model/positions";
import type { ServerProfile } from "../model/server-profile";
import type { Topology } from "../model/topology";
import { expectedFrom } from "../plan/expected";
import type { Engine } from "../lab/engine";

/** Every need of every proposal, as cells of one run. @throws LabError where no lab could be built */
export async function proveAdvice(
  proposals: readonly Proposal[],
  profiles: ReadonlyMap<string, ServerProfile>,
  engine: Engine,
  signal: AbortSignal,
): Promise<readonly AdvisedSet[]> {
  const named = nameEach(proposals.map(({ after }) => after));
  const planned = named.map((state) =>
    state.uses.map((use): PlannedCell => {
      const setup = setupOf(state, use);
      return { cell: setup.cell, expected: expectedFrom(setup.cell, setup) };
    }),
  );
  // Testcontainers reads its variables when it is loaded, and is too heavy for what starts nothing.
  const [{ runMatrix }, { onceEach }, { makeRunId }] = await Promise.all([
    import("../run/run-matrix.ts"),
    import("../run/matrix-run.ts"),
    import("../run/run-id.ts"),
  ]);
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-"));
  try {
    const { cells } = await runMatrix(
      {
        id: makeRunId(new Date()),
        argv: [],
        cells: {
          planned: [...new Map(planned.flat().map((one) => [one.cell.id, one])).values()],
          topologies: new Map(named.flatMap(({ views }) => views.map((topology) => [topology.id, topology] as const))),
          profiles: new Map([...profiles, ...named.map(({ server }) => [server.id, server] as const)]),
        },
        settings: onceEach(8),
        output: { folder, evidence: "on", tellsExamples: false },
      },
      engine,
      () => undefined,
      signal,
    );
    const results = new Map(cells.map((cell) => [cell.id, cell]));
    return proposals.map(({ set }, index) => ({
      ...set,
      proof: set.uses.map((need, at) => {
        const result = results.get(planned[index]?.[at]?.cell.id ?? "");
        return { need, worked: result?.result === "worked", message: messageOf(result) };
      }),
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function messageOf(result: CellResult | undefined): string | null {
  if (result === undefined) return "the cell was not run";
  if (result.result === "worked") return null;
  return [result.stage, result.cause, result.message].filter((word) => word !== null).join(", ");
}

/** What is the same has one name, so that it has one lab. */
function nameEach(states: readonly State[]): readonly State[] {
  const topologies: string[] = [];
  const servers: string[] = [];
  const numberOf = (known: string[], value: unknown): number => {
    const text = JSON.stringify(value);
    if (!known.includes(text)) known.push(text);
    return known.indexOf(text) + 1;
  };
  return states.map((state): State => {
    const views = state.views.map((view): Topology => {
      const network = networkIdOf(view.id);
      // The position stays behind it.
      return { ...view, id: `${network}-advised-${numberOf(topologies, view)}${view.id.slice(network.length)}` };
    });
    const server = { ...state.server, id: `${state.server.id}-advised-${numberOf(servers, state.server)}` };
    return { ...state, views, server };
  });
}
