import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { captureOf, readCaptures } from "../../../../harness/evidence/packets/captures";
import { renderPacketFiles } from "../../../../harness/evidence/packets/packet-files";
import { readRecording } from "../../../../harness/evidence/recording/read-recording";
import { renderRecording } from "../../../../harness/evidence/recording/recording";
import { diagnose } from "../../../../harness/diagnose/diagnose";
import { captureBytes, decodedOf } from "../../../support/captures";
import { ftpsPasv } from "../../../fixtures/recordings/cells";

const indexes = [
  ...new Set(decodedOf("server-nat-helper.router").map(({ interfaceIndex }) => interfaceIndex ?? 0)),
].sort((one, other) => one - other);
const sessionCaptures = readCaptures([
  {
    node: "router",
    pcap: captureBytes("server-nat-helper.router"),
    interfaces: indexes.map((index, place) => ({ index, link: ["internet", "lan"][place] ?? "", ends: [] })),
    cut: null,
  },
]).map((point) => captureOf(point, { addresses: ["203.0.113.35"], ports: new Set([21]), keys: [] }));
const captures = sessionCaptures.map(({ capture }) => capture);
const packetFiles = renderPacketFiles(ftpsPasv.cell.id, sessionCaptures, "");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recording-"));
  for (const { path, text } of renderRecording({ ...ftpsPasv, captures })) writeFileSync(join(folder, path), text);
  for (const { path, bytes } of packetFiles) writeFileSync(join(folder, path), bytes);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What is read, the packets of the first vantage point, and whether the diagnosis is still the same. */
function read() {
  const { evidence, problems } = readRecording(folder);
  if (evidence === null) throw new Error("nothing can be used");
  expect(diagnose(evidence).findings[0]?.cause).toBe("helper-blind-to-tls");
  return { captures: evidence.captures, problems, missing: evidence.missing };
}

describe("a recording with packets", () => {
  it("comes back with them as they were captured", () => {
    expect(captures[0]?.packets.length).toBeGreaterThan(10);
    expect(read()).toEqual({ captures, problems: [], missing: [] });
  });

  it("is told when a packet file is cut short, and keeps the packets before", () => {
    const [first] = packetFiles;
    if (first === undefined) throw new Error("a file");
    writeFileSync(join(folder, first.path), first.bytes.subarray(0, -5));
    const { captures: found, problems, missing } = read();
    expect(problems).toEqual([expect.stringMatching(/^the packets of router: router-internet.pcapng: .*byte \d+/)]);
    expect(missing).toMatchObject([{ collector: "packets", node: "router" }]);
    expect(found[0]?.packets).toEqual(captures[0]?.packets.slice(0, -1));
    expect(found[0]?.cut).not.toBeNull();
    expect(found[1]).toEqual(captures[1]);
  });

  it.each([
    [
      "is missing",
      (path: string) => {
        rmSync(path);
      },
    ],
    [
      "is a folder",
      (path: string) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
    [
      "is empty",
      (path: string) => {
        writeFileSync(path, "");
      },
    ],
    [
      "is something else",
      (path: string) => {
        writeFileSync(path, "\u001b[2J".repeat(1000));
      },
    ],
  ])("is told when a packet file %s, and diagnoses from the rest", (_, damage) => {
    damage(join(folder, "router-internet.pcapng"));
    const { captures: found, problems } = read();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^the packets of router: router-internet.pcapng: /);
    expect(found[0]).toMatchObject({ packets: [], cut: expect.any(String) as string });
    expect(found[1]).toEqual(captures[1]);
  });

  it("never looks for packets outside of its folder, whatever names it claims", () => {
    const json = renderRecording({ ...ftpsPasv, captures })[0]?.text ?? "";
    for (const node of ["../../etc/passwd", "/etc", "..", "a/b", "\u0000"]) {
      writeFileSync(
        join(folder, "evidence.json"),
        json.replaceAll('"node":"router"', `"node":${JSON.stringify(node)}`),
      );
      const { captures: found, problems } = read();
      expect(found).toEqual([]);
      expect(problems).toEqual([expect.stringMatching(/^the packets: captures: 2 of 2 entries cannot be used/)]);
    }
  });
});
