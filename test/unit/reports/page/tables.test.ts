import { parseFilter } from "../../../../reports/page/filter";
import { filterTable, mostTelling, tablesOf, totalsOf, workedLetters } from "../../../../reports/page/tables";
import { cellOf, coreCells, resultOf } from "../../../support/make-report";

const core = coreCells().map((cell) => resultOf(cell));

describe("tablesOf", () => {
  it("puts networks down and modes across, or the other way round, with every cell in its place", () => {
    for (const swapped of [false, true]) {
      const [table] = tablesOf(core, swapped);
      expect([table!.rows.length, table!.columns.length]).toEqual(swapped ? [7, 17] : [17, 7]);
      const cells = table!.rows.flatMap(({ columns }) =>
        columns.flatMap((spots) => spots.flatMap((spot) => spot?.cells ?? [])),
      );
      expect(new Set(cells)).toEqual(new Set(core));
      expect(cells).toHaveLength(core.length);
      for (const row of table!.rows)
        expect(row.columns.map((spots) => spots.length)).toEqual(table!.columns.map(() => 4));
    }
  });

  it("makes a table for each server and client", () => {
    const other = resultOf(cellOf("direct", "ftp", "pasv", "list", "tls-required", "curl"));
    expect(tablesOf([...core, other], false).map(({ server, client }) => [server, client])).toEqual([
      ["tls-optional", "basic-ftp"],
      ["tls-required", "curl"],
    ]);
  });
});

describe("filterTable", () => {
  const [table] = tablesOf(core, false);

  it("leaves out rows and columns without a cell that fits", () => {
    const shown = filterTable(table!, parseFilter("t:client-nat* m:ftps -d:eprt").matches);
    expect(shown.rows.map(({ name }) => name)).toEqual(["client-nat", "client-nat-helper"]);
    expect(shown.columns).toEqual(["ftps"]);
    expect(shown.rows[0]!.columns[0]!.map((spot) => spot?.data ?? null)).toEqual(["pasv", "epsv", "port", null]);
  });

  it("keeps spots as they are where all their cells fit, so that they need not be drawn again", () => {
    const shown = filterTable(table!, parseFilter("t:direct").matches);
    const direct = table!.rows.find(({ name }) => name === "direct");
    expect(shown.rows[0]!.columns[0]![0]).toBe(direct!.columns[0]![0]);
  });

  it("sums up a spot anew where only some of its cells fit", () => {
    const mixed = [
      resultOf(cellOf("direct", "ftp", "pasv", "list")),
      resultOf(cellOf("direct", "ftp", "pasv", "upload"), { result: "failed", stage: "transfer" }),
    ];
    const [small] = tablesOf(mixed, false);
    expect(small!.rows[0]!.columns[0]![0]?.entry.kind).toBe("mixed");
    expect(filterTable(small!, parseFilter("o:list").matches).rows[0]!.columns[0]![0]?.entry.kind).toBe("worked");
  });
});

describe("a spot", () => {
  const list = resultOf(cellOf("direct", "ftp", "pasv", "list"));
  const failed = resultOf(cellOf("direct", "ftp", "pasv", "download"), { result: "failed", stage: "transfer" });
  const surprising = resultOf(cellOf("direct", "ftp", "pasv", "upload"), { outcome: "unexpected" });

  it("opens what surprised, else what failed, else its first cell", () => {
    expect(mostTelling([list, failed, surprising])).toBe(surprising);
    expect(mostTelling([list, failed])).toBe(failed);
    expect(mostTelling([list])).toBe(list);
  });

  it("names by a letter the operations that worked", () => {
    expect(workedLetters([surprising, failed, list])).toBe("LU");
  });

  it("counts what worked and failed", () => {
    const [table] = tablesOf([list, failed, surprising], false);
    expect(totalsOf(table!.rows[0]!.columns.flat())).toEqual({ worked: 2, failed: 1 });
  });
});
