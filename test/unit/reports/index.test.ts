import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../harness/model/errors";
import type { Reporter, RunEvent } from "../../../harness/model/events";
import { reportFormNames } from "../../../harness/model/ids";
import type { ReporterContext } from "../../../reports/index";
import { createReporters, defaultReporters } from "../../../reports/index";
import { allExpected, coreCount, runInfo, withTroubles } from "../../support/make-report";
import { ManualClock, Screen } from "../../support/screen";

type Stage = ReporterContext & {
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly clock: ManualClock;
  readonly exits: (() => void)[];
};

function stage(isTTY: boolean, env: Record<string, string> = {}): Stage {
  const exits: (() => void)[] = [];
  const stream = (): Screen & { isTTY: boolean } => Object.assign(new Screen(200), { isTTY });
  return {
    stdout: stream(),
    stderr: stream(),
    env: { LANG: "C.UTF-8", ...env },
    clock: new ManualClock(),
    atExit: (action) => exits.push(action),
    exits,
  };
}

async function run(reporters: readonly Reporter[], folder: string | null): Promise<void> {
  const events: RunEvent[] = [
    { kind: "run-started", run: runInfo, total: 1000, labs: ["direct"] },
    { kind: "run-finished", report: allExpected(), folder },
  ];
  for (const event of events) for (const reporter of reporters) reporter.onEvent(event);
  for (const reporter of reporters) await reporter.close?.();
}

describe("createReporters", () => {
  it("shows live progress on a terminal, and at the end the matrix on stdout", async () => {
    const context = stage(true);
    const reporters = createReporters(["terminal"], context);
    expect(reporters.map((reporter) => reporter.name)).toEqual(["live", "terminal"]);
    await run(reporters, "reports/out/latest");
    expect(context.stderr.text).toBe("");
    expect(context.stderr.isCursorShown).toBe(true);
    expect(context.stdout.text).toContain("tls-optional server, basic-ftp client");
    expect(context.stdout.text).toContain("Reports and evidence: reports/out/latest");
  });

  it("gives the cursor back when the process exits without closing", () => {
    const context = stage(true);
    const [live] = createReporters(["terminal"], context);
    live?.onEvent({ kind: "notice", text: "" });
    expect(context.stderr.isCursorShown).toBe(false);
    for (const exit of context.exits) exit();
    expect(context.stderr.isCursorShown).toBe(true);
  });

  it("logs plain lines where stderr is no terminal, or in continuous integration", async () => {
    for (const context of [stage(false), stage(true, { CI: "true" })]) {
      await run(createReporters(["terminal"], context), null);
      expect(context.stderr.text).toBe("[0 s] run 20260301-101500-ab12: 1,000 cells in 1 lab");
      expect(context.stdout.text).toMatch(/58\.2 s$/);
    }
  });

  it("writes the files of the named reporters into the run's folder", async () => {
    const folder = await mkdtemp(join(tmpdir(), "reports-"));
    await run(createReporters(["json", " markdown"], stage(false)), folder);
    expect((await readdir(folder)).sort()).toEqual(["report.json", "report.md"]);
    await rm(folder, { recursive: true });
  });

  it("annotates and adds the job's summary where GitHub reads along", async () => {
    const folder = await mkdtemp(join(tmpdir(), "reports-"));
    const summary = join(folder, "summary.md");
    await writeFile(summary, "before\n");
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary };
    expect(defaultReporters({})).toEqual(["terminal", ...reportFormNames]);
    expect(defaultReporters(env)).toContain("github");
    const context = stage(false, env);
    const [github] = createReporters(["github"], context);
    github?.onEvent({ kind: "run-finished", report: withTroubles(), folder: null });
    await github?.close?.();
    expect(context.stdout.text).toContain("::error title=unexpected");
    expect(await readFile(summary, "utf8")).toContain(`before\n# ✗ ${coreCount} cells`);
    await rm(folder, { recursive: true });
  });

  it("leaves commands for GitHub's runner out of what people read", async () => {
    const context = stage(false, { GITHUB_ACTIONS: "true" });
    const [plain] = createReporters(["terminal"], context);
    plain?.onEvent({ kind: "notice", text: "550 ##[error]no" });
    expect(context.stderr.text).toContain("550 ## [error]no");
    await plain?.close?.();
  });

  it("has a reporter once that is named twice", () => {
    expect(createReporters(["json", "markdown", "json"], stage(false))).toHaveLength(2);
  });

  it("keeps a failure to write until it is closed, however late that is", async () => {
    const unhandled = jest.fn();
    process.on("unhandledRejection", unhandled);
    const context = stage(false);
    const [json] = createReporters(["json"], context);
    json?.onEvent({ kind: "run-finished", report: allExpected(), folder: join(tmpdir(), "no", "such", "folder") });
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(context.stderr.text).toBe("");
    await json?.close?.();
    expect(context.stderr.text).toContain("The json reporter failed");
  });

  it("writes no files where the run has no folder", async () => {
    const context = stage(false);
    await run(createReporters(["json"], context), null);
    expect(context.stderr.text).toBe("");
  });

  it("goes on without a reporter that cannot write, and says so", async () => {
    const context = stage(false);
    await run(createReporters(["json", "terminal"], context), join(tmpdir(), "no", "such", "folder"));
    expect(context.stderr.text).toMatch(/The json reporter failed and will not be used: cannot write .*report\.json/);
    expect(context.stdout.text).toContain(`${coreCount} cells`);
  });

  it("prints the matrix even when the live view fails", async () => {
    const context = stage(true);
    context.stderr.write = () => {
      throw new Error("gone");
    };
    const notes: string[] = [];
    const reporters = createReporters(["terminal"], context);
    context.stderr.write = (text: string) => {
      if (text.startsWith("The ")) notes.push(text);
      else throw new Error("gone");
    };
    await run(reporters, null);
    expect(notes).toEqual(["The live reporter failed and will not be used: gone\n"]);
    expect(context.stdout.text).toContain(`${coreCount} cells`);
  });

  it("refuses an unknown name and says which there are", () => {
    expect(() => createReporters(["terminal", "xml"], stage(false))).toThrow(UsageError);
    expect(() => createReporters([""], stage(false))).toThrow('there is no reporter ""');
  });
});
