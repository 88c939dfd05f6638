/** Every form of a report, of the same run: what a reader of one is told stands in a golden file. */
import { buildReport } from "../../../harness/run/build-report";
import { reportForms } from "../../../reports/forms/all";
import { missingFiles } from "../../support/missing-files";
import { cellOf, controlOf, resultOf, runInfo } from "../../support/make-report";
import { expectGolden } from "../../support/report-golden";

const results = [
  resultOf(cellOf("direct", "ftp", "pasv", "list")),
  resultOf(cellOf("direct", "ftps", "epsv", "download"), { outcome: "flaky", attempts: 2 }),
  resultOf(cellOf("server-nat-helper", "ftps", "pasv", "list")),
  resultOf(cellOf("server-nat", "ftp", "port", "upload"), {
    ...{ outcome: "unexpected", result: "failed", stage: "data-tls", cause: "unknown" },
    message: "425 Unable to build data connection",
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
const report = buildReport(runInfo, results, controls, [claim]);

/** The page without its code, which its own tests run, and without what follows from it. */
function withoutCode(text: string): string {
  return text
    .replace(/(<style>|<script>)[^]*?(<\/style>|<\/script>)/g, "$1...$2")
    .replace(/'sha256-[^']*'/g, "'sha256-...'");
}

describe.each(reportForms)("the form $name", ({ name, file, render }) => {
  const golden = `test/golden/reports/forms/${file}.txt`;

  it("has all files that belong to a form", () => {
    expect(
      missingFiles({
        [`reports/forms/${name}.ts`]: "a form's name is its file's name",
        ...(process.env["UPDATE_GOLDEN"] === "1"
          ? {}
          : { [golden]: "UPDATE_GOLDEN=1 npx jest golden/reports writes it" }),
      }),
    ).toEqual([]);
  });

  it("tells what its golden file tells", async () => {
    expectGolden(`forms/${file}.txt`, withoutCode(await render(report)));
  });
});
