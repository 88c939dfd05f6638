import { join } from "node:path";
import { diagnose } from "../../../../harness/diagnose/diagnose";
import { readRecording } from "../../../../harness/evidence/recording/read-recording";
import type { CellEvidence } from "../../../../harness/model/evidence";

function listing(): CellEvidence {
  const { evidence } = readRecording(join("test/fixtures/recordings/fuzzed", "folder-not-there"));
  if (evidence === null) throw new Error("the recording is there");
  return evidence;
}

const causes = (evidence: CellEvidence): readonly string[] => diagnose(evidence).findings.map(({ cause }) => cause);

describe("a listing without the files", () => {
  it("is the server's where all of it arrived", () => {
    expect(diagnose(listing()).firstBreak?.thing.kind).toBe("names");
    expect(causes(listing())).toEqual(["server-denies-file"]);
  });

  it.each<readonly [string, (evidence: CellEvidence) => CellEvidence]>([
    [
      "a capture was cut",
      (evidence) => ({ ...evidence, captures: evidence.captures.map((one) => ({ ...one, cut: "its bound" })) }),
    ],
    [
      "a part of it did not reach the client",
      (evidence) => ({
        ...evidence,
        captures: evidence.captures.map((one) =>
          one.node === "client"
            ? { ...one, packets: one.packets.filter(({ direction, length }) => direction === "out" || length !== 271) }
            : one,
        ),
      }),
    ],
    [
      "the files were listed",
      (evidence) => ({ ...evidence, attempt: { ...evidence.attempt, message: "a.bin has 2 bytes" } }),
    ],
  ])("is not said to be where %s", (_, change) => {
    expect(diagnose(change(listing())).firstBreak?.thing.kind).not.toBe("names");
    expect(causes(change(listing()))).not.toContain("server-denies-file");
  });
});
