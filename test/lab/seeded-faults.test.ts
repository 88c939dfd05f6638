import { choose, runCells } from "../support/lab-run";
import { faults } from "../support/faults";

jest.setTimeout(60_000);

const right: string[] = [];
const wrong: string[] = [];

describe("the diagnosis finds the root of a seeded fault", () => {
  test.each(faults)("$name → $cause", async ({ name, cell, break: breakLab, cause }) => {
    const planned = choose([cell]);
    // What is broken must have worked, or nothing would be proven.
    expect(planned.map(({ expected }) => expected.result)).toEqual(["worked"]);
    const report = await runCells(planned, { beforeCells: breakLab });
    const [result] = report.cells;
    const found = `${result?.result ?? ""} ${result?.stage ?? ""} ${result?.cause ?? ""}`;
    (result?.cause === cause ? right : wrong).push(`${name}: ${found}`);
    expect(result).toMatchObject({ result: "failed", cause });
  });

  afterAll(() => {
    const unknown = wrong.filter((line) => line.endsWith(" unknown")).length;
    const counts = `${String(right.length)} right, ${String(wrong.length - unknown)} wrong, ${String(unknown)} unknown`;
    process.stdout.write([`seeded faults: ${counts}`, ...wrong, ""].join("\n"));
  });
});
