import { LabError } from "../../../harness/model/errors";
import { NodeShell } from "../../../harness/lab/node-shell";
import { openLocalShell } from "../../support/local-shell";
import { ScriptedExec } from "../../support/scripted-exec";

/** A shell on a process that answers as the test says; `end` is what it prints once a script has ended with a status. */
async function scripted(): Promise<{
  readonly exec: ScriptedExec;
  readonly shell: NodeShell;
  readonly end: (status: number) => string;
}> {
  const exec = new ScriptedExec();
  const shell = new NodeShell("router", exec);
  const first = shell.run("run", "true");
  const marker = /'(--[0-9a-f]+)'/.exec(exec.told)?.[1] ?? "";
  const end = (status: number): string => `\n${marker} ${status}\n`;
  await exec.say(end(0));
  await first;
  return { exec, shell, end };
}

describe("a shell's answers, whatever the pieces they come in", () => {
  const texts = ["", "one line", "two\nlines\n\n", "naïve 日本 🚫 \u2028 end", "--0123456789abcdef 0\n"];

  test("are put together when they are cut in two at any byte", async () => {
    const { exec, shell, end } = await scripted();
    for (const text of texts) {
      const stream = Buffer.from(`${text}${end(0)}`);
      for (let cut = 1; cut < stream.length; cut += 1) {
        const answer = shell.runForBytes("run", "cat");
        await exec.say(stream.subarray(0, cut), stream.subarray(cut));
        expect({ cut, text: (await answer).toString("utf8") }).toEqual({ cut, text });
      }
    }
  });

  test("are put together when they come byte by byte", async () => {
    const { exec, shell, end } = await scripted();
    for (const text of texts) {
      const answer = shell.runForBytes("run", "cat");
      await exec.say(...[...Buffer.from(`${text}${end(0)}`)].map((byte) => Buffer.of(byte)));
      expect((await answer).toString("utf8")).toBe(text);
    }
  });

  test("are told apart when several come in one piece", async () => {
    const { exec, shell, end } = await scripted();
    const answers = Promise.all(["a", "b", "c"].map((word) => shell.run("run", `echo ${word}`)));
    await exec.say(`first${end(0)}${end(0)}third\nline${end(0)}`);
    expect(await answers).toEqual(["first", "", "third\nline"]);
  });

  test("may hold the marker's beginning, and a marker of somebody else", async () => {
    const { exec, shell, end } = await scripted();
    const text = `\n${end(0).slice(1, 10)}\n--${"0".repeat(24)} 0\n`;
    const answer = shell.runForBytes("run", "cat");
    await exec.say(`${text}${end(0)}`);
    expect((await answer).toString("utf8")).toBe(text);
  });
});

describe("a script that fails", () => {
  test("is told with its status, its words and the remedy", async () => {
    const { exec, shell, end } = await scripted();
    const answer = shell.run("rules", "iptables-restore", { hint: "Load the helper." });
    const failure = answer.catch((error: unknown) => error);
    await exec.say("no such table\n", end(2));
    const error = await failure;
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({
      phase: "rules",
      message: "router: a command failed with status 2: no such table",
      hint: "Load the helper.",
    });
  });

  test("does not end the shell", async () => {
    const shell = openLocalShell();
    await expect(shell.run("run", "echo so; cd /; exit 3")).rejects.toThrow("status 3: so");
    expect(await shell.run("run", "echo on")).toBe("on");
    shell.close();
  });
});

describe("a shell that does not answer", () => {
  test("is given up after the deadline, and refuses what comes then at once", async () => {
    const { exec, shell } = await scripted();
    const late = shell.run("run", "sleep 1", { deadlineMs: 30 });
    const behind = shell.run("run", "echo behind").catch((error: unknown) => error);
    await expect(late).rejects.toThrow("router: no answer within 30 ms.");
    await expect(shell.run("run", "echo more")).rejects.toThrow("router: the shell ended.");
    await exec.die();
    expect(await behind).toMatchObject({ message: "router: the shell ended." });
  });

  test("that dies fails all scripts that it was given", async () => {
    const { exec, shell, end } = await scripted();
    const answers = ["a", "b", "c"].map((word) => shell.run("run", `echo ${word}`).catch((error: unknown) => error));
    await exec.say(`first${end(0)}half an ans`);
    await exec.die();
    const [first, ...others] = await Promise.all(answers);
    expect(first).toBe("first");
    expect(others).toEqual([
      expect.objectContaining({ message: "router: the shell ended." }),
      expect.objectContaining({ message: "router: the shell ended." }),
    ]);
    await expect(shell.run("run", "echo d")).rejects.toThrow("router: the shell ended.");
  });

  test("that is killed on a real machine fails its script at once, and not after the deadline", async () => {
    const shell = openLocalShell();
    const startedAt = performance.now();
    await expect(shell.run("run", "kill -KILL $$")).rejects.toThrow("here: the shell ended.");
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

test.each(["", "\n", "# nothing but a comment"])("a script without a command succeeds (%j)", async (script) => {
  const shell = openLocalShell();
  expect(await shell.run("run", script)).toBe("");
  expect(await shell.run("run", "echo on")).toBe("on");
  shell.close();
});

test("a script's stdin is empty, and its stderr comes with its output", async () => {
  const shell = openLocalShell();
  expect(await shell.run("run", "cat; echo out; echo err >&2")).toBe("out\nerr");
  shell.close();
});
