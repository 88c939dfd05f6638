import { endingOf, type Ending } from "../../../../harness/ftp/stage";
import { wget } from "../../../../harness/catalog/clients/wget";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { outcomeOf, programSession } from "../../../support/program-output";

const program = wget.program!;

const argvOf = (change: Partial<ProgramSession>): readonly string[] => program.command(programSession(change)).argv;
const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession> = {}): ProgramStory =>
  program.read(outcomeOf(`wget/${file}.txt`, exitCode), programSession(change));
const endOf = (file: string, exitCode: number, change: Partial<ProgramSession> = {}): Ending =>
  endingOf(storyOf(file, exitCode, change), programSession(change));

describe("wget's command", () => {
  it("asks for TLS by the scheme and for the rest of a mode by options", () => {
    const flags = ["--ca-certificate=/ca.pem", "--ftps-implicit", "--ftps-clear-data-connection"];
    const chosen = (mode: ProgramSession["mode"]): readonly string[] =>
      argvOf({ mode }).filter((word) => flags.includes(word));
    expect(chosen("ftp")).toEqual([]);
    expect(chosen("ftps")).toEqual(["--ca-certificate=/ca.pem"]);
    expect(chosen("ftps-clear-data")).toEqual(["--ca-certificate=/ca.pem", "--ftps-clear-data-connection"]);
    expect(chosen("ftps-implicit")).toEqual(["--ca-certificate=/ca.pem", "--ftps-implicit"]);
    expect(argvOf({ mode: "ftp" }).at(-1)).toBe("ftp://ftp.example.net:21/%2Flist/");
    expect(argvOf({ mode: "ftps-implicit", port: 990 }).at(-1)).toBe("ftps://ftp.example.net:990/%2Flist/");
  });

  it("is passive unless told otherwise, and gives up after one try", () => {
    expect(argvOf({ data: "pasv" })).not.toContain("--no-passive-ftp");
    expect(argvOf({ data: "port" })).toContain("--no-passive-ftp");
    expect(argvOf({ data: "eprt", family: 6 })).toContain("--no-passive-ftp");
    expect(argvOf({ connectSeconds: 3 })).toEqual(expect.arrayContaining(["--tries=1", "--connect-timeout=3"]));
  });

  it("starts new TLS sessions for data only by option", () => {
    expect(argvOf({ mode: "ftps" })).not.toContain("--no-ftps-resume-ssl");
    expect(argvOf({ mode: "ftps", options: ["no-resume"] })).toContain("--no-ftps-resume-ssl");
    expect(wget.options["no-resume"]?.set).toEqual({ resumeSession: false });
  });

  it("names the files by a pattern, which keeps them on one control connection", () => {
    expect(argvOf({ operation: "download", folder: "/download" }).at(-1)).toBe(
      "ftp://ftp.example.net:21/%2Fdownload/*",
    );
  });
});

describe("wget's words for a failure of TLS", () => {
  const messageOf = (...lines: readonly string[]): string | null => {
    const output = lines.map((text, atMs) => ({ atMs, stream: "stderr" as const, text }));
    return program.read({ ...outcomeOf("wget/port-list.txt", 5), output }, programSession({ mode: "ftps" })).message;
  };

  it("are the first that say what is wrong, and not the last", () => {
    const distrust = "ERROR: The certificate of ‘ftp.example.net’ is not trusted.";
    const expired = "ERROR: The certificate of ‘ftp.example.net’ has expired.";
    const mismatch = "The certificate's owner does not match hostname ‘ftp.example.net’";
    expect(messageOf(distrust, expired, "The certificate has expired", mismatch)).toBe(expired);
    expect(messageOf(mismatch, "Server does not like implicit FTPS connections.")).toBe(mismatch);
    expect(messageOf("GnuTLS: received alert [70]: Error in protocol version", "Closed fd 3")).toMatch(/alert \[70\]/);
  });
});

describe("a session that wget wanted to resume and did not", () => {
  const redrawOf = (...lines: readonly string[]): string | null | undefined => {
    const output = lines.map((text, atMs) => ({ atMs, stream: "stderr" as const, text }));
    return program.read({ ...outcomeOf("wget/port-list.txt", 4), output }, programSession({ mode: "ftps" })).redraw;
  };
  const rejected = "FTPS server rejects new SSL sessions in the data connection.";

  it("is had again, and one that it did not want to resume is not", () => {
    expect(redrawOf("Resuming SSL session in data connection.", rejected)).toMatch(/its handshake did not/);
    expect(redrawOf(rejected)).toBeNull();
    expect(redrawOf("Resuming SSL session in data connection.", "425 Unable")).toBeNull();
  });
});

describe("wget's output", () => {
  it("shows the dialogue, with the password masked, and what was listed", () => {
    const story = storyOf("port-list", 0, { data: "port" });
    expect(story).toMatchObject({ succeeded: true, message: null, listed: ["0-bytes.bin", "1-bytes.bin"] });
    expect(story.transcript.flatMap(({ direction, text }) => (direction === ">" ? [text] : []))).toEqual([
      "USER lab1",
      "PASS ###",
      "SYST",
      "PWD",
      "TYPE I",
      "CWD /list",
      expect.stringMatching(/^PORT 203,0,113,32,/),
      "LIST -a",
    ]);
  });

  it("shows that a listing comes before the files, and TLS on both connections", () => {
    const story = storyOf("ftps-port-download", 0, { mode: "ftps", data: "port", operation: "download" });
    const sent = story.transcript.flatMap(({ direction, text }) => (direction === ">" ? [text] : []));
    expect(sent.slice(0, 5)).toEqual(["AUTH TLS", "USER lab1", "PASS ###", "PBSZ 0", "PROT P"]);
    expect(sent.filter((line) => /^(LIST|RETR)/.test(line))).toEqual([
      "LIST -a",
      "RETR 0-bytes.bin",
      "RETR 1-bytes.bin",
      "RETR 32768-bytes.bin",
    ]);
    expect(story.transcript).toContainEqual(
      expect.objectContaining({ direction: "*", text: "Resuming SSL session in data connection." }),
    );
    expect(story.listed).toBeNull();
  });

  it.each([
    [
      "pasv-unreachable",
      4,
      {},
      "data-connect",
      null,
      /^couldn't connect to 192\.168\.10\.10 port \d+: Network is unreachable$/,
    ],
    ["ftps-port-blocked", 8, { mode: "ftps", data: "port" }, "data-connect", 425, /^Error in server response/],
    ["untrusted-certificate", 5, { mode: "ftps" }, "certificate", null, /^ERROR: The certificate .* known issuer\.$/],
    ["login-refused", 6, {}, "login", 530, /^Login incorrect\.$/],
    ["no-control", 4, {}, "control-connect", null, /^failed: Connection timed out\.$/],
  ] as const)("tells where it ended: %s", (file, exitCode, change, stage, replyCode, message) => {
    expect(endOf(file, exitCode, change)).toEqual({ stage, replyCode });
    expect(storyOf(file, exitCode, change)).toMatchObject({
      succeeded: false,
      listed: null,
      message: expect.stringMatching(message) as string,
    });
  });
});

describe("what wget lacks", () => {
  const proofOf = (change: Partial<ProgramSession>): string | undefined => {
    const proof = program.lacks(programSession(change))?.proof;
    return proof?.kind === "command" ? proof.argv.join(" ") : undefined;
  };

  it("is asked of its binary and of its help", () => {
    expect(proofOf({ operation: "upload" })).toMatch(/^grep .*RETR\|STOR\|STOU\|APPE \/usr\/bin\/wget$/);
    expect(proofOf({ mode: "ftps-ccc" })).toMatch(/^grep .*PROT\|CCC \/usr\/bin\/wget$/);
    expect(proofOf({ data: "epsv" })).toBe("wget --help");
    expect(proofOf({ data: "eprt" })).toBe("wget --help");
  });

  it("is nothing of what it does", () => {
    expect(program.lacks(programSession({ mode: "ftps-implicit", operation: "download" }))).toBeNull();
    expect(program.lacks(programSession({ data: "epsv", family: 6 }))).toBeNull();
  });
});
