import { LabError } from "../../../../harness/model/errors";
import { Progress } from "../../../../harness/tools/setup/progress";

function record(quiet: boolean, isTTY = false) {
  let text = "";
  const write = (part: string) => {
    text += part;
  };
  const interrupt = new AbortController();
  const progress = new Progress({ write, isTTY }, quiet, interrupt.signal);
  return { progress, interrupt, text: () => text.replace(/\d+\.\d s/g, "N s") };
}

const failure = new LabError("engine", "No engine.", { code: "engine-unreachable", hint: "Install it.\nStart it." });

describe("the progress of setup", () => {
  it("is plain lines where there is no terminal", async () => {
    const { progress, text } = record(false);
    await progress.step("Engine", (notes) => {
      notes.announce("starting it");
      return Promise.resolve({ summary: "answers" });
    });
    expect(text()).toBe("→ Engine: starting it\n✓ Engine: answers (N s)\n");
  });

  it("prints a failure with a line for each remedy, even when quiet, and passes it on", async () => {
    const { progress, text } = record(true);
    progress.say("hello");
    await expect(progress.step("Engine", () => Promise.reject(failure))).rejects.toBe(failure);
    expect(text()).toBe("✗ Engine: No engine.\n  → Install it.\n  → Start it.\n");
  });

  it("blames nobody for what an interruption broke", async () => {
    const { progress, interrupt, text } = record(false);
    interrupt.abort();
    await expect(progress.step("Engine", () => Promise.reject(failure))).rejects.toBe(failure);
    expect(text()).toBe("");
  });
});
