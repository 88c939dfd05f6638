import { heldSince, isNothing, joined, memoryTrend, nothing } from "../../../../harness/tools/soak/leaks";

const megabyte = 1024 ** 2;
const trendOf = (...megabytes: readonly number[]): ReturnType<typeof memoryTrend> =>
  memoryTrend(megabytes.map((count) => count * megabyte));

describe("what is held since", () => {
  test("is what is there now and was not before", () => {
    const before = { ...nothing, containers: ["panel"], files: ["a"] };
    const now = { ...nothing, containers: ["panel", "lab"], interfaces: ["lan"] };
    expect(heldSince(before, now)).toEqual({ ...nothing, containers: ["lab"], interfaces: ["lan"] });
  });

  test("counts names that are there more than once", () => {
    const before = { ...nothing, descriptors: ["socket", "pipe", "socket"] };
    const now = { ...nothing, descriptors: ["socket", "socket", "socket", "pipe", "socket"] };
    expect(heldSince(before, now).descriptors).toEqual(["socket", "socket"]);
    expect(isNothing(heldSince(now, before))).toBe(true);
  });

  test("is counted once, where what was left before is known", () => {
    const after = { ...nothing, descriptors: ["socket", "socket"], files: ["a"] };
    const left = heldSince(nothing, after);
    expect(isNothing(left)).toBe(false);
    expect(isNothing(heldSince(joined(nothing, left), after))).toBe(true);
    const more = { ...after, descriptors: ["socket", "socket", "socket"] };
    expect(heldSince(joined(nothing, left), more)).toEqual({ ...nothing, descriptors: ["socket"] });
  });
});

describe("memory", () => {
  test("grows where nearly every run of the later half ends with more than those before", () => {
    expect(trendOf(50, 60, 61, 62, 63, 64, 65, 66)).toEqual({ eachRun: megabyte, verdict: "grows" });
    expect(trendOf(50, 60, 62, 61.8, 64, 66, 68, 70, 69.9, 72, 74, 76, 78).verdict).toBe("grows");
  });

  test("is flat where it goes up and down, whatever the first half took", () => {
    expect(trendOf(20, 30, 40, 60, 61, 59.5, 60.5, 60)).toMatchObject({ verdict: "flat" });
    expect(trendOf(20, 60, 60, 60, 60, 60, 60, 60)).toEqual({ eachRun: 0, verdict: "flat" });
    expect(trendOf(20, 60, 60, 60, 59, 58, 57, 56).verdict).toBe("flat");
  });

  test("is flat where a program gets warm, and grows where something leaks beside that", () => {
    // After each of 20 runs of five cells.
    const measured = [51.198, 51.959, 52.458, 52.747, 53.1, 53.343, 53.439, 53.573, 53.771, 53.954].concat(
      54.039,
      54.18,
      54.205,
      54.277,
      54.36,
      54.392,
      54.377,
      54.403,
      54.476,
      54.544,
    );
    for (let runs = 8; runs <= measured.length; runs += 1) {
      const some = measured.slice(0, runs);
      expect(trendOf(...some).verdict).toBe("flat");
      expect(trendOf(...some.map((used, index) => used + index * 0.25)).verdict).toBe("grows");
    }
  });

  test("is flat where one run alone is out of line", () => {
    expect(trendOf(50, 60, 60, 60, 90, 60.1, 60, 59.9).verdict).toBe("flat");
    expect(trendOf(50, 60, 60, 60, 60, 60, 60, 90).verdict).toBe("flat");
  });

  test("is unknown after a few runs", () => {
    expect(trendOf()).toEqual({ eachRun: null, verdict: "unknown" });
    expect(trendOf(50)).toEqual({ eachRun: null, verdict: "unknown" });
    expect(trendOf(50, 60, 70, 80)).toEqual({ eachRun: 10 * megabyte, verdict: "unknown" });
  });
});
