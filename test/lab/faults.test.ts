import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectEngine } from "../../harness/lab/engine";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import { drawFault } from "../../harness/tools/faults/draw";
import { faultKinds } from "../../harness/tools/faults/kinds/all";
import type { Examined } from "../../harness/tools/faults/examine";
import { judgeAgain } from "../../harness/tools/faults/kept";
import { catalog } from "../support/lab-run";

jest.setTimeout(300_000);

const kinds = faultKinds.map(({ id }) => id);
const topologies = ["firewall-range", "server-nat-helper"];

async function run(which: "some" | number, keep: string | null): Promise<readonly Examined[]> {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const { runFaults } = await import("../../harness/tools/faults/run-faults.ts");
  const request = {
    catalog,
    seed: 11,
    which:
      which === "some"
        ? { kind: "count" as const, count: 5, choice: { topologies, kinds } }
        : { kind: "one" as const, index: which },
    labsAtOnce: 3,
    workers: 8,
    keep,
  };
  return runFaults(request, engine, () => undefined, new AbortController().signal);
}

test("working cells are broken, what is said of them is compared with the truth, and a fault can be had again", async () => {
  const examined = await run("some", null);
  const kept = examined.flatMap(({ drawn, outcome }) => (outcome.kind === "kept" ? [{ drawn, outcome }] : []));
  expect(kept.length).toBeGreaterThanOrEqual(5);
  expect(examined.filter(({ outcome }) => outcome.kind === "not-staged")).toEqual([]);
  for (const { drawn, outcome } of kept) {
    expect(topologies).toContain(drawn.base.topology.id);
    expect(outcome.evidence.attempt.result).toBe("failed");
    expect(outcome.truth.causes).not.toEqual([]);
    if (drawn.fault.rule !== null) expect(outcome.rule?.text).toMatch(/nflog|log group|^-A /);
  }

  const [first] = kept;
  if (first === undefined) throw new Error("no cell failed");
  const folder = await mkdtemp(join(tmpdir(), "faults-test-"));
  try {
    const [again] = await run(first.drawn.index, folder);
    expect(again?.drawn.fault.what).toBe(drawFault(11, first.drawn.index, catalog).fault.what);
    expect(again?.outcome).toMatchObject({ kind: "kept", truth: first.outcome.truth });
    expect(await readdir(folder)).toEqual([`11-${first.drawn.index}`]);
    // What stands in the recording is judged as what ran.
    if (again?.outcome.kind === "kept") expect(judgeAgain(folder)[0]?.graded).toEqual(again.outcome.graded);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
