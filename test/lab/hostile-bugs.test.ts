import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectEngine } from "../../harness/lab/engine";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import type { Reproduction } from "../../harness/model/reproduction";
import { planReproduction } from "../../harness/bugs/reproduce/plan-reproduction";
import { bugOf, reportWith } from "../support/bugs";
import { catalog, leftovers } from "../support/lab-run";

jest.setTimeout(120_000);

/** Runs a report and gives what came of it; nothing of it is left on the engine. */
async function reproduceText(text: string): Promise<Reproduction> {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const { reproduce } = await import("../../harness/bugs/reproduce/reproduce.ts");
  const { openSite } = await import("../../harness/lab/open-site.ts");
  const bug = bugOf(text);
  const plan = planReproduction(bug, { comparesOthers: false });
  const runs: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-test-"));
  try {
    const run = { bug, plan, profiles: catalog.profiles, workers: 4, folder, argv: [] };
    const reproduction = await reproduce(
      run,
      (request) => openSite(engine, request),
      (event) => {
        if (event.kind === "run-started") runs.push(event.run.id);
      },
      new AbortController().signal,
    );
    for (const id of runs) expect(await leftovers(engine, id)).toEqual([]);
    return reproduction;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a script printed that ran as a report's own command line. */
async function printedBy(script: string): Promise<readonly string[]> {
  const report = reportWith(
    `network: direct\nclient: { id: curl, command: [sh, attack.sh], files: { attack.sh: ${JSON.stringify(script)} } }`,
  );
  const { variants } = await reproduceText(report.replace(", stage: data-connect", ""));
  return variants[0]?.evidence?.attempt.output ?? [];
}

test("a report's own command line reaches nothing but its lab, and has no rights in it", async () => {
  const printed = await printedBy(
    [
      "id -u",
      "ls -l /var/run/docker.sock 2>&1",
      "ip route show default | grep -c . ",
      "curl --silent --max-time 1 http://172.17.0.1/ ; echo host $?",
      "curl --silent --max-time 1 http://1.1.1.1/ ; echo world $?",
      "ip link add dummy0 type dummy 2>&1",
      "echo x > /opt/ftp-nat-matrix/agent.js",
      "echo x > /etc/passwd",
      "grep -c CapEff:.0000000000000000 /proc/self/status",
      "mount -t tmpfs none /mnt 2>&1 | tail -1",
      "kill -9 1 2>&1",
    ].join("\n"),
  );
  const text = printed.join("\n");
  expect(Number(printed[0])).toBeGreaterThan(1000);
  expect(text).toContain("'/var/run/docker.sock': No such file or directory");
  expect(text).toMatch(/^0$/m);
  expect(text).toMatch(/^host [67]$|^host 28$/m);
  expect(text).toMatch(/^world [67]$|^world 28$/m);
  expect(text).toContain("Operation not permitted");
  expect(text).toContain("cannot create /opt/ftp-nat-matrix/agent.js: Permission denied");
  expect(text).toContain("cannot create /etc/passwd: Permission denied");
});

test("a command line that never ends, prints for ever, multiplies and fills its disk is ended with all its children", async () => {
  const startedAt = performance.now();
  const printed = await printedBy(
    [
      "dd if=/dev/zero of=/tmp/full bs=1M count=4096 2>&1 | tail -1",
      "df --output=size -BM /tmp | tail -1",
      "rm -f /tmp/full",
      "bomb() { bomb | bomb & }",
      "(sleep 1; bomb) 2>/dev/null &",
      "sleep 3",
      "tr '\\\\0' x < /dev/zero",
    ].join("\n"),
  );
  expect(printed.join("\n")).toMatch(/No space left|\b512M\b/);
  expect(performance.now() - startedAt).toBeLessThan(90_000);
});

test("rules that are refused end the run before any lab is up, in the words of iptables", async () => {
  const report = reportWith(
    `network: { from: server-nat, nodes: { router: { rules: "*filter\\n-A FORWARD -j EXEC --command reboot\\nCOMMIT\\n" } } }`,
  );
  await expect(reproduceText(report)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("a-report.yaml (router)") as string,
  });
});

test("rules can read and write nothing of the machine, and no rule leads out of the lab", async () => {
  const rules = `include "/etc/shadow"\ntable inet filter { chain f { type filter hook forward priority 0; policy accept; } }\n`;
  const report = reportWith(
    `network: { from: server-nat, nodes: { router: { rules: ${JSON.stringify(`table ip a { }\n${rules}`)} } } }`,
  );
  await expect(reproduceText(report)).rejects.toMatchObject({ exitCode: 2 });
  await expect(stat("/pwned")).rejects.toThrow();
});
