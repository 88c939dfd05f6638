import { rclone } from "../../../../harness/catalog/clients/rclone";
import { endingOf, type Ending } from "../../../../harness/ftp/stage";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { outcomeOf, programSession } from "../../../support/program-output";

const program = rclone.program!;

const argvOf = (change: Partial<ProgramSession>): readonly string[] => program.command(programSession(change)).argv;
const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession> = {}): ProgramStory =>
  program.read(outcomeOf(`rclone/${file}.txt`, exitCode), programSession(change));
const endOf = (file: string, change: Partial<ProgramSession> = {}): Ending =>
  endingOf(storyOf(file, 1, change), programSession(change));
const sentIn = ({ transcript }: ProgramStory): readonly string[] =>
  transcript.flatMap(({ direction, text }) => (direction === ">" ? [text.split(" ", 1)[0] ?? ""] : []));

describe("rclone's command", () => {
  it("has an option for each kind of TLS and for PASV, and the password on its standard input", () => {
    const flags = /^--ftp-(?:tls|explicit-tls|disable-epsv)$/;
    const flagsOf = (change: Partial<ProgramSession>) => argvOf(change).filter((word) => flags.test(word));
    expect(flagsOf({ mode: "ftp", data: "epsv" })).toEqual([]);
    expect(flagsOf({ mode: "ftp", data: "pasv" })).toEqual(["--ftp-disable-epsv"]);
    expect(flagsOf({ mode: "ftps", data: "epsv" })).toEqual(["--ftp-explicit-tls"]);
    expect(flagsOf({ mode: "ftps-implicit", data: "epsv" })).toEqual(["--ftp-tls"]);
    expect(program.command(programSession()).input).toBe("secret\n");
    expect(argvOf({}).join(" ")).not.toContain("secret");
  });

  it("lists a folder, and copies between it and its own", () => {
    expect(argvOf({}).slice(4, 6)).toEqual(["lsf", ":ftp:/list"]);
    const only = ["--include=/0-bytes.bin", "--include=/1-bytes.bin"];
    expect(argvOf({ operation: "download", folder: "/download" }).slice(4, 9)).toEqual([
      "copy",
      ...only,
      ":ftp:/download",
      "/home",
    ]);
    expect(argvOf({ operation: "upload", folder: "/upload" }).slice(4, 9)).toEqual([
      "copy",
      ...only,
      "/home",
      ":ftp:/upload",
    ]);
  });
});

describe("rclone's log", () => {
  it("shows the dialogue, and what was listed is what it printed", () => {
    const session = { mode: "ftps", data: "epsv" } as const;
    const story = storyOf("ftps-epsv-list", 0, session);
    expect(story).toMatchObject({
      succeeded: true,
      message: null,
      lack: null,
      listed: ["0-bytes.bin", "1-bytes.bin"],
    });
    expect(sentIn(story)).toEqual([
      ...["AUTH", "USER", "PASS", "FEAT", "TYPE", "OPTS", "PBSZ", "PROT"],
      ...["EPSV", "MLSD", "EPSV", "MLSD", "QUIT"],
    ]);
    expect(storyOf("ftps-epsv-list", 0, { ...session, files: [{ name: "FTP", size: 0 }] }).listed).toEqual([]);
  });

  it.each(["ftps-epsv-list", "ftps-epsv-upload", "epsv-download"])(
    "keeps the lines of listings out of the dialogue, and all of FEAT in it: %s",
    (file) => {
      const { transcript } = storyOf(file, 0, { data: "epsv" });
      const replies = transcript.flatMap(({ direction, text }) => (direction === "<" ? [text] : []));
      const features = replies.slice(replies.indexOf("211-Features:") + 1, replies.indexOf("211 End"));
      expect(features).toContain(" EPSV");
      const others = replies.filter((text) => !features.includes(text));
      expect(others.filter((text) => !/^\d{3}[ -]/.test(text))).toEqual([]);
    },
  );

  it.each([
    ["tls-demanded", { data: "pasv" }, "login", 550, ": SSL/TLS required on the control channel"],
    ["not-resumed", { mode: "ftps", data: "epsv" }, "data-tls", 425, "425 Unable to build data connection"],
    ["pasv-unroutable", { data: "pasv" }, "data-connect", null, "connect: network is unreachable"],
    ["implicit-other-name", { mode: "ftps-implicit", data: "epsv" }, "certificate", null, "not ftp.example.net"],
  ] as const)("tells where it ended: %s", (file, session, stage, replyCode, message) => {
    expect(endOf(file, session)).toEqual({ stage, replyCode });
    const story = storyOf(file, 1, session);
    expect(story).toMatchObject({ succeeded: false, listed: null });
    expect(story.message).toContain(message);
  });

  it("shows that it is passive whatever it is asked for", () => {
    expect(storyOf("port-asked", 0, { data: "port" }).lack).toBe("It sent EPSV first.");
  });
});
