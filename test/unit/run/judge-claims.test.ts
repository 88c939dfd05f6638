import type { CellResult } from "../../../harness/model/cell";
import type { ClaimEvidence, Claim } from "../../../harness/model/scenario";
import { createColors } from "picocolors";
import { buildReport } from "../../../harness/run/build-report";
import { judgeClaims } from "../../../harness/run/judge-claims";
import { reportJson } from "../../../reports/forms/json";
import { parseReport } from "../../../reports/parse-report";
import { markdownReport } from "../../../reports/forms/markdown";
import { matrixText } from "../../../reports/matrix-text";
import { headline } from "../../../reports/wording";
import { cellOf, resultOf, runInfo } from "../../support/make-report";

const works: ClaimEvidence = { speaks: "for", cells: "direct/**", result: "worked", stage: null, cause: null };
const blocked: ClaimEvidence = {
  ...{ speaks: "against", cells: "server-nat/*/*/ftp/pasv/*", result: "failed" },
  ...{ stage: "data-connect", cause: "no-helper" },
};

function claim(...evidence: readonly ClaimEvidence[]): Claim {
  return { id: "ftp-works", text: "FTP works.", verdict: "holds-with-conditions", because: "NAT.", evidence };
}

const direct = resultOf(cellOf("direct", "ftp", "pasv", "list"));
const nat = resultOf(cellOf("server-nat", "ftp", "pasv", "list"));

function outcomeOf(cells: readonly CellResult[], ...evidence: readonly ClaimEvidence[]): string | undefined {
  return judgeClaims([claim(...evidence)], cells)[0]?.outcome;
}

describe("a claim", () => {
  it("is confirmed where every cell of its evidence did as stated", () => {
    expect(outcomeOf([direct, nat], works, blocked)).toBe("confirmed");
  });

  it("is contradicted where one did otherwise, in its result, its stage or its cause", () => {
    for (const change of [
      { result: "worked", stage: null },
      { stage: "data-command" },
      { cause: "unknown" },
    ] as const) {
      expect(outcomeOf([direct, { ...nat, ...change }], works, blocked)).toBe("contradicted");
    }
  });

  it("takes any cause where it names none", () => {
    expect(outcomeOf([nat], { ...blocked, cause: null })).toBe("confirmed");
    expect(outcomeOf([{ ...nat, cause: "unknown" }], { ...blocked, cause: null })).toBe("confirmed");
  });

  it("is not shown where part of its evidence was not run, or was lost", () => {
    expect(outcomeOf([direct], works, blocked)).toBe("not-shown");
    expect(outcomeOf([direct, { ...nat, outcome: "lab-error", result: "not-run" }], works, blocked)).toBe("not-shown");
  });
});

describe("reports", () => {
  const reportOf = (...cells: readonly CellResult[]) =>
    buildReport(runInfo, cells, [], judgeClaims([claim(works, blocked)], cells));
  const report = reportOf(direct, nat);
  const contradicted = reportOf(direct, { ...nat, cause: "unknown" });
  const plain = { colours: createColors(false), unicode: true };

  it("keep claims in report.json and read reports that have none", () => {
    expect(parseReport(reportJson(report), "report.json")).toEqual(report);
    const older = { ...(JSON.parse(reportJson(report)) as object), schemaVersion: "1.0", claims: undefined };
    expect(parseReport(JSON.stringify(older), "report.json").claims).toEqual([]);
  });

  it("tell each with its verdict and the cells that prove it", () => {
    expect(matrixText(report, plain)).toContain(
      [
        "Claims",
        "",
        "  holds with conditions: FTP works.",
        "    NAT.",
        "    for     direct/tls-optional/basic-ftp/ftp/pasv/list  worked (1 cell)",
        "    against server-nat/tls-optional/basic-ftp/ftp/pasv/list  failed at data-connect (no-helper) (1 cell)",
      ].join("\n"),
    );
    expect(matrixText(report, plain)).toContain("1 claim confirmed");
    expect(markdownReport(report)).toContain("- ✓ **holds with conditions**: FTP works.");
  });

  it("name the cells that contradict one", () => {
    const text = matrixText(contradicted, plain);
    expect(text).toContain("stated: holds with conditions; the cells contradict it: FTP works.");
    expect(text).toContain("✗ server-nat/tls-optional/basic-ftp/ftp/pasv/list failed at data-connect (unknown)");
    expect(markdownReport(contradicted)).toContain("✗ **stated: holds with conditions; the cells contradict it**");
    expect(headline(contradicted)).toEqual({ good: false, text: "2 cells: 1 claim contradicted" });
  });

  it("say nothing of claims where there are none", () => {
    expect(matrixText(buildReport(runInfo, [direct], []), plain)).not.toMatch(/claim/i);
  });
});
