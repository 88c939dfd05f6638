import { createColors } from "picocolors";
import type { MatchReport } from "../../../harness/model/match";
import { matchJson, matchText } from "../../../reports/match-text";

const match: MatchReport = {
  symptom: {
    format: "filezilla",
    client: "filezilla",
    server: "ProFTPD",
    mode: "ftps",
    data: "pasv",
    operation: "list",
    result: "failed",
    stage: "data-connect",
    replyCode: 425,
    message: "timed out\u001b[31m",
    dialled: "203.0.113.7",
    announced: { address: "192.168.1.10", port: 50000 },
    dataReply: null,
  dataDialled: null,
  replaced: false,
  hidesPrivateAddress: false,
    beside: [],
    lines: [],
  },
  candidates: [
    {
      cause: "helper-blind-to-tls",
      title: "TLS hides the port.",
      confidence: "fits",
      explanation: null,
      cells: ["a/x/y/ftps/pasv/list", "b/x/y/ftps/pasv/list", "c/x/y/ftps/pasv/list", "d/x/y/ftps/pasv/list"],
    },
    {
      cause: "passive-port-not-forwarded",
      title: "Not forwarded.",
      confidence: "possible",
      explanation: "The connection did not come about.",
      cells: [],
    },
  ],
  question: {
    mode: "ftp",
    data: "pasv",
    inside: false,
    ifWorks: "helper-blind-to-tls",
    ifFails: "passive-port-not-forwarded",
  },
};
const options = { colours: createColors(false), unicode: true };

describe("what match prints", () => {
  it("is the symptom, the causes with cells, the question and what to do next", () => {
    expect(matchText(match, options))
      .toBe(`Seen    filezilla, ftps, pasv, list, server ProFTPD: failed at data-connect with 425; the data command names 192.168.1.10
        “timed out\\x1b[31m”

   1    helper-blind-to-tls  known cells show the same
        TLS hides the port.
        a/x/y/ftps/pasv/list
        b/x/y/ftps/pasv/list
        c/x/y/ftps/pasv/list
        and in 1 other network

   2    passive-port-not-forwarded  the log alone suggests it
        Not forwarded.
        The connection did not come about.

Ask     Does a listing work with ftp and PASV from the same place?
        yes: helper-blind-to-tls (--works ftp/pasv)
        no:  passive-port-not-forwarded (--fails ftp/pasv)

Next    npm run matrix -- explain a/x/y/ftps/pasv/list
`);
  });

  it("says where there is nothing to explain", () => {
    const worked: MatchReport = {
      symptom: { ...match.symptom, result: "worked", stage: null, replyCode: null, message: null },
      candidates: [],
      question: null,
    };
    expect(matchText(worked, options)).toContain("there is nothing to explain");
  });

  it("says that the log has other sessions", () => {
    const beside = [{ mode: "ftp", data: "pasv", result: "worked", line: 9 }] as const;
    const lines = [{ direction: "<", text: "220 a", line: 3 }] as const;
    const text = matchText({ ...match, symptom: { ...match.symptom, beside, lines } }, options);
    expect(text).toContain("The log has 1 other session too; this one begins at line 3.");
  });

  it("is ASCII where the terminal knows no more", () => {
    expect(matchText(match, { ...options, unicode: false })).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it("for machines has the same and a version", () => {
    expect(JSON.parse(matchJson(match))).toEqual({ schemaVersion: "1.1", ...match });
  });
});
