import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noUserFiles } from "../../../harness/cli/user-files";
import { namedCells } from "../../../harness/cli/cell-choice";
import { selectCells } from "../../../harness/cli/select-cells";
import { routersOf } from "../../../harness/model/network";
import { catalog } from "../../support/lab-run";

const scenario = (name: string): string => join(__dirname, "../../../scenarios", `${name}.yaml`);

describe("a selection", () => {
  it("has the claims of each scenario with the cells of its own, whatever runs beside it", () => {
    const alone = selectCells(namedCells([scenario("claims")]));
    const beside = selectCells(namedCells([scenario("clients"), scenario("claims")]));
    expect(beside.claims).toEqual(alone.claims);
    expect(alone.claims).toHaveLength(1);
    expect([...(alone.claims[0]?.cells ?? [])]).toEqual(alone.planned.map(({ cell }) => cell.id));
  });

  it("has all cells of a scenario for its claims, whatever facets leave of them", () => {
    const choice = namedCells([scenario("claims")]);
    const all = selectCells(choice);
    const some = selectCells({ ...choice, facets: { operation: ["list"] } });
    expect(some.planned.length).toBeLessThan(all.planned.length);
    expect(some.claims).toEqual(all.claims);
  });

  it("expects of a cell that two sources name what the first one says", () => {
    const folder = mkdtempSync(join(tmpdir(), "select-cells-"));
    try {
      const cell = "direct/tls-optional/basic-ftp/ftp/epsv/list";
      const file = join(folder, "one.yaml");
      const include = "include: [{ topology: direct, mode: ftp, data: epsv, operation: list }]";
      const expected = `expect: [{ cells: "**", result: unsupported, reason: Written down here. }]`;
      writeFileSync(file, `name: One\ndescription: One cell.\n${include}\n${expected}\n`);
      const reasons = (...sources: readonly string[]): readonly string[] =>
        selectCells(namedCells(sources)).planned.map(({ expected: { reason } }) => reason);
      expect(reasons(file, cell)).toEqual(["Written down here."]);
      expect(reasons(cell, file)).toEqual(reasons(cell));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("predicts nothing where a user's rules stand, in the catalog that runs as in what is expected", () => {
    const folder = mkdtempSync(join(tmpdir(), "select-cells-"));
    try {
      const file = join(folder, "my.rules");
      writeFileSync(file, "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n");
      const selection = selectCells(
        { ...namedCells([]), facets: { topology: ["server-nat"], operation: ["list"] } },
        { ...noUserFiles, routerRules: [file] },
        catalog,
      );
      expect(selection.planned.length).toBeGreaterThan(0);
      expect(selection.planned.every(({ expected }) => expected.unpredicted === true)).toBe(true);
      const topology = selection.catalog.topologies.get("server-nat");
      expect(topology && routersOf(topology).map(({ userRules }) => userRules?.file)).toEqual([file]);
      expect(selection).toMatchObject({ hasUserFiles: true, userProfiles: [] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
