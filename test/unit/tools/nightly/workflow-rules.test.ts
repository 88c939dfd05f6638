import { readdirSync, readFileSync } from "node:fs";
import { workflowProblems } from "../../../../harness/tools/nightly/workflow-rules";

const folder = ".github/workflows";
const sha = "08c6903cd8c0fde910a37f88322edcfb5dd907a8";

/** A workflow of one step. */
const workflow = (step: string, permissions = "contents: read"): string =>
  `on: push\npermissions:\n  ${permissions}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - ${step}\n`;

describe("workflowProblems", () => {
  it.each(readdirSync(folder))("finds nothing in %s", (name) => {
    expect(workflowProblems(readFileSync(`${folder}/${name}`, "utf8"))).toEqual([]);
  });

  it.each([
    [workflow("uses: actions/checkout@v5"), "pin it"],
    [workflow(`uses: actions/checkout@${sha}`), "pin it"],
    [workflow(`uses: actions/checkout@${sha.slice(1)} # v5.0.0`), "pin it"],
    [workflow(`uses: actions/checkout@${sha} # main`), "pin it"],
    [workflow("run: echo ${{ github.event.issue.title }}"), "is code"],
    [workflow("run: |\n          true\n          echo ${{ inputs.scenario }}"), "is code"],
    [workflow("run: 'true'", "contents: write"), "contents: read"],
    [workflow("run: 'true'", "issues: write"), "contents: read"],
  ])("refuses %j", (text, message) => {
    expect(workflowProblems(text).map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
  });

  it("accepts an action by its commit with its version beside it", () => {
    expect(workflowProblems(workflow(`uses: actions/checkout@${sha} # v5.0.0`))).toEqual([]);
  });
});
