import { exampleFinder } from "../../../../reports/page/find-example";
import { realReport } from "../../../support/report-fixtures";

const report = realReport();
const find = exampleFinder(report);
const cellAt = (id: string) => report.cells.find((cell) => cell.id === id)!;

describe("exampleFinder", () => {
  it("finds the cell itself, or one that came to the same in the same way", () => {
    const list = cellAt("server-nat-helper/tls-optional/basic-ftp/ftps/epsv/list");
    expect(find(list)).toMatchObject({ nearness: "itself", example: { cell: list.id } });
    const upload = cellAt("server-nat-helper/tls-optional/basic-ftp/ftps/epsv/upload");
    expect(find(upload)).toMatchObject({ nearness: "alike", example: { cell: list.id } });
  });

  it("has one for every cell of a small run", () => {
    for (const cell of report.cells) expect(find(cell)?.nearness).not.toBe("elsewhere");
    expect(report.cells.filter((cell) => find(cell) === null)).toEqual([]);
  });

  it("says so where only another network has the like, and offers nothing for what worked elsewhere", () => {
    const failed = cellAt("server-nat-helper/tls-optional/basic-ftp/ftps/epsv/list");
    const worked = cellAt("direct/tls-optional/basic-ftp/ftp/pasv/list");
    expect(find({ ...failed, topology: "another", id: "another" })?.nearness).toBe("elsewhere");
    expect(find({ ...worked, topology: "another", id: "another" })).toBeNull();
    expect(find({ ...failed, cause: "tls-required", id: "another" })).toBeNull();
  });
});
