import { withStageByPackets } from "../../../../harness/evidence/recording/stage-by-packets";
import type { Attempt } from "../../../../harness/model/cell";
import type { CellEvidence, SeenPacket } from "../../../../harness/model/evidence";
import { makeFailure } from "../../../support/attempts";
import { makeCell } from "../../../support/cells";
import { makeEvidence } from "../../../support/evidence";

const packet = (direction: "in" | "out", port: number, change: Partial<SeenPacket>): SeenPacket => {
  const client = { address: "203.0.113.33", port: 40_000 };
  const server = { address: "203.0.113.10", port };
  const [from, to] = direction === "out" ? [client, server] : [server, client];
  const flow = { source: from.address, sourcePort: from.port, destination: to.address, destinationPort: to.port };
  return {
    at: 1,
    direction,
    flow,
    flags: "ACK",
    sequence: 1,
    acknowledgement: 0,
    length: 0,
    text: null,
    icmp: null,
    ...change,
  };
};
const syn = (port: number): SeenPacket => packet("out", port, { flags: "SYN", sequence: port });
const granted = (port: number): SeenPacket =>
  packet("in", port, { flags: "SYN,ACK", sequence: 7, acknowledgement: port + 1 });

function stageOf(
  mode: "ftp" | "ftps" | "ftps-implicit",
  attempt: Attempt,
  packets: readonly SeenPacket[],
): string | null {
  const evidence: CellEvidence = makeEvidence({
    cell: makeCell({ mode }),
    attempt,
    captures: [
      { node: "client", link: "internet", packets, cut: null },
      { node: "server", link: "internet", packets: [], cut: null },
    ],
  });
  return withStageByPackets(evidence).attempt.stage;
}

describe("a program that has no reply", () => {
  const silent = makeFailure("control-connect");

  it("waited for the greeting where it was connected, and with implicit TLS for the handshake", () => {
    expect(stageOf("ftps", silent, [syn(990), granted(990)])).toBe("greeting");
    expect(stageOf("ftps-implicit", silent, [syn(990), granted(990)])).toBe("auth-tls");
  });

  it("was not connected where nothing answered its SYN", () => {
    expect(stageOf("ftp", silent, [syn(21)])).toBe("control-connect");
    expect(stageOf("ftp", silent, [])).toBe("control-connect");
  });

  it("is left alone where stages were clocked", () => {
    const clocked = { ...silent, stages: [{ stage: "control-connect", startedAt: 0, durationMs: 1 }] } as never;
    expect(stageOf("ftp", clocked, [syn(21), granted(21)])).toBe("control-connect");
  });
});

describe("a program that stopped after its data command", () => {
  const lines = ["> PASV", "< 227 Entering Passive Mode (203,0,113,10,195,81)."].map((text) => ({
    atMs: 0,
    direction: text.startsWith(">") ? (">" as const) : ("<" as const),
    text: text.slice(2),
  }));
  const control = [syn(21), granted(21)];
  const data = [syn(50_001), granted(50_001)];
  const hello = packet("out", 50_001, { sequence: 50_002, length: 517, at: 2 });

  it("stopped in TLS where it had sent a byte of it", () => {
    const stopped = makeFailure("data-connect", { transcript: lines });
    expect(stageOf("ftps", stopped, [...control, ...data, hello])).toBe("data-tls");
    expect(stageOf("ftps", stopped, [...control, ...data])).toBe("data-connect");
    expect(stageOf("ftp", stopped, [...control, ...data, hello])).toBe("data-connect");
  });

  it("is left alone where it had sent a transfer command, or a reply decided", () => {
    const listed = [...lines, { atMs: 0, direction: ">" as const, text: "LIST" }];
    const packets = [...control, ...data, hello];
    expect(stageOf("ftps", makeFailure("data-connect", { transcript: listed }), packets)).toBe("data-connect");
    expect(stageOf("ftps", makeFailure("data-connect", { transcript: lines, replyCode: 425 }), packets)).toBe(
      "data-connect",
    );
  });
});
