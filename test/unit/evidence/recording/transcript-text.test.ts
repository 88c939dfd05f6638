import { renderTranscript } from "../../../../harness/evidence/recording/transcript-text";
import { makeAttempt, makeFailure } from "../../../support/attempts";

describe("a session's transcript", () => {
  it("tells the dialogue with times, then the stages and the verdict with its message", () => {
    const attempt = makeFailure("data-connect", {
      message: "time-out after 2000 ms",
      transcript: [
        { atMs: 0.25, direction: "*", text: "connected" },
        { atMs: 12, direction: "<", text: "220 ready" },
        { atMs: 1234.56, direction: ">", text: "USER lab" },
      ],
      stages: [
        { stage: "control-connect", startMs: 0, endMs: 0.3 },
        { stage: "greeting", startMs: 0.3, endMs: 12.04 },
      ],
    });
    expect(renderTranscript(attempt)).toBe(
      [
        "      0.3 * connected",
        "     12.0 < 220 ready",
        "   1234.6 > USER lab",
        "",
        "      0.0 -       0.3  control-connect",
        "      0.3 -      12.0  greeting",
        "",
        "failed at data-connect: time-out after 2000 ms",
        "",
      ].join("\n"),
    );
  });

  it("ends with the bare verdict where there is no more to say", () => {
    expect(renderTranscript(makeAttempt())).toBe("\n\nworked\n");
  });
});
