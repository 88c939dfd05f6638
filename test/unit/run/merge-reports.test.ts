import fc from "fast-check";
import { loadCatalog } from "../../../harness/cli/catalog";
import { causes } from "../../../harness/diagnose/causes/registry";
import type { CellResult, PlannedCell } from "../../../harness/model/cell";
import { UsageError } from "../../../harness/model/errors";
import type { Background, MatrixReport } from "../../../harness/model/report";
import type { Example } from "../../../harness/model/story";
import { pictureOf } from "../../../harness/plan/network-picture";
import { shardOf } from "../../../harness/plan/shards";
import { judgeClaims } from "../../../harness/run/judge-claims";
import { mostExampleCharacters } from "../../../harness/run/examples";
import { mergeReports } from "../../../harness/run/merge-reports";
import { buildReport } from "../../../harness/run/build-report";
import { reportJson } from "../../../reports/forms/json";
import { parseReport } from "../../../reports/parse-report";
import { controlOf, coreCells, planned, resultOf, runInfo } from "../../support/make-report";

const cells = planned(coreCells().filter(({ operation, data }) => operation === "list" && data.startsWith("e")));
const { topologies } = loadCatalog();
const labOf = ({ cell }: PlannedCell): string => cell.topology;
const works = {
  id: "it-works",
  text: "It works.",
  verdict: "holds" as const,
  because: "Nothing is in the way.",
  // In two labs, of which each of two shards has one.
  evidence: ["direct", "server-nat-range-helper"].map((lab) => ({
    speaks: "for" as const,
    cells: `${lab}/**/ftp/*/list`,
    result: "worked" as const,
    stage: null,
    cause: null,
  })),
};

/** What a machine reports that runs these cells, twice each; a cell fails where it says so. */
function runOf(chosen: readonly PlannedCell[], failing: string | null, argv: readonly string[]): MatrixReport {
  const results = chosen.flatMap(({ cell, expected }) =>
    [1, 2].map((repeat) => {
      const failed = { result: "failed", stage: "login", outcome: "unexpected" } as const;
      return resultOf(cell, { expected, repeat, ...(cell.id === failing ? failed : {}) });
    }),
  );
  const labs = [...new Set(chosen.map(labOf))];
  const controls = labs.map((lab) => controlOf(lab, "no-bypass"));
  const run = { ...runInfo, argv, labs: Object.fromEntries(labs.map((lab) => [lab, 1000])) };
  return buildReport(run, results, controls, judgeClaims([works], results), backgroundOf(results));
}

/** The networks and causes of these cells, in the order in which a run tells them. */
function backgroundOf(results: readonly CellResult[]): Background {
  const named = new Set(results.flatMap(({ expected }) => expected.cause ?? []));
  const networks = [...new Set(results.map(({ topology }) => topology))].map((id) => pictureOf(topologies.get(id)!));
  const told = causes
    .filter(({ id }) => named.has(id))
    .map(({ id, title, looksLike, why }) => ({ id, title, looksLike, why }));
  return { networks, causes: told, examples: [] };
}

function shardRun(
  index: number,
  count: number,
  { failing = null as string | null, durations = {} } = {},
): MatrixReport {
  const { planned: mine, info } = shardOf(cells, { shard: { index, count }, labOf, repeatEach: 2, durations });
  const report = runOf(mine, failing, ["run", "--shard", `${index}/${count}`, "-j", "4", "--output=x"]);
  // As another machine reads it.
  return parseReport(reportJson({ ...report, run: { ...report.run, shard: info } }), "report.json");
}

const named = (...reports: readonly MatrixReport[]) =>
  reports.map((report, index) => ({ name: `dir-${index + 1}`, report }));

/** All of a report but what belongs to the machines: ids, and the order in which labs became ready. */
function compared({ run, ...report }: MatrixReport) {
  return { ...report, argv: run.argv, interrupted: run.interrupted, versions: run.versions, labs: run.labs };
}

describe("mergeReports", () => {
  it("makes of shards, in any order, the report of the unsharded run", () => {
    const failing = cells[40]?.cell.id ?? null;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.gen(), (count, gen) => {
        const shards = Array.from({ length: count }, (_, index) => shardRun(index + 1, count, { failing }));
        const shuffled = gen(() => fc.shuffledSubarray(shards, { minLength: count }));
        const { report, missing } = mergeReports("merged", named(...shuffled));
        expect(missing).toEqual([]);
        expect(compared(report)).toEqual(compared(runOf(cells, failing, ["run", "-j", "4"])));
      }),
      { numRuns: 10 },
    );
  });

  it("confirms a claim whose evidence no shard has alone", () => {
    const shards = [shardRun(1, 2), shardRun(2, 2)];
    const alone = shards.map(({ claims }) => claims.map(({ outcome }) => outcome));
    expect(alone).toEqual([["not-shown"], ["not-shown"]]);
    expect(mergeReports("merged", named(...shards)).report.claims).toMatchObject([{ outcome: "confirmed" }]);
  });

  it("names shards that are missing, and counts what is there as interrupted", () => {
    const { report, missing } = mergeReports("merged", named(shardRun(4, 4), shardRun(2, 4)));
    expect(missing).toEqual([1, 3]);
    expect(report.run.interrupted).toBe(true);
    expect(report.cells).toHaveLength(shardRun(2, 4).cells.length + shardRun(4, 4).cells.length);
  });

  it("keeps the first examples of all shards that a report has room for, and none after one that is left out", () => {
    const [one, other] = [shardRun(1, 2), shardRun(2, 2)];
    const exampleOf = (report: MatrixReport, place: number, characters: number): Example => ({
      cell: report.cells[place]!.id,
      repeat: 1,
      findings: [],
      whyItWorked: "x".repeat(characters),
      seen: [],
      stages: [],
      lanes: [],
      steps: [],
      notes: [],
    });
    const third = Math.round(mostExampleCharacters / 3);
    const examples = [
      exampleOf(one, 0, third),
      exampleOf(one, 2, third),
      exampleOf(one, 4, third),
      exampleOf(one, 6, 9),
    ];
    const merged = mergeReports("merged", named(other, { ...one, examples })).report;
    expect(merged.examples).toEqual(examples.slice(0, 2));
  });

  const half = shardRun(1, 2);
  const change = (run: Partial<MatrixReport["run"]>): MatrixReport => ({ ...half, run: { ...half.run, ...run } });
  const { shard } = half.run;
  it.each([
    ["a shard twice", [half, half], "dir-1 and dir-2 are both shard 1/2"],
    ["a run of its own", [half, change({ shard: undefined })], "dir-2 is a whole run, not a shard"],
    ["shares of another count", [half, shardRun(2, 3)], "dir-2 is shard 2/3, and dir-1 1/2"],
    [
      "shares of other cells",
      [half, { ...shardRun(2, 2), run: { ...shardRun(2, 2).run, argv: ["list"] } }],
      "dir-2 was asked for other cells",
    ],
    ["another total", [half, change({ shard: { ...shard!, index: 2, total: 7 } })], "dir-2 is of a run of 7 cells"],
    ["cells that are not there", [{ ...half, cells: half.cells.slice(1) }, shardRun(2, 2)], "dir-1 does not contain the cells"],
    [
      "places beyond the run",
      [change({ shard: { ...shard!, places: [{ first: 1e6, count: half.cells.length }] } }), shardRun(2, 2)],
      "dir-1 does not contain the cells",
    ],
    [
      "shares planned from other durations",
      [half, shardRun(2, 2, { durations: { direct: 1, "server-nat": 1e6 } })],
      "planned with different --durations",
    ],
    ["other claims", [half, { ...shardRun(2, 2), claims: [] }], "dir-2 has other claims than dir-1"],
  ])("refuses %s", (_, reports, message) => {
    expect(() => mergeReports("merged", named(...reports))).toThrow(UsageError);
    expect(() => mergeReports("merged", named(...reports))).toThrow(message);
  });
});
