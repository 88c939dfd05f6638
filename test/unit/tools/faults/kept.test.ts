import { contradictionsOf } from "../../../../harness/diagnose/contradictions/registry";
import { readRecording } from "../../../../harness/evidence/recording/read-recording";
import { judgeAgain } from "../../../../harness/tools/faults/kept";

/** Faults that the fuzzer found told wrong, or not at all, in the order of their seeds. */
const judged = judgeAgain("test/fixtures/recordings/fuzzed");

test("there are faults of many kinds among them", () => {
  expect(judged.length).toBeGreaterThanOrEqual(15);
  expect(new Set(judged.flatMap(({ truth }) => truth.causes)).size).toBeGreaterThan(8);
});

describe("what the fuzzer found wrong is told right", () => {
  test.each(judged.map((one) => ({ ...one, name: one.folder.split("/").at(-1) })))(
    "$name: $what",
    ({ folder, graded, said }) => {
      expect({ said: said.cause, ...graded }).toMatchObject({ grade: "right", why: null });
      const { evidence, problems } = readRecording(folder);
      expect(problems).toEqual([]);
      expect(evidence === null ? null : contradictionsOf(evidence)).toEqual([]);
    },
  );
});
