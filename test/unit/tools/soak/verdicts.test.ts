import type { CellResult } from "../../../../harness/model/cell";
import { verdictOf, Verdicts } from "../../../../harness/tools/soak/verdicts";

type Told = Pick<CellResult, "id" | "result" | "stage" | "cause">;

const worked = (id: string): Told => ({ id, result: "worked", stage: null, cause: null });
const failed = (id: string, stage: CellResult["stage"] = "data-connect"): Told => ({
  id,
  result: "failed",
  stage,
  cause: "no-helper",
});
const broke = (id: string): Told => ({ id, result: "not-run", stage: null, cause: null });

test("a verdict is the result, the stage and the cause; a cell that was not run has none", () => {
  expect(verdictOf(worked("a"))).toBe("worked");
  expect(verdictOf(failed("a"))).toBe("failed at data-connect (no-helper)");
  expect(verdictOf(broke("a"))).toBeNull();
});

test("a cell flips where it comes to another verdict than before: by result, by stage or by cause", () => {
  const verdicts = new Verdicts();
  expect(verdicts.add(1, [worked("a"), failed("b"), failed("c"), failed("d")])).toEqual([]);
  const second = [failed("a"), failed("b", "transfer"), { ...failed("c"), cause: null }, failed("d")];
  expect(verdicts.add(2, second)).toEqual(["a", "b", "c"]);
  expect(verdicts.flips().map(({ cell }) => cell)).toEqual(["a", "b", "c"]);
});

test("a flip names the runs of each verdict, and going back is a flip too", () => {
  const verdicts = new Verdicts();
  expect(verdicts.add(1, [worked("a")])).toEqual([]);
  expect(verdicts.add(2, [failed("a")])).toEqual(["a"]);
  expect(verdicts.add(3, [worked("a")])).toEqual(["a"]);
  expect(verdicts.flips()).toEqual([
    {
      cell: "a",
      verdicts: [
        { verdict: "worked", runs: [1, 3] },
        { verdict: "failed at data-connect (no-helper)", runs: [2] },
      ],
    },
  ]);
});

test("a run that decides nothing is no flip, and a cell that none decides is named", () => {
  const verdicts = new Verdicts();
  verdicts.add(1, [worked("a"), broke("b")]);
  expect(verdicts.add(2, [broke("a"), broke("b")])).toEqual([]);
  expect(verdicts.add(3, [worked("a"), broke("b")])).toEqual([]);
  expect(verdicts.flips()).toEqual([]);
  expect(verdicts.undecided(["a", "b", "c"])).toEqual(["b", "c"]);
});
