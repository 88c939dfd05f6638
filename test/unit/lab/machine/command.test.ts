import { runCommand } from "../../../../harness/lab/machine/command";

const node = process.execPath;
const never = new AbortController().signal;

describe("running a command", () => {
  it("gives the last lines of both streams of one that fails", async () => {
    const script = "console.log('out'); console.error('err'); process.exit(5)";
    const result = await runCommand(node, ["-e", script], { signal: never });
    expect(result.ok).toBe(false);
    expect([...result.lastLines].sort()).toEqual(["err", "out"]);
  });

  it("says why one could not be started", async () => {
    const result = await runCommand("no-such-command", [], { signal: never });
    expect(result).toEqual({ ok: false, lastLines: ["spawn no-such-command ENOENT"] });
  });

  it("ends the command with its children when interrupted, and waits for them", async () => {
    const interrupt = new AbortController();
    // The grandchild holds the pipe: the result comes only when it is gone too.
    const script = "require('child_process').spawn('sleep', ['60'], { stdio: 'inherit' }); console.log('ready')";
    const onLine = () => {
      interrupt.abort();
    };
    const run = runCommand(node, ["-e", script], { signal: interrupt.signal, onLine });
    await expect(run).rejects.toMatchObject({ name: "AbortError" });
  });
});
