import { lossOf } from "../../../harness/diagnose/loss";
import { observe } from "../../../harness/diagnose/observe/observe";
import type { Observations } from "../../../harness/diagnose/observations";
import type { LostSegment } from "../../../harness/diagnose/observe/packets";
import { faultRecording } from "../../support/fault-recordings";
import { simulate } from "../../support/simulated-evidence";

const segment: LostSegment = {
  connection: "control",
  from: "server",
  length: 36,
  text: "227 Entering Passive Mode (192,168,1",
  isPart: true,
  sent: 3,
  lastNode: "router",
  stayed: true,
  longestArrived: 300,
  resetBy: null,
};

function losing(changes: readonly Partial<LostSegment>[], topology = "server-nat-helper"): Observations {
  const lost = changes.map((change) => ({ ...segment, ...change }));
  return { ...observe(simulate({ topology, mode: "ftp" })), packets: { opening: null, lost } };
}
const kindOf = (change: Partial<LostSegment>, topology?: string) => lossOf(losing([change], topology))?.kind ?? null;

describe("what the loss of a segment means", () => {
  it.each([
    ["mtu-hole", "length"],
    ["227-in-parts", "partial line"],
    ["227-eaten", "line"],
    ["auth-reset", "line"],
    ["no-route-back", null],
  ] as const)("is read from a recording: %s", (name, kind) => {
    expect(lossOf(observe(faultRecording(name)))?.kind ?? null).toBe(kind);
  });

  it("is its length where it is long, was sent again, and nothing as long arrived", () => {
    const long = { length: 1448, text: null, isPart: false, longestArrived: 300 };
    expect(kindOf(long)).toBe("length");
    expect(kindOf({ ...long, sent: 1 })).toBe("line");
    expect(kindOf({ ...long, longestArrived: 1448 })).toBe("line");
    expect(kindOf({ ...long, length: 500 })).toBe("line");
    expect(kindOf({ ...long, connection: "data" })).toBe("length");
  });

  it("is nothing where a short segment of a data connection is lost", () => {
    expect(kindOf({ connection: "data" })).toBeNull();
  });

  it("is the helper's where a router that has one took the beginning of what it looks for", () => {
    expect(kindOf({})).toBe("partial line");
    expect(kindOf({ text: "22" })).toBe("partial line");
    expect(kindOf({ text: "e" })).toBe("partial line");
    expect(kindOf({ text: "eprt |1|192" })).toBe("partial line");
  });

  it.each([
    ["the line is whole", { isPart: false }],
    ["the helper does not look for such a line", { text: "226 Transfer comp" }],
    ["its text is not known", { text: null }],
    ["it was lost between two nodes", { stayed: false }],
    ["it was lost at the client", { lastNode: "client" }],
  ])("is not the helper's where %s", (_, change) => {
    expect(kindOf(change)).toBe("line");
  });

  it("is not the helper's where the router has none", () => {
    expect(kindOf({}, "server-nat")).toBe("line");
  });

  it("is that of the control connection before that of data, and never of the client's farewell", () => {
    const data = { connection: "data", text: "x" } as const;
    expect(lossOf(losing([data, {}]))?.segment.connection).toBe("control");
    expect(lossOf(losing([{ text: "QUIT", from: "client" }]))).toBeNull();
  });
});
