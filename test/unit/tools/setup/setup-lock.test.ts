import { spawn } from "node:child_process";
import { once } from "node:events";
import { takeSetupLock } from "../../../../harness/tools/setup/setup-lock";

const onLinux = process.platform === "linux" ? describe : describe.skip;
const never = new AbortController().signal;
let count = 0;
const freshName = () => `ftp-nat-matrix-test-${process.pid}-${(count += 1)}`;

onLinux("the lock of setup", () => {
  it("makes the second wait until the first releases it", async () => {
    const name = freshName();
    const events: string[] = [];
    const first = await takeSetupLock(never, () => undefined, name);
    let second: Promise<void> | undefined;
    await new Promise<void>((resolve) => {
      second = takeSetupLock(never, resolve, name).then((lock) => {
        events.push("second has it");
        lock.release();
      });
    });
    // Long enough for a lock that does not hold to be had, and for the holder to see who waits.
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    events.push("first releases it");
    first.release();
    await second;
    expect(events).toEqual(["first releases it", "second has it"]);
  });

  it("is free again when its holder was killed", async () => {
    const name = freshName();
    const hold = `require("node:net").createServer().listen("\\0${name}", () => console.log("held"))`;
    const holder = spawn(process.execPath, ["-e", hold]);
    await once(holder.stdout, "data");
    const lock = await takeSetupLock(never, () => holder.kill("SIGKILL"), name);
    expect(holder.killed).toBe(true);
    lock.release();
  });

  it("stops waiting when it is interrupted", async () => {
    const name = freshName();
    const first = await takeSetupLock(never, () => undefined, name);
    const interrupt = new AbortController();
    const second = takeSetupLock(
      interrupt.signal,
      () => {
        interrupt.abort();
      },
      name,
    );
    await expect(second).rejects.toMatchObject({ name: "AbortError" });
    first.release();
  });
});
