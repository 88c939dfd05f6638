import { createColors } from "picocolors";
import fc from "fast-check";
import { matchText } from "../../../../reports/match-text";
import { pastedLogs } from "../../../support/pasted-logs";
import { answerTo, strangersIn } from "../../../support/answers";

const address = fc.constantFrom("203.0.113.7", "198.51.100.20", "192.168.1.10", "10.0.0.5", "0.0.0.0", "127.0.0.1");
const port = fc.integer({ min: 1, max: 65_535 });
const passive = fc.tuple(address, port).map(([named, number]) => {
  return `227 Entering Passive Mode (${named.replaceAll(".", ",")},${number >> 8},${number & 255}).`;
});
const steps = fc.oneof(
  passive.map((reply) => ["PASV", reply]),
  port.map((number) => ["EPSV", `229 Entering Extended Passive Mode (|||${number}|)`]),
  fc
    .tuple(address, port)
    .map(([named, number]) => [
      `PORT ${named.replaceAll(".", ",")},${number >> 8},${number & 255}`,
      "200 PORT command successful",
    ]),
  fc.constant(["PASV", "500 OOPS: invalid pasv_address"]),
  fc.constant(["AUTH TLS", "234 AUTH TLS successful"]),
  fc.constant(["PROT P", "200 Protection set to Private"]),
  fc.constant(["CCC", "200 Clearing control channel protection"]),
);
const endings = fc.constantFrom(
  ["LIST", "425 Unable to build data connection: Operation not permitted"],
  ["LIST", "425 Can't open data connection."],
  ["LIST", "150 Here comes the directory listing.", "426 Failure writing network stream."],
  ["STOR a", "550 Permission denied."],
  ["LIST", "522 SSL connection failed: session reuse required"],
  ["Error: Connection timed out"],
  ["Error: connect ECONNREFUSED"],
  ["RETR b", "550 b: No such file or directory"],
  ["[UFW BLOCK] IN=eth0 OUT= SRC=198.51.100.77 DST=10.180.0.3 PROTO=TCP SPT=53039 DPT=8190 SYN"],
  [],
);
const logs = fc
  .tuple(
    fc.constantFrom("220 (vsFTPd 3.0.5)", "220 ProFTPD Server", "220 Welcome to Pure-FTPd", "220 FTP"),
    fc.array(steps, { maxLength: 4 }),
    endings,
  )
  .map(([greeting, middle, end]) =>
    [greeting, "USER a", "331 b", "PASS c", "230 Login successful.", ...middle.flat(), ...end].join("\n"),
  );

describe("an answer", () => {
  it.each(Object.entries(pastedLogs))("to %s names no address, port and reply that it does not show", (_, text) => {
    const report = answerTo([text]);
    if (report === null) throw new Error("nothing was read");
    expect(strangersIn(text, report)).toEqual([]);
  });

  it("to any log names no address, port and reply that it does not show, and quotes its lines", () => {
    fc.assert(
      fc.property(logs, (text) => {
        const report = answerTo([text]);
        if (report === null) return;
        expect(strangersIn(text, report)).toEqual([]);
        const lines = text.split("\n");
        const quotes = report.candidates.flatMap(({ because }) => because.flatMap(({ lines: quoted }) => quoted));
        for (const quote of quotes) expect(quote.text.replace("###", "c")).toBe(lines[quote.line - 1]);
        for (const { because } of report.candidates) expect(because.length).toBeGreaterThan(0);
        const printed = matchText(report, { colours: createColors(false), unicode: true });
        expect(printed).not.toMatch(/undefined|null|NaN/);
      }),
      { numRuns: 60 },
    );
  });
});
