import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { growthFrom, mostGrowth } from "../../../support/growth";
import { least } from "../../../support/least";
import { commandMs } from "../../../support/processor-time";

jest.setTimeout(120_000);

const kinds: readonly (readonly [string, (index: number) => string])[] = [
  ["replies without commands", (index) => `250 number ${index}`],
  [
    "packets of a capture",
    (index) =>
      `15:01:02.010000 IP 198.51.100.7.${1024 + (index % 60_000)} > 203.0.113.5.50000: Flags [S], seq 1, win 64240, length 0`,
  ],
  [
    "packets of a firewall",
    (index) =>
      `[UFW BLOCK] IN=eth0 OUT= SRC=198.51.100.7 DST=203.0.113.5 PROTO=TCP SPT=${1024 + (index % 60_000)} DPT=8190 SYN`,
  ],
  ["prose", (index) => `I do not know what FTP does in line ${index}, it fails with certificate errors`],
];

/** In lines. */
const shorter = 10_000;

/** Shorter times are those of the machine. */
const floorMs = 150;

describe("the time of an answer", () => {
  let folder: string;
  let startMs: number;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-"));
    startMs = commandMs(["--version"]);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(kinds)("grows with the length of a log of %s", (_, line) => {
    const file = join(folder, "a.log");
    const msFor = (length: number): number => {
      const lines = Array.from({ length }, (_line, index) => line(index));
      writeFileSync(file, ["220 FTP", "USER a", "331 b", "PASS c", "230 d", ...lines].join("\n"));
      return commandMs(["match", "--log", file]) - startMs;
    };
    expect(least(growthFrom(shorter, msFor, floorMs), mostGrowth)).toBeLessThanOrEqual(mostGrowth);
  });
});
