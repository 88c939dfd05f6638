/** Tries in the lab what is printed as a cure: what `prove` shows and `explain --prove` rests on. */
import { withPastedRules } from "../diagnose/remedies/pasted-rules";
import type { Offer } from "../diagnose/remedies/remedy";
import type { CellResult } from "../model/cell";
import type { Diagnosis } from "../model/diagnosis";
import type { CellEvidence } from "../model/evidence";
import { expectedFrom } from "../plan/expected";
import { overruledBy, type Setup } from "../plan/setup";
import type { Engine } from "../lab/engine";
import type { Selection } from "./select-cells";

/** Runs a set-up's cell once, in a lab of its own. */
export type RunSetup = (setup: Setup) => Promise<{ readonly result: CellResult; readonly evidence: CellEvidence }>;

/** Runs set-ups of a selection's cell, without telling its events. */
export async function setupRunner({ catalog }: Selection, engine: Engine, signal: AbortSignal): Promise<RunSetup> {
  // Testcontainers reads its variables when it is loaded, and is too heavy for what starts nothing.
  const { runOne } = await import("../run/run-one.ts");
  return (setup) => {
    const expected = expectedFrom(setup.cell, setup);
    const one = { ...setup, planned: { cell: setup.cell, expected }, profiles: catalog.profiles };
    return runOne(one, engine, () => undefined, signal);
  };
}

/** A remedy, and what the cell did with it. */
export type Trial =
  | { readonly kind: "tried"; readonly offer: Offer; readonly result: CellResult }
  | { readonly kind: "not-tried"; readonly offer: Offer; readonly why: string };

/** Tries the first remedy that the lab can apply, or each of them; gives each trial as it ends. */
export async function* tryRemedies(
  offers: readonly Offer[],
  setup: Setup,
  all: boolean,
  run: RunSetup,
): AsyncGenerator<Trial> {
  for (const offer of offers) {
    const { remedy, printed } = offer;
    const applied = remedy.apply(setup);
    const changed = applied === null ? null : withPastedRules(setup, applied, printed);
    const file = changed === null ? null : overruledBy(setup, changed);
    if (changed === null || file !== null) {
      const why = file === null ? "nothing that the lab can change by itself" : `it would be a change of ${file}`;
      yield { kind: "not-tried", offer, why };
      continue;
    }
    const { result } = await run(changed);
    yield { kind: "tried", offer, result };
    if (!all) return;
  }
}

/** The diagnosis with its root as proven: a remedy of it made the cell work. */
export function asProven(diagnosis: Diagnosis): Diagnosis {
  const [root, ...others] = diagnosis.findings;
  return root === undefined ? diagnosis : { ...diagnosis, findings: [{ ...root, confidence: "proven" }, ...others] };
}
