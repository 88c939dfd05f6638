import { planReproduction } from "../../../../harness/bugs/reproduce/plan-reproduction";
import { tellReproduction } from "../../../../harness/bugs/reproduce/tell-reproduction";
import { buildReport } from "../../../../harness/run/build-report";
import { bugOf, reportWith } from "../../../support/bugs";
import { decisionRecording } from "../../../support/decision-recordings";
import { allExpected, resultOf } from "../../../support/make-report";

/** A session in which PASV was answered by 229. */
const evidence = decisionRecording("229-to-pasv");

/** How sure the reported session's cause is where all variants show what they should, or those that are named do not. */
function confidenceOf(variants: string, failing: readonly string[] = []): string | undefined {
  const bug = bugOf(reportWith("network: direct", variants).replace("data-connect", "data-command"));
  const plan = planReproduction(bug, { comparesOthers: false });
  const cells = plan.variants.map(({ cell, variant: { id, shows } }) => {
    const failed = { result: "failed", stage: "data-command" } as const;
    return resultOf(
      cell,
      shows.result === "failed" || failing.includes(id) ? failed : { result: "worked", stage: null },
    );
  });
  const report = buildReport(allExpected().run, cells, []);
  const { variants: told } = tellReproduction(bug, plan, { report, evidenceOf: () => evidence });
  return told[0]?.diagnosis?.findings[0]?.confidence;
}

const cure = "  fixed: { change: EPSV., remedy: other-data-command, shows: { result: worked } }";

test("a cause is proven where its remedy alone was added, and then it worked", () => {
  expect(confidenceOf(cure)).toBe("proven");
});

test.each([
  ["nothing else was run", "", []],
  ["the remedy did not help", cure, ["fixed"]],
  ["another thing was changed with it", cure.replace("change: EPSV.,", "change: EPSV., mode: ftps,"), []],
  ["the network was changed with it", cure.replace("change: EPSV.,", "change: EPSV., network: firewall-range,"), []],
  ["what worked has no remedy", cure.replace("remedy: other-data-command", "data: epsv"), []],
])("a cause is not proven where %s", (_, variants, failing) => {
  expect(confidenceOf(variants, failing)).toBe("shown");
});
