import { nodeClientScripts } from "../../../../harness/lab/agent-scripts";
import { iceteeFtp } from "../../../../harness/catalog/clients/icetee-ftp";
import { nodeFtp } from "../../../../harness/catalog/clients/node-ftp";
import { endingOf } from "../../../../harness/ftp/stage";
import type { ProgramSession } from "../../../../harness/model/program";
import { outcomeOf, programSession } from "../../../support/program-output";

const clients = { "node-ftp": nodeFtp.program!, "icetee-ftp": iceteeFtp.program! };

it("is told what to do on its standard input", () => {
  const { argv, input } = clients["icetee-ftp"].command(programSession({ mode: "ftps-implicit", data: "epsv" }));
  expect(argv).toEqual(["node", "/opt/ftp-nat-matrix/icetee-ftp.js"]);
  expect(JSON.parse(input ?? "")).toMatchObject({ tls: "implicit", data: "epsv", password: "secret" });
});

it("shows the dialogue and what was listed; Node's warnings are no part of it", () => {
  const session = programSession({ mode: "ftps" });
  const story = clients["node-ftp"].read(outcomeOf("node-ftp/list.txt", 0), session);
  expect(story).toMatchObject({ succeeded: true, message: null, listed: ["0-bytes.bin", "1-bytes.bin"] });
  const sent = story.transcript.flatMap(({ direction, text }) => (direction === ">" ? [text] : []));
  expect(sent).toEqual([
    "AUTH TLS",
    "PBSZ 0",
    "PROT P",
    "USER lab1",
    "PASS ###",
    "FEAT",
    "TYPE I",
    "PASV",
    "LIST /list",
  ]);
  expect(story.transcript.map(({ text }) => text).join("\n")).not.toMatch(/Deprecation/);
});

it("ends with an EPSV that the server refuses", () => {
  const session = programSession({ data: "epsv" });
  const story = clients["icetee-ftp"].read(outcomeOf("icetee-ftp/epsv-refused.txt", 1), session);
  expect(story.message).toBe("Error: Unknown command");
  expect(endingOf(story, session)).toEqual({ stage: "data-command", replyCode: 500 });
});

describe("what they lack", () => {
  const proven: readonly (readonly [keyof typeof clients, Partial<ProgramSession>])[] = [
    ["node-ftp", { data: "port" }],
    ["node-ftp", { data: "epsv" }],
    ["node-ftp", { mode: "ftps-ccc" }],
    ["node-ftp", { mode: "ftps-clear-data" }],
    ["icetee-ftp", { data: "port" }],
    ["icetee-ftp", { mode: "ftps-ccc" }],
    ["icetee-ftp", { mode: "ftps-clear-data" }],
  ];

  it.each(proven)("is proven by the script's own text: %s %j", async (id, change) => {
    const proof = clients[id].lacks(programSession(change))?.proof;
    if (proof?.kind !== "command") throw new Error("a proof by a command was expected");
    const expression = proof.argv.at(-2) ?? "";
    const words = new RegExp(proof.argv.includes("--word-regexp") ? `\\b(?:${expression})\\b` : expression, "g");
    const found = (text: string): string => (text.match(words) ?? []).join("\n");
    const text = (await nodeClientScripts())[id] ?? "";
    expect(proof.pattern.test(found(text))).toBe(true);
    expect(proof.pattern.test(found(`${text}\nPORT EPSV CCC PROT C`))).toBe(false);
    expect(proof.pattern.test("")).toBe(false);
  });

  it("is not the fork's EPSV", () => {
    expect(clients["icetee-ftp"].lacks(programSession({ data: "epsv" }))).toBeNull();
  });
});
