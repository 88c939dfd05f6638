import { readOwnOutput } from "../../../../harness/catalog/clients/user-output";
import type { OutputLine } from "../../../../harness/model/program";
import { programSession } from "../../../support/program-output";

function read(stream: OutputLine["stream"], ...texts: readonly string[]) {
  const output = texts.map((text): OutputLine => ({ atMs: 0, stream, text }));
  const outcome = { startedAt: 0, durationMs: 1, exitCode: 1, timedOut: false, output, files: [] };
  return readOwnOutput(outcome, programSession());
}

it("tells its own error: the line that the runtime prints beside the stack, or else what it said last", () => {
  const told = (...texts: readonly string[]) => read("stderr", ...texts).message;
  expect(
    told("/tmp/session.cjs:1", 'throw new TypeError("no plan")', "TypeError: no plan", "    at x", "Node.js v22.22.3"),
  ).toBe("TypeError: no plan");
  expect(told("Error [ERR_TLS]: no", "    at y")).toBe("Error [ERR_TLS]: no");
  expect(told("Traceback (most recent call last):", "ftplib.error_perm: 550", "ssl.SSLError: no", "")).toBe(
    "ssl.SSLError: no",
  );
  expect(told("it did not work", "")).toBe("it did not work");
  expect(told()).toBeNull();
});

it("shows its dialogue as known programs and libraries show theirs, on either stream", () => {
  const shown = (stream: OutputLine["stream"], ...texts: readonly string[]) =>
    read(stream, ...texts).transcript.map(({ direction, text }) => `${direction} ${text}`);
  expect(shown("stdout", "> PASS secret", "< 230 Welcome", "done")).toEqual(["> PASS ###", "< 230 Welcome", "* done"]);
  expect(shown("stderr", "> PASV", "< 227 Ready", "* closing", "oops")).toEqual(["> PASV", "< 227 Ready"]);
  expect(shown("stderr", "---> PASV", "<--- 227 Ready")).toEqual(["> PASV", "< 227 Ready"]);
  expect(
    shown(
      "stdout",
      String.raw`[connection] > 'FEAT'`,
      String.raw`[connection] < '211-Features:\r\n EPSV\r\n'`,
      String.raw`[parser] < '211-Features:\r\n EPSV\r\n'`,
    ),
  ).toEqual(["> FEAT", "< 211-Features:", "<  EPSV"]);
  expect(shown("stdout", "*cmd* 'PASV'", String.raw`*resp* "227-it's\n227 (1,2)"`)).toEqual([
    "> PASV",
    "< 227-it's",
    "< 227 (1,2)",
  ]);
});
