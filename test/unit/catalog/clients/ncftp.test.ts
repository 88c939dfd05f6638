import { ncftp } from "../../../../harness/catalog/clients/ncftp";
import { endingOf, type Ending } from "../../../../harness/ftp/stage";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { outcomeOf, programSession } from "../../../support/program-output";

const program = ncftp.program!;

const argvOf = (change: Partial<ProgramSession>): readonly string[] => program.command(programSession(change)).argv;
const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession> = {}): ProgramStory =>
  program.read(outcomeOf(`ncftp/${file}.txt`, exitCode), programSession(change));
const endOf = (file: string, exitCode: number, change: Partial<ProgramSession> = {}): Ending =>
  endingOf(storyOf(file, exitCode, change), programSession(change));

describe("NcFTP's commands", () => {
  it("are a program for each operation", () => {
    expect(argvOf({ operation: "list" }).slice(0, 2)).toEqual(["ncftpls", "-m"]);
    expect(argvOf({ operation: "list" }).at(-1)).toBe("ftp://ftp.example.net/%2Flist/");
    expect(argvOf({ operation: "download", folder: "/download" }).slice(-4)).toEqual([
      "ftp.example.net",
      ".",
      "/download/0-bytes.bin",
      "/download/1-bytes.bin",
    ]);
    expect(argvOf({ operation: "upload", folder: "/upload" }).slice(-4)).toEqual([
      "ftp.example.net",
      "/upload",
      "0-bytes.bin",
      "1-bytes.bin",
    ]);
    expect(argvOf({ operation: "download" })[0]).toBe("ncftpget");
    expect(argvOf({ operation: "upload" })[0]).toBe("ncftpput");
  });

  it("are passive or active as asked, at the port asked, and give up in time", () => {
    const waysOf = (data: ProgramSession["data"]): readonly string[] =>
      argvOf({ data }).filter((word) => word === "-F" || word === "-E");
    expect(waysOf("pasv")).toEqual(["-F"]);
    expect(waysOf("port")).toEqual(["-E"]);
    expect(argvOf({ port: 2121, connectSeconds: 3 }).join(" ")).toContain("-t 3 -r 1 -u lab1 -p secret -P 2121");
  });
});

describe("NcFTP's output", () => {
  it("shows the dialogue, with replies as they came, and what was listed", () => {
    const story = storyOf("pasv-list", 0);
    expect(story).toMatchObject({ succeeded: true, message: null, listed: ["0-bytes.bin", "1-bytes.bin"] });
    const lines = story.transcript.map(({ direction, text }) => `${direction} ${text}`);
    expect(lines.slice(lines.indexOf("> PASV"))).toEqual([
      "> PASV",
      expect.stringMatching(/^< 227 Entering Passive Mode \(192,168,10,10,/),
      expect.stringMatching(/^\* Fixing bogus PASV data address from 192\.168\.10\.10:\d+ to 203\.0\.113\.1:/),
      expect.stringMatching(/^\* Connected to 203\.0\.113\.1:\d+ for PASV\.$/),
      "> NLST -CF",
      "< 150 Opening ASCII mode data connection for file list",
      "< 226 Transfer complete",
      "> QUIT",
      "< 221 Goodbye.",
    ]);
    expect(lines).toContain("> PASS ###");
  });

  it("shows no listing where files were sent", () => {
    expect(storyOf("port-upload", 0, { data: "port", operation: "upload" })).toMatchObject({
      succeeded: true,
      listed: null,
      message: null,
    });
  });

  it.each([
    ["pasv-blocked", "data-connect", null, "Data connection timed out."],
    [
      "login-refused",
      "login",
      530,
      "ncftpls: cannot open ftp.example.net: username and/or password was not accepted for login.",
    ],
    [
      "no-control",
      "control-connect",
      null,
      "ncftpls: cannot open ftp.example.net: could not connect to remote host, but can try again.",
    ],
  ] as const)("tells where it ended: %s", (file, stage, replyCode, message) => {
    expect(endOf(file, 1)).toEqual({ stage, replyCode });
    expect(storyOf(file, 1)).toMatchObject({ succeeded: false, listed: null, message });
  });
});

describe("what NcFTP lacks", () => {
  const proofOf = (change: Partial<ProgramSession>): string | undefined => {
    const proof = program.lacks(programSession(change))?.proof;
    return proof?.kind === "command" ? proof.argv.slice(-2).join(" ") : undefined;
  };

  it("is asked of the very program that would be run", () => {
    expect(proofOf({ mode: "ftps", operation: "list" })).toBe("PASV|AUTH|PBSZ|PROT /usr/bin/ncftpls");
    expect(proofOf({ mode: "ftps", operation: "upload" })).toBe("PASV|AUTH|PBSZ|PROT /usr/bin/ncftpput");
    expect(proofOf({ data: "epsv", operation: "download" })).toBe("PASV|EPSV|EPRT /usr/bin/ncftpget");
    expect(proofOf({ data: "eprt", operation: "download" })).toBe("PASV|EPSV|EPRT /usr/bin/ncftpget");
    expect(program.lacks(programSession({ data: "port" }))).toBeNull();
  });
});
