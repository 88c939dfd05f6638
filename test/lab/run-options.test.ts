import type { Lab } from "../../harness/lab/lab";
import { routersOf, withoutHelpers } from "../../harness/model/network";
import { choose, runCells } from "../support/lab-run";

jest.setTimeout(60_000);

const helperCell = "firewall-helper/tls-optional/basic-ftp/ftp/epsv/list";

/** Takes the helper rule away as somebody would by hand. */
const removeHelper = (lab: Lab): Promise<void> => lab.applyRules(withoutHelpers(lab.topology));

test("a cell that fails at first and then does what is expected is flaky", async () => {
  let lab: Lab | undefined;
  const report = await runCells(choose([helperCell]), {
    retries: 3,
    beforeCells: async (ready) => {
      lab = ready;
      await removeHelper(ready);
    },
    onEvent: (event) => {
      // The session is on its way by then; its data connection is blocked for two seconds.
      if (event.kind === "cell-started") setTimeout(() => void lab?.applyRules(lab.topology), 500);
    },
  });
  expect(report.cells.map(({ outcome, result, attempts }) => ({ outcome, result, attempts }))).toEqual([
    { outcome: "flaky", result: "worked", attempts: 2 },
  ]);
});

test("retries that never succeed leave the cell unexpected and say how often it was tried", async () => {
  const report = await runCells(choose([helperCell]), { retries: 1, beforeCells: removeHelper });
  expect(report.cells[0]).toMatchObject({ outcome: "unexpected", stage: "data-connect", attempts: 2 });
  expect(report.cells[0]?.evidence.some((file) => file.endsWith("evidence.json"))).toBe(true);
});

test("fail-fast stops at the first unexpected cell and tells the others as skipped, in every lab", async () => {
  const cells = choose([
    "firewall-helper/tls-optional/basic-ftp/ftp/epsv/*",
    "ipv6-firewall-helper/tls-optional/basic-ftp/*/*/*",
  ]);
  const report = await runCells(cells, {
    failFast: true,
    workers: 1,
    beforeCells: (lab) => (lab.topology.family === "ipv4" ? removeHelper(lab) : Promise.resolve()),
  });
  expect(report.summary.outcomes.unexpected).toBe(1);
  expect(report.summary.outcomes.skipped).toBeGreaterThan(0);
  expect(report.summary.total).toBe(cells.length);
  expect(report.run.interrupted).toBe(false);
});

test("a rule that the kernel refuses is a lab-error with the kernel's words, and no cell has failed", async () => {
  const report = await runCells(choose([helperCell]), {
    beforeCells: async (lab) => {
      for (const router of routersOf(lab.topology)) {
        await lab
          .routerShell(router)
          .run("rules", "iptables -t raw -A PREROUTING -p tcp -j CT --helper no-such-helper");
      }
    },
  });
  expect(report.cells[0]).toMatchObject({ outcome: "lab-error", result: "not-run" });
  expect(report.cells[0]?.message).toContain("No such file or directory");
});
