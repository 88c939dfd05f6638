import { filezilla } from "../../../../harness/catalog/clients/filezilla";
import { endingOf, type Ending } from "../../../../harness/ftp/stage";
import type { Cell, ExpectedResult } from "../../../../harness/model/cell";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { outcomeOf, programSession } from "../../../support/program-output";

const program = filezilla.program!;

const fileOf = (name: string, change: Partial<ProgramSession> = {}): string =>
  program.command(programSession(change)).files?.find(({ path }) => path.endsWith(name))?.text ?? "";
const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession> = {}): ProgramStory =>
  program.read(outcomeOf(`filezilla/${file}.txt`, exitCode), programSession(change));
const endOf = (file: string, change: Partial<ProgramSession> = {}): Ending =>
  endingOf(storyOf(file, 1, change), programSession(change));

describe("FileZilla's site", () => {
  it("has a type for each kind of TLS, and a transfer mode", () => {
    const site = (change: Partial<ProgramSession>): string => fileOf("sitemanager.xml", change);
    expect(site({ mode: "ftp" })).toContain("<Protocol>6</Protocol>");
    expect(site({ mode: "ftps" })).toContain("<Protocol>4</Protocol>");
    expect(site({ mode: "ftps-implicit", port: 990 })).toMatch(/<Port>990<\/Port>\n<Protocol>3<\/Protocol>/);
    expect(site({ data: "epsv" })).toContain("<PasvMode>MODE_PASSIVE</PasvMode>");
    expect(site({ data: "port" })).toContain("<PasvMode>MODE_ACTIVE</PasvMode>");
    expect(site({ folder: "/list/more" })).toContain("<RemoteDir>1 0 4 list 4 more</RemoteDir>");
    expect(site({ password: "<&>" })).toContain("<Pass>&lt;&amp;&gt;</Pass>");
  });

  it("may be spoken to in clear text only where that is asked for", () => {
    const host = '<Host Port="21">ftp.example.net</Host>';
    expect(fileOf("trustedcerts.xml")).toContain(host);
    expect(fileOf("trustedcerts.xml", { mode: "ftps" })).not.toContain(host);
  });

  it("is trusted by the system's CAs, unless that is not to be", () => {
    const setting = (options: readonly string[]): string | undefined =>
      /Trust system trust store">(\d)/.exec(fileOf("filezilla.xml", { options }))?.[1];
    expect([setting([]), setting(["untrusted"])]).toEqual(["1", "0"]);
  });
});

describe("FileZilla's queue", () => {
  const queue = (change: Partial<ProgramSession>): string => fileOf("queue.sql", change);

  it("has the site in words of its own, and a line for each file", () => {
    const sql = queue({ operation: "download", mode: "ftps", data: "port", password: "it's", folder: "/download" });
    expect(sql).toContain("VALUES (1, 'ftp.example.net', 21, 'lab1', 'it''s', 4, 'active', 0, 1, 'Auto');");
    expect(sql).toContain("INSERT INTO remote_paths VALUES (1, '1 0 8 download');");
    expect(sql).toContain("INSERT INTO local_paths VALUES (1, '/home/');");
    expect(sql.match(/INSERT INTO files .*/g)).toEqual([
      expect.stringMatching(/'0-bytes\.bin', 16\);$/),
      expect.stringMatching(/'1-bytes\.bin', 16\);$/),
    ]);
  });

  it("tells an upload from a download, and is for transfers alone", () => {
    expect(queue({ operation: "upload", data: "pasv" })).toMatch(/'passive'[^]*'0-bytes\.bin', 0\);/);
    expect(queue({ operation: "list" })).toBe("");
    expect(program.command(programSession({ operation: "upload" })).argv).toEqual(["sh", "session.sh", "2"]);
  });
});

describe("FileZilla's message log", () => {
  it("shows the dialogue, with the password masked", () => {
    const story = storyOf("ftps-list", 0, { mode: "ftps" });
    expect(story).toMatchObject({ succeeded: true, message: null, lack: null, redraw: null });
    const sent = story.transcript.flatMap(({ direction, text }) => (direction === ">" ? [text] : []));
    expect(sent[0]).toBe("AUTH TLS");
    expect(sent).toContain("PASS ###");
    expect(sent.slice(-3)).toEqual(["TYPE I", "PASV", "MLSD"]);
    const remarks = story.transcript.flatMap(({ direction, text }) => (direction === "*" ? [text] : []));
    expect(remarks).toContain("Server sent passive reply with unroutable address. Using server address instead.");
  });

  it("is followed by the names in its pane, and is had again where there are none yet", () => {
    expect(storyOf("ftps-list", 0, { mode: "ftps" }).listed).toEqual(["0-bytes.bin", "1-bytes.bin"]);
    const full = outcomeOf("filezilla/ftps-list.txt", 0);
    const empty = { ...full, output: full.output.filter(({ text }) => !text.startsWith("Pane: ")) };
    expect(program.read(empty, programSession()).redraw).not.toBeNull();
  });

  it("tells a transfer, which has no names", () => {
    const story = storyOf("port-download", 0, { operation: "download", data: "port" });
    expect(story).toMatchObject({ succeeded: true, lack: null, listed: null, redraw: null });
    expect(story.transcript.filter(({ text }) => text.startsWith("RETR "))).toHaveLength(3);
  });

  it.each([
    [
      "upload-blocked",
      { mode: "ftps", data: "port", operation: "upload" },
      "data-connect",
      425,
      /^File transfer failed$/,
    ],
    ["blocked", { mode: "ftps" }, "data-connect", null, /^The data connection could not be established: ETIMEDOUT/],
    ["port-blocked", { mode: "ftps", data: "port" }, "data-connect", 425, /^Failed to retrieve directory listing$/],
    ["tls-required", { mode: "ftp" }, "login", 550, /^Could not connect to server$/],
    ["untrusted", { mode: "ftps" }, "certificate", null, /^Remote certificate not trusted\.$/],
  ] as const)("tells where it ended: %s", (file, change, stage, replyCode, message) => {
    expect(endOf(file, change)).toEqual({ stage, replyCode });
    expect(storyOf(file, 1, change)).toMatchObject({ succeeded: false, listed: null });
    expect(storyOf(file, 1, change).message).toMatch(message);
  });
});

describe("what FileZilla lacks", () => {
  it("is CCC and clear data, told by its engine", () => {
    const holds = (mode: ProgramSession["mode"], text: string): boolean => {
      const proof = program.lacks(programSession({ mode }))?.proof;
      return proof?.kind === "command" && proof.pattern.test(text);
    };
    expect([holds("ftps-ccc", "PROT P"), holds("ftps-ccc", "PROT P\nCCC"), holds("ftps-ccc", "")]).toEqual([
      true,
      false,
      false,
    ]);
    expect([holds("ftps-clear-data", "PROT P"), holds("ftps-clear-data", "PROT C\nPROT P")]).toEqual([true, false]);
    expect(program.lacks(programSession({ mode: "ftps-implicit", data: "port" }))).toBeNull();
  });

  it("is EPSV and EPRT over IPv4, shown by the session", () => {
    expect(program.lacks(programSession({ data: "epsv" }))?.proof.kind).toBe("session");
    expect(program.lacks(programSession({ data: "eprt", family: 6 }))).toBeNull();
    expect(storyOf("ftps-list", 0, { mode: "ftps", data: "epsv" }).lack).toBe("It sent PASV.");
    expect(storyOf("epsv-list", 0, { data: "epsv", family: 6 }).lack).toBeNull();
  });
});

describe("what is expected of FileZilla", () => {
  const worked: ExpectedResult = { result: "worked", stage: null, cause: null, reason: "It passes." };
  const expected = (client: string, mode: Cell["mode"], predicted = worked): ExpectedResult | null | undefined =>
    filezilla.expects?.({ client, mode } as Cell, () => predicted);

  it("is that it stops at a certificate that it does not know", () => {
    expect(expected("filezilla+untrusted", "ftps")).toMatchObject({
      stage: "certificate",
      cause: "certificate-untrusted",
    });
    expect(expected("filezilla", "ftps")).toEqual(worked);
    expect(expected("filezilla+untrusted", "ftp")).toEqual(worked);
    const blocked: ExpectedResult = { ...worked, result: "failed", stage: "control-connect" };
    expect(expected("filezilla+untrusted", "ftps", blocked)).toEqual(blocked);
  });
});
