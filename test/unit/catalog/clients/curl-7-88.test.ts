import { curl788 } from "../../../../harness/catalog/clients/curl-7-88";
import { endingOf } from "../../../../harness/ftp/stage";
import type { ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { expectedOf } from "../../../support/cells";
import { outcomeOf, programSession } from "../../../support/program-output";

const program = curl788.program!;
const client = "curl-7.88";

const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession> = {}): ProgramStory =>
  program.read(outcomeOf(`curl-7.88/${file}.txt`, exitCode), programSession(change));

it("lives in an image of Debian 12, and knows no option for tracing TLS", () => {
  expect(program.image).toBe("programs-bookworm");
  expect(program.command(programSession({ mode: "ftps-ccc" })).argv).not.toContain("--trace-config");
  expect(program.version.pattern.exec("curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1")?.[1]).toBe("7.88.1");
});

describe("CCC of curl 7.88", () => {
  it("clears the control connection, which PWD then primes", () => {
    const story = storyOf("ccc", 0, { mode: "ftps-ccc" });
    expect(story).toMatchObject({ succeeded: true, lack: null, listed: ["0-bytes.bin", "1-bytes.bin"] });
    const sent = story.transcript.flatMap(({ direction, text }) => (direction === ">" ? [text] : []));
    expect(sent.slice(sent.indexOf("CCC"))).toEqual(["CCC", "PWD", "CWD /", "CWD list", "PASV", "TYPE A", "LIST"]);
    expect(expectedOf({ client, mode: "ftps-ccc", topology: "server-nat-helper" }).result).toBe("worked");
  });

  it("cannot be had without that priming", () => {
    expect(storyOf("ccc-primes", 0, { mode: "ftps-ccc-unprimed" }).lack).toBe("It sends PWD before the data command.");
    expect(expectedOf({ client, mode: "ftps-ccc-unprimed" }).result).toBe("unsupported");
    // Where CCC is refused no session shows that.
    expect(expectedOf({ client, mode: "ftps-ccc-unprimed", server: "tls-required" }).result).toBe("worked");
  });
});

describe("active mode of curl 7.88 with TLS", () => {
  it("leaves TLS out, which is a failure and no lack", () => {
    const story = storyOf("active-tls", 56, { mode: "ftps", data: "port" });
    expect(story).toMatchObject({ succeeded: false, lack: null });
  });

  it("fails where the connection comes at all and is to be protected", () => {
    expect(expectedOf({ client, mode: "ftps", data: "eprt" })).toMatchObject({
      ...{ result: "failed", stage: "data-tls", cause: "client-does-not-begin-data-tls" },
    });
    expect(expectedOf({ client, mode: "ftps-clear-data", data: "eprt" }).result).toBe("worked");
    expect(expectedOf({ client, mode: "ftps", data: "port", topology: "client-nat" }).result).toBe("failed");
    expect(expectedOf({ client: "curl", mode: "ftps", data: "eprt" }).result).toBe("worked");
  });
});

it("fetches several files over one control connection", () => {
  const { transcript, succeeded } = storyOf("download", 0, { mode: "ftps", operation: "download" });
  expect(succeeded).toBe(true);
  expect(transcript.filter(({ text }) => text.startsWith("USER "))).toHaveLength(1);
  expect(transcript.filter(({ text }) => text.startsWith("RETR "))).toHaveLength(3);
});

it("sends clear text to a server that has refused PROT C and still wants TLS", () => {
  const session = programSession({ mode: "ftps-clear-data", operation: "upload" });
  const story = storyOf("prot-c-refused-upload", 18, session);
  expect(endingOf(story, session)).toEqual({ stage: "data-tls", replyCode: 425 });
  expect(expectedOf({ client, mode: "ftps-clear-data", server: "tls-required", operation: "upload" })).toMatchObject({
    ...{ stage: "data-tls", cause: "protection-refused" },
  });
});
