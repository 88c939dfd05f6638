import { fillCommand } from "../../../harness/plan/literal-command";
import { commandPlaceholders } from "../../../harness/model/session-script";
import { programSession } from "../../support/program-output";

const session = programSession();

it("puts the lab's values into arguments, input and files, and leaves other braces", () => {
  const text = commandPlaceholders.map((name) => `{${name}}`).join(" ");
  const filled = fillCommand(
    { argv: ["a", text], files: [{ path: "{host}", text }], input: "{user} {ab}" },
    {},
    session,
  );
  expect(filled.argv[1]).not.toMatch(/[{}]/);
  expect(filled.argv[1]?.split(" ").slice(-3)).toEqual([session.mode, session.data, session.operation]);
  expect(filled.files).toEqual([{ path: "{host}", text: filled.argv[1] }]);
  expect(filled.input).toBe(`${session.user} {ab}`);
});

it("keeps where the client's program runs, and nothing else of its usual command", () => {
  const literal = { argv: ["a"], files: [], input: null };
  const base = { argv: ["b"], input: "c", environment: { A: "b" }, inOwnImage: true } as const;
  expect(fillCommand(literal, base, session)).toEqual({
    argv: ["a"],
    files: [],
    environment: { A: "b" },
    inOwnImage: true,
  });
});
