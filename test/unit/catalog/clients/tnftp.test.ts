import { endingOf, type Ending } from "../../../../harness/ftp/stage";
import { tnftp } from "../../../../harness/catalog/clients/tnftp";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { outcomeOf, programSession } from "../../../support/program-output";

const program = tnftp.program!;
const three = [0, 1, 32768].map((size) => ({ name: `${size}-bytes.bin`, size }));

const linesOf = (change: Partial<ProgramSession>): readonly string[] =>
  program.command(programSession(change)).input?.trimEnd().split("\n") ?? [];
// It ends with 0 whatever happened.
const storyOf = (file: string, change: Partial<ProgramSession> = {}): ProgramStory =>
  program.read(outcomeOf(`tnftp/${file}.txt`, 0), programSession(change));
const endOf = (file: string, change: Partial<ProgramSession> = {}): Ending =>
  endingOf(storyOf(file, change), programSession(change));

describe("tnftp's command", () => {
  it("forces one way of data connections, and lets EPSV and EPRT be unless PASV or PORT are asked for", () => {
    const argvOf = (data: ProgramSession["data"]): readonly string[] => program.command(programSession({ data })).argv;
    expect(argvOf("pasv")).toContain("-p");
    expect(argvOf("epsv")).toContain("-p");
    expect(argvOf("port")).toContain("-A");
    expect(argvOf("eprt")).toContain("-A");
    expect(argvOf("port").slice(-4)).toEqual(["-q", "2", "ftp.example.net", "21"]);
    expect(linesOf({ data: "pasv" })[0]).toBe("epsv4 off");
    expect(linesOf({ data: "port" })[0]).toBe("epsv4 off");
    expect(linesOf({ data: "epsv" })).not.toContain("epsv4 off");
    expect(linesOf({ data: "eprt" })).not.toContain("epsv4 off");
  });

  it("logs in, does what is asked, and quits", () => {
    expect(linesOf({ data: "epsv" })).toEqual(["user lab1 secret", "ls /list", "quit"]);
    expect(linesOf({ data: "epsv", operation: "download", folder: "/download" })).toEqual([
      "user lab1 secret",
      "binary",
      "cd /download",
      "get 0-bytes.bin",
      "get 1-bytes.bin",
      "quit",
    ]);
    expect(linesOf({ data: "epsv", operation: "upload", folder: "/upload" }).slice(-3)).toEqual([
      "put 0-bytes.bin",
      "put 1-bytes.bin",
      "quit",
    ]);
  });
});

describe("tnftp's output", () => {
  it("shows the dialogue, each reply once, and what was listed", () => {
    const story = storyOf("epsv-list", { data: "epsv" });
    expect(story).toMatchObject({ succeeded: true, message: null, listed: ["0-bytes.bin", "1-bytes.bin"] });
    const lines = story.transcript.map(({ direction, text }) => `${direction} ${text}`);
    expect(lines.slice(lines.indexOf("> EPSV"))).toEqual([
      "> EPSV",
      expect.stringMatching(/^< 229 /),
      "> LIST /list",
      "< 150 Opening ASCII mode data connection for file list",
      "< 226 Transfer complete",
      "> QUIT",
      "< 221 Goodbye.",
    ]);
    expect(lines).toContain("> PASS ###");
  });

  it("tells of success only when each file came through", () => {
    const session = { data: "port", operation: "download" } as const;
    expect(storyOf("port-download", { ...session, files: three }).succeeded).toBe(true);
    const four = [...three, { name: "more.bin", size: 1 }];
    expect(storyOf("port-download", { ...session, files: four }).succeeded).toBe(false);
  });

  it.each([
    ["pasv-mismatch", "pasv", "data-command", null, "Passive mode address mismatch."],
    ["port-blocked", "port", "data-connect", 425, "425 Unable to build data connection: Connection timed out"],
    // It goes on to PORT, and is refused that too.
    ["login-refused", "port", "login", 530, "Login failed."],
    ["no-control", "pasv", "control-connect", null, "tnftp: Can't connect to `203.0.113.1:2222': Connection timed out"],
  ] as const)("tells where it ended: %s", (file, data, stage, replyCode, message) => {
    expect(endOf(file, { data })).toEqual({ stage, replyCode });
    expect(storyOf(file, { data })).toMatchObject({ succeeded: false, listed: null, message });
  });
});

it("takes the reply that tnftp makes up for a silent server for no reply of the server", () => {
  const own = "421 Service not available, remote server timed out.  Connection closed.";
  const output = ["220 ready", "---> USER lab1", own].map((text) => ({ atMs: 0, stream: "stdout" as const, text }));
  const outcome = { startedAt: 0, durationMs: 1, exitCode: 0, timedOut: false, output, files: [] };
  const story = program.read(outcome, programSession());
  expect(story.message).toBe(own);
  expect(story.transcript.at(-1)).toMatchObject({ direction: "*", text: own });
  expect(endingOf(story, programSession())).toEqual({ stage: "login", replyCode: null });
});

describe("what tnftp lacks", () => {
  it("is TLS, and nothing without it", () => {
    expect(program.lacks(programSession({ mode: "ftps" }))?.proof).toMatchObject({
      kind: "command",
      expect: "present",
    });
    expect(program.lacks(programSession({ mode: "ftp", data: "eprt", operation: "upload" }))).toBeNull();
  });
});
