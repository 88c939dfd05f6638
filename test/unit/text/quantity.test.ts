import { coarseDuration, counted, duration, thousands } from "../../../harness/text/quantity";

describe("quantities", () => {
  it("groups thousands", () => {
    expect([0, 999, 1000, 1_234_567].map(thousands)).toEqual(["0", "999", "1,000", "1,234,567"]);
  });

  it("says one cell and two cells", () => {
    expect([0, 1, 2].map((count) => counted(count, "cell"))).toEqual(["0 cells", "1 cell", "2 cells"]);
  });

  it("names durations in the unit that suits them, also next to where the unit changes", () => {
    expect([640, 999.4, 58_240, 59_960, 185_000, 7_620_000].map(duration)).toEqual([
      "640 ms",
      "999 ms",
      "58.2 s",
      "1 min 00 s",
      "3 min 05 s",
      "2 h 07 min",
    ]);
  });

  it("names running durations in whole seconds", () => {
    expect([0, 1400, 59_400, 59_600, 3_599_600].map(coarseDuration)).toEqual([
      "0 s",
      "1 s",
      "59 s",
      "1 min 00 s",
      "1 h 00 min",
    ]);
  });
});
