import { asProven, tryRemedies, type RunSetup, type Trial } from "../../../harness/cli/try-remedies";
import { offersOf } from "../../../harness/diagnose/offers";
import { diagnose } from "../../../harness/diagnose/diagnose";
import type { Setup } from "../../../harness/plan/setup";
import { profileNamed, topologyNamed } from "../../support/inputs";
import { resultOf } from "../../support/make-report";
import { simulate } from "../../support/simulated-evidence";

const evidence = simulate({ topology: "server-nat", mode: "ftp", data: "epsv" });
const setup: Setup = {
  cell: evidence.cell,
  topology: topologyNamed("server-nat"),
  server: profileNamed("tls-optional"),
};
const offers = offersOf("no-helper", evidence);

/** A lab in which the nth remedy works, counted from 1. */
function labWhere(works: number): { readonly run: RunSetup; readonly tried: Setup[] } {
  const tried: Setup[] = [];
  const run: RunSetup = (changed) => {
    tried.push(changed);
    const result = resultOf(evidence.cell, { result: tried.length === works ? "worked" : "failed" });
    return Promise.resolve({ result, evidence });
  };
  return { run, tried };
}

async function all(trials: AsyncIterable<Trial>): Promise<readonly Trial[]> {
  const found: Trial[] = [];
  for await (const trial of trials) found.push(trial);
  return found;
}

describe("trying remedies", () => {
  it("stops behind the first that the lab can apply", async () => {
    const { run, tried } = labWhere(1);
    const trials = await all(tryRemedies(offers, setup, false, run));
    expect(tried).toHaveLength(1);
    expect(trials.at(-1)).toMatchObject({ kind: "tried", result: { result: "worked" } });
  });

  it("goes on through all of them if it is asked to, in the order in which they are printed", async () => {
    const { run, tried } = labWhere(1);
    const trials = await all(tryRemedies(offers, setup, true, run));
    expect(trials.map(({ offer }) => offer)).toEqual(offers);
    expect(tried).toHaveLength(trials.filter(({ kind }) => kind === "tried").length);
    expect(tried.length).toBeGreaterThan(1);
  });

  it("says why one is not tried", async () => {
    const [offer] = offers;
    if (offer === undefined) throw new Error("there is a remedy");
    const bare = { ...offer, remedy: { ...offer.remedy, apply: () => null } };
    const [trial] = await all(tryRemedies([bare], setup, true, labWhere(1).run));
    expect(trial).toEqual({ kind: "not-tried", offer: bare, why: "nothing that the lab can change by itself" });
  });
});

test("a cause is proven only by a trial, and only the root is", () => {
  const diagnosis = diagnose(evidence);
  expect(diagnosis.findings.map(({ confidence }) => confidence)).not.toContain("proven");
  const [root, ...others] = asProven(diagnosis).findings;
  expect(root?.confidence).toBe("proven");
  expect(others).toEqual(diagnosis.findings.slice(1));
});
