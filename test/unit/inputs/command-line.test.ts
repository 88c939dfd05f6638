import fc from "fast-check";
import { splitCommandLine } from "../../../harness/inputs/command-line";

test.each([
  ["curl -v ftp://host/", ["curl", "-v", "ftp://host/"]],
  ["  a   b  ", ["a", "b"]],
  [`lftp -c 'open x; ls'`, ["lftp", "-c", "open x; ls"]],
  [`a "b 'c' \\" d"`, ["a", `b 'c' " d`]],
  [`a'b'"c"\\ d`, ["abc d"]],
  ["a '' b", ["a", "", "b"]],
  ["$(reboot) `x` | y > z", ["$(reboot)", "`x`", "|", "y", ">", "z"]],
  ["", []],
])("%j is the words %j", (line, words) => {
  expect(splitCommandLine(line)).toEqual(words);
});

test.each(["'a", '"a', `a "b'`])("%j has a quote that is not closed", (line) => {
  expect(splitCommandLine(line)).toBeNull();
});

test("words in single quotes come out as they are", () => {
  fc.assert(
    fc.property(fc.array(fc.string().filter((word) => !word.includes("'"))), (words) => {
      expect(splitCommandLine(words.map((word) => `'${word}'`).join(" "))).toEqual(words);
    }),
  );
});
