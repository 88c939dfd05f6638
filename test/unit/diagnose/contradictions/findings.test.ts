import { findingContradictions } from "../../../../harness/diagnose/contradictions/findings";
import { diagnose } from "../../../../harness/diagnose/diagnose";
import { readRecording } from "../../../../harness/evidence/recording/read-recording";
import type { CauseId, Diagnosis } from "../../../../harness/model/diagnosis";
import { faultRecording } from "../../../support/fault-recordings";
import { recordedSession } from "../../../support/recorded-sessions";

const eaten = faultRecording("227-eaten");

/** The diagnosis with another root. */
function saying(diagnosis: Diagnosis, cause: CauseId, explanation: string): Diagnosis {
  return { ...diagnosis, findings: [{ cause, confidence: "shown", explanation, proofs: [], remedies: [] }] };
}

describe("what a diagnosis says against the packets", () => {
  const honest = diagnose(eaten);

  it("is nothing where it says what they show", () => {
    expect(findingContradictions(eaten, honest)).toEqual([]);
  });

  it("is that nothing came about, where a handshake was seen at both ends", () => {
    expect(findingContradictions(eaten, saying(honest, "port-unreachable", "It was closed."))).toEqual([
      "port-unreachable says that no control connection came about, and its handshake was seen at both ends.",
    ]);
  });

  it("is that nothing answered, where a SYN,ACK was seen", () => {
    const text = "The server's end did not answer.";
    expect(findingContradictions(eaten, saying(honest, "unknown", text))).toEqual([
      `"${text}" says that nothing answered, and a SYN,ACK was seen.`,
    ]);
  });

  it("is that every packet arrived, where the first break is a loss", () => {
    const text = "The network is not the cause: every packet arrived.";
    const [sentence] = findingContradictions(eaten, saying(honest, "login-refused", text));
    expect(sentence).toContain("and the first break is a loss");
  });

  it("is a place that no witness saw", () => {
    const text = "The client dialled 192.0.2.77:4711.";
    expect(findingContradictions(eaten, saying(honest, "unknown", text))).toEqual([
      "The explanation names 192.0.2.77:4711, which no witness saw.",
    ]);
    expect(findingContradictions(eaten, saying(honest, "unknown", "It went to 203.0.113.1:21."))).toEqual([]);
  });

  it("is nothing where no packets tell, or some may be missing", () => {
    const closed = saying(honest, "port-unreachable", "It was closed.");
    expect(findingContradictions({ ...eaten, captures: [] }, closed)).toEqual([]);
    const captures = eaten.captures.map((capture) => ({ ...capture, cut: "64 MB" }));
    expect(findingContradictions({ ...eaten, captures }, closed)).toEqual([]);
  });
});

test("a data connection that was open at both ends was stopped by nobody", () => {
  const session = recordedSession("download");
  const evidence = {
    ...session,
    attempt: { ...session.attempt, result: "failed" as const, stage: "data-connect" as const },
  };
  const blamed = saying(diagnose(evidence), "no-helper", "No helper read it.");
  expect(findingContradictions(evidence, blamed)).toEqual([
    "no-helper says that no data connection came about, and its handshake was seen at both ends.",
  ]);
});

test("a greeting that was seen on its way was sent", () => {
  const { evidence } = readRecording("test/fixtures/recordings/fuzzed/second-try-rejected");
  if (evidence === null) throw new Error("the recording can be read");
  const said = diagnose(evidence);
  const { firstBreak } = said;
  if (firstBreak === null) throw new Error("the break is on record");
  expect(findingContradictions(evidence, said)).toEqual([]);
  const unsent = { ...firstBreak, what: "never-sent" as const, sentence: "The server's greeting was never sent." };
  expect(findingContradictions(evidence, { ...said, firstBreak: unsent })).toEqual([
    '"The server\'s greeting was never sent." says that the server sent no greeting, and a segment of it was seen.',
  ]);
  // What it sends under TLS, such as an alert as it ends, is no greeting.
  const captures = evidence.captures.map((capture) => ({
    ...capture,
    packets: capture.packets.map((packet) => ({ ...packet, text: null })),
  }));
  expect(findingContradictions({ ...evidence, captures }, { ...said, firstBreak: unsent })).toEqual([]);
});
