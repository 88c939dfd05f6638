import { php } from "../../../../harness/catalog/clients/php";
import { endingOf, type Ending } from "../../../../harness/ftp/stage";
import type { Cell, ExpectedResult } from "../../../../harness/model/cell";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { outcomeOf, programSession } from "../../../support/program-output";
import { softwareNamed } from "../../../../harness/catalog/servers/registry";
import { profileNamed } from "../../../support/inputs";

const program = php.program!;

const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession>): ProgramStory =>
  program.read(outcomeOf(`php/${file}.txt`, exitCode), programSession(change));
const endOf = (file: string, change: Partial<ProgramSession>): Ending =>
  endingOf(storyOf(file, 1, change), programSession(change));
const dialogueOf = ({ transcript }: ProgramStory): readonly string[] =>
  transcript.flatMap(({ direction, text }) => (direction === "*" ? [] : [`${direction} ${text}`]));

describe("PHP's command", () => {
  it("runs the lab's script with the session and its options on its standard input", () => {
    const { argv, files, input } = program.command(programSession({ mode: "ftps", options: ["ignore-227"] }));
    expect(argv).toEqual(["php", "session.php"]);
    expect(files?.[0]?.text).toMatch(/^<\?php\n/);
    expect(JSON.parse(input ?? "")).toMatchObject({ tls: "explicit", options: ["ignore-227"], passive: true });
  });
});

describe("what PHP lacks", () => {
  const lackOf = (change: Partial<ProgramSession>): string | undefined => program.lacks(programSession(change))?.what;

  it("is CCC, PROT C, implicit TLS, and EPSV and EPRT over IPv4", () => {
    expect(lackOf({ mode: "ftps-ccc" })).toMatch(/CCC/);
    expect(lackOf({ mode: "ftps-ccc-unprimed" })).toMatch(/CCC/);
    expect(lackOf({ mode: "ftps-clear-data" })).toMatch(/PROT/);
    expect(lackOf({ mode: "ftps-implicit" })).toMatch(/implicit/);
    expect(lackOf({ data: "epsv" })).toMatch(/PASV and nothing else/);
    expect(lackOf({ data: "eprt" })).toMatch(/PORT and nothing else/);
    expect(lackOf({ data: "epsv", family: 6 })).toBeUndefined();
    expect(lackOf({ mode: "ftps", data: "port" })).toBeUndefined();
  });

  it.each([
    [{ mode: "ftps-ccc" }, "ftp_connect ftp_ssl_connect ftp_login", "ftp_connect ftp_ssl_connect ftp_ccc"],
    [{ mode: "ftps-clear-data" }, "ftp_connect ftp_ssl_connect ftp_login", "ftp_prot ftp_ssl_connect"],
    [{ mode: "ftps-ccc" }, "ftp_connect ftp_ssl_connect", "Call to undefined function get_extension_funcs()"],
    [{ data: "epsv" }, "USER name\nPASV\nPORT 127,0,0,1,4,5", "USER name\nPASV\nEPSV"],
    [{ data: "epsv" }, "PASV", "Permission denied"],
    [{ data: "eprt" }, "PASV\nPORT 127,0,0,1,4,5", "PORT 127,0,0,1,4,5\nEPRT |1|127.0.0.1|9|"],
    [{ mode: "ftps-implicit" }, "AUTH TLS\nAUTH SSL", "\u0016\u0003\u0001"],
  ] as const)("is proven by what the program shows, and not by silence: %j", (change, showing, other) => {
    const proof = program.lacks(programSession(change))?.proof;
    expect(proof).toMatchObject({ kind: "command", expect: "present" });
    const pattern = proof?.kind === "command" ? proof.pattern : /^$/;
    expect(pattern.test(showing)).toBe(true);
    expect(pattern.test(other)).toBe(false);
  });
});

describe("PHP's calls", () => {
  it("tell which commands were sent, and which code each had for an answer", () => {
    const story = storyOf("pasv-list", 0, {});
    expect(story).toMatchObject({ succeeded: true, message: null, listed: ["0-bytes.bin", "1-bytes.bin"] });
    expect(dialogueOf(story)).toEqual([
      ...["< 220", "> USER lab1", "< 331", "> PASS ###", "< 230", "> PASV", "< 227", "> LIST", "< 226"],
    ]);
  });

  it("arrange active data connections one by one", () => {
    const lines = dialogueOf(storyOf("port-upload", 0, { data: "port", operation: "upload" }));
    expect(lines.slice(5, 9)).toEqual(["> PORT", "< 200", "> STOR", "< 226"]);
    expect(lines).not.toContain("> PASV");
  });

  it("tell the first warning, since the second only repeats the last reply", () => {
    const change = { mode: "ftps", operation: "download" } as const;
    const story = storyOf("pasv-unroutable", 1, change);
    expect(story.message).toBe("ftp_get(): php_connect_nonb() failed: Network is unreachable (101)");
    expect(dialogueOf(story).at(-1)).toBe("< 227");
    expect(endOf("pasv-unroutable", change)).toEqual({ stage: "data-connect", replyCode: null });
    expect(endOf("pasv-blocked", change)).toEqual({ stage: "data-connect", replyCode: null });
  });

  it("tell a refusal by its text alone", () => {
    const port = { mode: "ftps", data: "port", operation: "download" } as const;
    expect(dialogueOf(storyOf("port-refused", 1, port)).slice(-2)).toEqual(["> PORT", "< Illegal PORT command"]);
    expect(endOf("port-refused", port)).toEqual({ stage: "data-command", replyCode: null });
    expect(dialogueOf(storyOf("port-unknown", 1, { ...port, mode: "ftp" })).slice(-2)).toEqual([
      "> PORT",
      "< 'port' not implemented",
    ]);
    const lines = dialogueOf(storyOf("auth-refused", 1, { mode: "ftps" }));
    expect(lines).toEqual(["< 220", "> AUTH TLS", "< AUTH not understood"]);
    expect(endOf("auth-refused", { mode: "ftps" })).toEqual({ stage: "auth-tls", replyCode: null });
    const upload = { mode: "ftps", operation: "upload" } as const;
    expect(dialogueOf(storyOf("not-resumed", 1, upload)).slice(-2)).toEqual([
      ...["> STOR", "< Unable to build data connection: Operation not permitted"],
    ]);
  });

  it("tell nothing of a listing's refusal: no reply to PORT is claimed", () => {
    const story = storyOf("port-refused-list", 1, { mode: "ftps", data: "port" });
    expect(story.message).toBe("ftp_rawlist = false");
    expect(dialogueOf(story).slice(-2)).toEqual(["> PORT", "> LIST"]);
    expect(endOf("port-refused-list", { mode: "ftps", data: "port" }).stage).toBe("data-connect");
  });
});

describe("a server that sends no ticket over TLS 1.3", () => {
  const server = softwareNamed("pure-ftpd").traits(profileNamed("pure-ftpd"));
  const worked: ExpectedResult = { result: "worked", stage: null, cause: null, reason: "" };
  const expected = (mode: Cell["mode"], version: "tls1.2" | "tls1.3", traits = server): unknown =>
    php.expects?.({ mode, data: "pasv", operation: "list" } as Cell, () => worked, version, traits);

  it("is one with which PHP begins no TLS on data connections", () => {
    expect(expected("ftps", "tls1.3")).toMatchObject({ result: "failed", stage: "data-tls" });
    expect([expected("ftp", "tls1.3"), expected("ftps", "tls1.2")]).toEqual([worked, worked]);
    expect(expected("ftps", "tls1.3", softwareNamed("vsftpd").traits(profileNamed("vsftpd")))).toEqual(worked);
  });

  it("is told by PHP's words, and not as a connection that did not come", () => {
    expect(endOf("no-ticket", { mode: "ftps" })).toEqual({ stage: "data-tls", replyCode: null });
  });
});

describe("what is expected of PHP", () => {
  const refused: ExpectedResult = {
    result: "failed",
    stage: "data-command",
    cause: "active-address-refused",
    reason: "",
  };
  const cell: Cell = {
    ...{ id: "", topology: "server-nat-snat", server: "tls-optional", client: "php" },
    ...{ mode: "ftp", data: "port", operation: "list" },
  };

  it("is that a listing does not tell a refused PORT from a connection that did not come", () => {
    expect(php.expects?.(cell, () => refused)).toEqual({ ...refused, stage: "data-connect" });
    expect(php.expects?.({ ...cell, operation: "download" }, () => refused)).toEqual(refused);
  });

  it("is that a TLS session that was not resumed looks like a connection that failed", () => {
    const late: ExpectedResult = { ...refused, stage: "data-tls", cause: "tls-session-not-reused" };
    const predict = jest.fn().mockReturnValue(late);
    expect(php.expects?.({ ...cell, mode: "ftps", operation: "upload" }, predict)).toEqual({
      ...late,
      stage: "data-connect",
    });
    expect(predict).toHaveBeenLastCalledWith({}, { resumeSession: false });
  });
});
