import { busyWarning, isBusy, overloadOf } from "../../../harness/run/overload";
import { makeAttempt } from "../../support/attempts";
import { gap, makeEvidence } from "../../support/evidence";

const load = { running: 19.8, processors: 2 };
const ended = makeAttempt({
  result: "failed",
  stage: "control-connect",
  message: "ended after 11 s, since it did not end by itself",
});
const told = { cause: null, expectedCause: null };
const silent = { node: "client", link: "lan", packets: [], cut: null };
const packet = {
  at: 1,
  direction: "out" as const,
  flow: { source: "192.0.2.1", destination: "192.0.2.2", sourcePort: 40000, destinationPort: 21 },
  flags: "SYN",
  sequence: 1,
  acknowledgement: 0,
  length: 0,
  text: null,
  icmp: null,
};

describe("a program that never got its turn", () => {
  it("is the machine's fault, and the load is named", () => {
    expect(overloadOf(makeEvidence({ attempt: ended, captures: [silent] }), load, told)).toBe(
      "The client's program had sent no packet when it was ended after 11 s, since it did not end by itself: the machine is too slow (load 19.8 on 2 processors).",
    );
  });

  it.each([
    ["it had sent a packet", { captures: [{ ...silent, packets: [packet] }] }],
    ["nobody listened", { captures: [] }],
    ["a capture is cut", { captures: [{ ...silent, cut: "64 MB" }] }],
    ["packets may be missing", { captures: [silent], missing: [gap("packets")] }],
    ["it gave up by itself", { captures: [silent], attempt: { ...ended, message: "no such host" } }],
    ["it worked", { captures: [silent], attempt: { ...ended, result: "worked" as const } }],
  ])("is not blamed where %s", (_, change) => {
    const evidence = makeEvidence({ attempt: ended, captures: [silent] });
    expect(overloadOf({ ...evidence, ...change }, load, told)).toBeNull();
  });
});

test("a program that had all its replies and did not end is blamed only on a machine that is not busy", () => {
  const evidence = makeEvidence({
    attempt: { ...ended, stage: "integrity" },
    captures: [{ ...silent, packets: [packet] }],
  });
  expect(overloadOf(evidence, load, told)).toMatch(/had all its replies .*\(load 19\.8 on 2 processors\)/);
  expect(overloadOf(evidence, { running: 2, processors: 2 }, told)).toBeNull();
});

describe("a time-out of which no witness says more than that nothing came", () => {
  const late = (message: string) => makeEvidence({ attempt: { ...ended, stage: "greeting", message } });
  const waited = late("Timeout (control socket) after 20000 ms");
  const slow = { cause: "server-slow", expectedCause: null } as const;

  it("is blamed on a busy machine", () => {
    expect(overloadOf(waited, load, slow)).toBe(
      "Nothing but time was lacking (Timeout (control socket) after 20000 ms): the machine is too slow (load 19.8 on 2 processors).",
    );
    expect(overloadOf(waited, load, { ...slow, cause: "unknown" })).not.toBeNull();
    expect(overloadOf(late("Connection timed out after 15000 milliseconds"), load, slow)).not.toBeNull();
  });

  it.each([
    ["the machine is not busy", waited, { running: 2, processors: 2 }, slow],
    ["the network did it", waited, load, { ...slow, cause: "no-helper" } as const],
    ["just that was expected", waited, load, { ...slow, expectedCause: "server-slow" } as const],
    ["somebody refused", late("530 Login incorrect"), load, slow],
  ])("is not where %s", (_, evidence, machine, cause) => {
    expect(overloadOf(evidence, machine, cause)).toBeNull();
  });
});

test("a machine is busy with more than four processes for each processor", () => {
  expect(isBusy({ running: 8.1, processors: 2 })).toBe(true);
  expect(isBusy({ running: 8, processors: 2 })).toBe(false);
});

test("a run on a busy machine, or with too many workers, begins with one warning", () => {
  expect(busyWarning(load, 24)).toMatch(/^The machine is busy \(load 19\.8 on 2 processors\)/);
  expect(busyWarning({ running: 1, processors: 2 }, 97)).toMatch(/^97 workers are too many for 2 processors/);
  expect(busyWarning({ running: 1, processors: 2 }, 96)).toBeNull();
});
