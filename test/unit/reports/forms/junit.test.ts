import { buildReport } from "../../../../harness/run/build-report";
import { junitReport } from "../../../../reports/forms/junit";
import { expectGolden } from "../../../support/report-golden";
import { cellOf, controlOf, resultOf, runInfo, withTroubles } from "../../../support/make-report";

const cell = cellOf("direct", "ftp", "pasv", "list");

describe("junitReport", () => {
  it("reports cells, controls and claims as suites", () => {
    const results = [
      resultOf(cell),
      resultOf(cell, { repeat: 2, outcome: "flaky", attempts: 2 }),
      resultOf(cellOf("direct", "ftps", "pasv", "list"), {
        outcome: "unexpected",
        result: "failed",
        stage: "data-tls",
      }),
      resultOf(cellOf("firewall", "ftp", "pasv", "list"), { outcome: "lab-error", message: "no route" }),
      resultOf(cellOf("firewall", "ftp", "epsv", "list"), { outcome: "skipped", message: "needs: nf_nat" }),
    ];
    const claim = {
      id: "it-works",
      text: "It works.",
      because: "Nothing is in the way.",
      verdict: "holds" as const,
      outcome: "contradicted" as const,
      evidence: [],
    };
    const controls = [controlOf("direct", "no-bypass"), controlOf("firewall", "no-bypass", { outcome: "failed" })];
    expectGolden("junit.xml.txt", junitReport(buildReport(runInfo, results, controls, [claim])));
  });

  it("counts what the report counts", () => {
    const { summary } = withTroubles();
    const [head = ""] = /<testsuites .*>/.exec(junitReport(withTroubles())) ?? [];
    expect(head).toContain(`failures="${summary.outcomes.unexpected}"`);
    expect(head).toContain(`errors="${summary.outcomes["lab-error"] + summary.controls.failed}"`);
    expect(head).toContain(`skipped="${summary.outcomes.skipped}"`);
  });

  it("writes nothing that XML has no way to write, whatever a server replies", () => {
    const message = `\u0000\u0008\u001b[31m\ufffe\uffff\ud800 "' ]]> </testcase><!-- \u202e &amp; ${"x".repeat(1_000_000)}`;
    const text = junitReport(buildReport(runInfo, [resultOf(cell, { outcome: "unexpected", message })], []));
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff\u202e]/);
    expect(Buffer.from(text).toString()).toBe(text);
    expect(text.match(/<\/testcase>/g)).toHaveLength(1);
    expect(text).not.toContain("<!--");
    expect(text.length).toBeLessThan(2000);
  });
});
