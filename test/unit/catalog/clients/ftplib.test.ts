import { ftplib } from "../../../../harness/catalog/clients/ftplib";
import { endingOf, type Ending } from "../../../../harness/ftp/stage";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { outcomeOf, programSession } from "../../../support/program-output";
import type { Cell, ExpectedResult } from "../../../../harness/model/cell";
import { softwareNamed } from "../../../../harness/catalog/servers/registry";
import { profileNamed } from "../../../support/inputs";

const program = ftplib.program!;

const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession>): ProgramStory =>
  program.read(outcomeOf(`ftplib/${file}.txt`, exitCode), programSession(change));
const endOf = (file: string, change: Partial<ProgramSession>): Ending =>
  endingOf(storyOf(file, 1, change), programSession(change));

describe("ftplib's command", () => {
  it("runs the lab's script unbuffered, with the session on its standard input", () => {
    const { argv, files, input } = program.command(
      programSession({ mode: "ftps-ccc", data: "port", connectSeconds: 8 }),
    );
    expect(argv).toEqual(["python3", "-u", "session.py"]);
    expect(files?.map(({ path }) => path)).toEqual(["session.py"]);
    expect(JSON.parse(input ?? "")).toMatchObject({
      ...{ host: "ftp.example.net", user: "lab1", tls: "explicit", protection: "P", ccc: "primed" },
      ...{ passive: false, files: ["0-bytes.bin", "1-bytes.bin"], timeout: 8 },
    });
  });

  it("waits for five seconds at least, since one time-out serves connections and replies", () => {
    expect(JSON.parse(program.command(programSession({ connectSeconds: 2 })).input ?? "")).toMatchObject({
      timeout: 5,
    });
  });
});

describe("what ftplib lacks", () => {
  const lackOf = (change: Partial<ProgramSession>): string | undefined => program.lacks(programSession(change))?.what;

  it("is EPSV and EPRT over IPv4, and implicit TLS", () => {
    expect(lackOf({ data: "epsv" })).toMatch(/PASV and nothing else/);
    expect(lackOf({ data: "eprt" })).toMatch(/PORT and nothing else/);
    expect(lackOf({ mode: "ftps-implicit" })).toMatch(/implicit/);
  });

  it("is nothing else", () => {
    expect(lackOf({ data: "epsv", family: 6 })).toBeUndefined();
    expect(lackOf({ data: "eprt", family: 6 })).toBeUndefined();
    expect(lackOf({ mode: "ftps-ccc-unprimed", data: "port" })).toBeUndefined();
  });
});

describe("ftplib's output", () => {
  it("shows the dialogue in clear and inside TLS, with TYPE between CCC and the data command", () => {
    const story = storyOf("ccc-list", 0, { mode: "ftps-ccc" });
    expect(story).toMatchObject({ succeeded: true, message: null, listed: ["0-bytes.bin", "1-bytes.bin"] });
    const lines = story.transcript.map(({ direction, text }) => `${direction} ${text}`);
    expect(lines).toContain("> PASS ###");
    expect(lines.slice(lines.indexOf("> CCC"))).toEqual([
      ...["> CCC", "< 200 Clearing control channel protection", "> TYPE A", "< 200 Type set to A"],
      "> PASV",
      expect.stringMatching(/^< 227 .*\)\.$/),
      "> LIST /list",
      ...["< 150 Opening ASCII mode data connection for file list", "< 226 Transfer complete"],
      ...["> QUIT", "< 221 Goodbye."],
    ]);
  });

  it("shows no TYPE after CCC where the data command is to be the first clear line", () => {
    const { transcript } = storyOf("unprimed-download", 0, { mode: "ftps-ccc-unprimed", operation: "download" });
    const after = transcript.slice(transcript.findIndex(({ text }) => text === "CCC")).map(({ text }) => text);
    expect(after[2]).toMatch(/^PORT /);
    expect(after).not.toContain("TYPE I");
  });

  it("takes a reply of several lines apart, and a quote for itself", () => {
    const output = ["*resp* '211-Features:\\n CCC\\n211 End'", `*resp* "550 can't"`, "*resp* '257 \\'\"/\"'"];
    const { transcript } = program.read(
      {
        ...outcomeOf("ftplib/ccc-list.txt", 0),
        output: output.map((text) => ({ atMs: 0, stream: "stdout", text })),
      },
      programSession(),
    );
    expect(transcript.map(({ text }) => text)).toEqual(["211-Features:", " CCC", "211 End", "550 can't", '257 \'"/"']);
  });

  it("ends where the exception says so", () => {
    expect(endOf("pasv-blocked", { mode: "ftps", operation: "download" })).toEqual({
      stage: "data-connect",
      replyCode: null,
    });
    expect(endOf("auth-refused", { mode: "ftps" })).toEqual({ stage: "auth-tls", replyCode: 500 });
    expect(endOf("certificate", { mode: "ftps" })).toEqual({ stage: "certificate", replyCode: null });
  });

  it("tells the exception by its name and words", () => {
    expect(storyOf("pasv-blocked", 1, {})).toMatchObject({
      succeeded: false,
      listed: null,
      message: "TimeoutError: [Errno 110] Connection timed out",
    });
  });
});

describe("a server that wants PBSZ before PROT", () => {
  const worked: ExpectedResult = { result: "worked", stage: null, cause: null, reason: "" };
  const expected = (id: string, mode: Cell["mode"], predicted = worked): unknown =>
    ftplib.expects?.(
      { client: "ftplib", mode } as Cell,
      () => predicted,
      null,
      softwareNamed(profileNamed(id).software).traits(profileNamed(id)),
    ) ?? predicted;

  it("refuses ftplib's prot_c, and not its prot_p", () => {
    const refused = { result: "failed", stage: "protection", cause: "protection-refused" };
    expect(expected("pyftpdlib", "ftps-clear-data")).toMatchObject(refused);
    expect(expected("pyftpdlib", "ftps")).toEqual(worked);
    expect(expected("vsftpd", "ftps-clear-data")).toEqual(worked);
    // It comes before CCC, and after a certificate.
    expect(expected("pyftpdlib", "ftps-ccc-clear-data", { ...worked, result: "failed", stage: "ccc" })).toMatchObject(
      refused,
    );
    const untrusted: ExpectedResult = { ...worked, result: "failed", stage: "certificate" };
    expect(expected("pyftpdlib", "ftps-clear-data", untrusted)).toEqual(untrusted);
  });
});
