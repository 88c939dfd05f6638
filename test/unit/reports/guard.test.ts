import { UsageError } from "../../../harness/model/errors";
import type { Reporter, RunEvent } from "../../../harness/model/events";
import { GuardedReporter } from "../../../reports/guard";

const event: RunEvent = { kind: "notice", text: "" };

function guard(reporter: Omit<Reporter, "name">): { guarded: GuardedReporter; notes: string[] } {
  const notes: string[] = [];
  return { guarded: new GuardedReporter({ name: "frail", ...reporter }, (note) => notes.push(note)), notes };
}

describe("GuardedReporter", () => {
  it("notes the first error and leaves the reporter out from then on, but still closes it", async () => {
    const seen: string[] = [];
    const { guarded, notes } = guard({
      onEvent: () => {
        seen.push("event");
        throw new Error("broken\x1b[2J");
      },
      close: () => {
        seen.push("close");
        return Promise.reject(new Error("broken again"));
      },
    });
    guarded.onEvent(event);
    guarded.onEvent(event);
    await guarded.close();
    expect(seen).toEqual(["event", "close"]);
    expect(notes).toEqual(["The frail reporter failed and will not be used: broken\\x1b[2J\n"]);
  });

  it("notes an error in closing, with its remedy", async () => {
    const error = new UsageError("cannot write", { code: "output-not-writable", hint: "free space" });
    const { guarded, notes } = guard({ onEvent: () => undefined, close: () => Promise.reject(error) });
    guarded.onEvent(event);
    await guarded.close();
    expect(notes).toEqual(["The frail reporter failed and will not be used: cannot write (free space)\n"]);
  });

  it("closes a reporter that has nothing to close", async () => {
    const { guarded, notes } = guard({ onEvent: () => undefined });
    await guarded.close();
    expect(notes).toEqual([]);
  });
});
