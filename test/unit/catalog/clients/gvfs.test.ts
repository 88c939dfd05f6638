import { gvfs } from "../../../../harness/catalog/clients/gvfs";
import { endingOf, type Ending } from "../../../../harness/ftp/stage";
import type { Cell, ExpectedResult } from "../../../../harness/model/cell";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { outcomeOf, programSession } from "../../../support/program-output";

const program = gvfs.program!;

const argvOf = (change: Partial<ProgramSession>): readonly string[] => program.command(programSession(change)).argv;
const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession> = {}): ProgramStory =>
  program.read(outcomeOf(`gvfs/${file}.txt`, exitCode), programSession(change));
const endOf = (file: string, change: Partial<ProgramSession> = {}): Ending =>
  endingOf(storyOf(file, 2, change), programSession(change));
const sentIn = ({ transcript }: ProgramStory): readonly string[] =>
  transcript.flatMap(({ direction, text }) => (direction === ">" ? [text.split(" ", 1)[0] ?? ""] : []));

describe("gio's command", () => {
  it("mounts by a scheme for each kind of TLS, and gives the password to its prompt", () => {
    const schemeOf = (mode: ProgramSession["mode"]): string | undefined => argvOf({ mode })[4]?.split("://")[0];
    expect([schemeOf("ftp"), schemeOf("ftps"), schemeOf("ftps-implicit")]).toEqual(["ftp", "ftps", "ftpis"]);
    expect(program.command(programSession()).input).toBe("secret\n");
    expect(argvOf({}).join(" ")).not.toContain("secret");
  });

  it("lists, fetches and sends by addresses", () => {
    const base = "ftp://lab1@ftp.example.net:21";
    expect(argvOf({}).slice(-4)).toEqual([base, "gio", "list", `${base}/list`]);
    expect(argvOf({ operation: "download" }).slice(5)).toEqual([
      "gio",
      "copy",
      `${base}/list/0-bytes.bin`,
      `${base}/list/1-bytes.bin`,
      "/home/",
    ]);
    expect(argvOf({ operation: "upload" }).slice(7)).toEqual([
      "/home/0-bytes.bin",
      "/home/1-bytes.bin",
      `${base}/list/`,
    ]);
  });
});

describe("gvfs's log", () => {
  const session = { mode: "ftps" } as const;

  it("shows the dialogue; what was listed is what gio printed", () => {
    const story = storyOf("ftps-list", 0, session);
    expect(story).toMatchObject({
      succeeded: true,
      message: null,
      lack: null,
      listed: ["0-bytes.bin", "1-bytes.bin"],
    });
    const sent = sentIn(story);
    expect(sent.slice(0, 6)).toEqual(["AUTH", "PBSZ", "PROT", "FEAT", "USER", "PASS"]);
    expect(sent.slice(sent.indexOf("PWD"))).toEqual(["PWD", "CWD", "PASV", "LIST"]);
    const files = [{ name: "drwxr-xr-x", size: 0 }];
    expect(storyOf("ftps-list", 0, { ...session, files }).listed).toEqual([]);
  });

  it("shows each way where one fails", () => {
    const sent = sentIn(storyOf("fallback", 0, session));
    expect(sent.slice(sent.indexOf("PASV"))).toEqual(["PASV", "EPSV", "PORT", "LIST"]);
  });

  it("shows each file of a transfer", () => {
    const sent = sentIn(storyOf("upload", 0, { ...session, operation: "upload" }));
    expect(sent.filter((verb) => verb === "STOR")).toHaveLength(3);
  });

  it.each([
    ["blocked", "ftps", "data-connect", 425, "ftps://lab1@ftp.example.net/list: Cannot open data connection."],
    ["tls-required", "ftp", "login", 550, "ftp://lab1@ftp.example.net/: Operation failed"],
    ["untrusted", "ftps", "certificate", null, "ftps://lab1@ftp.example.net/: Unacceptable TLS certificate"],
  ] as const)("tells where it ended: %s", (file, mode, stage, replyCode, message) => {
    expect(endOf(file, { mode })).toEqual({ stage, replyCode });
    const story = storyOf(file, 2, { mode });
    expect(story).toMatchObject({ succeeded: false, listed: null });
    expect(story.message).toContain(message);
  });
});

describe("what gvfs lacks", () => {
  it("is CCC and clear data, told by its binary", () => {
    expect(program.lacks(programSession({ mode: "ftps-ccc" }))?.proof.kind).toBe("command");
    const proof = program.lacks(programSession({ mode: "ftps-clear-data" }))?.proof;
    const holds = (text: string): boolean => proof?.kind === "command" && proof.pattern.test(text);
    expect([holds("PROT P"), holds("PROT P\nPROT C"), holds("")]).toEqual([true, false, false]);
    expect(program.lacks(programSession({ mode: "ftps-implicit" }))).toBeNull();
  });

  it("is every data command but the first, shown by the session", () => {
    const lacks = (data: ProgramSession["data"], family: 4 | 6): string | undefined =>
      program.lacks(programSession({ data, family }))?.proof.kind;
    expect([lacks("pasv", 4), lacks("epsv", 4), lacks("port", 4)]).toEqual([undefined, "session", "session"]);
    expect([lacks("epsv", 6), lacks("eprt", 6)]).toEqual([undefined, "session"]);
    expect(storyOf("ftps-list", 0, { mode: "ftps", data: "eprt" }).lack).toBe("It sent PASV first.");
    expect(storyOf("implicit-list", 0, { mode: "ftps-implicit", data: "epsv", family: 6 }).lack).toBeNull();
  });
});

describe("what is expected of gvfs", () => {
  const cell = { mode: "ftps", data: "pasv" } as Cell;
  const worked: ExpectedResult = { result: "worked", stage: null, cause: null, reason: "It passes." };
  const failed: ExpectedResult = { result: "failed", stage: "data-connect", cause: "no-helper", reason: "Blocked." };

  it("is the peer's address, and then another way, where the first one fails", () => {
    const byPeer = gvfs.expects?.(cell, (_change, client) => (client?.foreignAddress === "ignore" ? worked : failed));
    expect(byPeer?.result).toBe("worked");
    expect(gvfs.expects?.(cell, ({ data }) => (data === "port" ? worked : failed))?.result).toBe("worked");
    expect(gvfs.expects?.(cell, () => failed)).toMatchObject({ stage: "data-connect", cause: null });
    const refused: ExpectedResult = { ...failed, stage: "login" };
    expect(gvfs.expects?.(cell, () => refused)).toEqual(refused);
  });
});
