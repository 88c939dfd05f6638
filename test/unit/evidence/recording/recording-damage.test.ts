import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parseRecording } from "../../../../harness/evidence/recording/parse-recording";
import { findRecordings, readRecording } from "../../../../harness/evidence/recording/read-recording";
import { renderRecording } from "../../../../harness/evidence/recording/recording";
import type { CellEvidence } from "../../../../harness/model/evidence";
import { gapText } from "../../../../harness/evidence/gap-text";
import { gap } from "../../../support/evidence";
import { ftpPasv, ftpsPasv } from "../../../fixtures/recordings/cells";

const json = renderRecording(ftpPasv)[0]?.text ?? "";

/** The recording with a part set to something else, or taken out, as a program would write it that is not ours. */
function changed(path: string, part?: unknown): string {
  const value: unknown = structuredClone(ftpPasv);
  const steps = path.split(".");
  const owner = steps.slice(0, -1).reduce((inner, step) => Reflect.get(inner as object, step) as unknown, value);
  Reflect.set(owner as object, steps.at(-1) ?? "", part);
  return JSON.stringify(value);
}

/** A damaged recording: the sentence that must name the damage, and what of the rest must still be there. */
type Damage = readonly [
  title: string,
  text: string,
  problem: RegExp,
  rest: (evidence: CellEvidence) => unknown,
  expected: unknown,
];

const [router] = ftpPasv.routers;
const verdict = ({ attempt }: CellEvidence): unknown => [attempt.result, attempt.stage];

const damages: readonly Damage[] = [
  [
    "cut short in the router's part",
    json.slice(0, json.indexOf('"expectations"')),
    /^the file: it is cut short after \d+ characters/,
    ({ server, routers }) => [server, routers[0]?.packets, routers[0]?.expectations, routers[0]?.rules],
    [ftpPasv.server, router?.packets, [], ""],
  ],
  [
    "cut short in the transcript",
    json.slice(0, json.indexOf("MLSD /list")),
    /^the server's logs: server: it cannot be used: expected object, found nothing/,
    verdict,
    ["worked", null],
  ],
  [
    "cut short in a number, of which nobody knows how long it was",
    json.slice(0, json.indexOf('"durationMs":43') + '"durationMs":4'.length),
    /^the client: attempt\.durationMs: it cannot be used: expected number, found nothing/,
    ({ attempt }) => attempt.durationMs,
    0,
  ],
  [
    "garbled in the middle",
    `${json.slice(0, json.indexOf('"routers"'))}<html>${json.slice(json.indexOf('"routers"'))}`,
    /^the file: it is not JSON from character \d+ on/,
    ({ server }) => server,
    ftpPasv.server,
  ],
  [
    "with NaN for a number",
    json.replace('"durationMs":43.7', '"durationMs":NaN'),
    /^the client: attempt\.durationMs: it cannot be used: expected number, found NaN/,
    ({ attempt, routers }) => [attempt.durationMs, routers],
    [0, ftpPasv.routers],
  ],
  [
    "with a number beyond all numbers",
    json.replace('"durationMs":43.7', '"durationMs":1e999'),
    /^the client: attempt\.durationMs: .* found Infinity/,
    ({ attempt }) => attempt.durationMs,
    0,
  ],
  [
    "with raw control characters",
    json.replace("226 Transfer complete", "226 Transfer\x07\ncomplete"),
    /^the file: it is not strict JSON/,
    ({ attempt }) => attempt.transcript.at(-1)?.text,
    "226 Transfer\x07\ncomplete",
  ],
  [
    "with escapes that make no sense",
    json.replace("226 Transfer complete", "226 \\q"),
    /^the client: attempt\.transcript: 1 of 8 entries cannot be used; the first is \[7\]: text: expected string, found nothing/,
    ({ attempt }) => attempt.transcript,
    ftpPasv.attempt.transcript.slice(0, -1),
  ],
  [
    "without routers",
    changed("routers"),
    /^the routers: routers: expected a list, found nothing; no router's evidence can be used/,
    ({ routers, server }) => [routers, server],
    [[], ftpPasv.server],
  ],
  [
    "with a router that is none",
    changed("routers.1", 5),
    /^the routers: routers\[1\]: it cannot be used: expected object, found 5/,
    ({ routers }) => routers,
    ftpPasv.routers,
  ],
  [
    "with a router whose name leads elsewhere",
    changed("routers.0.router", "../../etc/passwd"),
    /^the routers: routers\[0\]: it cannot be used: router: expected an id/,
    ({ routers }) => routers,
    [],
  ],
  [
    "with a packet of the wrong type",
    changed("routers.0.packets.1.arrived.sourcePort", "45875"),
    /^router: routers\[0\]\.packets: 1 of 2 entries cannot be used; the first is \[1\]: arrived\.sourcePort: .* found `45875`/,
    ({ routers }) => routers[0]?.packets,
    [router?.packets[0]],
  ],
  [
    "with a command for an address",
    changed("routers.0.expectations.0.destination", "203.0.113.1; reboot"),
    /^router: routers\[0\]\.expectations: 1 of 2 .* destination: expected an IP address/,
    ({ routers }) => routers[0]?.expectations.length,
    1,
  ],
  [
    "with a mapping for a list",
    changed("attempt.stages", { length: 3 }),
    /^the client: attempt\.stages: expected a list, found a mapping; it is taken as empty/,
    ({ attempt }) => attempt.stages,
    [],
  ],
  [
    "with a server that is a word",
    changed("server", "proftpd"),
    /^the server's logs: server: it cannot be used: expected object, found `proftpd`/,
    ({ server, routers }) => [server, routers],
    [null, ftpPasv.routers],
  ],
  [
    "with a configuration that is none",
    changed("server.configuration", 7),
    /^the server's logs: server\.configuration: it cannot be used: 7/,
    ({ server }) => server,
    { ...ftpPasv.server, configuration: "" },
  ],
  [
    "with a text of 1 MB",
    changed("attempt.message", "x".repeat(1_000_000)),
    /^the client: attempt\.message: a text of 1000000 characters is cut to 65536/,
    ({ attempt }) => attempt.message?.length,
    65_536,
  ],
  [
    "with a list of 50,000 lines",
    changed(
      "server.tlsLog",
      Array.from({ length: 50_000 }, () => "x"),
    ),
    /^the server's logs: server\.tlsLog: a list of 50000 entries is cut to 10000/,
    ({ server }) => server?.tlsLog.length,
    10_000,
  ],
  [
    "nested without end in a field that nobody knows",
    `${json.slice(0, json.lastIndexOf("}"))}, "x": ${"[".repeat(200_000)}`,
    /^the file: it is nested too deep from character \d+ on/,
    ({ routers, attempt }) => [routers, attempt],
    [ftpPasv.routers, ftpPasv.attempt],
  ],
];

describe("a damaged recording", () => {
  it.each(damages)("%s tells the damage and keeps the rest", (_title, text, problem, rest, expected) => {
    const { evidence, problems } = parseRecording(text);
    const named = problems.find((sentence) => problem.test(sentence));
    expect({ named, problems }).toEqual({ named: expect.stringMatching(problem) as string, problems });
    expect(evidence?.missing.map(gapText)).toContain(named);
    expect(evidence === null ? null : rest(evidence)).toEqual(expected);
  });

  it.each([
    ["nothing", ""],
    ["a word", "hello"],
    ["null", "null"],
    ["a list", "[1, 2]"],
    ["a number", "7"],
    ["without a cell", changed("cell")],
    ["with a cell whose id is not that of its axes", changed("cell.mode", "ftps")],
    ["with a result that is none", changed("attempt.result", "won")],
    ["that failed nowhere", changed("attempt.result", "failed")],
    ["of zeros", "\0".repeat(4096)],
  ])("that is %s cannot be used, and says so", (_title, text) => {
    const { evidence, problems } = parseRecording(text);
    expect(evidence).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
  });

  it("of another program's version says which", () => {
    const text = changed("schemaVersion", "2.0\x1b[2J");
    expect(parseRecording(text)).toEqual({
      evidence: null,
      problems: ["schemaVersion: it is 2.0\\x1b[2J, and this program reads 1.x"],
    });
  });

  it("of a later minor version is read without what it adds", () => {
    const attempt = { ...ftpPasv.attempt, weather: "fine" };
    const text = JSON.stringify({ ...ftpPasv, schemaVersion: "1.7", packets: { pcapng: "x" }, attempt });
    expect(parseRecording(text)).toEqual({ evidence: ftpPasv, problems: [] });
  });

  it("cannot reach the prototypes of objects", () => {
    for (const key of ["__proto__", "constructor", "prototype"]) {
      const start = json.indexOf('"attempt": {') + '"attempt": {'.length;
      const strict = `${json.slice(0, start)}"${key}": {"polluted": true, "result": "failed"},${json.slice(start)}`;
      for (const text of [strict, `${strict.trimEnd()},`, strict.replace('"durationMs":43.7', '"durationMs":NaN')]) {
        const { evidence } = parseRecording(text);
        expect(evidence?.attempt.result).toBe("worked");
        expect(evidence?.attempt).not.toHaveProperty("polluted");
      }
    }
    expect({}).not.toHaveProperty("polluted");
    const inherited = json.replace('"result":"worked"', '"__proto__":{"result":"worked"}');
    for (const text of [inherited, `${inherited.trimEnd()},`, inherited.slice(0, -3)]) {
      expect(parseRecording(text).evidence).toBeNull();
    }
  });

  it("of nothing but damage is told in a few sentences", () => {
    const text = changed(
      "routers",
      Array.from({ length: 5000 }, () => 0),
    );
    const { problems } = parseRecording(text);
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe("4980 more such problems");
  });

  it("is read wherever it is cut or changed, and never throws", () => {
    fc.assert(
      fc.property(fc.nat(json.length), fc.nat(40), fc.string({ unit: "binary", maxLength: 8 }), (at, gone, put) => {
        for (const text of [json.slice(0, at), json.slice(0, at) + put + json.slice(at + gone)]) {
          const { evidence, problems } = parseRecording(text);
          if (evidence === null) expect(problems.length).toBeGreaterThan(0);
          else expect(evidence.missing.map(gapText)).toEqual(problems);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** POSIX; Node cannot make a named pipe by itself. */
const makePipe = "mkfifo";

describe("a recording on disk", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "recording-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function record(evidence: CellEvidence, ...parts: readonly string[]): string {
    const path = join(folder, ...parts);
    mkdirSync(path, { recursive: true });
    for (const file of renderRecording(evidence)) writeFileSync(join(path, file.path), file.text);
    return path;
  }

  it("is read from its folder or its file", () => {
    const path = record(ftpsPasv, "a");
    expect(readRecording(path)).toEqual({ evidence: ftpsPasv, problems: [] });
    expect(readRecording(join(path, "evidence.json"))).toEqual({ evidence: ftpsPasv, problems: [] });
  });

  it("may begin with a byte order mark", () => {
    writeFileSync(join(folder, "evidence.json"), `\ufeff${json}`);
    expect(readRecording(folder)).toEqual({ evidence: ftpPasv, problems: [] });
  });

  it("that is not UTF-8 is read with what is not replaced", () => {
    const bytes = Buffer.from(json.replace("226 Transfer complete", "226 Transfer \x01complete"));
    bytes[bytes.indexOf(1)] = 0xff;
    writeFileSync(join(folder, "evidence.json"), bytes);
    const { evidence, problems } = readRecording(folder);
    expect(problems).toEqual(["the file: it is not UTF-8 throughout; what is not is replaced by \ufffd"]);
    expect(evidence?.missing).toEqual([gap("recording", null, problems[0])]);
    expect(evidence?.attempt.transcript.at(-1)?.text).toBe("226 Transfer \ufffdcomplete");
  });

  it("of more than 16 MB is read so far", () => {
    const text = `${json.slice(0, json.lastIndexOf("}"))}, "x": "${"x".repeat(17 * 1024 * 1024)}"}`;
    writeFileSync(join(folder, "evidence.json"), text);
    const { evidence, problems } = readRecording(folder);
    expect(evidence?.routers).toEqual(ftpPasv.routers);
    expect(problems[0]).toMatch(/^the file: only the first 16 MB of \d+ bytes are read$/);
  });

  it("that is not there, is a folder, a pipe or a device cannot be read, and nobody waits for it", () => {
    mkdirSync(join(folder, "folder", "evidence.json"), { recursive: true });
    mkdirSync(join(folder, "pipe"));
    execFileSync(makePipe, [join(folder, "pipe", "evidence.json")]);
    mkdirSync(join(folder, "device"));
    symlinkSync("/dev/zero", join(folder, "device", "evidence.json"));
    for (const name of ["nowhere", "folder", "pipe", "device"]) {
      const { evidence, problems } = readRecording(join(folder, name));
      expect({ name, evidence, problems }).toEqual({
        name,
        evidence: null,
        problems: [expect.stringMatching(/^it cannot be read: /) as string],
      });
    }
  });

  it("is found wherever it lies in a run, and links are not followed", () => {
    const first = record(ftpsPasv, "run", "cells", "a", "b");
    const second = record(ftpPasv, "run", "cells", "a", "c");
    const repeat = record(ftpPasv, "run", "cells", "a", "c", "repeat-2");
    symlinkSync(join(folder, "run"), join(folder, "run", "cells", "loop"));
    expect(findRecordings(join(folder, "run"))).toEqual([
      join(first, "evidence.json"),
      join(second, "evidence.json"),
      join(repeat, "evidence.json"),
    ]);
    expect(findRecordings(join(first, "evidence.json"))).toEqual([join(first, "evidence.json")]);
    expect(findRecordings(join(folder, "nowhere"))).toEqual([]);
    symlinkSync("run", join(folder, "latest"));
    expect(findRecordings(join(folder, "latest"))).toHaveLength(3);
  });
});
