import { lftp } from "../../../../harness/catalog/clients/lftp";
import { endingOf, type Ending } from "../../../../harness/ftp/stage";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { outcomeOf, programSession } from "../../../support/program-output";

const program = lftp.program!;

const commandsOf = (change: Partial<ProgramSession>): readonly string[] => {
  const { argv } = program.command(programSession(change));
  expect(argv.slice(0, 3)).toEqual(["lftp", "--norc", "-c"]);
  return argv[3]?.split("; ") ?? [];
};
const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession> = {}): ProgramStory =>
  program.read(outcomeOf(`lftp/${file}.txt`, exitCode), programSession(change));
const endOf = (file: string, exitCode: number, change: Partial<ProgramSession>): Ending =>
  endingOf(storyOf(file, exitCode, change), programSession(change));

describe("lftp's commands", () => {
  it("ask for each mode by its settings", () => {
    expect(commandsOf({ mode: "ftp" })).toContain("set ftp:ssl-allow no");
    expect(commandsOf({ mode: "ftps" })).toEqual(
      expect.arrayContaining(["set ftp:ssl-force yes", "set ftp:ssl-protect-data yes", "set ftp:ssl-protect-list yes"]),
    );
    expect(commandsOf({ mode: "ftps-clear-data" })).toEqual(
      expect.arrayContaining(["set ftp:ssl-force yes", "set ftp:ssl-protect-data no", "set ftp:ssl-protect-list no"]),
    );
    expect(commandsOf({ mode: "ftps-implicit", port: 990 })).toContain(
      "open -u lab1,secret ftps://ftp.example.net:990",
    );
  });

  it("turn CCC on after all other settings of TLS, and prime the connection only where that is asked", () => {
    expect(commandsOf({ mode: "ftps-ccc" }).slice(-6)).toEqual([
      "set ftp:ssl-use-ccc yes",
      "open -u lab1,secret ftp://ftp.example.net:21",
      "set ftp:use-tvfs no",
      "set cmd:verify-path no",
      "cd /list",
      "ls",
    ]);
    expect(commandsOf({ mode: "ftps-ccc-unprimed" }).slice(-3)).toEqual([
      "set ftp:ssl-use-ccc yes",
      "open -u lab1,secret ftp://ftp.example.net:21",
      "ls /list",
    ]);
    expect(commandsOf({ mode: "ftps" })).not.toContain("set ftp:ssl-use-ccc yes");
  });

  it("leave a wait its time, and do not wait long before they connect again", () => {
    expect(commandsOf({ connectSeconds: 8 })).toEqual(
      expect.arrayContaining(["set net:timeout 10", "set net:max-retries 1", "set net:reconnect-interval-base 1"]),
    );
  });

  it("ask for each data command, and never for the other way round by themselves", () => {
    const data = ["set ftp:prefer-epsv yes", "set ftp:passive-mode no"];
    const settingsFor = (command: ProgramSession["data"]): string[] =>
      commandsOf({ data: command }).filter((line) => data.includes(line));
    expect(settingsFor("pasv")).toEqual([]);
    expect(settingsFor("epsv")).toEqual(["set ftp:prefer-epsv yes"]);
    expect(settingsFor("port")).toEqual(["set ftp:passive-mode no"]);
    expect(settingsFor("eprt")).toEqual(["set ftp:passive-mode no"]);
    expect(commandsOf({})).toContain("set ftp:auto-passive-mode no");
  });

  it("have lftp's options", () => {
    expect(commandsOf({ options: ["ignore-pasv-address"] })).toContain("set ftp:ignore-pasv-address yes");
    expect(commandsOf({ options: ["no-fix-pasv-address"] })).toContain("set ftp:fix-pasv-address no");
    expect(commandsOf({}).filter((line) => line.includes("pasv-address"))).toEqual([]);
  });

  it("keep lftp from sending PRET as the first clear line", () => {
    expect(commandsOf({ mode: "ftps-ccc-unprimed" })).toContain("set ftp:use-pret no");
    expect(commandsOf({ mode: "ftps-ccc" })).not.toContain("set ftp:use-pret no");
  });

  it("wait after a login where that is asked for", () => {
    expect(commandsOf({ options: ["idle"] }).slice(-3)).toEqual(["quote NOOP", "sleep 7", "ls /list"]);
  });

  it("send files into the background where all are to go at once", () => {
    expect(commandsOf({ operation: "upload", folder: "/upload", options: ["parallel"] }).slice(-2)).toEqual([
      "put 0-bytes.bin -o /upload/0-bytes.bin & put 1-bytes.bin -o /upload/1-bytes.bin &",
      "wait all",
    ]);
  });

  it("name every file of a transfer", () => {
    expect(commandsOf({ operation: "download", folder: "/download" }).slice(-2)).toEqual([
      "get /download/0-bytes.bin -o 0-bytes.bin",
      "get /download/1-bytes.bin -o 1-bytes.bin",
    ]);
    expect(commandsOf({ operation: "upload", folder: "/upload" }).at(-1)).toBe(
      "put 1-bytes.bin -o /upload/1-bytes.bin",
    );
  });
});

describe("lftp's output", () => {
  it("shows the dialogue, with the password masked, and what was listed", () => {
    const session = { mode: "ftps-ccc" } as const;
    const story = storyOf("ccc-list", 0, session);
    expect(story).toMatchObject({ succeeded: true, message: null, lack: null, redraw: null });
    expect(story.listed).toEqual(["0-bytes.bin", "1-bytes.bin"]);
    const sent = story.transcript.flatMap(({ direction, text }) => (direction === ">" ? [text] : []));
    expect(sent).toContain("PASS ###");
    expect(sent.slice(sent.indexOf("CCC"))).toEqual(["CCC", "CWD list", "PASV", "LIST", "QUIT"]);
  });

  it("tells of the data connection rather than of the retries that lftp did not make", () => {
    const session = { mode: "ftps-ccc-unprimed" } as const;
    expect(storyOf("unprimed-blocked", 1, session)).toMatchObject({
      succeeded: false,
      listed: null,
      message: "Data socket error (Connection timed out) - reconnecting",
      lack: null,
      redraw: null,
    });
    expect(endOf("unprimed-blocked", 1, session)).toEqual({ stage: "data-connect", replyCode: null });
  });

  it("has no first clear line where CCC was refused", () => {
    const session = { mode: "ftps-ccc-unprimed", operation: "download" } as const;
    expect(storyOf("ccc-refused", 0, session)).toMatchObject({ succeeded: true, lack: null });
  });

  it("tells of a certificate that it does not trust, though it shows a command after AUTH", () => {
    expect(storyOf("certificate", 1, { mode: "ftps" }).message).toMatch(
      /^ls: .*Fatal error: Certificate verification: The certificate is NOT trusted/,
    );
    expect(endOf("certificate", 1, { mode: "ftps" }).stage).toBe("certificate");
    // vsftpd tells its features before AUTH, and so the command is USER.
    expect(endOf("certificate-after-user", 1, { mode: "ftps" }).stage).toBe("certificate");
  });

  it("tells of a refused PORT, after which it shows commands that it never sent", () => {
    const session = { mode: "ftps", data: "port" } as const;
    expect(storyOf("port-refused", 1, session).message).toMatch(/500 Illegal PORT command/);
    expect(endOf("port-refused", 1, session)).toEqual({ stage: "data-command", replyCode: 500 });
  });

  it("tells of a refused file", () => {
    const session = { operation: "download" } as const;
    expect(storyOf("no-such-file", 1, session).message).toMatch(/^get: Access failed: 550 /);
    expect(endOf("no-such-file", 1, session)).toEqual({ stage: "transfer", replyCode: 550 });
  });
});

describe("what lftp cannot do", () => {
  const lacks = (change: Partial<ProgramSession>): boolean => program.lacks(programSession(change)) !== null;

  it("is EPRT with IPv4, and a file's data command right after CCC", () => {
    expect(lacks({ data: "eprt" })).toBe(true);
    expect(lacks({ data: "eprt", family: 6 })).toBe(false);
    expect(lacks({ mode: "ftps-ccc-unprimed", operation: "download" })).toBe(true);
    expect(lacks({ mode: "ftps-ccc-unprimed", operation: "list" })).toBe(false);
  });

  it("is shown by its sessions", () => {
    expect(storyOf("ccc-eprt", 0, { mode: "ftps-ccc", data: "eprt" }).lack).toBe("It sent PORT in place of EPRT.");
    expect(storyOf("ccc-eprt", 0, { mode: "ftps-ccc", data: "port" }).lack).toBeNull();
    const download = { mode: "ftps-ccc-unprimed", operation: "download" } as const;
    expect(storyOf("unprimed-download", 1, download).lack).toBe("It sent TYPE before the data command.");
    expect(storyOf("unprimed-download", 1, { ...download, mode: "ftps-ccc" }).lack).toBeNull();
  });
});

describe("lftp's CCC", () => {
  it("is drawn anew where lftp takes the end of TLS for the connection's end", () => {
    const session = { mode: "ftps-ccc" } as const;
    expect(storyOf("ccc-lost", 1, session)).toMatchObject({
      succeeded: false,
      lack: null,
      message: "Peer closed connection",
    });
    expect(storyOf("ccc-lost", 1, session).redraw).toMatch(/close_notify/);
    expect(endOf("ccc-lost", 1, session)).toEqual({ stage: "ccc", replyCode: null });
  });
});
