import fc from "fast-check";
import { readLog } from "../../../../harness/bugs/logs/read-log";
import { symptomOf } from "../../../../harness/bugs/logs/symptom";
import { pastedLogs } from "../../../support/pasted-logs";

const pieces = Object.values(pastedLogs).flatMap((text) => text.split("\n"));

/** Lines of all formats in any order, cut anywhere, with anything in between. */
const damaged = fc
  .array(
    fc.oneof(
      fc.constantFrom(...pieces),
      fc.tuple(fc.constantFrom(...pieces), fc.nat(40)).map(([line, length]) => line.slice(0, length)),
      fc.string({ unit: "binary" }),
    ),
    { maxLength: 60 },
  )
  .map((lines) => lines.join("\n"));

describe("any text", () => {
  it("is read as a log or not at all, and never throws", () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const log = readLog(text);
        if (log === null) return;
        const symptom = symptomOf(log);
        if (symptom.result === "worked") expect(symptom.stage).toBeNull();
        expect(symptom.grounds?.result).not.toBeUndefined();
        expect(
          symptom.lines.filter(({ text: line, direction }) => direction === ">" && /^PASS (?!###)/.test(line)),
        ).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
