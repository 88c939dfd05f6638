import { clientScriptOf, clientScriptSchema, scriptLaidOver } from "../../../harness/inputs/client-script-schema";

const read = (written: unknown) => clientScriptSchema.parse(written);
const problemIn = (written: unknown): string => clientScriptSchema.safeParse(written).error?.message ?? "none";

it("reads lines, words, pieces and pauses", () => {
  const { steps } = read({
    steps: ["AUTH TLS", "USER {user}", "tls", "reply", { send: "SY" }, { wait: "1 s" }, "reset"],
  });
  expect(steps).toEqual([
    { kind: "command", text: "AUTH TLS" },
    { kind: "command", text: "USER {user}" },
    { kind: "tls" },
    { kind: "reply" },
    { kind: "send", text: "SY" },
    { kind: "wait", ms: 1000 },
    { kind: "reset" },
  ]);
});

it("is an ordinary client where nothing is written", () => {
  expect(clientScriptOf(read({ steps: ["NOOP"] }))).toEqual({
    steps: [{ kind: "command", text: "NOOP" }],
    data: { listens: true, silent: false, breaks: null, closeNotify: true, resumes: true },
    tls: { ccc: "answer" },
    patienceMs: 8000,
  });
});

it("adds manners to those of the script that it is laid over, and takes its steps' place", () => {
  const base = read({ steps: ["NOOP"], data: { silent: true }, patience: "2 s" });
  const both = clientScriptOf(scriptLaidOver(base, read({ data: { "close-notify": false }, tls: { ccc: "never" } })));
  expect(both).toMatchObject({
    steps: [{ text: "NOOP" }],
    data: { silent: true, closeNotify: false },
    tls: { ccc: "never" },
    patienceMs: 2000,
  });
  expect(scriptLaidOver(base, read({ steps: ["tls"] })).steps).toEqual([{ kind: "tls" }]);
});

it.each([
  [{ steps: [] }, "expected at least one step"],
  [{ steps: ["rest"] }, "unknown word"],
  [{ steps: ["Hello there"] }, "expected a command such as PASV, or reply, tls, close or reset"],
  [{ steps: ["USER {usr}"] }, "found {usr}"],
  [{ steps: [{ send: "{p3}" }] }, "found {p3}"],
  [{ steps: [{ send: "a", wait: "1 s" }] }, "expected one of send and wait"],
  [{ steps: [{ wait: "1 min" }] }, "expected at most 25 s"],
  [{ steps: ["NOOP"], tls: { ccc: "late" } }, "ccc"],
])("refuses %j", (written, problem) => {
  expect(problemIn(written)).toContain(problem);
});
