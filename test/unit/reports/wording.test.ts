import { buildReport } from "../../../harness/run/build-report";
import { headline, resultCounts, resultText, summaryText } from "../../../reports/wording";
import { allExpected, cellOf, controlOf, coreCount, resultOf, runInfo, withTroubles } from "../../support/make-report";

const cell = cellOf("direct", "ftp", "pasv", "list");

describe("headline", () => {
  it("is good only where everything came out as expected", () => {
    expect(headline(allExpected())).toEqual({ good: true, text: `${coreCount} of ${coreCount} cells as expected` });
  });

  it("names every kind of trouble", () => {
    expect(headline(withTroubles())).toEqual({
      good: false,
      text: `${coreCount} cells: 4 unexpected, 84 lost because the lab broke, 1 flaky, 1 control failed`,
    });
  });

  it("is not good for a run that was interrupted or ran nothing", () => {
    const interrupted = buildReport({ ...runInfo, interrupted: true }, [resultOf(cell)], []);
    expect(headline(interrupted)).toEqual({ good: false, text: "Interrupted: 1 of 1 cell as expected" });
    expect(headline(buildReport(runInfo, [], []))).toEqual({ good: false, text: "no cell was run" });
  });

  it("is not good where only a control failed", () => {
    const report = buildReport(runInfo, [resultOf(cell)], [controlOf("direct", "a", { outcome: "failed" })]);
    expect(headline(report)).toEqual({ good: false, text: "1 cell: 1 control failed" });
  });
});

describe("summaries", () => {
  it("say in one line how the run went", () => {
    expect(summaryText(allExpected(), "·")).toBe(
      `${coreCount} cells: ${coreCount} expected, 0 unexpected, 0 flaky, 0 skipped, 0 lab-error · 85 controls passed · 58.2 s`,
    );
  });

  it("say that the run was interrupted", () => {
    expect(summaryText(buildReport({ ...runInfo, interrupted: true }, [], []), "|")).toMatch(/\| interrupted$/);
  });

  it("count the failures of each stage, the most frequent first", () => {
    const failed = (stage: "login" | "transfer"): ReturnType<typeof resultOf> =>
      resultOf(cell, { result: "failed", stage });
    const cells = [failed("login"), failed("transfer"), failed("transfer"), resultOf(cell, { result: "unsupported" })];
    expect(resultCounts(buildReport(runInfo, cells, []), "·")).toBe(
      "worked 0 · failed 3 (transfer 2, login 1) · unsupported 1",
    );
  });
});

describe("resultText", () => {
  it("names the stage and the cause where there are any", () => {
    expect(resultText({ result: "failed", stage: "data-connect", cause: "no-helper" })).toBe(
      "failed at data-connect (no-helper)",
    );
    expect(resultText({ result: "not-run", stage: null, cause: null })).toBe("not run");
  });
});
