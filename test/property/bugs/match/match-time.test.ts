import { sessionsBeside } from "../../../../harness/bugs/match/known-traits";
import { matchReport, matchSymptom } from "../../../../harness/cli/match-symptom";
import { readCase } from "../../../../harness/cli/read-symptom";
import { least } from "../../../support/least";
import { cells } from "../../../support/read-case";
import { processorMs } from "../../../support/processor-time";

jest.setTimeout(120_000);

/** The processor time that an answer costs, in ms. */
function timeOf(text: string): number {
  const pastes = [{ name: "a.log", text }];
  return processorMs(() => {
    const read = readCase(pastes);
    if (read === null) return;
    const others = sessionsBeside(read.symptom);
    matchReport(read.symptom, pastes, matchSymptom(read.symptom, others, cells, read.around));
  });
}

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

/** In lines; each is twice the one before. */
const lengths = [10_000, 20_000, 40_000] as const;

/** Shorter times are those of the machine. */
const floorMs = 150;

describe("the time of an answer", () => {
  it.each(kinds)("grows with the length of a log of %s", (_, line) => {
    const text = (length: number): string =>
      ["220 FTP", "USER a", "331 b", "PASS c", "230 d", ...Array.from({ length }, (_line, index) => line(index))].join(
        "\n",
      );
    // The first one warms up.
    timeOf(text(lengths[0]));
    // Other work on the machine makes a time longer, never shorter.
    const shortest = lengths.map(() => Infinity);
    const growth = (): number => {
      for (const [index, length] of lengths.entries()) {
        shortest[index] = Math.min(shortest[index] ?? Infinity, Math.max(timeOf(text(length)), floorMs));
      }
      return Math.max(...shortest.slice(1).map((time, index) => time / (shortest[index] ?? time)));
    };
    expect(least(growth, 2.3)).toBeLessThanOrEqual(2.3);
  });
});
