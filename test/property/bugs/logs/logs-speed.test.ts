import { readLog } from "../../../../harness/bugs/logs/read-log";
import { symptomOf } from "../../../../harness/bugs/logs/symptom";
import { growthFrom, mostGrowth } from "../../../support/growth";
import { least } from "../../../support/least";
import { processorMs } from "../../../support/processor-time";

jest.setTimeout(120_000);

const login = "220 a\nUSER b\n331 c\nPASS d\n230 e\n";
const lines = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join("\n");

/** Logs that are long in the ways in which a reader might look back over all of them at each line. */
const longLogs: Readonly<Record<string, (count: number) => string>> = {
  "replies without commands": (count) => lines(count, (index) => `2${String(index % 60).padStart(2, "0")} file`),
  "replies to PASV alone": (count) => lines(count, () => "227 f (192,0,2,1,195,80)"),
  "greetings alone": (count) => lines(count, () => "220 ftp ready"),
  "replies of several lines that never end": (count) => lines(count, (index) => `${200 + (index % 300)}-file`),
  "errors alone": (count) => lines(count, () => "Error: connect ETIMEDOUT 192.0.2.1:50000"),
  "tries after one login": (count) => login + lines(count / 4, () => "PASV\n227 f (192,0,2,1,195,80)\nLIST\n425 no"),
  "tries after a long login": (count) =>
    `220 a\n${lines(count / 2, () => "200-b")}\n${lines(count / 4, () => "PASV\n425 no")}`,
  "sessions of FileZilla": (count) =>
    lines(
      count / 4,
      () => "Status:\tConnecting to 192.0.2.1:21...\nCommand:\tPASV\nResponse:\t227 f\nError:\tTimed out",
    ),
  "a session that lives long": (count) => login + lines(count / 2, () => "NOOP\n200 ok"),
};

function msFor(text: string): number {
  return processorMs(() => {
    const log = readLog(text);
    if (log !== null) symptomOf(log);
  });
}

/** Below this many ms a time says more of the machine than of the reader. */
const floorMs = 60;

describe("the time that a log takes to be read", () => {
  it.each(Object.entries(longLogs))("grows as its length does: %s", (_, make) => {
    const growth = growthFrom(5_000, (count) => msFor(make(count)), floorMs);
    expect(least(growth, mostGrowth)).toBeLessThanOrEqual(mostGrowth);
  });

  it.each([
    ["letters", "a"],
    ["quotes", "'"],
    ["ticks", "`"],
    ["brackets", ")]"],
    ["errors", "error"],
    ["colons", "a: "],
    ["stamps", "[DEBUG] "],
    ["escapes", "\\r\\n"],
    ["commands", ":USER a "],
    ["numbers", "1,"],
    ["control strings", "\u001b]"],
  ])("is short for a hostile line of 100 kB: %s", (_, piece) => {
    const hostile = piece.repeat(Math.ceil(100_000 / piece.length));
    const text = `${login}${hostile}x\n${hostile}\ncode=425, message=${hostile}x`;
    expect(least(() => msFor(text), 500)).toBeLessThan(500);
  });
});
