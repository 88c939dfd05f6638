import { kio } from "../../../../harness/catalog/clients/kio";
import { endingOf, type Ending } from "../../../../harness/ftp/stage";
import type { Cell, ExpectedResult } from "../../../../harness/model/cell";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { outcomeOf, programSession } from "../../../support/program-output";

const program = kio.program!;

const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession> = {}): ProgramStory =>
  program.read(outcomeOf(`kio/${file}.txt`, exitCode), programSession(change));
const endOf = (file: string, change: Partial<ProgramSession> = {}): Ending =>
  endingOf(storyOf(file, 1, change), programSession(change));
const sentIn = ({ transcript }: ProgramStory): readonly string[] =>
  transcript.flatMap(({ direction, text }) => (direction === ">" ? [text] : []));
const login = ["USER lab1", "PASS ###", "SYST", "PWD"];

describe("kioclient's command", () => {
  it("names folder and files by addresses, and turns passive mode off for PORT alone", () => {
    const base = "ftp://lab1:secret@ftp.example.net:21/list";
    expect(program.command(programSession())).toMatchObject({
      argv: ["kioclient", "--noninteractive", "ls", base],
      files: [],
    });
    expect(program.command(programSession({ data: "port", operation: "download" }))).toMatchObject({
      argv: ["kioclient", "--noninteractive", "copy", `${base}/0-bytes.bin`, `${base}/1-bytes.bin`, "/home/"],
      files: [{ path: ".config/kio_ftprc", text: "DisablePassiveMode=true\n" }],
    });
    expect(program.command(programSession({ operation: "upload" })).argv.slice(2)).toEqual([
      "copy",
      "/home/0-bytes.bin",
      "/home/1-bytes.bin",
      `${base}/`,
    ]);
  });
});

describe("kioclient's log", () => {
  it("tells the commands of a listing, though it names replies alone", () => {
    const story = storyOf("pasv-list", 0);
    expect(story).toMatchObject({
      succeeded: true,
      message: null,
      lack: null,
      listed: ["0-bytes.bin", "1-bytes.bin"],
    });
    expect(sentIn(story)).toEqual([...login, "CWD /list", "TYPE I", "PASV", "LIST", "QUIT"]);
    const lines = story.transcript.map(({ direction, text }) => `${direction} ${text}`);
    expect(lines.slice(lines.indexOf("> LIST"), -1)).toEqual([
      "> LIST",
      "< 150 Opening BINARY mode data connection for file list",
      "< 226 Transfer complete",
      "> QUIT",
    ]);
  });

  it("tells the commands of each file, and those in between", () => {
    const sent = sentIn(storyOf("port-download", 0, { data: "port", operation: "download" }));
    expect(sent.filter((text) => text.startsWith("RETR") || text === "LIST")).toEqual([
      "LIST",
      "LIST",
      "LIST",
      expect.stringMatching(/^RETR \/download\//),
      expect.stringMatching(/^RETR \/download\//),
      expect.stringMatching(/^RETR \/download\//),
    ]);
    const put = sentIn(storyOf("pasv-upload", 0, { operation: "upload" })).slice(6, 14);
    expect(put.map((text) => text.replace(/s\d+-/, ""))).toEqual([
      "SIZE /upload/0.bin",
      "SIZE /upload/0.bin.part",
      "PASV",
      "STOR /upload/0.bin.part",
      "CWD /upload/0.bin",
      "RNFR",
      "RNTO",
      "SITE CHMOD",
    ]);
  });

  it("tells of each data command where one fails", () => {
    const sent = sentIn(storyOf("fallback", 0));
    expect(sent.slice(sent.indexOf("PASV"))).toEqual(["PASV", "EPSV", "PORT", "LIST", "QUIT"]);
  });

  it("shows the demand for TLS, and what it makes of that", () => {
    const story = storyOf("tls-required", 1);
    expect(story).toMatchObject({
      succeeded: false,
      listed: null,
      message: "Communication with the local password server failed",
    });
    expect(endOf("tls-required")).toEqual({ stage: "login", replyCode: 550 });
  });

  it("tells of a refused PORT, whatever it asks afterwards", () => {
    expect(storyOf("port-refused", 1, { data: "port" }).message).toBe("Could not enter folder /list.");
    expect(endOf("port-refused", { data: "port" })).toEqual({ stage: "data-command", replyCode: 500 });
    const sent = sentIn(storyOf("port-refused", 1, { data: "port" }));
    expect(sent.slice(sent.indexOf("TYPE I"))).toEqual(["TYPE I", "PORT", "PORT", "PORT", "SIZE /list", "QUIT"]);
  });
});

describe("what kioclient lacks", () => {
  it("is TLS in any form, told by its worker and by itself", () => {
    for (const mode of ["ftps", "ftps-clear-data", "ftps-ccc", "ftps-implicit"] as const) {
      expect(program.lacks(programSession({ mode }))?.proof).toMatchObject({ kind: "command", expect: "present" });
    }
    const proof = program.lacks(programSession({ mode: "ftps-implicit" }))?.proof;
    const said = "kioclient: Unable to create KIO worker. Unknown protocol 'ftps'.";
    expect(proof?.kind === "command" && proof.pattern.test(`kf.kio.core: couldn't create worker\n${said}`)).toBe(true);
  });

  it("is EPSV and EPRT over IPv4, shown by the session", () => {
    expect(program.lacks(programSession({ data: "epsv" }))?.proof.kind).toBe("session");
    expect(program.lacks(programSession({ data: "eprt" }))?.proof.kind).toBe("session");
    expect(program.lacks(programSession({ data: "epsv", family: 6 }))).toBeNull();
    expect(storyOf("pasv-list", 0, { data: "epsv" }).lack).toBe("It sent PASV, and not EPSV, first.");
    expect(storyOf("port-refused", 1, { data: "eprt" }).lack).toBe("It sent PORT, and not EPRT, first.");
    expect(storyOf("epsv-list", 0, { data: "epsv", family: 6 }).lack).toBeNull();
  });
});

describe("what is expected of kioclient", () => {
  const cell = { mode: "ftp", data: "pasv" } as Cell;
  const failed = (stage: ExpectedResult["stage"]): ExpectedResult => ({
    result: "failed",
    stage,
    cause: "no-helper",
    reason: "It is blocked.",
  });
  const worked: ExpectedResult = { result: "worked", stage: null, cause: null, reason: "It passes." };

  it("is active mode where passive mode fails", () => {
    const predict = ({ data = "pasv" }: Partial<Cell>): ExpectedResult =>
      data === "port" ? worked : failed("data-connect");
    expect(kio.expects?.(cell, predict)).toMatchObject({ result: "worked", stage: null, cause: null });
    expect(kio.expects?.({ ...cell, data: "port" }, predict)).toBeNull();
  });

  it("is the end of the last data command where all fail, and nothing else where the login fails", () => {
    const blocked = ({ data = "pasv" }: Partial<Cell>): ExpectedResult =>
      failed(data === "port" ? "data-command" : "data-connect");
    expect(kio.expects?.(cell, blocked)).toMatchObject({ result: "failed", stage: "data-command", cause: null });
    expect(kio.expects?.(cell, () => failed("login"))).toEqual(failed("login"));
  });
});
