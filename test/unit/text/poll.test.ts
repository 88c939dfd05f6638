import { execFileSync, spawnSync } from "node:child_process";
import { giveUp, poll } from "../../../harness/text/poll";

const run = (script: string): { readonly status: number | null; readonly stdout: string; readonly ms: number } => {
  const startedAt = performance.now();
  const { status, stdout } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  return { status, stdout, ms: performance.now() - startedAt };
};

test("a script goes on as soon as what it waits for is there", () => {
  const script = `tries=0; try() { tries=$((tries + 1)); [ $tries = 3 ]; }
    ${poll({ until: "try", otherwise: giveUp("It never came.") })}
    echo "on after $tries tries"`;
  const { status, stdout, ms } = run(script);
  expect({ status, stdout }).toEqual({ status: 0, stdout: "on after 3 tries\n" });
  expect(ms).toBeLessThan(4_500);
});

test("a script that waits in vain ends after the time and says why", () => {
  const { status, stdout, ms } = run(
    `${poll({ until: "false", otherwise: giveUp("The server's port stays closed."), forMs: 200 })}; echo on`,
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: "The server's port stays closed.\n" });
  expect(ms).toBeGreaterThanOrEqual(200);
});

test("what runs instead may let the script go on, and runs once", () => {
  const script = `late=; ${poll({ until: "false", otherwise: "late=$late+", forMs: 60 })}; echo "late: $late"`;
  expect(run(script)).toMatchObject({ status: 0, stdout: "late: +\n" });
});

test.each(["true", "false"])("nothing of it ends a script with `set -e` (%s)", (until) => {
  const script = `set -e; ${poll({ until, otherwise: "echo in vain", forMs: 20 })}; echo on`;
  expect(execFileSync("bash", ["-c", script], { encoding: "utf8" })).toMatch(/on\n$/);
});
