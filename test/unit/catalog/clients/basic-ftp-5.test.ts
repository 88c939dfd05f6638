import { basicFtp4 } from "../../../../harness/catalog/clients/basic-ftp-4";
import { basicFtp5 } from "../../../../harness/catalog/clients/basic-ftp-5";
import { endingOf } from "../../../../harness/ftp/stage";
import { nodeClientScripts } from "../../../../harness/lab/agent-scripts";
import type { Lack, ProgramSession, ProgramStory } from "../../../../harness/model/program";
import { expectedOf } from "../../../support/cells";
import { outcomeOf, programSession } from "../../../support/program-output";

const program = basicFtp5.program!;
const client = "basic-ftp-5";

const storyOf = (file: string, exitCode: number, change: Partial<ProgramSession> = {}): ProgramStory =>
  program.read(outcomeOf(`basic-ftp-5/${file}.txt`, exitCode), programSession(change));
const lackOf = (change: Partial<ProgramSession>): Lack | null => program.lacks(programSession(change));

it("is told what to do on its standard input, the password too", () => {
  const { argv, input } = program.command(programSession({ mode: "ftps", data: "epsv" }));
  expect(argv).toEqual(["node", "/opt/ftp-nat-matrix/basic-ftp-5.js"]);
  expect(JSON.parse(input ?? "")).toMatchObject({
    tls: "explicit",
    data: "epsv",
    password: "secret",
    caFile: "/ca.pem",
  });
});

it("is the script that basic-ftp-4 has too, with its own library", () => {
  const { argv } = basicFtp4.program!.command(programSession());
  expect(argv).toEqual(["node", "/opt/ftp-nat-matrix/basic-ftp-4.js"]);
  const outcome = outcomeOf("basic-ftp-5/list.txt", 0);
  expect(basicFtp4.program!.read(outcome, programSession())).toEqual(program.read(outcome, programSession()));
});

describe("basic-ftp 5's output", () => {
  it("shows the dialogue, replies of several lines included, and what was listed", () => {
    const story = storyOf("list", 0, { mode: "ftps" });
    expect(story).toMatchObject({ succeeded: true, message: null, listed: ["0-bytes.bin", "1-bytes.bin"] });
    const sent = story.transcript.flatMap(({ direction, text }) => (direction === ">" ? [text] : []));
    expect(sent.slice(0, 4)).toEqual(["AUTH TLS", "OPTS UTF8 ON", expect.stringMatching(/^USER lab\d+$/), "PASS ###"]);
    expect(sent.slice(-5)).toEqual(["PBSZ 0", "PROT P", "PASV", "MLSD /list", "QUIT"]);
    expect(story.transcript).toContainEqual(expect.objectContaining({ direction: "<", text: "211 End" }));
  });

  it("tells of PASV after an EPSV that did not connect", () => {
    const session = programSession({ mode: "ftps", data: "epsv" });
    const story = storyOf("epsv-then-pasv", 1, session);
    expect(story.message).toMatch(/^Error: None of the available transfer strategies work\./);
    expect(endingOf(story, session)).toEqual({ stage: "data-connect", replyCode: null });
  });

  it("tells of a refused login", () => {
    const session = programSession({ mode: "ftp" });
    expect(endingOf(storyOf("refused", 1, session), session)).toEqual({ stage: "login", replyCode: 550 });
  });

  it("has sent nothing where it never had a control connection, though it shows QUIT", () => {
    const session = programSession({ mode: "ftps-implicit" });
    const story = storyOf("no-control", 1, session);
    expect(story.transcript).toEqual([expect.objectContaining({ direction: "*", text: "QUIT" })]);
    expect(endingOf(story, session)).toEqual({ stage: "control-connect", replyCode: null });
  });

  it("tells a wait for 226 from a transfer that stands still", () => {
    const session = programSession({ mode: "ftps", data: "epsv", operation: "upload" });
    const { transcript } = storyOf("no-226", 1, session);
    expect(storyOf("no-226", 1, session).message).toBe("Error: Timeout (control socket)");
    expect(endingOf(storyOf("no-226", 1, session), session)).toEqual({ stage: "completion", replyCode: null });
    const message = "Error: Timeout (data socket)";
    expect(endingOf({ transcript, message }, session)).toEqual({ stage: "transfer", replyCode: null });
  });

  it("has a session again whose empty upload ended amid the handshake, and no other", () => {
    const session = programSession({ mode: "ftps-implicit", operation: "upload" });
    const files = [{ name: "s711-0.bin", size: 0 }];
    expect(storyOf("empty-upload", 1, { ...session, files }).redraw).toMatch(/before its handshake was over/);
    expect(storyOf("empty-upload", 1, { ...session, files: [{ name: "s711-0.bin", size: 1 }] }).redraw).toBeNull();
    expect(storyOf("refused", 1, { ...session, files }).redraw).toBeNull();
  });
});

describe("what basic-ftp 5 lacks", () => {
  it.each([
    ["active mode", { data: "port" }],
    ["CCC", { mode: "ftps-ccc" }],
    ["clear data with TLS", { mode: "ftps-clear-data" }],
  ] as const)("is proven by its own text: %s", async (_, change) => {
    const proof = lackOf(change)?.proof;
    if (proof?.kind !== "command") throw new Error("a proof by a command was expected");
    const words = new RegExp(proof.argv.find((word) => word.includes("|")) ?? "", "g");
    const isWord = proof.argv.includes("--word-regexp");
    const found = (text: string): string =>
      [...text.matchAll(isWord ? new RegExp(`\\b(?:${words.source})\\b`, "g") : words)]
        .map(([word]) => word)
        .join("\n");
    const text = (await nodeClientScripts())["basic-ftp-5"] ?? "";
    expect(proof.pattern.test(found(text))).toBe(true);
    expect(proof.pattern.test(found(`${text}\nPORT CCC PROT C`))).toBe(false);
    expect(proof.pattern.test("")).toBe(false);
  });

  it("is nothing else", () => {
    for (const mode of ["ftp", "ftps", "ftps-implicit"] as const) expect(lackOf({ mode, data: "epsv" })).toBeNull();
  });
});

it("takes the control peer for a private address in 227, and resumes the control connection's session", () => {
  expect(expectedOf({ client, topology: "server-nat-range-no-masquerade" }).result).toBe("worked");
  expect(expectedOf({ client: "basic-ftp", topology: "server-nat-range-no-masquerade" }).result).toBe("failed");
  expect(expectedOf({ client, mode: "ftps", server: "tls-required-reuse" }).result).toBe("worked");
});

it("forgets the server's name on data connections in implicit mode and step by step, unless nothing is checked", () => {
  const forgotten = { stage: "data-tls", cause: "certificate-name-mismatch" };
  expect(expectedOf({ client, mode: "ftps-implicit" })).toMatchObject(forgotten);
  expect(expectedOf({ client: `${client}+stepwise`, mode: "ftps" })).toMatchObject(forgotten);
  expect(expectedOf({ client, mode: "ftps" }).result).toBe("worked");
  expect(expectedOf({ client: `${client}+no-check`, mode: "ftps-implicit" }).result).toBe("worked");
  // What ends the session before comes first.
  expect(expectedOf({ client, mode: "ftps-implicit", topology: "firewall" }).stage).toBe("data-connect");
});
