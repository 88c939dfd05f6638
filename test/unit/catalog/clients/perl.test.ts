import { perl } from "../../../../harness/catalog/clients/perl";
import { endingOf, type Ending } from "../../../../harness/ftp/stage";
import type { Cell, ExpectedResult } from "../../../../harness/model/cell";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { outcomeOf, programSession } from "../../../support/program-output";

const program = perl.program!;

const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession>): ProgramStory =>
  program.read(outcomeOf(`perl/${file}.txt`, exitCode), programSession(change));
const endOf = (file: string, change: Partial<ProgramSession>): Ending =>
  endingOf(storyOf(file, 255, change), programSession(change));

describe("Perl's command", () => {
  it("runs the lab's script with the session on its standard input", () => {
    const { argv, files, input } = program.command(programSession({ mode: "ftps-implicit", connectSeconds: 2 }));
    expect(argv).toEqual(["perl", "session.pl"]);
    expect(files?.map(({ path }) => path)).toEqual(["session.pl"]);
    expect(JSON.parse(input ?? "")).toMatchObject({ tls: "implicit", passive: true, ccc: "none", patience: 3 });
  });

  it("holds no escape that JavaScript has eaten", () => {
    expect(program.command(programSession()).files?.[0]?.text).toContain(String.raw`=~ s/\s+\z//r`);
  });
});

describe("what Net::FTP lacks", () => {
  it("is EPSV over IPv4 alone", () => {
    expect(program.lacks(programSession({ data: "epsv" }))?.what).toMatch(/over IPv6 only/);
    expect(program.lacks(programSession({ data: "epsv", family: 6 }))).toBeNull();
    expect(program.lacks(programSession({ data: "eprt", mode: "ftps-implicit" }))).toBeNull();
  });

  it("is proven by the condition in its source, and not by the name of a method", () => {
    const proof = program.lacks(programSession({ data: "epsv" }))?.proof;
    const pattern = proof?.kind === "command" ? proof.pattern : /^$/;
    const body = ["sub pasv {", "  return $ftp->epsv if $ftp->sockdomain != AF_INET;", "  if ( $ftp->_PASV &&", "}"];
    expect(pattern.test(body.join("\n"))).toBe(true);
    expect(pattern.test(body.join("\n").replace("->epsv if $ftp->sockdomain != AF_INET", "->epsv"))).toBe(false);
  });
});

describe("Net::FTP's output", () => {
  it("shows the dialogue, with a priming NOOP after CCC and the transfer command before it dials", () => {
    const story = storyOf("ccc-list", 0, { mode: "ftps-ccc" });
    expect(story).toMatchObject({ succeeded: true, message: null, listed: ["0-bytes.bin", "1-bytes.bin"] });
    const lines = story.transcript.map(({ direction, text }) => `${direction} ${text}`);
    expect(lines).toContain("> PASS ###");
    expect(lines.slice(lines.indexOf("> CCC"), lines.indexOf("> CCC") + 4)).toEqual([
      ...["> CCC", "< 200 Clearing control channel protection", "> NOOP"],
      expect.stringMatching(/^< 200 NOOP/),
    ]);
    expect(lines[0]).toMatch(/^< 220 /);
  });

  it("ends at the data connection after a transfer command without an answer", () => {
    const change = { mode: "ftps", operation: "download" } as const;
    expect(storyOf("pasv-blocked", 255, change).transcript.at(-1)?.text).toMatch(/^RETR /);
    expect(storyOf("pasv-blocked", 255, change).message).toBe("[Net::FTP] Timeout");
    expect(endOf("pasv-blocked", change)).toEqual({ stage: "data-connect", replyCode: null });
  });

  it("ends where the server refused", () => {
    const upload = { mode: "ftps", operation: "upload" } as const;
    expect(endOf("port-refused", { ...upload, data: "port" })).toEqual({ stage: "data-command", replyCode: 500 });
    expect(endOf("not-resumed", { ...upload, data: "eprt" })).toEqual({ stage: "data-tls", replyCode: 425 });
    expect(endOf("certificate", { mode: "ftps" })).toEqual({ stage: "certificate", replyCode: null });
  });
});

describe("what is expected of Net::FTP", () => {
  const worked: ExpectedResult = { result: "worked", stage: null, cause: null, reason: "" };
  const refused: ExpectedResult = { result: "failed", stage: "protection", cause: "protection-refused", reason: "" };
  const cell: Cell = {
    ...{ id: "", topology: "direct", server: "tls-required-reuse", client: "perl" },
    ...{ mode: "ftps", data: "pasv", operation: "upload" },
  };

  it("is an upload as by a client that does not resume", () => {
    const predict = jest.fn().mockReturnValue(worked);
    expect(perl.expects?.(cell, predict)).toBe(worked);
    expect(predict).toHaveBeenLastCalledWith({}, { resumeSession: false });
    perl.expects?.({ ...cell, operation: "list" }, predict);
    expect(predict).toHaveBeenLastCalledWith({}, {});
  });

  it("is to give up at a refused PROT, before CCC", () => {
    const predict = (change: Partial<Cell>): ExpectedResult => (change.mode === "ftps-clear-data" ? refused : worked);
    expect(perl.expects?.({ ...cell, mode: "ftps-ccc-clear-data" }, predict)).toBe(refused);
    expect(perl.expects?.({ ...cell, mode: "ftps-ccc" }, predict)).toBe(worked);
  });
});
