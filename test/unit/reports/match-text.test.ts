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
  pastes: ["client.log"],
  candidates: [
    {
      cause: "helper-blind-to-tls",
      title: "TLS hides the port.",
      ground: "speaks",
      confidence: "fits",
      because: [
        {
          meaning: "the client's data connection timed out",
          lines: [
            { line: 7, text: "Command: MLSD" },
            { line: 9, paste: 0, text: "Error: timed out\u001b[31m" },
          ],
        },
      ],
      cells: ["a/x/y/ftps/pasv/list", "b/x/y/ftps/pasv/list", "c/x/y/ftps/pasv/list", "d/x/y/ftps/pasv/list"],
      cures: [
        {
          id: "forward-passive-range",
          party: "network admin",
          what: "Forward the range.",
          lines: ["iptables -A x"],
          onlyIf: null,
        },
        { id: "widen-range", party: "network admin", what: "Another of the same party.", lines: [], onlyIf: null },
      ],
    },
    {
      cause: "passive-port-not-forwarded",
      title: "Not forwarded.",
      ground: "speaks",
      confidence: "possible",
      because: [],
      cells: [],
      cures: [],
    },
  ],
  unknown: null,
  paste: ["the server's log", "the router's rules"],
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
  it("is the symptom, the causes with their lines and cures, the question, what else to paste and what to do next", () => {
    expect(matchText(match, options)).toBe(`Seen    filezilla, ftps, PASV, list, server ProFTPD: failed

   1    helper-blind-to-tls  known networks show the same
        Hypothesis: TLS hides the port.
        line 7: Command: MLSD
        line 9: Error: timed out\\x1b[31m
          → the client's data connection timed out
        The lab shows the same in its networks a, b, c, and 1 other network.
        Cure (network admin): Forward the range.
          iptables -A x

   2    passive-port-not-forwarded  possible
        Hypothesis: Not forwarded.

Ask     Does a listing work with ftp and PASV from the same place?
        yes: helper-blind-to-tls (--works ftp/pasv)
        no:  passive-port-not-forwarded (--fails ftp/pasv)

Paste   the server's log; or the router's rules.

Next    see it in the lab: npm run matrix -- explain \\
          a/x/y/ftps/pasv/list
`);
  });

  it("names only what is known", () => {
    const { symptom } = match;
    const unknown = { ...symptom, client: null, mode: null, data: null, operation: null, server: null, stage: null };
    const [first] = matchText({ ...match, symptom: unknown }, options).split("\n");
    expect(first).toBe("Seen    failed");
  });

  it("names the paste of each line where there are several", () => {
    const text = matchText({ ...match, pastes: ["client.log", "kernel.log"] }, options);
    expect(text).toContain("client.log line 9: Error");
  });

  it("says where there is nothing to explain", () => {
    const none: MatchReport = { ...match, candidates: [], question: null, paste: [] };
    const worked = { ...none.symptom, result: "worked", stage: null, replyCode: null, message: null } as const;
    expect(matchText({ ...none, symptom: worked }, options)).toContain("As far as the log shows, the session worked");
    const lines = [{ direction: "<", text: "211 End", line: 12 }] as const;
    const cutOff = { ...worked, result: "cut-off", lines } as const;
    const text = matchText({ ...none, symptom: cutOff }, options);
    expect(text).toContain("The dialogue ends after “211 End” (line 12), and no failure was found in");
    expect(text).toContain("Paste the rest");
  });

  it("does not pass over a failure in words that it does not know", () => {
    const worked = { ...match.symptom, result: "worked", stage: null, replyCode: null, message: null } as const;
    const unknown = { line: 6, text: "ERROR size mismatch" };
    const printed = matchText(
      { ...match, candidates: [], question: null, paste: [], symptom: worked, unknown },
      options,
    );
    const text = printed.replace(/\s+/g, " ");
    expect(text).toContain("As far as the dialogue shows, the session worked.");
    expect(text).toContain("line 6 reports a failure in words that are not known: “ERROR size mismatch”");
  });

  it("says that the log has other sessions", () => {
    const beside = [{ mode: "ftp", data: "pasv", result: "worked", line: 9 }] as const;
    const lines = [{ direction: "<", text: "220 a", line: 3 }] as const;
    const text = matchText({ ...match, symptom: { ...match.symptom, beside, lines } }, options);
    expect(text).toContain("more than one dialogue");
  });

  it("tells another attempt from another session", () => {
    const beside = [{ mode: "ftp", data: "port", result: "failed", line: 9, isAttempt: true }] as const;
    const text = matchText({ ...match, symptom: { ...match.symptom, beside } }, options);
    expect(text).toContain("The log has other attempts too, such as from line 9 with PORT.");
    expect(text).not.toContain("more than one dialogue");
  });

  it("names the command that was refused, or that has no end", () => {
    const lines = [
      { direction: ">", text: "LIST", line: 3 },
      { direction: "<", text: "150 Here it comes", line: 4 },
      { direction: "<", text: "426 Broken", line: 5 },
    ] as const;
    const refused = { ...match.symptom, lines, replyCode: 426, grounds: { replyCode: [{ line: 5 }] } };
    expect(matchText({ ...match, symptom: refused }, options)).toContain("LIST was answered 426");
    const silent = { ...match.symptom, lines: lines.slice(0, 2), replyCode: null, stage: "transfer" } as const;
    expect(matchText({ ...match, symptom: silent }, options)).toContain("LIST has no final reply");
  });

  it("tells a cure on its condition", () => {
    const [one] = match.candidates;
    if (one === undefined) throw new Error("no candidate");
    const cures = [
      { id: "x", party: "network admin", what: "Forward it.", lines: [], onlyIf: "there is a router" },
    ] as const;
    const text = matchText({ ...match, candidates: [{ ...one, cures }] }, options);
    expect(text).toContain("Cure (network admin): If there is a router: forward it.");
  });

  it("explains nothing beside what lines name, and not what they only allow", () => {
    const [one, other] = match.candidates;
    if (one === undefined || other === undefined) throw new Error("no candidates");
    const named = matchText({ ...match, candidates: [{ ...one, confidence: "shown" }, other] }, options);
    expect(named).not.toContain("Hypothesis: Not forwarded.");
    expect(named).toContain("1 less likely cause: --json names it.");
    const allowed = matchText({ ...match, candidates: [one, { ...other, ground: "allows" }] }, options);
    expect(allowed).not.toContain("Hypothesis: Not forwarded.");
    expect(allowed).toContain("1 less likely cause: --json names it.");
  });

  it("is ASCII where the terminal knows no more", () => {
    expect(matchText(match, { ...options, unicode: false })).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it("for machines has the same and a version", () => {
    expect(JSON.parse(matchJson(match))).toEqual({ schemaVersion: "2.0", ...match });
  });
});
