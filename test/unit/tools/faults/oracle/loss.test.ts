import { firstLoss, firstMet, type Hit, type Session } from "../../../../../harness/tools/faults/oracle/loss";
import { readRecording } from "../../../../../harness/evidence/recording/read-recording";
import type { SeenPacket } from "../../../../../harness/model/evidence";
import { faultRecording, type FaultRecording } from "../../../../support/fault-recordings";

function sessionOf(name: FaultRecording): Session {
  const { captures } = faultRecording(name);
  return { captures, client: "client", servers: ["server"], controlPorts: [21, 990] };
}

describe("the first loss of a session", () => {
  test.each([
    ["227-eaten", "payload", "server", /^227 /],
    ["227-in-parts", "payload", "server", /^227 /],
    ["auth-reset", "payload", "client", /^AUTH TLS$/],
    ["mtu-hole", "payload", "client", null],
    ["no-route-back", "syn", "client", null],
  ] as const)("of %s is a %s of the %s", (name, kind, from, text) => {
    const loss = firstLoss(sessionOf(name), null);
    expect(loss).toMatchObject({ connection: "control", kind, from });
    if (text === null) expect(loss?.text).toBeNull();
    else expect(loss?.text).toMatch(text);
  });

  test("is none of a rule that met other packets alone", () => {
    const session = sessionOf("227-eaten");
    expect(firstLoss(session, seenBy("server", "out", "230 User lab1 logged in"))).toBeNull();
    expect(firstLoss(session, seenBy("router", "in", "227 Entering"))).toMatchObject({ kind: "payload" });
  });
});

test("what the opener tried anew with success is no loss", () => {
  const { evidence } = readRecording("test/fixtures/recordings/fuzzed/second-try-rejected");
  const session = { captures: evidence?.captures ?? [], client: "client", servers: ["server"], controlPorts: [21] };
  expect(firstLoss(session, null)).toMatchObject({ connection: "control", kind: "payload", from: "server" });
});

test("what a host's rule stopped before it left is told by the host", () => {
  const session = sessionOf("no-route-back");
  const [syn] = seenBy("client", "out", null, "no-route-back");
  const answer: Hit = { ...present(syn), flags: "SYN,ACK", flow: turned(present(syn).flow), sequence: 7, length: 0 };
  expect(firstMet(session, [answer], "server")).toEqual({
    connection: "control",
    kind: "syn-ack",
    from: "server",
    text: null,
  });
  expect(firstMet(session, [answer], null)).toBeNull();
});

function seenBy(
  node: string,
  direction: SeenPacket["direction"],
  begins: string | null,
  name: FaultRecording = "227-eaten",
): readonly SeenPacket[] {
  return faultRecording(name)
    .captures.filter((capture) => capture.node === node)
    .flatMap(({ packets }) => packets)
    .filter((one) => one.direction === direction && (begins === null || one.text?.startsWith(begins) === true));
}

function turned({ source, destination, sourcePort, destinationPort }: Hit["flow"]): Hit["flow"] {
  return { source: destination, destination: source, sourcePort: destinationPort, destinationPort: sourcePort };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the recording has no such packet");
  return value;
}
