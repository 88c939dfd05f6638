import type { TranscriptLine } from "../../../../harness/model/cell";
import type { ServerExchange } from "../../../../harness/model/evidence";
import { traitsOf } from "../../../../harness/model/axes";
import { readDialogue } from "../../../../harness/ftp/dialogue";
import { refusalOf, withLoggedCodes } from "../../../../harness/diagnose/observe/logged-codes";

const transcriptOf = (...lines: readonly string[]): readonly TranscriptLine[] =>
  lines.map((line) => ({ atMs: 0, direction: line.startsWith(">") ? ">" : "<", text: line.slice(2) }));

const logged = (command: string, replyCode: number, reply: string): ServerExchange => ({
  at: 0,
  command,
  replyCode,
  reply,
});

// Of php in server-nat-snat.
const log = [
  logged("PORT 203,0,113,34,132,167", 200, "200 PORT command successful"),
  logged("STOR /upload/s11-0.bin", 226, "226 Transfer complete"),
  logged("PORT 203,0,113,34,132,168", 500, "500 Illegal PORT command"),
];

const codesOf = (...lines: readonly string[]): readonly (number | null)[] =>
  withLoggedCodes(readDialogue(transcriptOf(...lines), traitsOf("ftp")), log).exchanges.map(({ code }) => code);

describe("codes that a client does not show", () => {
  it("are those that the server logged with the same text", () => {
    expect(codesOf("> PORT", "< Illegal PORT command")).toEqual([500]);
    expect(codesOf("> PORT", "< Another text")).toEqual([null]);
  });

  it("are the server's for a data command that a transfer command followed, the second for the second", () => {
    expect(codesOf("> PORT", "> STOR", "> PORT", "> STOR")).toEqual([200, null, 500, null]);
  });

  it("stay unknown where the client did not go on: the reply may have been lost", () => {
    expect(codesOf("> PORT")).toEqual([null]);
    expect(codesOf("> PORT", "> QUIT")).toEqual([null, null]);
  });

  it("are left as the client shows them", () => {
    expect(codesOf("> PORT", "< 501 Illegal PORT command")).toEqual([501]);
  });
});

describe("the reply that ended a session of a client that shows no codes", () => {
  const refusal = (result: "worked" | "failed", ...lines: readonly string[]): number | null => {
    const transcript = transcriptOf(...lines);
    return refusalOf({ result, transcript }, withLoggedCodes(readDialogue(transcript, traitsOf("ftp")), log));
  };

  it("is the last, if it refused", () => {
    expect(refusal("failed", "> PORT", "< Illegal PORT command")).toBe(500);
    expect(refusal("failed", "> PORT", "< PORT command successful")).toBeNull();
    expect(refusal("worked", "> PORT", "< Illegal PORT command")).toBeNull();
  });

  it("is not one that a client showed with its code and did not end with", () => {
    expect(refusal("failed", "> PORT", "< 500 Illegal PORT command")).toBeNull();
  });
});
