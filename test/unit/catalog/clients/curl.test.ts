import { curl } from "../../../../harness/catalog/clients/curl";
import { endingOf, type Ending } from "../../../../harness/ftp/stage";
import type { Cell, ExpectedResult } from "../../../../harness/model/cell";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { expectedOf } from "../../../support/cells";
import { outcomeOf, programSession } from "../../../support/program-output";

const program = curl.program!;

const argvOf = (change: Partial<ProgramSession>): string => program.command(programSession(change)).argv.join(" ");
const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession> = {}): ProgramStory =>
  program.read(outcomeOf(`curl/${file}.txt`, exitCode), programSession(change));
const endOf = (file: string, exitCode: number, change: Partial<ProgramSession>): Ending =>
  endingOf(storyOf(file, exitCode, change), programSession(change));

describe("curl's command line", () => {
  it("asks for each mode by its options", () => {
    expect(argvOf({ mode: "ftp" })).not.toMatch(/ssl|cacert/);
    expect(argvOf({ mode: "ftps" })).toMatch(/--cacert \/ca.pem --ssl-reqd --disable-epsv ftp:/);
    expect(argvOf({ mode: "ftps-clear-data" })).toContain("--ftp-ssl-control");
    expect(argvOf({ mode: "ftps-implicit", port: 990 })).toContain("ftps://ftp.example.net:990//list/");
    expect(argvOf({ mode: "ftps-ccc" })).toMatch(/--ftp-ssl-ccc --ftp-ssl-ccc-mode passive .*--trace-config ssl ftp:/);
  });

  it("asks for each data command", () => {
    expect(argvOf({ data: "pasv" })).toContain("--disable-epsv");
    expect(argvOf({ data: "epsv" })).not.toMatch(/epsv|--ftp-port/);
    expect(argvOf({ data: "port" })).toContain("--ftp-port - --disable-eprt");
    expect(argvOf({ data: "eprt" })).toMatch(/--ftp-port - ftp:/);
  });

  it("has its options", () => {
    expect(argvOf({ options: ["use-pasv-ip"] })).toContain("--no-ftp-skip-pasv-ip");
    expect(argvOf({})).not.toContain("skip-pasv-ip");
    expect(argvOf({ mode: "ftps-ccc", options: ["ccc-active"] })).toContain("--ftp-ssl-ccc-mode active");
  });

  it("names every file of a transfer", () => {
    expect(argvOf({ operation: "download", folder: "/download" })).toMatch(
      /--output 0-bytes.bin ftp:\/\/ftp.example.net:21\/\/download\/0-bytes.bin --output 1-bytes.bin \S+1-bytes.bin$/,
    );
    expect(argvOf({ operation: "upload", folder: "/upload" })).toMatch(
      /--upload-file 1-bytes.bin ftp:\/\/ftp.example.net:21\/\/upload\/1-bytes.bin$/,
    );
  });

  it("leaves the server's own verdict on an active connection its time", () => {
    expect(argvOf({ connectSeconds: 8 })).toContain("--connect-timeout 5 --max-time 23");
  });
});

describe("curl's output", () => {
  it("shows the dialogue, with the password masked, and what was listed", () => {
    const story = storyOf("list", 0);
    expect(story).toMatchObject({ succeeded: true, message: null, lack: null, listed: ["0-bytes.bin", "1-bytes.bin"] });
    const dialogue = story.transcript.filter(({ direction }) => direction !== "*");
    expect(dialogue.slice(0, 6).map(({ direction, text }) => `${direction} ${text}`)).toEqual([
      expect.stringMatching(/^< 220 /),
      expect.stringMatching(/^> USER lab\d+$/),
      expect.stringMatching(/^< 331 /),
      "> PASS ###",
      expect.stringMatching(/^< 230 /),
      "> PWD",
    ]);
  });

  it("lists nothing where it failed", () => {
    expect(storyOf("list", 19)).toMatchObject({ succeeded: false, listed: null });
  });

  it("tells of a server that could not connect to the client", () => {
    const session = { mode: "ftps", data: "port" } as const;
    expect(storyOf("active-blocked", 19, session).message).toBe("curl: (19) RETR response: 425");
    expect(endOf("active-blocked", 19, session)).toEqual({ stage: "data-connect", replyCode: 425 });
  });

  it("tries PASV after a data connection of EPSV that failed", () => {
    const session = { mode: "ftps", data: "epsv" } as const;
    const sent = storyOf("epsv-then-pasv", 28, session).transcript.filter(({ direction }) => direction === ">");
    expect(sent.slice(-2).map(({ text }) => text)).toEqual(["EPSV", "PASV"]);
    expect(endOf("epsv-then-pasv", 28, session)).toEqual({ stage: "data-connect", replyCode: null });
  });

  it("tells of a certificate that it does not trust", () => {
    expect(storyOf("certificate", 60, { mode: "ftps" }).message).toMatch(/^curl: \(60\) SSL certificate problem/);
    expect(endOf("certificate", 60, { mode: "ftps" }).stage).toBe("certificate");
  });
});

describe("curl's CCC", () => {
  it.each([
    ["ccc-passive", 28, /speak TLS after CCC \(\[SSL\] ossl_bio_cf_out_write\(len=27\)/],
    ["ccc-active", 55, /speak TLS after CCC \(SSL_write\(\) error/],
  ])("leaves TLS in place, which the session shows: %s", (file, exitCode, words) => {
    const story = storyOf(file, exitCode, { mode: "ftps-ccc" });
    expect(story.lack).toMatch(words);
    expect(story.transcript.some(({ text }) => text.startsWith("[SSL]"))).toBe(false);
    expect(endOf(file, exitCode, { mode: "ftps-ccc" }).stage).toBe("ccc");
  });

  it("is no lack where nothing passes through TLS before the next reply", () => {
    const outcome = outcomeOf("curl/ccc-passive.txt", 0);
    const output = outcome.output.flatMap((line) => {
      if (line.text.includes("ossl_bio_cf_out_write(len=27)") && line.atMs > 140) return [];
      // What a curl that clears the connection prints after PWD: the reply, and TLS of the data connection.
      if (!line.text.startsWith("* Operation timed out")) return [line];
      const more = [
        '< 257 "/" is the current directory',
        "> PASV",
        "* [SSL] ossl_bio_cf_out_write(len=517) -> 517, err=0",
      ];
      return more.map((text) => ({ ...line, text }));
    });
    const lackIn = (mode: ProgramSession["mode"]): string | null =>
      program.read({ ...outcome, output }, programSession({ mode })).lack;
    expect(lackIn("ftps-ccc")).toBeNull();
    expect(lackIn("ftps-ccc-unprimed")).toBe("It sends PWD before the data command.");
  });

  it("is expected to be unsupported, unless the session ends before it can matter or CCC is refused", () => {
    const expected = (change: Partial<Omit<Cell, "id">>): ExpectedResult => expectedOf({ client: "curl", ...change });
    expect(expected({ mode: "ftps-ccc" })).toMatchObject({ result: "unsupported", stage: null });
    expect(expected({ mode: "ftps-ccc", topology: "server-nat" })).toMatchObject({ result: "unsupported" });
    expect(expected({ mode: "ftps-ccc", server: "plain-only" })).toMatchObject({ stage: "auth-tls" });
    expect(expected({ mode: "ftps" }).result).toBe("worked");
  });
});

describe("what curl does with a refusal", () => {
  const expected = (change: Partial<Omit<Cell, "id">>): ExpectedResult => expectedOf({ client: "curl", ...change });

  it("goes on in TLS after a refused CCC, which leaves a helper blind and is the cause", () => {
    expect(expected({ mode: "ftps-ccc", server: "tls-required" }).result).toBe("worked");
    expect(expected({ mode: "ftps-ccc-unprimed", server: "tls-required" }).result).toBe("worked");
    const blind = expected({ mode: "ftps-ccc", server: "tls-required", topology: "server-nat-helper" });
    expect(blind).toMatchObject({ stage: "data-connect", cause: "ccc-refused" });
    expect(blind.reason).toMatch(/^curl goes on in TLS after a refused CCC\. /);
  });

  it("goes on in clear after a refused PROT C, and waits for data while ProFTPD waits for TLS", () => {
    const refused = { mode: "ftps-clear-data", server: "tls-required" } as const;
    expect(expected(refused)).toMatchObject({ stage: "transfer", cause: "protection-refused" });
    expect(expected({ ...refused, operation: "upload" })).toMatchObject({ stage: "data-tls" });
    expect(expected({ ...refused, topology: "server-nat" })).toMatchObject({ stage: "data-connect" });
    const session = { mode: "ftps-clear-data" } as const;
    expect(endOf("prot-c-refused", 28, session)).toEqual({ stage: "transfer", replyCode: null });
  });

  it("resumes no TLS session for the third upload", () => {
    expect(expected({ mode: "ftps", server: "tls-required-reuse", operation: "upload" })).toMatchObject({
      cause: "tls-session-not-reused",
    });
  });
});

it("has a session of curl again that broke before its last reply was read", () => {
  const output = ["* Connected", "> STOR a.bin", "< 150 Opening", "curl: (55) Send failure: Broken pipe"].map(
    (text) => ({
      ...{ atMs: 1, stream: "stderr" as const, text },
    }),
  );
  const outcome = { startedAt: 0, durationMs: 1, exitCode: 55, timedOut: false, output, files: [] };
  const session = programSession({ mode: "ftps", operation: "upload" });
  expect(program.read(outcome, session).redraw).toMatch(/before it had read/);
  const told = [...output, { ...output[0]!, text: "< 425 Unable to build data connection" }];
  expect(program.read({ ...outcome, output: told }, session).redraw).toBeNull();
});
