import type { CellResult } from "../../../harness/model/cell";
import { operations } from "../../../harness/model/axes";
import { entryOf, gridsOf } from "../../../reports/grid";
import { entrySymbol, legendOf, markSymbol, symbolsFor } from "../../../reports/symbols";
import { cellOf, resultOf } from "../../support/make-report";

const worked: Partial<CellResult> = { result: "worked", stage: null };
const failed: Partial<CellResult> = { result: "failed", stage: "data-connect" };
const lost: Partial<CellResult> = { result: "not-run", outcome: "lab-error" };
const skipped: Partial<CellResult> = { result: "not-run", outcome: "skipped" };

function cells(...changes: readonly Partial<CellResult>[]): CellResult[] {
  return changes.map((change, index) =>
    resultOf(cellOf("direct", "ftp", "pasv", operations[index % 3] ?? "list"), {
      repeat: 1 + Math.floor(index / 3),
      ...change,
    }),
  );
}

function drawn(...changes: readonly Partial<CellResult>[]): string {
  const entry = entryOf(cells(...changes));
  const symbols = symbolsFor(true);
  return entrySymbol(entry, symbols) + markSymbol(entry, symbols);
}

describe("an entry of the matrix", () => {
  it("says that all worked or all failed only where that is so", () => {
    expect(drawn(worked, worked, worked)).toBe("✓");
    expect(drawn(failed, failed, failed)).toBe("✗");
    expect(drawn(worked)).toBe("✓");
  });

  it("says how many worked where the others failed", () => {
    expect(drawn(worked, failed, failed)).toBe("1");
    expect(drawn(worked, failed, worked)).toBe("2");
    expect(drawn(...Array.from({ length: 10 }, () => worked), failed)).toBe("~");
  });

  it("says that the lab broke, whatever else was seen", () => {
    expect(drawn(worked, worked, lost)).toBe("?");
    expect(drawn({ ...worked, outcome: "lab-error" })).toBe("?");
  });

  it("tells skipped and unsupported cells from failed ones", () => {
    expect(drawn(skipped, skipped, skipped)).toBe("s");
    expect(drawn({ result: "unsupported" })).toBe("s");
    expect(drawn(worked, worked, skipped)).toBe("~");
  });

  it("marks what is unexpected, and flaky where nothing is worse", () => {
    expect(drawn(worked, { ...worked, outcome: "unexpected" }, { ...worked, outcome: "flaky" })).toBe("✓!");
    expect(drawn(worked, { ...worked, outcome: "flaky" })).toBe("✓*");
  });
});

describe("gridsOf", () => {
  it("makes a table for each server and client", () => {
    const grids = gridsOf([
      resultOf(cellOf("direct", "ftp", "pasv", "list")),
      resultOf(cellOf("direct", "ftp", "pasv", "list", "plain-only")),
      resultOf(cellOf("direct", "ftp", "pasv", "list", "plain-only", "curl")),
      resultOf(cellOf("client-nat", "ftp", "pasv", "list")),
    ]);
    expect(grids.map((grid) => [grid.server, grid.client, grid.rows.map((row) => row.topology)])).toEqual([
      ["tls-optional", "basic-ftp", ["direct", "client-nat"]],
      ["plain-only", "basic-ftp", ["direct"]],
      ["plain-only", "curl", ["direct"]],
    ]);
  });

  it("has only the modes and data commands that were run, in the order of their axes", () => {
    const [grid] = gridsOf([
      resultOf(cellOf("direct", "ftps", "port", "list")),
      resultOf(cellOf("direct", "ftp", "epsv", "list")),
    ]);
    expect(grid?.modes).toEqual(["ftp", "ftps"]);
    expect(grid?.data).toEqual(["epsv", "port"]);
    expect(grid?.rows[0]?.entries.map((group) => group.map((entry) => entry.kind))).toEqual([
      ["worked", "absent"],
      ["absent", "worked"],
    ]);
  });

  it("has no table where nothing was run", () => {
    expect(gridsOf([])).toEqual([]);
  });
});

describe("legendOf", () => {
  it("explains no sign that does not occur", () => {
    const signs = legendOf(gridsOf(cells(worked, lost)), symbolsFor(true)).map(([symbol]) => symbol);
    expect(signs).toEqual(["✓", "✗", "?"]);
  });

  it("explains every sign that occurs", () => {
    const all = [
      ...cells(worked, failed, { ...worked, outcome: "unexpected" }),
      resultOf(cellOf("direct", "ftp", "epsv", "list"), skipped),
      resultOf(cellOf("direct", "ftp", "port", "list"), { ...worked, outcome: "flaky" }),
      resultOf(cellOf("direct", "ftps", "port", "list"), worked),
      resultOf(cellOf("direct", "ftps", "port", "upload"), skipped),
      resultOf(cellOf("direct", "ftps", "pasv", "list"), lost),
    ];
    const signs = legendOf(gridsOf(all), symbolsFor(true)).map(([symbol]) => symbol);
    expect(signs).toEqual(["✓", "✗", "1-9", "~", "s", "?", "·", "!", "*"]);
  });
});
