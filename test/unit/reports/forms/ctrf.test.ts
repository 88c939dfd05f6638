import { validateStrict } from "ctrf";
import { buildReport } from "../../../../harness/run/build-report";
import { ctrfReport } from "../../../../reports/forms/ctrf";
import { allExpected, cellOf, resultOf, runInfo, withTroubles } from "../../../support/make-report";

/** The report as a reader gets it; throws where it is not CTRF. */
function parsed(text: string) {
  const report: unknown = JSON.parse(text);
  validateStrict(report);
  return report;
}

describe("ctrfReport", () => {
  it.each([
    ["a run in which all is as expected", allExpected()],
    ["a run with troubles", withTroubles()],
    ["a run of no cell", buildReport(runInfo, [], [])],
    ["a shard", { ...allExpected(), run: { ...runInfo, shard: { index: 1, count: 3, total: 9, places: [] } } }],
  ])("fits the schema of the format: %s", (_, report) => {
    const { summary, tests } = parsed(ctrfReport(report)).results;
    expect(tests).toHaveLength(report.summary.total);
    expect(summary.passed + summary.failed + summary.skipped + summary.other).toBe(summary.tests);
  });

  it("counts a broken lab apart from failures, and a flaky cell as passed and flaky", () => {
    const { outcomes } = withTroubles().summary;
    const { summary, tests } = parsed(ctrfReport(withTroubles())).results;
    expect(summary).toMatchObject({
      failed: outcomes.unexpected,
      other: outcomes["lab-error"],
      flaky: outcomes.flaky,
      passed: outcomes.expected + outcomes.flaky,
    });
    expect(tests.filter(({ flaky }) => flaky === true).map(({ status, retries }) => [status, retries])).toEqual([
      ["passed", 1],
    ]);
  });

  it("stays whole when texts are hostile", () => {
    const message = `"},{"status":"passed"} ]}\n\u001b[2J\u202e${"x".repeat(1_000_000)}`;
    const cell = resultOf(cellOf("direct", "ftp", "pasv", "list"), { outcome: "unexpected", message, durationMs: 1.5 });
    const run = { ...runInfo, versions: { [message]: "\n    }\n  }\n}" } };
    const text = ctrfReport(buildReport(run, [cell], []));
    const [test] = parsed(text).results.tests;
    expect(test).toMatchObject({ status: "failed", duration: 2 });
    expect(test?.message?.length).toBeLessThan(1000);
  });
});
