import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot, projectVersion } from "../../harness/lab/project";
import { readReport } from "../../reports/read-report";
import { copyProject } from "../support/copy-project";

jest.setTimeout(300_000);

describe("the package, installed in an empty folder", () => {
  let copy: string;
  let folder: string;

  const run = (cwd: string, command: string, args: readonly string[]) => {
    const env = { ...process.env, CI: "true", NO_COLOR: "1", LANG: "C.UTF-8" };
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
    return { status, stdout, stderr };
  };
  const matrix = (...args: readonly string[]) => run(folder, "npx", ["ftp-nat-matrix", ...args]);

  beforeAll(() => {
    copy = copyProject();
    folder = mkdtempSync(join(tmpdir(), "ftp-nat-matrix-user-"));
    const packed = run(copy, "npm", ["pack", "--pack-destination", folder]);
    if (packed.status !== 0) throw new Error(packed.stderr);
    const file = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    const installed = run(folder, "npm", ["install", `./${file}`, "--prefer-offline", "--no-audit", "--no-fund"]);
    if (installed.status !== 0) throw new Error(installed.stderr);
  });

  afterAll(() => {
    for (const place of [copy, folder]) rmSync(place, { recursive: true, force: true });
  });

  it("brings neither sources nor what only the project needs", () => {
    const root = join(folder, "node_modules", "ftp-nat-matrix");
    expect(existsSync(join(root, "harness", "cli.ts"))).toBe(false);
    for (const name of ["esbuild", "preact", "basic-ftp", "ftp", "typescript"]) {
      expect(existsSync(join(folder, "node_modules", name))).toBe(false);
    }
  });

  it("says its version, and names its commands as they are called here", () => {
    expect(matrix("--version")).toEqual({ status: 0, stdout: `${projectVersion()}\n`, stderr: "" });
    const { status, stdout } = matrix("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("npx ftp-nat-matrix match --log session.log");
    expect(stdout).not.toContain("npm run");
  });

  it("prints the script that collects", () => {
    const { status, stdout } = matrix("collect");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^#!\/bin\/sh\n[^]*\nprintf '# end\\n'\n$/);
  });

  it("finds the scenarios that it brings", () => {
    expect(matrix("list", "scenarios/smoke.yaml")).toMatchObject({ status: 0, stderr: "" });
  });

  it("lists the core matrix", () => {
    const { status, stdout } = matrix("list", "--json");
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as { readonly cells: readonly unknown[] }).cells.length).toBeGreaterThan(1000);
  });

  it("finds the causes that fit a pasted log", () => {
    const log = [
      "> EPSV",
      "< 229 Entering Extended Passive Mode (|||50012|)",
      "Error: connect ETIMEDOUT 203.0.113.1:50012",
    ];
    writeFileSync(join(folder, "session.log"), `${log.join("\n")}\n`);
    const { status, stdout } = matrix("match", "--log", "session.log");
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("no-helper") as string });
  });

  it("diagnoses a recording", () => {
    const recording = join(projectRoot, "test", "fixtures", "recordings", "faults", "227-eaten");
    const { status, stdout } = matrix("diagnose", recording);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringContaining("failed at data-command") as string,
    });
  });

  it("sets the machine up, and keeps the results of a run below the working directory", () => {
    expect(matrix("setup")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Ready/m) as string });
    // The agent's own session, and a tested library's in a script of its own.
    const clients = ["basic-ftp", "basic-ftp-5"].map((client) => `direct/tls-optional/${client}/ftps/epsv/list`);
    expect(matrix(...clients)).toMatchObject({ status: 0 });
    const latest = join(folder, "reports", "out", "latest");
    expect(readReport(latest).cells.map(({ result }) => result)).toEqual(["worked", "worked"]);
    expect(existsSync(join(latest, "report.html"))).toBe(true);
  });
});
