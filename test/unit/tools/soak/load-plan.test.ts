import { loadLevels, loadPlan, type LoadLevel, type Machine } from "../../../../harness/tools/soak/load-plan";

const machine: Machine = { processors: 4, freeMemoryMb: 100_000, freeDiskMb: 100_000 };
const kinds = (level: LoadLevel, of = machine): readonly string[] => loadPlan(level, of).map(({ kind }) => kind);

test("some load leaves processors free, a heavy one wants more than there are, and none is none", () => {
  expect(kinds("none")).toEqual([]);
  expect(kinds("some").filter((kind) => kind === "processor")).toHaveLength(2);
  expect(kinds("heavy").filter((kind) => kind === "processor")).toHaveLength(8);
  expect(new Set(kinds("some"))).toEqual(new Set(["processor", "disk", "memory"]));
});

test.each(loadLevels)("a load (%s) takes a part of what is free, and of much no more than a bound", (level) => {
  const small = { processors: 1, freeMemoryMb: 100, freeDiskMb: 100 };
  const sum = (of: Machine, wanted: string): number =>
    loadPlan(level, of).reduce((all, { kind, mostMb }) => all + (kind === wanted ? mostMb : 0), 0);
  for (const kind of ["disk", "memory"]) expect(sum(small, kind)).toBeLessThanOrEqual(30);
  expect(sum(machine, "disk")).toBeLessThanOrEqual(512);
  expect(sum(machine, "memory")).toBeLessThanOrEqual(2048);
});

test("nothing is written or held where nothing is free", () => {
  expect(new Set(kinds("heavy", { processors: 1, freeMemoryMb: 0, freeDiskMb: 0 }))).toEqual(new Set(["processor"]));
});
