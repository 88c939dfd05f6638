import { diagnose } from "../../../harness/diagnose/diagnose";
import type { CellResult } from "../../../harness/model/cell";
import { Examples } from "../../../harness/run/examples";
import { recordedSession } from "../../support/recorded-sessions";
import { resultOf } from "../../support/make-report";

const evidence = recordedSession("229-unread");
const diagnosis = diagnose(evidence);
const result = resultOf(evidence.cell, {
  result: "failed",
  stage: evidence.attempt.stage,
  cause: diagnosis.findings[0]?.cause ?? null,
});

function kept(...results: readonly CellResult[]): readonly string[] {
  const examples = new Examples();
  for (const one of results) examples.offer(one, evidence, diagnosis);
  return examples.all(results).map(({ cell }) => cell);
}

function moved(change: Partial<CellResult>): CellResult {
  const cell = { ...result, ...change };
  const { topology, server, client, mode, data, operation } = cell;
  return { ...cell, id: [topology, server, client, mode, data, operation].join("/") };
}

describe("Examples", () => {
  it("tells a cell in full: why, what cures it, what was seen and what passed", () => {
    const examples = new Examples();
    examples.offer(result, evidence, diagnosis);
    const [example] = examples.all([result]);
    expect(example).toMatchObject({ cell: result.id, whyItWorked: null });
    expect(example?.findings[0]).toMatchObject({ cause: "helper-blind-to-tls", confidence: "shown" });
    expect(example?.findings[0]?.remedies.length).toBeGreaterThan(2);
    expect(example?.seen.map(({ witness }) => witness)).toEqual(expect.arrayContaining(["client", "server", "router"]));
    expect(example?.steps.some(({ failed, isData }) => failed === true && isData === true)).toBe(true);
    expect(example?.stages.at(-1)?.stage).toBe(evidence.attempt.stages.at(-1)?.stage);
  });

  it("keeps one of cells that came to the same in the same way", () => {
    const upload = moved({ operation: "upload" });
    expect(kept(result, upload)).toEqual([result.id]);
    expect(kept(result, { ...upload, stage: "data-tls" })).toHaveLength(2);
  });

  it("keeps one for each network, server, client and data command", () => {
    const others = [moved({ topology: "x" }), moved({ server: "x" }), moved({ client: "x" }), moved({ data: "port" })];
    expect(kept(result, ...others)).toHaveLength(5);
  });

  it("keeps every cell that surprised", () => {
    const surprises = ["list", "download", "upload"].map((operation) =>
      moved({ operation: operation as "list", outcome: "unexpected" }),
    );
    expect(kept(...surprises)).toHaveLength(3);
  });

  it("gives them in the report's order, whatever ended first", () => {
    const other = moved({ topology: "another" });
    const examples = new Examples();
    for (const one of [other, result]) examples.offer(one, evidence, diagnosis);
    expect(examples.all([result, other]).map(({ cell }) => cell)).toEqual([result.id, other.id]);
  });

  it("keeps no more than a page has room for", () => {
    const examples = new Examples();
    const many = Array.from({ length: 2_000 }, (_, index) => moved({ topology: `network-${index}` }));
    for (const one of many) examples.offer(one, evidence, diagnosis);
    const all = examples.all(many);
    expect(all.length).toBeGreaterThan(100);
    expect(JSON.stringify(all).length).toBeLessThan(2_200_000);
  });
});
