import fc from "fast-check";
import { travelOf } from "../../../../harness/diagnose/locate/travel";
import { viewPackets } from "../../../../harness/diagnose/observe/packets";
import type { CellEvidence, SeenPacket } from "../../../../harness/model/evidence";
import { faultRecording } from "../../../support/fault-recordings";
import { makeEvidence } from "../../../support/evidence";

function view(evidence: CellEvidence) {
  const travel = travelOf(evidence);
  return travel === null ? null : viewPackets(travel);
}

const lost = (evidence: CellEvidence) => view(evidence)?.lost ?? [];

/** The evidence with the packets of some vantage points changed. */
function withPackets(
  evidence: CellEvidence,
  change: (packets: readonly SeenPacket[], node: string, link: string) => readonly SeenPacket[],
): CellEvidence {
  const captures = evidence.captures.map((capture) => ({
    ...capture,
    packets: change(capture.packets, capture.node, capture.link),
  }));
  return { ...evidence, captures };
}

describe("segments that did not arrive", () => {
  it("are told with the node that they came to and did not leave, and how often they were sent", () => {
    expect(lost(faultRecording("227-eaten"))[0]).toEqual({
      connection: "control",
      from: "server",
      length: 50,
      text: "227 Entering Passive Mode (203,0,113,1,195,107).",
      isPart: false,
      sent: 5,
      lastNode: "router",
      stayed: true,
      longestArrived: 109,
      resetBy: null,
    });
  });

  it("are told apart from those that left a node and came to no other", () => {
    expect(lost(faultRecording("mtu-hole"))[0]).toMatchObject({
      connection: "control",
      from: "client",
      length: 1448,
      text: null,
      lastNode: "client",
      stayed: false,
    });
  });

  it("name who answered them with a reset", () => {
    expect(lost(faultRecording("auth-reset"))[0]).toMatchObject({ text: "AUTH TLS", sent: 1, resetBy: "router" });
  });

  it("are parts of a line where no line ends in them", () => {
    const [first] = lost(faultRecording("227-in-parts"));
    expect(first).toMatchObject({ text: "227 Entering Passive Mode (192,168,1", length: 36, isPart: true });
  });

  it("are not those of which a later copy arrived", () => {
    const evidence = faultRecording("227-eaten");
    const copy = evidence.captures
      .find(({ node }) => node === "server")!
      .packets.findLast(({ text }) => text?.startsWith("227 ") === true)!;
    const through = withPackets(evidence, (packets, node, link) => {
      if (node === "server" || (node === "router" && link === "lan")) return packets;
      const flow = packets.find(({ flags }) => flags === "SYN,ACK")!.flow;
      return [...packets, { ...copy, flow, direction: node === "client" ? "in" : "out" }];
    });
    expect(lost(through).filter(({ text }) => text?.startsWith("227 "))).toEqual([]);
  });

  it("are none where the capture that would have seen them was cut", () => {
    const evidence = faultRecording("auth-reset");
    const captures = evidence.captures.map((capture) => ({ ...capture, cut: "it was full" }));
    expect(lost({ ...evidence, captures })).toEqual([]);
  });
});

describe("the control connection's opening", () => {
  it("tells that the SYN arrived and nothing was answered", () => {
    expect(view(faultRecording("no-route-back"))?.opening).toEqual({
      arrived: true,
      answer: "absent",
      answerLastNode: null,
    });
  });

  it("tells where an answer was seen last that did not arrive", () => {
    const evidence = withPackets(faultRecording("auth-reset"), (packets, node) =>
      node === "client" ? packets.filter(({ direction }) => direction === "out") : packets,
    );
    expect(view(evidence)?.opening).toEqual({ arrived: true, answer: "lost", answerLastNode: "router" });
    const stayed = withPackets(evidence, (packets, node, link) =>
      node === "router" && link === "internet" ? packets.filter(({ direction }) => direction === "in") : packets,
    );
    expect(view(stayed)?.opening).toEqual({ arrived: true, answer: "lost", answerLastNode: "router" });
  });

  it("is not known where its SYN was not captured", () => {
    const evidence = withPackets(faultRecording("auth-reset"), (packets) =>
      packets.filter(({ flags }) => !flags.includes("SYN")),
    );
    expect(view(evidence)?.opening).toBeNull();
  });
});

it("is nothing where nothing was captured", () => {
  expect(view(makeEvidence())).toBeNull();
  expect(view(withPackets(faultRecording("auth-reset"), () => []))).toBeNull();
});

test("any part of a capture can be read", () => {
  const evidence = faultRecording("227-eaten");
  fc.assert(
    fc.property(fc.func(fc.boolean()), (keep) => {
      const part = withPackets(evidence, (packets, node, link) =>
        packets.filter((packet) => keep(node, link, packet.at)),
      );
      expect(() => view(part)).not.toThrow();
    }),
    { numRuns: 50 },
  );
});
